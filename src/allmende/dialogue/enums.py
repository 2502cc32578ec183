from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ParticipationState(models.TextChoices):
    """What the office said of a participation; where it stands today follows from its phases."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    EVALUATED = "evaluated", _("Evaluated")
    WITHDRAWN = "withdrawn", _("Broken off")


class PhaseKind(models.TextChoices):
    IDEAS = "ideas", _("Collection of ideas")


class Audience(models.TextChoices):
    """Who may contribute. Everybody may read."""

    ACCOUNT = "account", _("everybody with an account")
    STAFF = "staff", _("the administration alone")


class Placed(models.TextChoices):
    """Whether a contribution says where it is about."""

    NO = "no", pgettext_lazy("a place is asked for", "no")
    OPTIONAL = "optional", pgettext_lazy("a place is asked for", "if wished")
    REQUIRED = "required", pgettext_lazy("a place is asked for", "always")


class Channel(models.TextChoices):
    """How a contribution came."""

    ONLINE = "online", _("on this site")
    TABLE = "table", _("at the table")
    LETTER = "letter", _("by letter")


class Shown(models.TextChoices):
    """What the public sees of a contribution."""

    VISIBLE = "visible", pgettext_lazy("contribution", "Visible")
    HELD = "held", pgettext_lazy("contribution", "Waits for a look")
    HIDDEN = "hidden", pgettext_lazy("contribution", "Removed")
    WITHDRAWN = "withdrawn", pgettext_lazy("contribution", "Taken back")


class Standing(models.TextChoices):
    """What became of a contribution. The last four are answers."""

    NEW = "new", _("Received")
    EXAMINED = "examined", _("Is being examined")
    ACCEPTED = "accepted", _("Is taken up")
    PARTLY = "partly", _("Is taken up in part")
    DONE = "done", _("Is done already")
    DECLINED = "declined", _("Is not taken up")


OPEN = (Standing.NEW, Standing.EXAMINED)
ANSWERS = (Standing.ACCEPTED, Standing.PARTLY, Standing.DONE, Standing.DECLINED)


class Feasibility(models.TextChoices):
    """An expert's judgement."""

    YES = "yes", _("feasible")
    CONDITIONS = "conditions", _("feasible under conditions")
    NO = "no", _("not feasible")


class ReviewState(models.TextChoices):
    ASKED = "asked", _("Asked for")
    GIVEN = "given", _("Given")
    REFUSED = "refused", _("Handed back")


class RemovalState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("removal", "Proposed")
    CONFIRMED = "confirmed", pgettext_lazy("removal", "Confirmed")
    REFUSED = "refused", pgettext_lazy("removal", "Refused")
    LIFTED = "lifted", pgettext_lazy("removal", "Lifted")

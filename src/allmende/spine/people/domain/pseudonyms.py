"""The public name of an account: chosen by the person, changeable, never the identity itself."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from allmende.spine.facts import emit

from ..facts import PseudonymChosen
from ..models import Account, Pseudonym

LONGEST = 60
# Names that would pass for the town speaking. Compared without case, spaces and punctuation.
_RESERVED = """
admin administrator administration allmende amt buergermeister buergermeisterin bürgermeister bürgermeisterin feuerwehr
leitstelle moderation moderator moderatorin oberbürgermeister oberbürgermeisterin polizei rathaus redaktion stadt
stadtverwaltung support system verwaltung mayor police townhall
"""
RESERVED = frozenset(_RESERVED.split())


def normalised(name: str) -> str:
    """One spelling of what looks the same: NFKC, single spaces, no control or invisible characters."""
    text = unicodedata.normalize("NFKC", name)
    text = "".join(
        " " if unicodedata.category(char) == "Zs" else char
        for char in text
        if unicodedata.category(char)[0] != "C" or char in "\t\n"
    )
    return " ".join(text.split())


def clean(name: str, account: Account) -> str:
    """The name as it will be saved. Raises ValidationError for one that must not be public."""
    name = normalised(name)
    if not 2 <= len(name) <= LONGEST:
        raise ValidationError({"pseudonym": _("A public name has 2 to 60 characters.")})
    if "@" in name or "://" in name:
        raise ValidationError({"pseudonym": _("Do not use an address as your public name: everybody can read it.")})
    if re.sub(r"[\W_]+", "", name.casefold()) in RESERVED:
        raise ValidationError({"pseudonym": _("This name would be taken for the town itself.")})
    taken = Pseudonym.objects.filter(name__iexact=name, account__isnull=False).exclude(account=account)
    if taken.exists():
        raise ValidationError({"pseudonym": _("This public name is taken.")}, code="taken")
    return name


def choose_pseudonym(account: Account, name: str, *, actor: Any) -> Pseudonym:
    """Choose or change one's public name. It is one row for life, so what was written before carries the new name too.

    Raises ValidationError, PermissionDenied for somebody else's.
    """
    if getattr(actor, "pk", None) != account.pk:
        raise PermissionDenied(_("Only the person chooses their public name."))
    name = clean(name, account)
    try:
        with transaction.atomic():
            Account.objects.select_for_update().get(pk=account.pk)
            row = Pseudonym.objects.filter(account=account).first() or Pseudonym(account=account)
            if row.name != name:
                row.name = name
                row.save()
                emit(PseudonymChosen(), subject=row, actor=actor)
            return row
    except IntegrityError:
        # Somebody else took it between the check and the saving.
        raise ValidationError({"pseudonym": _("This public name is taken.")}, code="taken") from None

from django.utils.translation import gettext_lazy as _

from allmende.spine.rooms import MenuEntry, RoomConfig


class PeopleConfig(RoomConfig):
    name = "allmende.spine.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
    room = "people"
    title = _("People")
    optional = False
    menu = [
        MenuEntry(_("Accounts"), "people:accounts", staff=True, right="people.view_account", order=80),
        MenuEntry(_("Organisations"), "people:organisations", staff=True, right="people.change_organisation", order=81),
    ]

    def ready(self) -> None:
        from . import events  # needs the models of allauth, which are loaded by now

        events.connect()
        _declare_libraries()


def _declare_libraries() -> None:
    """Personal data in the tables of libraries, for the register."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator
    from allauth.socialaccount.models import SocialAccount

    from allmende.spine.privacy.register import personal

    personal(
        purpose=_("Know that an e-mail address belongs to its account"),
        legal_basis="Art. 6(1)(e) GDPR, § 3 LDSG RLP",
        retention_days=730,
        subject="user",
        fields=["email"],
        counts_from="user__created",
    )(EmailAddress)
    personal(
        purpose=_("Ask for a second factor when signing in"),
        legal_basis="Art. 32 GDPR",
        retention_days=730,
        subject="user",
        fields=["type", "created_at", "last_used_at"],
        counts_from="created_at",
    )(Authenticator)
    personal(
        purpose=_("Recognise somebody who signs in through the identity provider"),
        legal_basis="Art. 6(1)(e) GDPR, § 3 LDSG RLP",
        retention_days=730,
        subject="user",
        fields=["provider", "uid", "extra_data", "last_login"],
        counts_from="date_joined",
    )(SocialAccount)

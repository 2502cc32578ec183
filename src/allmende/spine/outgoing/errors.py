"""Why a request did not get its answer, in words for the person who typed the address."""

from django.utils.translation import gettext as _


def describe(code: str, host: str) -> str:
    """The sentence for the `code` of an error about `host`, in the active language: what is kept may be read later."""
    sentences = {
        "scheme": _("Only addresses that begin with http:// or https:// can be fetched."),
        "credentials": _("An address with a user name or password in it is not fetched."),
        "malformed": _("This is no complete address."),
        "private": _(
            "%(host)s lies in a network that this server does not ask. An administrator can allow it "
            "(ALLMENDE_OUTGOING_NETWORKS)."
        ),
        "downgrade": _("%(host)s leads from a protected to an unprotected address. It is not followed."),
        "redirects": _("%(host)s leads on and on to other addresses."),
        "unknown_host": _("There is no server named %(host)s. Is the address spelt right?"),
        "unreachable": _("%(host)s does not answer, or broke off. Perhaps it is down; try again later."),
        "certificate": _("The certificate of %(host)s is not valid, so nobody knows whose answer it is."),
        "timeout": _("%(host)s takes too long to answer."),
        "too_large": _("The answer of %(host)s is too large."),
        "broken": _("The answer of %(host)s cannot be read."),
    }
    return sentences.get(code, sentences["broken"]) % {"host": host}


class OutgoingError(Exception):
    """`code`: for programs and `describe()`. `host`: as it was asked, without port and path."""

    def __init__(self, code: str, host: str = "") -> None:
        super().__init__(code, host)
        self.code, self.host = code, host

    def __str__(self) -> str:
        return describe(self.code, self.host)


class Refused(OutgoingError):
    """We do not ask this address: scheme, credentials, malformed, private, downgrade, redirects."""


class Unreachable(OutgoingError):
    """Nobody answers: unknown_host, unreachable, certificate."""


class TimedOut(Unreachable):
    """It took longer than allowed: timeout."""


class TooLarge(OutgoingError):
    """More bytes than allowed: too_large."""


class Broken(OutgoingError):
    """No HTTP, or not packed as it says: broken."""

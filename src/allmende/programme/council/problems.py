"""Why a council information system could not be read, in words."""

from django.utils.translation import gettext as _

from allmende.spine.outgoing import OutgoingError, describe


class CouncilProblem(Exception):
    """`code`: for `sentence()`. `about`: a host, an address or names."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code, about)
        self.code, self.about = code, about[:500]

    @property
    def passing(self) -> bool:
        """Whether trying again may help."""
        return self.code in ("unknown_host", "unreachable", "timeout") or (
            self.code == "status" and self.about.startswith(("5", "429", "408"))
        )

    @classmethod
    def of(cls, error: OutgoingError) -> "CouncilProblem":
        return cls(error.code, error.host)


def sentence(code: str, about: str) -> str:
    """What went wrong, in the active language."""
    sentences = {
        "status": _("The server answers with an error: %(about)s"),
        "not_json": _("The answer is no JSON: %(about)s"),
        "not_oparl": _("This is no OParl interface: %(about)s"),
        "many_bodies": _("There are several bodies. Enter the address of one of them: %(about)s"),
        "no_list": _("The body names neither meetings nor agenda items: %(about)s"),
        "circle": _("The pages of the list lead in a circle: %(about)s"),
        "endless": _("The list does not come to an end: %(about)s"),
        "elsewhere": _("The interface leads to another server: %(about)s"),
    }
    found = sentences.get(code)
    return found % {"about": about} if found is not None else describe(code, about)

"""What of participations can be found: announced ones, and contributions that are shown."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from allmende.spine.search.registry import SearchDoc, public_ids, register

from .domain.queries import public_participations
from .enums import ParticipationState, Shown
from .models import Contribution


def _participations(urns: list[str]) -> Iterator[SearchDoc]:
    for row in public_participations().filter(public_id__in=public_ids(urns)):
        yield SearchDoc(
            urn=row.urn,
            title=row.title,
            text="\n\n".join(filter(None, [row.summary, row.purpose, row.easy, row.result])),
            url=row.get_absolute_url(),
            changed=row.changed,
            lang=row.lang,
        )


def _participation(urn: str) -> SearchDoc | None:
    return next(_participations([urn]), None)


def _all_participations() -> Iterable[str]:
    return (f"participation:{each}" for each in public_participations().values_list("public_id", flat=True))


def _shown() -> QuerySet[Contribution]:
    rows = Contribution.objects.filter(shown=Shown.VISIBLE)
    return rows.exclude(phase__participation__state=ParticipationState.DRAFT)


def _contributions(urns: list[str]) -> Iterator[SearchDoc]:
    for row in _shown().filter(public_id__in=public_ids(urns)):
        yield SearchDoc(
            urn=row.urn,
            title=row.title,
            text="\n\n".join(filter(None, [row.text, row.place_name])),
            url=row.get_absolute_url(),
            changed=row.changed,
            lang=row.lang,
        )


def _contribution(urn: str) -> SearchDoc | None:
    return next(_contributions([urn]), None)


def _all_contributions() -> Iterable[str]:
    return (f"contribution:{each}" for each in _shown().values_list("public_id", flat=True).iterator())


register("participation", _("Participation"), _participation, _all_participations, _participations)
register("contribution", _("Contribution"), _contribution, _all_contributions, _contributions)

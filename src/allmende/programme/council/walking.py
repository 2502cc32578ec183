"""Going through a council information system: page by page, each kept before the next is asked for.

How far it came is kept with every page, so that a killed run goes on there. `modified_since` moves only when a round
has come to its end, to its beginning less a day: clocks differ, and what is told twice changes nothing.
"""

import datetime as dt
import hashlib

from django.db import transaction
from django.utils import timezone

from ..models import CouncilDecision, CouncilSource
from . import gathering, keeping, shapes
from .client import BUDGET, Client
from .problems import CouncilProblem

PAGES_OF_A_RUN = 50
PAGES_OF_A_ROUND = 5000
AGAIN_OF_A_RUN = 50
OVERLAP = GIVE_UP = dt.timedelta(days=1)


def walk(source: CouncilSource) -> bool:
    """Read a source as far as one run may. Returns whether there is more. What goes wrong is kept with the source."""
    client = Client(source.url)
    CouncilSource.objects.filter(pk=source.pk).update(tried=timezone.now())
    try:
        _again(source, client)
        for _turn in range(PAGES_OF_A_RUN):
            if client.left < BUDGET // 2:
                break
            if not _page(source, client):
                return False
    except CouncilProblem as problem:
        _stumbled(source, problem)
        return False
    return True


def _stumbled(source: CouncilSource, problem: CouncilProblem) -> None:
    """Keep what went wrong. Where trying again may help, the next run goes on at the same page; else, and after a day
    at the latest, a round begins anew: the address of a page may no longer hold."""
    with transaction.atomic():
        row = CouncilSource.objects.select_for_update().filter(pk=source.pk).first()
        if row is None:
            return
        row.problem, row.problem_about = problem.code, problem.about
        if not problem.passing or (row.begun is not None and row.begun < timezone.now() - GIVE_UP):
            row.page, row.begun, row.seen = "", None, []
        row.save()


def _page(source: CouncilSource, client: Client) -> bool:
    """The next page of a source. Returns whether there is another. Raises CouncilProblem."""
    row = CouncilSource.objects.get(pk=source.pk)
    begun = row.begun or timezone.now()
    address = row.page or _first(row, client)
    read = client.page(address)
    following = client.url(shapes.joined(address, read.following)) if read.following else ""
    mark = hashlib.sha256(address.encode()).hexdigest()[:16]
    seen = [*row.seen, mark]
    if following and hashlib.sha256(following.encode()).hexdigest()[:16] in seen:
        raise CouncilProblem("circle", following)
    if len(seen) > PAGES_OF_A_ROUND:
        raise CouncilProblem("endless", address)
    found = [each for obj in read.objects for each in gathering.found_in(obj, client, _unchanged)]
    with transaction.atomic():
        now = CouncilSource.objects.select_for_update().filter(pk=row.pk).first()
        if now is None or (now.page, now.url, now.seen) != (row.page, row.url, row.seen):
            return False  # another run was faster, or the source is another one now
        keeping.keep(now, found)
        now.page, now.begun, now.seen = following, begun, seen
        if not following:
            now.since, now.succeeded = begun - OVERLAP, timezone.now()
            now.begun, now.seen, now.problem, now.problem_about = None, [], "", ""
        now.save()
    return bool(following)


def _unchanged(oparl_id: str, modified: dt.datetime | None) -> bool:
    if modified is None:
        return False
    return CouncilDecision.objects.filter(oparl_id=oparl_id, modified=modified, partial=False, gone=False).exists()


def _again(source: CouncilSource, client: Client) -> None:
    """Ask once more for what could not be looked up. One that fails again waits; the others go on."""
    rows = CouncilDecision.objects.filter(source=source, partial=True).order_by("changed")[:AGAIN_OF_A_RUN]
    for row in rows:
        try:
            item = client.get(row.oparl_id)
        except CouncilProblem:
            CouncilDecision.objects.filter(pk=row.pk).update(changed=timezone.now())
            continue
        found = list(gathering.found_in(item, client, _unchanged))
        with transaction.atomic():
            now = CouncilSource.objects.select_for_update().filter(pk=source.pk).first()
            if now is not None:
                keeping.keep(now, found)


def _first(source: CouncilSource, client: Client) -> str:
    """The address of the first page of a round. 1.1 lists agenda items; 1.0 has them inside of meetings."""
    body = _body(client.get(source.url), client)
    address = next((each for each in (body.get("agendaItem"), body.get("meeting")) if isinstance(each, str)), "")
    if not address:
        raise CouncilProblem("no_list", source.url)
    morning = dt.datetime.combine(source.earliest, dt.time.min, timezone.get_default_timezone())
    return client.url(shapes.since(address, source.since or morning))


def _body(obj: shapes.Object, client: Client) -> shapes.Object:
    """The body itself, or the only one of a system."""
    if shapes.kind(obj) == "Body":
        return obj
    told = obj.get("body")
    if shapes.kind(obj) != "System" or not isinstance(told, str):
        raise CouncilProblem("not_oparl", shapes.identity(obj) or "–")
    bodies = [each for each in client.page(told).objects if not shapes.is_deleted(each)]
    if len(bodies) > 1:
        raise CouncilProblem("many_bodies", ", ".join(filter(None, map(shapes.identity, bodies))))
    if not bodies:
        raise CouncilProblem("no_list", told)
    return bodies[0]

"""What tasks and cases may be about: things of any room, as far as a person may see them."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allmende.process.domain import arranging, instances
from allmende.process.models import WorkItem
from allmende.spine import subjects
from allmende.spine.assets.models import Asset
from allmende.spine.instance.domain.queries import forget
from allmende.spine.instance.domain.settings import change
from allmende.spine.people.enums import Role
from tests.assets.makers import make_asset
from tests.factories import make_account, make_measure
from tests.funding.makers import make_grant
from tests.process.tasks import released

pytestmark = pytest.mark.django_db


@pytest.fixture
def assets() -> Iterator[None]:
    """A room that registers its things, as the dialogue will its contributions."""
    subjects.register(Asset)
    yield
    del subjects._MODELS["asset"]


def test_a_room_registers_its_things_in_one_line(assets: None, client: Client) -> None:
    office, lamp = make_account(Role.PROGRAMME_OFFICE), make_asset("<11>")
    found = subjects.find(lamp.urn, office)
    assert found == subjects.Subject(lamp.urn, str(lamp), lamp.get_absolute_url())
    client.force_login(office)
    address = f"{reverse('process:add_item')}?subject={lamp.urn}"
    assert "&lt;11&gt;" in client.get(address).content.decode()
    sent = {"subject": lamp.urn, "title": "Reinigen", "role": Role.PROGRAMME_OFFICE}
    assert client.post(reverse("process:add_item"), sent).status_code == 302
    item = WorkItem.objects.get()
    assert (item.subject, item.title) == (lamp.urn, "Reinigen")
    assert "&lt;11&gt;" in client.get(f"{reverse('process:items')}?wer=team").content.decode()
    case = instances.start(released(), title="Wartung", subject=lamp.urn, actor=office)
    assert f'href="{found.url}"' in client.get(case.get_absolute_url()).content.decode()


def test_what_no_room_registered_is_nothing(client: Client) -> None:
    office, lamp = make_account(Role.PROGRAMME_OFFICE), make_asset()
    client.force_login(office)
    for urn in (lamp.urn, f"measure:{uuid4()}", "measure:", "measure:x", "", ":", "quatsch"):
        assert subjects.find(urn, office) is None
        if urn:
            assert client.get(reverse("process:add_item"), {"subject": urn}).status_code == 404


def test_two_rooms_cannot_have_the_same_kind() -> None:
    class Other:
        class _meta:
            model_name = "measure"

    with pytest.raises(ValueError, match="measure"):
        subjects.register(Other)  # type: ignore[arg-type]


def test_drafts_are_for_who_may_see_them_and_lead_to_where_staff_works() -> None:
    draft, hidden = make_measure(published=None), make_grant(public=False)
    keeper, lead = make_account(Role.TREASURER), make_account(Role.LIGHTING_OPERATOR)
    found = subjects.find_all([draft.urn, hidden.urn], keeper)
    assert {urn: each.url for urn, each in found.items()} == {
        draft.urn: draft.change_url,
        hidden.urn: hidden.change_url,
    }
    assert subjects.find_all([draft.urn, hidden.urn], lead) == {}
    assert subjects.find_all([draft.urn, hidden.urn], None) == {}
    with pytest.raises(Exception, match="subject") as refused:
        arranging.add(title="Nachsehen", subject=hidden.urn, role=Role.EDITOR, actor=lead)
    assert refused.value.message_dict == {"subject": ["Das gibt es nicht, oder Sie dürfen es nicht sehen."]}


def test_many_cost_one_question_a_kind() -> None:
    office = make_account(Role.PROGRAMME_OFFICE)
    rows = [make_measure(), make_measure(), make_measure(), make_grant()]
    subjects.find(rows[0].urn, office)
    with CaptureQueriesContext(connection) as found:
        assert len(subjects.find_all([row.urn for row in rows], office)) == 4
    assert len(found) == 2


def test_a_closed_room_has_no_subjects() -> None:
    office, grant = make_account(Role.PROGRAMME_OFFICE), make_grant()
    assert subjects.find(grant.urn, office) is not None
    change({"rooms_off": ["funding"]}, actor="test")
    forget()
    assert subjects.find(grant.urn, office) is None


def test_a_grant_shows_its_tasks_and_cases_to_staff_alone(client: Client) -> None:
    keeper, grant = make_account(Role.TREASURER), make_grant()
    version = released(role=Role.TREASURER)
    arranging.add(title="Zwischennachweis <b>", subject=grant.urn, role=Role.TREASURER, actor=keeper)
    arranging.add(title="Anderes", role=Role.TREASURER, actor=keeper)
    instances.start(version, title="Abruf", subject=grant.urn, actor=keeper)
    assert "Zwischennachweis" not in client.get(grant.get_absolute_url()).content.decode()
    client.force_login(keeper)
    text = client.get(grant.change_url).content.decode()
    urn = grant.urn.replace(":", "%3A")
    assert "Zwischennachweis &lt;b&gt;" in text and "Abruf" in text and "Anderes" not in text
    assert f"{reverse('process:add_item')}?subject={urn}" in text
    assert f"{reverse('process:start', args=[version.model.slug])}?subject={urn}" in text

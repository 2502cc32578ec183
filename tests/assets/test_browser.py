"""The pages of assets in a real browser."""

from typing import Any

import pytest

from allmende.spine.assets.domain import importing
from allmende.spine.instance.domain.settings import finish_setup
from allmende.spine.people.enums import Role
from tests.assets.makers import HALL, make_asset
from tests.factories import make_account
from tests.moderation.browsing import MARKS, browser, flaws  # noqa: F401 - a fixture
from tests.support.full import whole_matrix

pytestmark = [*MARKS, pytest.mark.django_db(transaction=True)]


@whole_matrix
def test_no_page_has_a_flaw(live_server: Any, browser: Any) -> None:  # noqa: F811
    finish_setup()
    asset = make_asset("11", at=HALL, name="Am Brunnen", place_name="Fauthweg, zwischen Bahnhof und Stadtpark")
    for number in range(3):
        make_asset(str(number), at=(HALL[0] + number / 1000, HALL[1]))
    office = make_account(Role.PROGRAMME_OFFICE)
    draft = importing.upload(office, "bänke.csv", b"Nr;Ort;Bemerkung\n1;Markt;alt\n2;Bahnhof;neu\n")
    pages = [
        (None, f"/a/{asset.code}/"),
        (None, "/a/"),
        (None, "/a/?q=Leuchte"),
        (None, "/a/?q=nichts"),
        (office, "/intern/dinge/"),
        (office, "/intern/dinge/?q=nichts"),
        (office, "/intern/dinge/neu/"),
        (office, f"/intern/dinge/{asset.public_id}/"),
        (office, "/intern/dinge/etiketten/"),
        (office, "/intern/dinge/import/"),
        (office, f"/intern/dinge/import/{draft.public_id}/"),
    ]
    assert flaws(browser, live_server.url, pages, "assets") == []

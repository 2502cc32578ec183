"""A fresh server becomes a town: in the browser, with the code from the terminal, whole or not at all."""

import stat
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from allmende.spine.facts.models import FactRow
from allmende.spine.instance.domain import setup
from allmende.spine.instance.domain.queries import current
from allmende.spine.instance.models import Instance, SetupDraft
from allmende.spine.people.access import roles_of
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account
from allmende.spine.secrets import secrets

pytestmark = pytest.mark.django_db
TOWN = {"town": "Musterstadt", "ags": "07312000", "state": "RP"}
ACCOUNT = {"email": "admin@example.org", "name": "", "password": "Ein langer Satz 7", "again": "Ein langer Satz 7"}


def fill(client: Client, **more: dict[str, Any]) -> None:
    for slug, values in ({"ort": TOWN, "konto": ACCOUNT} | more).items():
        response = client.post(f"/einrichten/{slug}/", values)
        assert response.status_code == 302, (slug, response.context["form"].errors)


@pytest.mark.parametrize("path", ["/", "/massnahmen/", "/konto/", "/intern/", "/gibt-es-nicht/"])
def test_a_fresh_server_shows_nothing_but_its_set_up(client: Client, closed: None, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, "/einrichten/")


def test_programs_are_told_so_and_the_design_is_served(client: Client, closed: None) -> None:
    assert client.get("/api/programme/measures").status_code == 503
    assert client.get("/design.css").status_code == 200


def test_the_code_is_in_a_file_for_its_owner_only_and_opens_once_asked(
    client: Client, closed: None, data: Path
) -> None:
    code = setup.setup_code()
    assert code == setup.setup_code() and len(code) == 19
    assert stat.S_IMODE((data / "setup-code").stat().st_mode) == 0o600
    refused = client.post("/einrichten/", {"code": "AAAA-BBBB-CCCC-DDDD"})
    assert refused.status_code == 422 and code not in refused.content.decode()
    assert client.get("/einrichten/ort/")["Location"] == "/einrichten/"
    assert client.post("/einrichten/ort/", TOWN)["Location"] == "/einrichten/"
    assert SetupDraft.objects.count() == 0
    typed = code.lower().replace("-", " ")
    assert client.post("/einrichten/", {"code": typed}).status_code == 302
    assert client.get("/einrichten/ort/").status_code == 200


def test_an_empty_code_opens_nothing_even_without_a_file(client: Client, closed: None, data: Path) -> None:
    client.get("/einrichten/")
    (data / "setup-code").write_text("")
    assert not setup.code_fits("") and not setup.code_fits("-")


def test_from_the_code_to_the_log_in(
    opened: Client, data: Path, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    (tmp_path / "sicherung").mkdir()
    brand = {
        "name": "Muster digital", "claim": "Gut für alle", "sign": "heart", "ground": "#fbf6f0", "stone": "#d9b891",
        "action": "#1d4f3c", "accent": "#a8482f", "ink": "#22201d",
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        fill(
            opened,
            marke=brand,
            post={"host": "mail.example.org", "port": "587", "security": "starttls", "user": "post",
                  "password": "geheimes Wort", "sender": "stadt@example.org"},
            adresse={"base_url": "https://digital.example.org/", "behind_proxy": "on"},
            sicherung={"backup_target": str(tmp_path / "sicherung")},
            raeume={"rooms": []},
        )  # fmt: skip
    assert Instance.objects.count() == 0 and Account.objects.count() == 0
    review = opened.get("/einrichten/pruefen/")
    page = review.content.decode()
    assert "Musterstadt" in page and "geheimes Wort" not in page and ACCOUNT["password"] not in page
    with django_capture_on_commit_callbacks(execute=True):
        done = opened.post("/einrichten/pruefen/")
    assert (done.status_code, done["Location"]) == (302, reverse("account_login"))

    row = Instance.objects.get()
    assert (row.town, row.ags, row.state, row.name, row.claim) == (
        "Musterstadt",
        "07312000",
        "RP",
        "Muster digital",
        "Gut für alle",
    )
    assert (row.base_url, row.behind_proxy, row.rooms_off, row.colours) == (
        "https://digital.example.org",
        True,
        ["programme", "funding", "process", "dialogue"],
        {},
    )
    assert row.mail == {
        "host": "mail.example.org", "port": 587, "security": "starttls", "user": "post", "sender": "stadt@example.org",
    }  # fmt: skip
    assert row.set_up is not None and row.demo is False
    admin = Account.objects.get()
    assert admin.check_password(ACCOUNT["password"]) and not admin.demo
    assert roles_of(admin) == {(Role.ADMINISTRATOR, "instance")}
    assert secrets(data)["mail_password"] == "geheimes Wort" and "setup_mail_password" not in secrets(data)
    assert not (data / "setup-code").exists() and SetupDraft.objects.count() == 0
    kinds = list(FactRow.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [
        "instance.settings.changed", "people.account.created", "people.role.assigned", "instance.setup.finished",
    ]  # fmt: skip
    assert opened.get("/einrichten/")["Location"] == "/"
    assert opened.post("/einrichten/ort/", TOWN)["Location"] == "/"
    assert opened.get("/").status_code == 200


def test_it_can_be_left_and_taken_up_again(opened: Client) -> None:
    fill(opened)
    again = Client()
    assert again.post("/einrichten/", {"code": setup.setup_code()}).status_code == 302
    assert again.get("/einrichten/")["Location"] == "/einrichten/marke/"
    shown = again.get("/einrichten/ort/")
    assert shown.context["form"]["town"].value() == "Musterstadt"
    # The account comes back without its password, which stays as typed.
    account = again.get("/einrichten/konto/")
    assert account.context["form"]["email"].value() == "admin@example.org"
    assert "argon2" not in account.content.decode() and "md5$" not in account.content.decode()
    kept = SetupDraft.objects.get(step="account").values["password_hash"]
    assert again.post("/einrichten/konto/", ACCOUNT | {"name": "Amt", "password": "", "again": ""}).status_code == 302
    assert SetupDraft.objects.get(step="account").values == {
        "email": "admin@example.org", "name": "Amt", "password_hash": kept,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("slug", "values", "field"),
    [
        ("ort", TOWN | {"ags": "1234"}, "ags"),
        ("ort", TOWN | {"ags": "17312000"}, "ags"),
        ("ort", TOWN | {"ags": "٠٧٣١٢٠٠٠"}, "ags"),
        ("ort", TOWN | {"state": "BY"}, "state"),
        ("ort", TOWN | {"town": ""}, "town"),
        ("konto", ACCOUNT | {"again": "anders"}, "again"),
        ("konto", ACCOUNT | {"password": "kurz", "again": "kurz"}, "password"),
        ("konto", ACCOUNT | {"email": "kein"}, "email"),
        ("post", {"host": "https://mail.example.org", "security": "tls", "sender": "a@example.org"}, "host"),
        ("post", {"host": "mail.example.org", "security": "tls", "sender": ""}, "sender"),
        ("post", {"host": "mail.example.org", "security": "tls", "sender": "a@b.de", "port": "70000"}, "port"),
        ("adresse", {"base_url": "https://example.org/unter/ordner"}, "base_url"),
        ("adresse", {"base_url": "example"}, "base_url"),
        ("adresse", {"base_url": "https://a:b@example.org"}, "base_url"),
        ("sicherung", {"backup_target": "relativ"}, "backup_target"),
        ("sicherung", {"backup_target": "/gibt/es/nicht"}, "backup_target"),
        ("raeume", {"rooms": ["keller"]}, "rooms"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(
    opened: Client, slug: str, values: dict, field: str
) -> None:
    response = opened.post(f"/einrichten/{slug}/", values)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert SetupDraft.objects.count() == 0


def test_a_backup_inside_the_data_folder_is_refused(opened: Client, data: Path) -> None:
    (data / "sub").mkdir()
    for path in (data, data / "sub"):
        response = opened.post("/einrichten/sicherung/", {"backup_target": str(path)})
        assert response.status_code == 422
        assert response.context["form"].errors == {
            "backup_target": [
                "Dieser Ordner liegt im Datenordner: Was die Daten zerstört, würde auch die Sicherung zerstören."
            ]
        }


def test_without_the_needed_steps_it_does_not_finish(opened: Client) -> None:
    opened.post("/einrichten/ort/", TOWN)
    response = opened.post("/einrichten/pruefen/")
    assert response.status_code == 422
    assert [slug for _, slug, _ in response.context["problems"]] == ["konto"]
    assert Instance.objects.count() == 0 and not setup.is_set_up()


def test_what_became_wrong_meanwhile_is_found_at_the_end_and_nothing_is_half_saved(
    opened: Client, tmp_path: Path
) -> None:
    folder = tmp_path / "sicherung"
    folder.mkdir()
    fill(opened, sicherung={"backup_target": str(folder)})
    folder.rmdir()
    response = opened.post("/einrichten/pruefen/")
    assert response.status_code == 422
    assert [slug for _, slug, _ in response.context["problems"]] == ["sicherung"]
    assert Instance.objects.count() == 0 and Account.objects.count() == 0 and FactRow.objects.count() == 0


def test_a_town_in_service_is_not_set_up_again(town: Any, data: Path) -> None:
    assert setup.setup_code() is None and not (data / "setup-code").exists()
    with pytest.raises(setup.AlreadySetUp):
        setup.finish({"town": TOWN, "account": {"email": "x@example.org", "password_hash": "x"}})
    with pytest.raises(setup.AlreadySetUp):
        setup.save_step("town", TOWN)
    assert current().town == "Musterstadt" and Account.objects.count() == 0

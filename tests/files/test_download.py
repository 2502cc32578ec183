"""Downloads: who gets them, and with which headers."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from allmende.spine.files import rights
from allmende.spine.files.domain import storage, uploads
from allmende.spine.files.models import StoredFile
from allmende.spine.people.enums import Role
from tests.factories import make_account

from . import makers

pytestmark = pytest.mark.django_db


def stored(name: str = "Plan Straße.pdf", content: bytes = makers.PDF, **options: Any) -> StoredFile:
    options.setdefault("actor", make_account())
    return uploads.store(makers.upload(name, content), kinds={"document", "image"}, **options)


def test_strangers_and_administrators_get_nothing_without_a_rule(client: Any) -> None:
    file = stored(subject="secret:1")
    assert client.get(file.get_absolute_url()).status_code == 403
    for account in (make_account(), make_account(Role.ADMINISTRATOR)):
        client.force_login(account)
        answer = client.get(file.get_absolute_url())
        assert (answer.status_code, b"%PDF" in makers.body(answer)) == (403, False)


def test_the_subjects_rule_decides(client: Any) -> None:
    friend, stranger = make_account(), make_account()
    rights.register("letter", lambda person, file: person == friend and file.subject == "letter:1")
    try:
        mine, other = stored(subject="letter:1"), stored(subject="letter:2")
        assert [rights.can_view(who, mine) for who in (friend, stranger, AnonymousUser())] == [True, False, False]
        client.force_login(friend)
        answers = [client.get(file.get_absolute_url()) for file in (mine, other)]
        assert [(answer.status_code, makers.body(answer) == makers.PDF) for answer in answers] == [
            (200, True), (403, False),
        ]  # fmt: skip
    finally:
        rights._rules.pop("letter")


def test_documents_are_saved_never_shown(client: Any) -> None:
    file = stored(public=True)
    answer = client.get(file.get_absolute_url())
    assert makers.body(answer) == makers.PDF
    assert {
        name: answer.headers[name]
        for name in ("Content-Type", "Content-Disposition", "Content-Security-Policy", "X-Content-Type-Options",
                     "Cross-Origin-Resource-Policy", "Cache-Control", "ETag")
    } == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''Plan%20Stra%C3%9Fe.pdf",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "public, no-cache",
        "ETag": f'"{file.sha256}"',
    }  # fmt: skip


def test_pictures_are_shown(client: Any) -> None:
    owner = make_account()
    file = stored("bild.png", makers.picture("PNG"), actor=owner)
    client.force_login(owner)
    answer = client.get(file.get_absolute_url())
    assert (answer["Content-Type"], answer["Content-Disposition"], answer["Cache-Control"]) == (
        "image/png", 'inline; filename="bild.png"', "private, no-cache",
    )  # fmt: skip
    assert makers.body(answer) == storage.path(file).read_bytes()


def test_a_kept_copy_is_asked_for_again(client: Any) -> None:
    file = stored(public=True)
    answer = client.get(file.get_absolute_url(), headers={"if-none-match": f'"{file.sha256}"'})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", f'"{file.sha256}"')
    uploads.change(file, actor=None, public=False)
    assert client.get(file.get_absolute_url(), headers={"if-none-match": f'"{file.sha256}"'}).status_code == 403


def test_another_name_leads_to_the_right_one(client: Any) -> None:
    file = stored("plan.pdf", public=True)
    answer = client.get(f"/dateien/{file.public_id}/evil.html")
    assert (answer.status_code, answer["Location"]) == (302, f"/dateien/{file.public_id}/plan.pdf")


def test_lost_bytes_and_unknown_files_are_not_found(client: Any) -> None:
    file = stored(public=True)
    storage.path(file).unlink()
    assert client.get(file.get_absolute_url()).status_code == 404
    assert client.get("/dateien/01890000-0000-7000-8000-000000000000/a.pdf").status_code == 404
    assert client.post(file.get_absolute_url()).status_code == 405

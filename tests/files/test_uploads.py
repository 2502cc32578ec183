"""Keeping, giving away and removing uploads."""

import errno
import hashlib
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation

from allmende.spine.facts.models import FactRow
from allmende.spine.files import rights
from allmende.spine.files.domain import storage, uploads
from allmende.spine.files.domain.queries import files_of
from allmende.spine.files.models import StoredFile
from tests.factories import make_account

from . import makers

pytestmark = pytest.mark.django_db


def blobs(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_document_is_kept_byte_by_byte(files_root: Path) -> None:
    actor = make_account()
    file = uploads.store(makers.upload("Plan.PDF", makers.PDF), subject="report:1", actor=actor, kinds={"document"})
    digest = hashlib.sha256(makers.PDF).hexdigest()
    assert blobs(files_root) == [f"{digest[:2]}/{digest[2:4]}/{digest}"]
    assert storage.path(file).read_bytes() == makers.PDF
    assert (file.name, file.media_type, file.size, file.owner, file.subject, file.scan, file.public) == (
        "Plan.pdf", "application/pdf", len(makers.PDF), actor, "report:1", "not_scanned", False,
    )  # fmt: skip
    fact = FactRow.objects.filter(kind="files.file.stored").get()
    assert fact.payload == {"media_type": "application/pdf", "size": len(makers.PDF), "belongs_to": "report:1"}
    assert (fact.subject, fact.actor, fact.public) == (file.urn, f"account:{actor.pk}", False)


def test_a_picture_is_kept_without_what_it_tells(files_root: Path) -> None:
    content = makers.telling_picture("JPEG", 6)
    file = uploads.store(makers.upload("foto.jpeg", content), actor=make_account(), kinds={"image"})
    kept = storage.path(file).read_bytes()
    assert makers.SECRET.encode() in content
    assert makers.SECRET.encode() not in kept
    assert (file.width, file.height, file.name, file.is_picture) == (20, 40, "foto.jpg", True)
    assert file.sha256 == hashlib.sha256(kept).hexdigest()
    assert list((files_root / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "kinds", "code"),
    [
        ("a.png", makers.picture("JPEG"), {"image"}, "extension"),
        ("a.pdf", makers.PDF, {"image"}, "kind"),
        ("a.html", b"<html></html>", {"document"}, "html"),
        ("a.jpg", makers.picture("JPEG") + makers.archive({"x": b"y"}), {"image"}, "polyglot"),
        ("a.docx", makers.docx(word__vbaProject_bin=b"x"), {"document"}, "macros"),
        ("a.pdf", makers.PDF + b" " * 200, {"document"}, "too_large"),
    ],
)
def test_what_is_refused_leaves_nothing(
    files_root: Path, name: str, content: bytes, kinds: set[str], code: str
) -> None:
    limit = 150 if code == "too_large" else None
    with pytest.raises(ValidationError) as caught:
        uploads.store(makers.upload(name, content), actor=make_account(), kinds=kinds, max_bytes=limit)
    assert caught.value.code == code
    assert StoredFile.objects.count() == 0
    assert blobs(files_root) == []


def test_the_same_bytes_are_kept_once_and_go_with_the_last(
    files_root: Path, django_capture_on_commit_callbacks: Any
) -> None:
    one, two = make_account(), make_account()
    first = uploads.store(makers.upload("a.pdf", makers.PDF), actor=one, kinds={"document"})
    second = uploads.store(makers.upload("b.pdf", makers.PDF), actor=two, kinds={"document"})
    assert len(blobs(files_root)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        uploads.delete(first, actor=one)
    assert len(blobs(files_root)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        uploads.delete(second, actor=two)
    assert blobs(files_root) == []
    assert FactRow.objects.filter(kind="files.file.deleted").count() == 2


def test_only_the_owner_or_the_subjects_rule_may_change() -> None:
    owner, stranger, keeper = make_account(), make_account(), make_account()
    rights.register("thing", lambda person, file: person == keeper, lambda person, file: person == keeper)
    file = uploads.store(makers.upload("a.txt", b"text"), subject="thing:1", actor=owner, kinds={"document"})
    with pytest.raises(PermissionDenied):
        uploads.delete(file, actor=stranger)
    with pytest.raises(PermissionDenied):
        uploads.change(file, actor=stranger, public=True)
    with pytest.raises(ValueError, match="not changeable"):
        uploads.change(file, actor=owner, sha256="0" * 64)
    assert uploads.change(file, actor=keeper, alt="Ein Text", public=True).public is True
    uploads.delete(file, actor=keeper)
    assert StoredFile.objects.count() == 0
    rights._rules.pop("thing")


def test_two_rooms_cannot_rule_the_same_records() -> None:
    rights.register("thing", lambda person, file: True)
    namespace: dict[str, Any] = {"__name__": "another.room"}
    exec("def rule(person, file): return True", namespace)
    with pytest.raises(ValueError, match="two rules"):
        rights.register("thing", namespace["rule"])
    rights._rules.pop("thing")


def test_files_of_a_record() -> None:
    actor = make_account()
    mine = uploads.store(makers.upload("a.txt", b"1"), subject="thing:1", actor=actor, kinds={"document"})
    uploads.store(makers.upload("b.txt", b"2"), subject="thing:2", actor=actor, kinds={"document"})
    assert list(files_of("thing:1")) == [mine]


def test_messages_name_the_limit_and_what_is_allowed() -> None:
    def said(language: str, content: bytes, name: str, **options: Any) -> str:
        with translation.override(language), pytest.raises(ValidationError) as caught:
            uploads.store(makers.upload(name, content), actor=None, kinds={"image"}, **options)
        return " ".join(caught.value.messages)

    assert said("en", makers.PDF, "a.pdf") == "A file of the type PDF does not fit here. Allowed: JPEG, PNG, WebP."
    assert said("de", makers.PDF, "a.pdf") == ("Eine Datei vom Typ PDF passt hier nicht. Erlaubt: JPEG, PNG, WebP.")
    large = b"x" * 2_500_000
    assert said("de", large, "a.jpg", max_bytes=1_500_000) == (
        "Diese Datei ist zu groß: 2,5\xa0MB. Höchstens 1,5\xa0MB sind möglich."
    )


@pytest.mark.django_db(transaction=True)
def test_rolled_back_upload_is_invisible_and_swept(files_root: Path) -> None:
    actor = make_account()
    with pytest.raises(RuntimeError), transaction.atomic():
        uploads.store(makers.upload("a.pdf", makers.PDF), actor=actor, kinds={"document"})
        raise RuntimeError("the room changed its mind")
    kept = uploads.store(makers.upload("b.txt", b"stays"), actor=actor, kinds={"document"})
    old = files_root / "tmp" / "left.part"
    old.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    fresh = files_root / "tmp" / "now.part"
    fresh.write_bytes(b"half")
    assert StoredFile.objects.count() == 1
    assert storage.sweep() == (1, 1)
    assert blobs(files_root) == sorted([f"{kept.sha256[:2]}/{kept.sha256[2:4]}/{kept.sha256}", "tmp/now.part"])


def test_full_disk_says_so_and_leaves_nothing(files_root: Path) -> None:
    """A real small disk: a tmpfs of 64 KB."""
    files_root.mkdir(parents=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(files_root)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("mounting a small disk needs root with CAP_SYS_ADMIN")
    try:
        with pytest.raises(ValidationError) as caught:
            uploads.store(makers.upload("a.txt", b"text " * 100_000), actor=make_account(), kinds={"document"})
        assert (caught.value.code, StoredFile.objects.count(), blobs(files_root)) == ("disk_full", 0, [])
    finally:
        subprocess.run(["umount", str(files_root)], check=True)


class _NoRoom:
    """An upload whose bytes the kernel refuses to write: the file system's own limit, reached for real by /dev/full."""

    name = "a.txt"

    def __init__(self) -> None:
        self.full = os.open("/dev/full", os.O_WRONLY)

    def read(self, size: int = -1) -> bytes:
        try:
            os.write(self.full, b"x")
        finally:
            os.close(self.full)
        return b""


def test_full_disk_everywhere(files_root: Path) -> None:
    with pytest.raises(ValidationError) as caught:
        uploads.store(_NoRoom(), actor=make_account(), kinds={"document"})
    cause = caught.value.__cause__
    assert isinstance(cause, OSError)
    assert (cause.errno, caught.value.code, StoredFile.objects.count(), blobs(files_root)) == (
        errno.ENOSPC, "disk_full", 0, [],
    )  # fmt: skip

"""The form field, and what happens to uploads that are larger than any kind."""

import io

import pytest
from django import forms
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser
from django.test import RequestFactory
from django.utils import translation

from allmende.spine.files.capped import CappedUploadHandler
from allmende.spine.files.core.kinds import Kind, largest, register
from allmende.spine.files.forms import CheckedFileField

from . import makers


class PictureForm(forms.Form):
    file = CheckedFileField(kinds={"image"}, max_bytes=100_000, label="Bild")
    plan = CheckedFileField(kinds={"document"}, required=False)


def test_a_good_file_comes_through_from_its_beginning() -> None:
    content = makers.picture()
    form = PictureForm({}, {"file": makers.upload("a.jpg", content)})
    assert form.is_valid()
    assert form.cleaned_data["file"].read() == content
    assert form.cleaned_data["plan"] is None


@pytest.mark.parametrize(
    ("language", "name", "content", "text"),
    [
        ("de", "a.jpg", b"\xff" * 120_000, "Diese Datei ist zu groß: 0,1\xa0MB. Höchstens 0,1\xa0MB sind möglich."),
        ("en", "a.pdf", makers.PDF, "A file of the type PDF does not fit here. Allowed: JPEG, PNG, WebP."),
        (
            "de",
            "a.heic",
            b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40,
            "Das ist ein Bild im Format HEIC oder AVIF. Speichern Sie es als JPEG oder stellen Sie die Kamera auf "
            "„maximal kompatibel“. Erlaubt: JPEG, PNG, WebP.",
        ),
        (
            "en",
            "a.png",
            makers.picture("JPEG"),
            "The content of this file is JPEG, but its name ends in “png”. Allowed: JPEG, PNG, WebP.",
        ),
    ],
)
def test_errors_stand_at_the_field(language: str, name: str, content: bytes, text: str) -> None:
    with translation.override(language):
        form = PictureForm({}, {"file": makers.upload(name, content)})
        assert form.errors == {"file": [text]}


def test_the_field_says_what_is_allowed() -> None:
    with translation.override("de"):
        form = PictureForm()
        assert form["file"].help_text == "Erlaubt: JPEG, PNG, WebP, höchstens 0,1\xa0MB."
        assert 'accept=".jpg,.jpeg,.jpe,.png,.webp"' in str(form["file"])
    with translation.override("en"):
        assert PictureForm()["plan"].help_text == ("Allowed: PDF, Word, PowerPoint, ODT, ODP, TXT, at most 25\xa0MB.")


class _Zeros(io.RawIOBase):
    """A multipart body with one endless file, made while it is read."""

    def __init__(self, size: int) -> None:
        self.parts = [
            b'--X\r\nContent-Disposition: form-data; name="file"; filename="big.jpg"\r\n\r\n',
            size,
            b"\r\n--X--\r\n",
        ]

    def read(self, count: int = -1) -> bytes:
        if not self.parts:
            return b""
        part = self.parts[0]
        if isinstance(part, bytes):
            self.parts.pop(0)
            return part
        now = min(part, count if count > 0 else 65536)
        self.parts[0] = part - now
        if part == now:
            self.parts.pop(0)
        return bytes(now)


def test_an_upload_larger_than_every_kind_takes_no_room() -> None:
    size = largest() + 5_000_000
    request = RequestFactory().post("/")
    meta = {"CONTENT_TYPE": "multipart/form-data; boundary=X", "CONTENT_LENGTH": str(size + 200)}
    handlers = [MemoryFileUploadHandler(request), CappedUploadHandler(request)]
    _, files = MultiPartParser(meta, _Zeros(size), handlers, "utf-8").parse()
    file = files["file"]
    assert file.size == size
    file.file.seek(0, io.SEEK_END)
    assert file.file.tell() == 0
    with translation.override("en"):
        form = PictureForm(QueryDict(), files)
        assert form.errors == {"file": ["This file is too large: 55\xa0MB. At most 0.1\xa0MB are possible."]}
    file.close()


def test_kinds_can_be_added_once() -> None:
    with pytest.raises(ValueError, match="no check"):
        register(Kind("film", ("video/mp4",), 1))
    with pytest.raises(ValueError, match="twice"):
        register(Kind("image", ("image/png",), 1))

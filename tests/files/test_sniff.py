"""What a file is, read from its content: real kinds are known, tricks are refused."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from allmende.spine.files.core import archives, kinds, pictures
from allmende.spine.files.core.sniff import Refused, sniff

from . import makers

OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def refusal(content: bytes, extension: str) -> str:
    with pytest.raises(Refused) as caught:
        sniff(io.BytesIO(content), extension)
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "extension", "media"),
    [
        (makers.picture("JPEG"), "jpg", "image/jpeg"),
        (makers.picture("PNG"), "png", "image/png"),
        (makers.picture("WEBP"), "webp", "image/webp"),
        (makers.PDF, "pdf", "application/pdf"),
        (makers.docx(), "docx", OFFICE),
        (makers.odt(), "odt", "application/vnd.oasis.opendocument.text"),
        ("Maß;Wert\nä;1\n".encode(), "csv", "text/csv"),
        ("Maß;Wert\r\nä;1\r\n".encode("latin-1"), "csv", "text/csv"),
        (b"\xef\xbb\xbfa;b\n", "csv", "text/csv"),
        (b"Guten Tag", "txt", "text/plain"),
        (b'{"a": 1}', "json", "application/json"),
        (makers.GEOJSON, "geojson", "application/geo+json"),
        (makers.GPX, "gpx", "application/gpx+xml"),
        (makers.KML, "kml", "application/vnd.google-earth.kml+xml"),
        (makers.IES, "ies", "application/x-iesna"),
        (makers.LDT, "ldt", "application/x-eulumdat"),
    ],
)
def test_real_kinds(content: bytes, extension: str, media: str) -> None:
    assert sniff(io.BytesIO(content), extension) == media


@pytest.mark.parametrize(
    ("content", "extension", "code"),
    [
        (b"", "txt", "empty"),
        (b"<!DOCTYPE html><p>hi", "txt", "html"),
        (b"\n\n  <script>alert(1)</script>", "csv", "html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "txt", "svg"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "svg", "svg"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "xml", "html"),
        (makers.GPX.replace(b"</gpx>", b"<s:script xmlns:s='http://www.w3.org/1999/xhtml'/></gpx>"), "gpx", "html"),
        (b"<!DOCTYPE g [<!ENTITY a 'aaaa'>]>" + makers.GPX.partition(b"?>")[2], "gpx", "entities"),
        (b"<?xml version='1.0'?><other/>", "gpx", "unknown"),
        (makers.GPX[:-3], "gpx", "broken"),
        (makers.picture("JPEG") + makers.archive({"a.txt": b"x"}), "jpg", "polyglot"),
        (makers.picture("PNG") + makers.archive({"a.txt": b"x"}), "png", "polyglot"),
        (makers.PDF + makers.archive({"a.txt": b"x"}), "pdf", "polyglot"),
        (b"GIF89a" + b"\x00" * 40, "gif", "foreign"),
        (b"GIF89a" + b"\x00" * 40 + makers.archive({"a": b"x"}), "gif", "foreign"),
        (b"plain text first\n" + makers.archive({"a.txt": b"x"}), "txt", "polyglot"),
        (b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF", "pdf", "polyglot"),
        (b"%PDF-1.7\nno end", "pdf", "broken"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "heic", "heic"),
        (b"\x7fELF" + b"\x00" * 60, "txt", "foreign"),
        (b"MZ" + b"\x00" * 60, "txt", "foreign"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "doc", "unknown"),
        (b"abc\x00def", "txt", "unknown"),
        (b"a\x1b[2Jb", "txt", "unknown"),
        (b"{broken", "json", "broken"),
        (b"[" * 100_000, "json", "broken"),
        (b"line\n", "ldt", "broken"),
        (b"anything", "exe", "unknown"),
        (makers.archive({"a.txt": b"x"}), "zip", "foreign"),
        (makers.docx(word__vbaProject_bin=b"x"), "docx", "macros"),
        (makers.odt({"Basic/Standard/Module1.xml": b"<m/>"}), "odt", "macros"),
        (makers.docx(word__embeddings__oleObject1_bin=b"x"), "docx", "macros"),
        (
            makers.archive({"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml"}),
            "docx",
            "macros",
        ),
        (makers.archive({"../../etc/passwd": b"x"}), "docx", "broken"),
        (makers.docx()[:-30], "docx", "broken"),
    ],
)
def test_refused(content: bytes, extension: str, code: str) -> None:
    assert refusal(content, extension) == code


def test_the_mark_of_an_archive_by_chance_is_no_archive() -> None:
    assert sniff(io.BytesIO(makers.picture("JPEG") + b"PK\x05\x06" + bytes(range(1, 40))), "jpg") == "image/jpeg"


def test_zip_bomb_is_refused_without_unpacking() -> None:
    zeros = bytes(60_000_000)
    packed = makers.archive({"[Content_Types].xml": makers.TYPES, "word/document.xml": zeros})
    assert len(packed) * archives.MAX_RATIO < len(zeros)
    assert refusal(packed, "docx") == "bomb"


def test_picture_with_too_many_pixels_is_refused_by_its_header() -> None:
    target = io.BytesIO()
    Image.new("1", (6400, 6400)).save(target, "PNG")
    with pytest.raises(Refused) as caught:
        pictures.measure(target, "image/png")
    assert caught.value.code == "pixels"
    with pytest.raises(Refused) as caught:
        pictures.rewrite(target, io.BytesIO(), "image/png")
    assert caught.value.code == "pixels"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_pixels_survives(form: str) -> None:
    content = makers.telling_picture(form)
    assert makers.SECRET.encode() in content
    target = io.BytesIO()
    assert pictures.rewrite(io.BytesIO(content), target, f"image/{form.lower()}") == (40, 20)
    assert makers.SECRET.encode() not in target.getvalue()
    with Image.open(target) as clean:
        assert dict(clean.getexif()) == {}
        assert {key for key in clean.info if key in {"exif", "xmp", "comment", "icc_profile", "Author"}} == set()


def test_orientation_is_applied() -> None:
    target = io.BytesIO()
    # 6: the camera was held upright, so the stored picture must be turned by 90 degrees.
    assert pictures.rewrite(io.BytesIO(makers.telling_picture("JPEG", 6)), target, "image/jpeg") == (20, 40)
    with Image.open(target) as clean:
        top, bottom = clean.getpixel((10, 5)), clean.getpixel((10, 35))
    assert (top[0] > 150 > top[2], bottom[2] > 150 > bottom[0]) == (True, True)


def test_truncated_picture_is_broken() -> None:
    with pytest.raises(Refused) as caught:
        pictures.rewrite(io.BytesIO(makers.picture("JPEG", (400, 400))[:900]), io.BytesIO(), "image/jpeg")
    assert caught.value.code == "broken"


@settings(max_examples=300, deadline=None)
@given(
    head=st.sampled_from(
        [
            b"",
            b"\xff\xd8\xff\xe0",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\x00\x00\x00\x00WEBP",
            b"PK\x03\x04",
            b"%PDF-1.4",
            b"<?xml",
            b"{",
            b"IESNA",
        ]
    ),
    body=st.binary(max_size=400),
    extension=st.sampled_from(["jpg", "png", "webp", "docx", "pdf", "gpx", "json", "csv", "ies", "ldt", ""]),
)
def test_any_bytes_are_known_or_refused(head: bytes, body: bytes, extension: str) -> None:
    """No content makes the check fall over: it names a media type or says why not."""
    file = io.BytesIO(head + body)
    try:
        media = sniff(file, extension)
        if media in kinds.IMAGES:
            pictures.rewrite(file, io.BytesIO(), media)
    except Refused as refused:
        assert refused.code != ""
    else:
        assert media in kinds.MEDIA

"""Files that strangers upload: everything hostile or broken is refused with a code, a line and a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.process.core import xml
from allmende.process.core.bpmn import importer

from .drawn import bpmn, drawn, process

GOOD = drawn("start:s task:a end:e", "s>a a>e")
LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="&b;">&b;</definitions>"""
OUTSIDE = b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>'
EXTERNAL = b'<!DOCTYPE d [<!ENTITY x SYSTEM "http://example.org/x">]><d>&x;</d>'


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "empty", 0),
        (b" \r\n\t ", "empty", 0),
        (b"<!-- nur ein Kommentar -->", "empty", 0),
        (b"\x00\x01\x02\x03", "not_xml", 1),
        (b"PK\x03\x04 ein Archiv", "not_xml", 1),
        (b"%PDF-1.7", "not_xml", 1),
        (b"<a><b></a>", "not_xml", 1),
        (b"<?xml version='1.0'?>\n\n<a", "not_xml", 3),
        (b"<!DOCTYPE html><html><body/></html>", "html", 1),
        (b"<!doctype HTML>\n<p>Fehler 404", "html", 1),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "html", 1),
        (LAUGHS, "doctype", 2),
        (OUTSIDE, "doctype", 1),
        (EXTERNAL, "doctype", 1),
        ("\ufeff<!DOCTYPE d [<!ENTITY a 'b'>]><d>&a;</d>".encode("utf-16-le"), "doctype", 1),
        ("<!DOCTYPE d [<!ENTITY a 'b'>]><d>&a;</d>".encode("utf-16-be"), "doctype", 1),
        ("<!DOCTYPE d [<!ENTITY a 'b'>]><d>&a;</d>".encode("utf-16-le"), "doctype", 1),
        (b"<?xml version='1.0' encoding='UTF-7'?><d/>", "encoding", 1),
        (b"<?xml version='1.0' encoding='cp037'?><d/>", "encoding", 1),
        (b"<a>" * 201 + b"</a>" * 201, "too_deep", 1),
        (b"<a>" * 5000 + b"</a>" * 5000, "too_deep", 1),
        (b"<a>" + b"<b/>" * 100_000 + b"</a>", "too_many", 1),
        (b"<a>" + b" " * xml.MAX_BYTES + b"</a>", "too_big", 0),
        (b'<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="/etc/passwd"/></a>', "include", 1),
        (b"<a>&unknown;</a>", "not_xml", 1),
    ],
)
def test_what_is_not_read(data: bytes, code: str, line: int) -> None:
    with pytest.raises(xml.Unreadable) as caught:
        xml.read(data)
    assert (caught.value.code, caught.value.line) == (code, line)
    for language in ("de", "en"):
        assert caught.value.text(language).startswith(xml.TEXTS[code][language == "en"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<a/>", "not_bpmn"),
        (b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', "dmn"),
        (b'<definitions xmlns="http://www.omg.org/spec/DMN/20180521/MODEL/"/>', "dmn"),
        (b'<process xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "not_bpmn"),
        (b'<Package xmlns="http://www.wfmc.org/2008/XPDL2.1"/>', "not_bpmn"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not_bpmn"),
    ],
)
def test_xml_that_is_no_process(data: bytes, code: str) -> None:
    with pytest.raises(xml.Unreadable) as caught:
        importer.make_runnable(data)
    assert caught.value.code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_as_declared(encoding: str) -> None:
    name = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    text = f'<?xml version="1.0" encoding="{name}"?>\n<d name="Größe" xmlns="urn:x"><!-- ä --></d>'
    assert xml.read(text.encode(encoding)).get("name") == "Größe"


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: f"<a>{text}</a>".encode("utf-16"))))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        assert xml.read(data).tag is not None
    except xml.Unreadable as refused:
        assert refused.code in xml.TEXTS


def test_white_space_before_the_declaration() -> None:
    assert xml.read(b'\r\n  <?xml version="1.0"?><a/>').tag == "a"


def test_comments_around_the_root_stay_in_their_order() -> None:
    data = b"<?xml version='1.0'?><!-- eins --><?zwei drei?>" + GOOD + b"<!-- vier --><!-- sieben -->"
    written = importer.make_runnable(data).xml
    places = [written.index(part) for part in (b"eins", b"zwei", b"<definitions", b"vier", b"sieben")]
    assert places == sorted(places)
    assert importer.make_runnable(written).xml == written


def test_a_document_type_inside_text_is_text() -> None:
    data = GOOD.replace(b"</task>", b"<documentation><![CDATA[<!DOCTYPE html>]]></documentation></task>")
    assert importer.make_runnable(data).runnable


def test_drafts_of_the_standard_are_read() -> None:
    for space in (b"http://schema.omg.org/spec/BPMN/2.0", b"http://www.omg.org/spec/BPMN/20100501/MODEL", b""):
        found = importer.make_runnable(GOOD.replace(b"http://www.omg.org/spec/BPMN/20100524/MODEL", space))
        assert [one.code for one in found.findings] == ["draft-namespace"]
        assert importer.make_runnable(found.xml).findings == ()


def test_our_prefix_may_be_taken() -> None:
    found = importer.make_runnable(bpmn(process("start:s task:a", "s>a"), attributes='xmlns:allmende="urn:other"'))
    assert b'xmlns:allmende1="urn:allmende:process:1"' in found.xml

"""Names of uploads: whatever a browser sends, what is kept can harm nobody."""

import unicodedata

import pytest
from django.utils.http import content_disposition_header
from hypothesis import example, given
from hypothesis import strategies as st

from allmende.spine.files.core.names import LONGEST, extension_of, safe_name


@pytest.mark.parametrize(
    ("raw", "extension", "safe"),
    [
        ("Plan.PDF", "pdf", "Plan.pdf"),
        ("C:\\Users\\x\\Straße 5.jpeg", "jpg", "Straße 5.jpg"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("gpj.\u202eexe.jpg", "jpg", "gpj.exe.jpg"),
        ("a\r\nSet-Cookie: x=1.jpg", "jpg", "aSet-Cookie- x=1.jpg"),
        ('"><img src=x>.png', "png", "img src=x.png"),
        (".htaccess", "txt", "htaccess.txt"),
        ("CON.txt", "txt", "datei-CON.txt"),
        ("", "pdf", "datei.pdf"),
        ("bericht.v2.docx", "docx", "bericht.v2.docx"),
        ("u\u0308ber.png", "png", "über.png"),
    ],
)
def test_examples(raw: str, extension: str, safe: str) -> None:
    assert safe_name(raw, extension) == safe


@given(raw=st.text(max_size=300), extension=st.sampled_from(["jpg", "pdf", "txt"]))
@example(raw="\ud800.jpg", extension="jpg")
@example(raw="." * 300, extension="pdf")
def test_any_name(raw: str, extension: str) -> None:
    name = safe_name(raw, extension)
    assert extension_of(name) == extension
    assert len(name) <= LONGEST + len("datei-")
    assert set(name) & set("/\\<>:\"|?*%#&;$`'") == set()
    assert [char for char in name if unicodedata.category(char)[0] == "C"] == []
    assert name[0] not in ".- "
    assert safe_name(name, extension) == name
    # The header it goes into is one line and quotes it whole.
    header = content_disposition_header(True, name)
    assert header is not None
    assert "\r" not in header and "\n" not in header
    assert header.startswith("attachment; filename")

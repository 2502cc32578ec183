"""Reading PDFs that we made, with an independent reader (pypdf)."""

import io
import re
import zlib

from pypdf import PdfReader


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf), strict=True)


def everything(pdf: bytes) -> bytes:
    """The file with its streams (object streams among them) unpacked: for marks that stand nowhere else."""
    unpacked = [pdf]
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            unpacked.append(zlib.decompress(match[1]))
        except zlib.error:
            unpacked.append(match[1])
    return b"\n".join(unpacked)


def pages(pdf: bytes) -> int:
    return len(reader(pdf).pages)


def text(pdf: bytes) -> str:
    """The whole text without blanks, as lines may break anywhere."""
    shown = "".join(page.extract_text() for page in reader(pdf).pages)
    return "".join(shown.split()).replace("\u200b", "")


def has(pdf: bytes, wanted: str) -> bool:
    """Whether the text stands there; blanks and hyphens (where a line may break) do not matter."""
    return "".join(wanted.split()).replace("-", "") in text(pdf).replace("-", "")

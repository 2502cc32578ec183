"""Uploads made on the spot."""

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SECRET = "GeheimerAufnahmeort"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    """Left half red, right half blue, so that turning shows."""
    image = Image.new("RGB", size, (200, 0, 0))
    image.paste((0, 0, 200), (size[0] // 2, 0, size[0], size[1]))
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """EXIF with a place, a device, a person and an orientation."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = SECRET
    data[0x013B] = SECRET
    gps = data.get_ifd(0x8825)
    gps[1], gps[2] = "N", (49.0, 26.0, 39.0)
    gps[29] = SECRET
    return data


def telling_picture(form: str, orientation: int = 1) -> bytes:
    """A picture that carries SECRET wherever its format has room."""
    options: dict[str, Any] = {"exif": exif(orientation)}
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{SECRET}</a></x:xmpmeta>'.encode()
    if form == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Author", SECRET)
        info.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options["pnginfo"] = info
    elif form == "JPEG":
        options |= {"xmp": xmp, "comment": SECRET.encode()}
    else:
        options["xmp"] = xmp
    return picture(form, **options)


def archive(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return target.getvalue()


TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def docx(**more: bytes) -> bytes:
    extra = {name.replace("__", "/").replace("_bin", ".bin"): content for name, content in more.items()}
    return archive({"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>"} | extra)


def odt(extra: dict[str, bytes] | None = None) -> bytes:
    mimetype = b"application/vnd.oasis.opendocument.text"
    return archive({"mimetype": mimetype, "content.xml": b"<c/>"} | (extra or {}))


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
GPX = b'<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="t"></gpx>'
KML = b'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>'
GEOJSON = b'{"type": "FeatureCollection", "features": []}'
IES = b"IESNA:LM-63-2002\r\n[TEST] 1\r\nTILT=NONE\r\n1 1000 1 1 1 1 2 0 0 0\r\n"
LDT = b"Firma\r\n1\r\n0\r\n24\r\n15\r\n37\r\n5\r\nReport\r\nLeuchte\r\n"


def body(answer: Any) -> bytes:
    """What a download holds. Read to its end, the test client closes it."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content

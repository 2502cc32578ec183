"""Pictures written anew from their pixels, so that nothing else of the upload survives. Pure."""

import io
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps

from .kinds import MAX_PIXELS
from .sniff import Refused

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
# Pillow's own guard stays, at our limit, for whatever else opens pictures in this process.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def measure(file: BinaryIO, media_type: str) -> tuple[int, int]:
    """Width and height as stored, from the header alone. Raises Refused: `broken`, or `pixels` above 40 million."""
    file.seek(0)
    try:
        # The class of the warning as an error would need a filter, which is not safe between threads: ask for the
        # size instead.
        with Image.open(file, formats=[FORMATS[media_type]]) as image:
            width, height = image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError, KeyError):
        raise Refused("broken", FORMATS[media_type]) from None
    if width * height > MAX_PIXELS:
        raise Refused("pixels")
    return width, height


def rewrite(source: BinaryIO, target: BinaryIO, media_type: str) -> tuple[int, int]:
    """Write the picture in `source` to `target` in the same format: upright, sRGB, first frame, without EXIF, XMP,
    IPTC, comments.

    Returns width and height. Raises Refused as `measure` does, and `broken` where the pixels cannot be read whole.
    """
    measure(source, media_type)
    source.seek(0)
    try:
        with Image.open(source, formats=[FORMATS[media_type]]) as image:
            image.load()
            profile = image.info.get("icc_profile")
            upright = ImageOps.exif_transpose(image)
            clean = _to_srgb(upright, profile)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, KeyError, MemoryError):
        raise Refused("broken", FORMATS[media_type]) from None
    if media_type == "image/jpeg" and clean.mode not in {"RGB", "L"}:
        clean = clean.convert("RGB")
    if media_type == "image/webp" and clean.mode not in {"RGB", "RGBA"}:
        clean = clean.convert("RGBA" if "A" in clean.getbands() or "transparency" in clean.info else "RGB")
    # Savers fall back on `info` for EXIF, comments and profiles: only a palette's transparent colour may stay.
    clean.info = {key: clean.info[key] for key in ("transparency",) if key in clean.info}
    options = {"JPEG": {"quality": 90, "progressive": True}, "PNG": {}, "WEBP": {"quality": 90, "method": 2}}
    name = FORMATS[media_type]
    clean.save(target, format=name, **options[name])
    return clean.size


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The same colours in sRGB: the profile itself is dropped, since it names the device and may hold anything."""
    if not profile or image.mode not in {"RGB", "RGBA", "L", "CMYK"}:
        return image.copy()
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGB" if image.mode == "CMYK" else image.mode
        changed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        return changed if changed is not None else image.copy()
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.copy()

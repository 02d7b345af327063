"""Accepting an uploaded picture: judged by its content, bounded, and drawn anew so that nothing else travels along."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 24_000_000
MAX_SIDE = 2048
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


class PictureRefused(ValueError):
    """The upload is not accepted; `code` is one of too_large, too_many_pixels, not_a_picture."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def accept_picture(content: bytes) -> tuple[bytes, str]:
    """The picture as (bytes, content type), upright, at most 2048 px a side, without EXIF or other extras.

    JPEG, PNG and WebP only, at most 5 MB and 24 million pixels (read from the header, before anything is unpacked);
    of an animation the first frame is kept. Raises `PictureRefused`.
    """
    if len(content) > MAX_BYTES:
        raise PictureRefused("too_large")
    try:
        return _redrawn(content)
    except (PictureRefused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused("too_many_pixels") from None
    except Exception:  # decoders meet broken files with many kinds of error, and all mean the same
        raise PictureRefused("not_a_picture") from None


def _redrawn(content: bytes) -> tuple[bytes, str]:
    with Image.open(BytesIO(content), formats=tuple(_TYPES)) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise PictureRefused("too_many_pixels")
        kind = str(opened.format)
        opened.draft("RGB", (MAX_SIDE, MAX_SIDE))
        picture = ImageOps.exif_transpose(opened)
        opaque = kind == "JPEG" or not picture.has_transparency_data
        picture = picture.convert("RGB" if opaque else "RGBA")
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    picture.info = {}
    out = BytesIO()
    picture.save(out, kind, **({} if kind == "PNG" else {"quality": 85}))
    return out.getvalue(), _TYPES[kind]

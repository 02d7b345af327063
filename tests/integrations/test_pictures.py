"""Uploaded pictures: judged by content, bounded, stripped."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from integrations.pictures import MAX_BYTES, MAX_SIDE, PictureRefused, accept_picture

KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any) -> bytes:
    out = BytesIO()
    Image.new(mode, size, 255 if mode == "L" else None).save(out, kind, **options)
    return out.getvalue()


def located() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "canary-camera"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 0.0)
    return exif


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_accepted_by_its_content(kind: str) -> None:
    content, content_type = accept_picture(picture(kind))
    assert content_type == KINDS[kind]
    with Image.open(BytesIO(content)) as seen:
        assert (seen.format, seen.size) == (kind, (40, 20))


@pytest.mark.parametrize("kind", KINDS)
def test_place_and_camera_do_not_travel_along(kind: str) -> None:
    extras: dict[str, Any] = {"exif": located()}
    if kind == "JPEG":
        extras["comment"] = b"canary-comment"
    if kind != "PNG":
        extras["xmp"] = b"<x>canary-xmp</x>"
    original = picture(kind, **extras)
    assert b"canary" in original
    content, _ = accept_picture(original)
    assert b"canary" not in content
    with Image.open(BytesIO(content)) as seen:
        assert dict(seen.getexif()) == {}
        assert seen.size == (20, 40)  # upright, as the camera meant it


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_picture_is_made_smaller(kind: str) -> None:
    content, _ = accept_picture(picture(kind, (4000, 1000)))
    with Image.open(BytesIO(content)) as seen:
        assert seen.size == (MAX_SIDE, 512)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_every_mode_of_png_is_accepted(mode: str) -> None:
    content, _ = accept_picture(picture("PNG", mode=mode))
    with Image.open(BytesIO(content)) as seen:
        assert seen.mode == ("RGBA" if mode in ("RGBA", "LA") else "RGB")


def test_a_print_shops_cmyk_jpeg_is_accepted() -> None:
    assert accept_picture(picture("JPEG", mode="CMYK"))[1] == "image/jpeg"


def refusal(content: bytes) -> str:
    with pytest.raises(PictureRefused) as caught:
        accept_picture(content)
    return caught.value.code


def test_more_than_five_megabytes_are_refused() -> None:
    assert refusal(picture() + b"\0" * MAX_BYTES) == "too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>",
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture(size=(400, 400))[:-300],
        picture("PNG", size=(40, 40))[:60],
    ],
)
def test_anything_else_is_no_picture(content: bytes) -> None:
    assert refusal(content) == "not_a_picture"


@pytest.mark.parametrize("side", [5000, 12_000, 60_000])
def test_a_small_file_with_huge_dimensions_is_refused_unopened(side: int) -> None:
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    assert refusal(b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IDAT\0\0\0\0" * 2) == "too_many_pixels"

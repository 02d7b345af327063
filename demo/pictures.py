"""Small pictures of products, drawn on the spot."""

from __future__ import annotations

import struct
import zlib

SIDE = 96
Colour = tuple[int, int, int]


def picture(colour: Colour, ground: Colour = (250, 246, 238)) -> bytes:
    """A PNG of one round thing in `colour`."""
    rows = []
    for y in range(SIDE):
        pixels = (_pixel(x, y, colour, ground) for x in range(SIDE))
        rows.append(b"\0" + b"".join(bytes(pixel) for pixel in pixels))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _pixel(x: int, y: int, colour: Colour, ground: Colour) -> Colour:
    away = ((x - SIDE / 2) ** 2 + (y - SIDE / 2) ** 2) ** 0.5
    if away > SIDE * 0.4:
        return ground
    shine = max(0, 60 - int(2 * ((x - SIDE * 0.4) ** 2 + (y - SIDE * 0.35) ** 2) ** 0.5))
    red, green, blue = (min(255, part + shine) for part in colour)
    return (red, green, blue)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

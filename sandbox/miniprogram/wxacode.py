"""Mini-program codes: a picture that opens a page with a scene; scanned, it says `page?scene=…`."""

from __future__ import annotations

import re
import struct
import zlib

import segno
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from sandbox.context import current
from sandbox.miniprogram.errors import WxError, json_body
from sandbox.miniprogram.tokens import require_token

SCHEMA = """
CREATE TABLE IF NOT EXISTS wxacodes (scene TEXT NOT NULL, page TEXT NOT NULL, PRIMARY KEY (scene, page));
"""
SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+")
PAGE = re.compile(r"[^/?#][^?#]*")
bp = Blueprint("wxacode", __name__)


@bp.post("/wxa/getwxacodeunlimit")
def unlimited() -> ResponseReturnValue:
    """`{scene, page?, check_path?, env_version?, width?}` -> PNG bytes; the scene is remembered with its page."""
    require_token()
    body = json_body()
    scene, page, width = body.get("scene"), body.get("page", "pages/index/index"), body.get("width", 430)
    if not isinstance(scene, str) or not 1 <= len(scene) <= 32:
        raise WxError(40169, "invalid length for scene, or the data is not json string")
    if not SCENE.fullmatch(scene):
        raise WxError(40129, "invalid scene")
    if not isinstance(page, str) or not PAGE.fullmatch(page):
        raise WxError(41030, "invalid page")
    if body.get("env_version", "release") not in ("release", "trial", "develop"):
        raise WxError(40097, "invalid args")
    if type(width) is not int or not 280 <= width <= 1280:
        raise WxError(40097, "invalid args")
    with current().store.transaction() as db:
        db.execute("INSERT OR IGNORE INTO wxacodes VALUES (?, ?)", (scene, page))
    return Response(picture(f"{page}?scene={scene}", width), content_type="image/png")


@bp.get("/control/wxacodes")
def read_codes() -> ResponseReturnValue:
    """`{"codes": [{scene, page}]}`: what scanning each code would open."""
    return {"codes": [dict(row) for row in current().store.all("SELECT scene, page FROM wxacodes")]}


def picture(content: str, width: int) -> bytes:
    """A square greyscale PNG, `width` pixels wide: a QR of `content`, so that any camera here can read it.

    The platform's own round code has a secret shape; what a phone does with either is the same.
    """
    cells = [bytes(0 if cell else 255 for cell in row) for row in segno.make_qr(content, error="m").matrix_iter()]
    scale = width // len(cells)
    before = (width - scale * len(cells)) // 2
    after = width - scale * len(cells) - before
    rows = []
    for row in cells:
        line = b"\0" + b"\xff" * before + b"".join(bytes((cell,)) * scale for cell in row) + b"\xff" * after
        rows += [line] * scale
    blank = b"\0" + b"\xff" * width
    pixels = blank * before + b"".join(rows) + blank * after
    header = struct.pack(">IIBBBBB", width, width, 8, 0, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(pixels)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

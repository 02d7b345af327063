"""What a camera sees: a QR held still before it, as the film that a browser plays instead of its camera."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import segno
from PIL import Image

WIDTH, HEIGHT, FRAMES = 640, 480, 10
GREY = bytes([128])


def of_qr(text: str, path: Path) -> Path:
    """Write a .y4m to `path` that shows the QR of `text`, a little tilted as in a hand; the path."""
    picture = BytesIO()
    segno.make_qr(text, error="m").save(picture, kind="png", scale=7)
    held = Image.open(picture).convert("L").rotate(4, expand=True, fillcolor=255)
    scene = Image.new("L", (WIDTH, HEIGHT), 220)
    scene.paste(held, ((WIDTH - held.width) // 2, (HEIGHT - held.height) // 2))
    frame = b"FRAME\n" + scene.tobytes() + GREY * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip C420jpeg\n".encode() + frame * FRAMES)
    return path

"""A campaign's poster as a PNG: drawn with Pillow and a Chinese font that the machine has."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from domain.errors import NoChineseFont
from services.ports import PosterFacts

WIDTH, MARGIN, PICTURE_HEIGHT, CODE = 750, 48, 460, 300
GREEN, RED, INK, GREY, PAPER = "#07c160", "#e64340", "#1a1a1a", "#6b6b6b", "#ffffff"
FONT_PACKAGE, FONT_FILE = "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"
PLACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Light.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)
"""Where systems keep their Chinese fonts."""
_SIMPLIFIED = " SC"
_MOST_FACES = 10
Font = ImageFont.FreeTypeFont


class Posters:
    """`services.ports.PosterPainter`; looks for its font when it first draws."""

    def __init__(self, font: str = "") -> None:
        self._font = font

    def __call__(self, facts: PosterFacts, code: bytes, picture: bytes | None = None) -> bytes:
        """The poster; `code` and `picture` are whole image files. Raises `NoChineseFont`."""
        path = self._found()
        sheet = _Sheet(path)
        if picture is not None:
            sheet.show(picture)
        sheet.write(facts.title, 52, INK, lines=2)
        sheet.write(facts.price, 64, RED, lines=1)
        for line in facts.tiers:
            sheet.write(line, 30, RED, lines=1)
        sheet.gap(16)
        for line in (facts.closes, *facts.points, facts.leader):
            sheet.write(line, 32, GREY, lines=2)
        sheet.stamp(code, facts.hint)
        return sheet.png()

    def _found(self) -> Path:
        for place in self._candidates():
            if place.is_file():
                return place
        raise NoChineseFont

    def _candidates(self) -> Iterable[Path]:
        if self._font:  # who names a font wants that one or none
            yield Path(self._font)
            return
        package = importlib.util.find_spec(FONT_PACKAGE)
        if package is not None and package.origin:
            yield Path(package.origin).with_name(FONT_FILE)
        yield from map(Path, PLACES)


class _Sheet:
    """A tall sheet that is written from the top, and cut where it ends."""

    def __init__(self, font: Path) -> None:
        self._font = font
        self._image = Image.new("RGB", (WIDTH, 2400), PAPER)
        self._draw = ImageDraw.Draw(self._image)
        self._draw.rectangle((0, 0, WIDTH, 12), fill=GREEN)
        self._y = 48

    def gap(self, height: int) -> None:
        """Leave room."""
        self._y += height

    def show(self, picture: bytes) -> None:
        """A picture over the whole width, cut to its middle."""
        with Image.open(BytesIO(picture)) as opened:
            drawn = opened.convert("RGB")
        scale = max(WIDTH / drawn.width, PICTURE_HEIGHT / drawn.height)
        size = (max(WIDTH, round(drawn.width * scale)), max(PICTURE_HEIGHT, round(drawn.height * scale)))
        grown = drawn.resize(size)
        left, top = (size[0] - WIDTH) // 2, (size[1] - PICTURE_HEIGHT) // 2
        self._image.paste(grown.crop((left, top, left + WIDTH, top + PICTURE_HEIGHT)), (0, 12))
        self._y = 12 + PICTURE_HEIGHT + 36

    def write(self, text: str, size: int, colour: str, *, lines: int) -> None:
        """Text from the margin to the margin, in up to `lines` lines."""
        font = _face(self._font, size)
        for line in _wrapped(text, font, WIDTH - 2 * MARGIN, lines):
            self._draw.text((MARGIN, self._y), line, font=font, fill=colour)
            self._y += round(size * 1.4)

    def stamp(self, code: bytes, hint: str) -> None:
        """The code in the middle with its white edge kept, and what to do with it below."""
        self.gap(32)
        with Image.open(BytesIO(code)) as opened:
            square = opened.convert("RGB").resize((CODE, CODE), Image.Resampling.LANCZOS)
        self._image.paste(square, ((WIDTH - CODE) // 2, self._y))
        self._y += CODE + 16
        font = _face(self._font, 30)
        self._draw.text((WIDTH // 2, self._y), hint, font=font, fill=INK, anchor="ma")
        self._y += 72

    def png(self) -> bytes:
        """What was drawn, cut to its height."""
        out = BytesIO()
        self._image.crop((0, 0, WIDTH, min(self._y, self._image.height))).save(out, "PNG", optimize=True)
        return out.getvalue()


def _face(path: Path, size: int) -> Font:
    """The font at a size; of a collection the face with simplified characters."""
    first = ImageFont.truetype(str(path), size)
    if path.suffix != ".ttc" or _SIMPLIFIED in str(first.getname()[0]):
        return first
    for index in range(1, _MOST_FACES):
        try:
            face = ImageFont.truetype(str(path), size, index=index)
        except OSError:
            break
        if _SIMPLIFIED in str(face.getname()[0]):
            return face
    return first


def _wrapped(text: str, font: Font, width: int, lines: int) -> list[str]:
    """Text cut into at most `lines` lines of `width` pixels; what is too much ends with …"""
    made = [""]
    for character in " ".join(text.split()):
        if font.getlength(made[-1] + character) <= width:
            made[-1] += character
        elif len(made) < lines:
            made.append(character)
        else:
            while made[-1] and font.getlength(made[-1] + "…") > width:
                made[-1] = made[-1][:-1]
            made[-1] += "…"
            break
    return made

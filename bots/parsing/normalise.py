"""One spelling for every way a phone writes the same characters."""

import re
import unicodedata
from functools import lru_cache

_SIGNS = {
    **dict.fromkeys("➕＋﹢⁺", "+"),
    **dict.fromkeys("➖−–—－﹣‐‑‒―", "-"),
    **dict.fromkeys("✖×✕╳＊﹡∗", "*"),
    **dict.fromkeys("＠﹫", "@"),
    **dict.fromkeys("～〜∼", "~"),
    "🔟": " 10 ",
    # NFKC would glue a circled number to the digits after it: "①2份" must not become "12份".
    **{chr(0x2460 + n): f" {n + 1} " for n in range(20)},
}
# Numerals as on a cheque; those that are surnames or verbs as well count only before a unit.
_CHEQUE = str.maketrans("壹贰叁肆柒捌玖", "一二三四七八九")
_CHEQUE_OR_NAME = re.compile("(?<!收)[伍陆拾](?=[份盒箱袋斤包桶只])")
_TENS = {"伍": "五", "陆": "六", "拾": "十"}
_DROPPED = dict.fromkeys("\ufe0e\ufe0f\u20e3", "")
_TABLE = str.maketrans({**_SIGNS, **_DROPPED}) | _CHEQUE
_MENTION_OF_RECIPIENT = re.compile(r"(?<=[替帮代给])@([^\s@]{1,20})\s?")
_MENTION = re.compile(r"@+[^\s@]*")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" *\n[ \n]*")


def normalise(text: str, bot_name: str = "") -> str:
    """Take mentions out, map look-alike signs and digits, apply NFKC and collapse blanks; idempotent.

    `bot_name` lets "@小邻2份" lose its mention although no blank ends it.
    """
    text = text.translate(_TABLE)
    if bot_name:
        text = text.replace(f"@{bot_name}", " ")
    # A mention ends at U+2005, which `\s` matches and NFKC would turn into a plain space.
    text = _MENTION_OF_RECIPIENT.sub(r"\1", text)
    text = _MENTION.sub(" ", text)
    text = "".join(map(_visible, text))
    text = unicodedata.normalize("NFKC", text).translate(_TABLE)
    text = _BLANKS.sub(" ", "".join(map(_visible, text)))
    text = _CHEQUE_OR_NAME.sub(lambda found: _TENS[found[0]], text)
    return _LINES.sub("\n", text).strip()


def fold(text: str) -> str:
    """Lower-case without changing the length, so that offsets stay true."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


@lru_cache(maxsize=4096)
def _visible(char: str) -> str:
    if char == "\n":
        return char
    category = unicodedata.category(char)
    # Format characters (zero-width, direction) and private use, which the masks need for themselves.
    if category in ("Cf", "Co", "Cs"):
        return ""
    return " " if category == "Cc" or category.startswith("Z") else char

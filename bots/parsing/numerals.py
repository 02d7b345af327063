"""Numbers as people write them in a chat: digits, Chinese numerals, halves."""

from fractions import Fraction

CHINESE = "零〇一二两俩仨三四五六七八九十百千万半廿"
# A numeral is always the whole run of its characters; possessive, so that matching stays linear.
NUMBER = rf"(?:(?<!\d)\d++(?:\.\d++)?|(?<![{CHINESE}])[{CHINESE}]++)"

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_HALF = Fraction(1, 2)


def number(text: str) -> Fraction | None:
    """The value of a numeral, or None if it is none: "两三" is a guess of the speaker, not a number."""
    if text.isascii():
        # Six digits are already far beyond any quantity; longer ones are not worth their arithmetic.
        return Fraction(text) if len(text) <= 12 and text.replace(".", "", 1).isdecimal() else None
    if len(text) > 12:
        return None
    if text == "半":
        return _HALF
    if text.endswith("半"):
        whole = _whole(text[:-1])
        return None if whole is None else whole + _HALF
    whole = _whole(text)
    return None if whole is None else Fraction(whole)


def _whole(text: str) -> int | None:
    """十=10, 十二, 二十, 廿五, 一百零二, and 一百二=120 (a last digit takes the next lower scale)."""
    text = text.replace("廿", "二十")
    total, pending, last_scale, zero = 0, None, 0, False
    for char in text:
        if char in _SCALES:
            scale = _SCALES[char]
            if (last_scale and scale >= last_scale) or pending == 0:
                return None
            if pending is None and (char != "十" or total):
                return None
            total += (1 if pending is None else pending) * scale
            pending, last_scale, zero = None, scale, False
        elif char in _DIGITS:
            if _DIGITS[char] == 0 and total and pending is None:
                zero = True
                continue
            if pending is not None:
                return None
            pending = _DIGITS[char]
        else:
            return None
    if pending is not None:
        total += pending * (last_scale // 10 if last_scale > 10 and not zero else 1)
    return total

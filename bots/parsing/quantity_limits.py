"""What a number of units must be: whole, 1 to 99, in the offer's own measure."""

import re

from bots.parsing.intents import OfferName
from bots.parsing.lexer import Quantity, Unclear
from bots.parsing.normalise import fold, normalise

_MOST_UNITS = 99
_SAME = {"千克": "公斤", "kg": "公斤", "公克": "克", "g": "克", "ml": "毫升"}
_MEASURES = {"斤", "两", "公斤", "克", "升", "毫升"}
# Beside another number, these measure what goes into a dish.
INGREDIENT_UNITS = frozenset({"克", "毫升", "ml", "g", "升"})
_MULTIPLES = {"对", "双", "打"}
_CONTAINERS = {"箱", "盒", "袋", "包", "提", "件", "板", "桶"}
_PIECES = re.compile(r"\d ?[枚个只颗粒]")
# "两个" may be two boxes of eggs, "60个" are eggs.
_MOST_BY_PIECE = 4


def check_value(quantity: Quantity) -> None:
    """Raise Unclear for what is no number, no whole one, none, or more than one person orders by chat."""
    if quantity.unclear:
        raise Unclear(quantity.unclear)
    if quantity.value > _MOST_UNITS:
        raise Unclear("too_many")
    if quantity.value.denominator != 1:
        raise Unclear("fraction")
    if quantity.value == 0:
        raise Unclear("zero")


def check_measure(quantity: Quantity, offer: OfferName) -> None:
    """Raise Unclear where the number counts another measure than the offer's unit: 公斤 of what is sold by 斤."""
    said, own = (_SAME.get(unit, unit) for unit in (quantity.unit, fold(normalise(offer.unit))))
    if not own or not said or said == own:
        return
    loose = (
        said in ("个", "只") and own in _CONTAINERS and _PIECES.search(offer.name) and quantity.value > _MOST_BY_PIECE
    )
    in_the_name = re.search(rf"\d ?{re.escape(quantity.unit)}", fold(normalise(offer.name)))
    if said in _MEASURES | _MULTIPLES or in_the_name or loose:
        raise Unclear("measure")

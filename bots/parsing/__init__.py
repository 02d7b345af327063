"""Chat text to intent: pure functions that read what a neighbour typed and ask back what is unclear."""

from bots.parsing.intents import (
    AfterSale,
    Ask,
    Cancel,
    Command,
    Intent,
    Item,
    Jielong,
    Join,
    Nothing,
    OfferName,
    Question,
)
from bots.parsing.reader import read

__all__ = [
    "AfterSale",
    "Ask",
    "Cancel",
    "Command",
    "Intent",
    "Item",
    "Jielong",
    "Join",
    "Nothing",
    "OfferName",
    "Question",
    "read",
]

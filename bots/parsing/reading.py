"""What a message means as one plain record, for the command line and for measuring."""

from collections.abc import Sequence
from typing import Any

from bots.parsing.intents import AfterSale, Ask, Cancel, Command, Intent, Item, Jielong, Join, OfferName, Question
from bots.parsing.reader import read

BOT_NAME = "小邻"


def as_record(text: str, offers: Sequence[OfferName], *, bot_name: str = BOT_NAME) -> dict[str, Any]:
    """`{"kind", "mode", "items": [{"offer", "quantity"}], "ask"}` of `text`.

    `mode` is null unless it is an order, `quantity` null for all of an offer, `ask` the question back or null.
    """
    names = {offer.key: offer.name for offer in offers}
    return _record(read(text, offers, bot_name=bot_name), names)


def _record(intent: Intent, names: dict[str, str]) -> dict[str, Any]:
    match intent:
        case Join(items=items, mode=mode):
            return _line("order", mode, _units(items, names))
        case Cancel(items=items, offers=offers):
            whole = [{"offer": names[key], "quantity": None} for key in offers]
            return _line("cancel", None, _units(items, names) + whole)
        case Ask(question=question, kind=kind, mode=mode):
            return _line(kind, mode if kind == "order" else None, ask=question)
    kinds: dict[type, str] = {Question: "question", AfterSale: "aftersale", Command: "command", Jielong: "jielong"}
    return _line(kinds.get(type(intent), "noise"))


def _units(items: Sequence[Item], names: dict[str, str]) -> list[dict[str, Any]]:
    return [{"offer": names[item.offer_key], "quantity": item.quantity} for item in items]


def _line(
    kind: str, mode: str | None = None, items: Sequence[dict[str, Any]] = (), ask: str | None = None
) -> dict[str, Any]:
    return {"kind": kind, "mode": mode, "items": list(items), "ask": ask}

"""The campaign card as WeCom's template card, every field within its length."""

from __future__ import annotations

from typing import Any

from bots.channels.texts import cut, no_mark
from bots.messages import Card
from domain.clock import local

UNITS_QUESTION = "units"
MOST_ROWS = 6
SUB_TITLE = 112
NO_MORE_ORDERS = "现在不接单"
HOW_TO_ORDER = "点「接龙」后到「我的订单」付款，付款后计入人数"
HOW_IF_BROUGHT = "点卡片填收货地址下单，付款后计入人数"


def template_card(card: Card, task_id: str) -> dict[str, Any]:
    """A button card; `task_id` names this one card for ever (letters, digits, `_-@`, at most 128 bytes)."""
    shape: dict[str, Any] = {
        "card_type": "button_interaction",
        "source": {"desc": "邻团", "desc_color": 0},
        "main_title": {"title": _shown(card.title, 26), "desc": _shown(_prices(card), 30)},
        "emphasis_content": {"title": _shown(card.count, 10), "desc": _shown(card.standing, 15)},
        "sub_title_text": _sub_title(card),
        "horizontal_content_list": _rows(card),
        "jump_list": [{"type": 1, "title": "我的订单 · 去付款", "url": card.orders_link}],
        "card_action": {"type": 1, "url": card.link},
        "button_list": _buttons(card),
        "task_id": task_id,
    }
    if card.units:
        shape["button_selection"] = {
            "question_key": UNITS_QUESTION,
            "title": "要几份",
            "option_list": [{"id": str(units), "text": f"{units} 份"} for units in card.units],
            "selected_id": str(card.units[0]),
        }
    return shape


def notice_card(card: Card) -> dict[str, Any]:
    """The same for those who cannot press: a `text_notice` that opens the campaign."""
    shape = template_card(card, "")
    kept = ("source", "main_title", "emphasis_content", "sub_title_text", "horizontal_content_list", "jump_list")
    notice = {"card_type": "text_notice", **{name: shape[name] for name in kept}, "card_action": shape["card_action"]}
    return {"msgtype": "template_card", "template_card": notice}


def _shown(text: str, characters: int) -> str:
    return cut(no_mark(text), characters)


def _sub_title(card: Card) -> str:
    """A word to the presser, else how far the next lower prices are and how to order, as long as one can."""
    if card.note:
        return _shown(card.note, SUB_TITLE)
    how = (HOW_IF_BROUGHT if card.brought else HOW_TO_ORDER) if card.takes_orders else NO_MORE_ORDERS
    told = "；".join(f"{offer.name}{offer.milestone}" for offer in card.offers if offer.milestone)
    if not told:
        return how
    return f"{_shown(told, SUB_TITLE - len(how) - 1)}。{how}"


def _prices(card: Card) -> str:
    return " · ".join(f"{offer.name} {offer.price}/{offer.unit}" for offer in card.offers)


def _rows(card: Card) -> list[dict[str, Any]]:
    rows = [
        ("截团", local(card.closes_at)),
        ("收货", card.brought) if card.brought else ("自提", "、".join(card.points)),
    ]
    rows += [(offer.name, f"{offer.price}/{offer.unit}{_left(offer.free)}") for offer in card.offers]
    return [{"keyname": _shown(name, 5), "value": _shown(value, 26)} for name, value in rows[:MOST_ROWS] if value]


def _left(free: int | None) -> str:
    return "" if free is None else f" · 剩 {free}" if free else " · 已订完"


def _buttons(card: Card) -> list[dict[str, Any]]:
    buttons = [("接龙", "join", 1)] if card.takes_orders else []
    buttons += [("看详情", "detail", 2), ("进度", "progress", 2)]
    buttons = [("开团", "open", 1)] if card.draft else buttons
    return [{"text": text, "style": style, "key": f"{action}:{card.campaign_id}"} for text, action, style in buttons]

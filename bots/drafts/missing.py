"""What a draft still lacks, one thing at a time, each with the question that asks for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bots.drafts.moments import read_moment
from bots.drafts.reading import MOST_OFFERS, Draft, filled, read_draft, read_fen
from services.chat.drafting import Goods

_REFUSED = re.compile(
    r"白酒|红酒|啤酒|黄酒|洋酒|葡萄酒|茅台|五粮液|香烟|卷烟|电子烟|雪茄|婴幼?儿?奶粉|[1-4]段奶粉|药品|感冒药|处方|胶囊"
)
_YES = {"1", "是", "是的", "生鲜", "对"}
_NO = {"2", "不是", "否", "不", "非生鲜"}


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: its kind, of which offer, and the question."""

    what: str
    place: int
    question: str


def refused(draft: Draft) -> str:
    """Why no campaign can be made of this in a chat, "" when it can."""
    if draft.discount:
        return "满减请在小程序团长端设置，其他可以在这里开团。"
    if len(draft.offers) > MOST_OFFERS:
        return f"一条消息最多 {MOST_OFFERS} 样，更多请在小程序团长端开团。"
    if len({offer.name for offer in draft.offers}) < len(draft.offers):
        return "有两样同名，请换个名字再发一次。"
    if any(_REFUSED.search(offer.name) for offer in draft.offers):
        return "酒、药品、婴儿奶粉和烟草不能开团。"
    return ""


def first_missing(draft: Draft, known: Sequence[Goods | None], points: Sequence[tuple[str, str]]) -> Missing | None:
    """The first of: goods, a price, the deadline, a known point, what new goods need."""
    if not draft.offers:
        return Missing("name", 0, "开团卖什么？请这样发：大闸蟹 58 周五20:00截 满10份成团")
    for place, offer in enumerate(draft.offers):
        if not offer.name:
            return Missing("name_of", place, "卖的是什么？请回复商品名，例：大闸蟹")
        if offer.price_fen is None:
            return Missing("price", place, f"「{offer.name}」多少钱？例：58 或 5块8")
    if draft.closes_at is None:
        why = f"截团时间不行：{draft.why}。" if draft.why else ""
        return Missing("closes", 0, f"{why}几时截团？例：周五20:00、明晚8点半")
    unknown = [point for point in draft.points if point not in dict(points)]
    if unknown:
        lines = "\n".join(f"{number} {name}" for number, (_, name) in enumerate(points, 1))
        return Missing("points", 0, f"没有这个自提点，用哪个？请回复序号：\n{lines}")
    for place, (offer, goods) in enumerate(zip(draft.offers, known, strict=True)):
        if (goods is None or not goods.sku) and offer.supply_fen is None:
            unit = offer.unit or "份"
            return Missing("supply", place, f"「{offer.name}」没按{unit}卖过，每{unit}供货价多少？例：45，自家的回复 0")
        if goods is None and offer.fresh is None:
            return Missing("fresh", place, f"「{offer.name}」是生鲜吗（当天取、售后 24 小时）？回复 1 是，回复 2 不是")
    return None


def answered(draft: Draft, what: str, place: int, said: str, now: datetime,
             points: Sequence[tuple[str, str]]) -> Draft | None:  # fmt: skip
    """The draft with the answer in it; None when it could not be read."""
    match what:
        case "name":
            fresh = read_draft(said, now)
            return _merged(draft, fresh) if fresh.offers else None
        case "name_of":
            return filled(draft, place, name=said[:40]) if said and not said.isdigit() else None
        case "price" | "supply":
            fen = read_fen(said)
            return None if fen is None else filled(draft, place, **{f"{what}_fen": fen})
        case "closes":
            moment = read_moment(said, now)
            return replace(draft, closes_at=moment.at, why=moment.why) if moment.at or moment.why else None
        case "points":
            chosen = with_points(replace(draft, points=(said,)), points).points
            number = int(said) if said.isascii() and said.isdigit() and len(said) < 3 else 0
            return replace(draft, points=(points[number - 1][0],) if 1 <= number <= len(points) else chosen)
        case _:
            return filled(draft, place, fresh=said in _YES) if said in _YES | _NO else None


def with_points(draft: Draft, points: Sequence[tuple[str, str]]) -> Draft:
    """The draft with the points' ids in place of the words that name one each."""
    return replace(draft, points=tuple(dict.fromkeys(_point(word, points) for word in draft.points)))


def _point(word: str, points: Sequence[tuple[str, str]]) -> str:
    meant = [key for key, name in points if word in (key, name)] or [
        key for key, name in points if word in name or name in word
    ]
    return meant[0] if len(meant) == 1 else word


def _merged(draft: Draft, fresh: Draft) -> Draft:
    """What was said first stays, what was missing comes from the answer."""
    return replace(
        fresh, closes_at=fresh.closes_at or draft.closes_at, minimum=fresh.minimum or draft.minimum,
        minimum_kind=fresh.minimum_kind if fresh.minimum else draft.minimum_kind, points=fresh.points or draft.points,
        arrival_text=fresh.arrival_text or draft.arrival_text,
    )  # fmt: skip

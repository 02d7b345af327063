"""What a leader types after 开团, read as wishes: what is sold, for how much, until when, from how many on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bots.drafts.moments import DAY, HOUR, read_moment
from bots.parsing.masks import UNIT
from domain.campaigns import MinimumKind
from domain.money import MAX_FEN

MOST_OFFERS = 20
_YUAN = r"(?P<yuan>\d{1,7})(?:\.(?P<cents>\d{1,2}))?(?![\d.])"
_PRICE = re.compile(
    rf"(?<![\d.块])(?<!^-)(?<!\s-)(?:(?P<whole>\d{{1,7}})块(?P<jiao>\d{{1,2}})(?!\d)|[¥￥]?\s?{_YUAN}\s?(?:元|块钱?|¥)?)"
    rf"(?:\s?(?:/|一|每)\s?(?P<unit>{UNIT}|[\u4e00-\u9fff]{{1,3}}(?=$|[\s,])))?(?=$|[\s,;。限共每])"
)
_MINIMUM = re.compile(
    r"满\s?(?P<number>\d{1,6})\s?(?P<unit>人|元|块|份|单|[\u4e00-\u9fff])?\s?(?:就|才)?(?:成团|起团|开团|成|发货)?(?=$|[\s,;。])"
    r"|(?<!\d)(?P<number2>\d{1,6})\s?(?P<unit2>人|份|[\u4e00-\u9fff])(?:成团|起团|团)(?=$|[\s,;。])"
)
_DISCOUNT = re.compile(r"满\s?\d+\s?(?:元|块)?\s?减")
_LIMIT = re.compile(rf"(?:每人(?:限购?|最多)?|限购)\s?(?P<number>\d{{1,6}})\s?(?:{UNIT})?")
_QUOTA = re.compile(rf"(?:限量|总共|一共|共|库存|只有)\s?(?P<number>\d{{1,7}})\s?(?:{UNIT})?")
_POINTS = re.compile(r"自提点?\s?:\s?(?P<named>\S+)|(?P<before>[^\s,;]{1,20}?)自提(?:点)?(?=$|[\s,;])")
_ARRIVAL = re.compile(rf"(?:{DAY})\s?(?:{HOUR})?\s?(?:左右|前)?\s?(?:到货|发货|送到|送达|自提|取货)")
_UNTIL = re.compile(r"(?:之?前)?(?:截止时间|截止|截团|截单|截)\s?:?")
_EDGES = " ,;。:、-—/"


@dataclass(frozen=True)
class Wanted:
    """One thing to sell: price in fen (None: not said), unit "" for not said; what a new product needs comes later."""

    name: str
    price_fen: int | None = None
    unit: str = ""
    per_person: int | None = None
    quota: int | None = None
    supply_fen: int | None = None
    fresh: bool | None = None


@dataclass(frozen=True)
class Draft:
    """The campaign as far as it is known; `why` says what is wrong with the deadline, `points` are words or ids."""

    title: str = ""
    offers: tuple[Wanted, ...] = ()
    closes_at: datetime | None = None
    why: str = ""
    minimum: int = 0
    minimum_kind: str = MinimumKind.UNITS.value
    points: tuple[str, ...] = ()
    arrival_text: str = ""
    discount: bool = False

    @property
    def facts(self) -> dict[str, Any]:
        """As a question remembers it."""
        offers = [dict(vars(offer)) for offer in self.offers]
        closes_at = self.closes_at.isoformat() if self.closes_at else None
        return {**vars(self), "offers": offers, "closes_at": closes_at, "points": list(self.points)}

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Draft:
        """As it was remembered."""
        at = facts["closes_at"]
        return cls(**{
            **facts, "offers": tuple(Wanted(**offer) for offer in facts["offers"]), "points": tuple(facts["points"]),
            "closes_at": datetime.fromisoformat(at) if at else None,
        })  # fmt: skip


@dataclass
class _Text:
    """Text from which one thing after the other is taken out."""

    left: str

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match, gone from the text."""
        found = pattern.search(self.left)
        if found:
            self.left = f"{self.left[: found.start()]} {self.left[found.end() :]}"
        return found


def read_draft(text: str, now: datetime) -> Draft:
    """The wishes in normalised `text`; never raises, leaves out what is not said."""
    whole = _Text(text)
    arrival = whole.take(_ARRIVAL)
    points = whole.take(_POINTS)
    discount = whole.take(_DISCOUNT)
    minimum = whole.take(_MINIMUM)
    moment = read_moment(whole.left, now)
    lines = [_UNTIL.sub(" ", line) for line in moment.rest.split("\n")]
    offers = [wanted for line in lines if (wanted := read_offer(line)).name or wanted.price_fen is not None]
    title, offers = _titled(offers)
    said = (points["named"] or points["before"]) if points else ""
    return Draft(
        title=title, offers=tuple(offers), closes_at=moment.at, why=moment.why,
        minimum=_number(minimum, "number", "number2") * (100 if _kind(minimum) == MinimumKind.AMOUNT else 1),
        minimum_kind=_kind(minimum),
        points=tuple(filter(None, re.split(r"[、,/和]", said))), arrival_text=arrival[0].strip() if arrival else "",
        discount=discount is not None,
    )  # fmt: skip


def read_offer(line: str) -> Wanted:
    """One line: a name with its price, unit, limit and quota, in any order."""
    text = _Text(line)
    limit, quota = text.take(_LIMIT), text.take(_QUOTA)
    price = text.take(_PRICE)
    name = re.sub(r"\s+", " ", text.left).strip(_EDGES)[:40]
    return Wanted(
        name, _fen(price) if price else None, (price["unit"] or "") if price else "",
        _number(limit, "number") or None, _number(quota, "number") or None,
    )  # fmt: skip


def read_fen(text: str) -> int | None:
    """A sum of money in fen: 58, 58元, 58.8, 5块8; None for anything else."""
    found = _PRICE.search(text.strip())
    return _fen(found) if found else None


def filled(draft: Draft, place: int, **values: Any) -> Draft:
    """The draft with an offer's values set."""
    offers = list(draft.offers)
    offers[place] = replace(offers[place], **values)
    return replace(draft, offers=tuple(offers))


def _titled(offers: Sequence[Wanted]) -> tuple[str, list[Wanted]]:
    """A first line without a price above lines that have one is the title."""
    if len(offers) > 1 and offers[0].price_fen is None and any(one.price_fen is not None for one in offers[1:]):
        return offers[0].name, list(offers[1:])
    names = [offer.name for offer in offers if offer.name]
    return (names[0] if len(names) == 1 else f"{'、'.join(names[:2])}{'等' if len(names) > 2 else ''}"), list(offers)


def _fen(found: re.Match[str]) -> int | None:
    if found["whole"]:
        fen = int(found["whole"]) * 100 + int(found["jiao"].ljust(2, "0"))
    else:
        fen = int(found["yuan"]) * 100 + int((found["cents"] or "0").ljust(2, "0"))
    return fen if fen <= MAX_FEN else None


def _number(found: re.Match[str] | None, *groups: str) -> int:
    return next((int(found[group]) for group in groups if found[group]), 0) if found else 0


def _kind(found: re.Match[str] | None) -> str:
    unit = (found["unit"] or found["unit2"] or "") if found else ""
    kind = {"人": MinimumKind.PEOPLE, "元": MinimumKind.AMOUNT, "块": MinimumKind.AMOUNT}.get(unit, MinimumKind.UNITS)
    return kind.value

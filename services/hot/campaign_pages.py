"""Campaigns' public pages by one statement, in the shape in which they are shown; the plain query is their oracle."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from domain.campaigns import admits
from domain.errors import NotFound
from domain.ids import is_id
from domain.policy import Policy
from domain.progress import PriceStanding, milestone
from domain.promises import aftersales_promise, pickup_promise
from services.hot.live_counts import count_of
from services.queries.campaigns import RUNNING

_TIMES = ("opens_at", "closes_at", "extend_until", "extended_at", "closed_at", "outcome_at", "settled_at")
_AS_THEY_ARE = (
    "title", "description", "seller", "hold_minutes", "arrival_text", "below_minimum", "payment_policy",
    "delivery_method", "delivery_fee_fen", "delivery_minimum_fen", "discount_over_fen", "discount_fen",
    "shortage_mode", "close_reason", "cancel_reason",
)  # fmt: skip
_COUNTED = (
    "public_id", "state", "revision", "participant_count", "counted_units", "counted_fen", "minimum", "minimum_kind",
)  # fmt: skip
_COLUMNS = (*_COUNTED, *_AS_THEY_ARE, *_TIMES, "close_on_target")
_AROUND = ("leader_id", "leader_name", "offers", "tiers", "pictures", "points", "helper")

Opened = tuple[str, str]
"""A campaign's public id, and the helper through whose link it is opened ("" is none)."""

# One value comes back: a row of fifty columns costs more to unpack than to read. Lists are ordered here, because
# SQLite does not promise to; `json` tells it that a list inside is no text.
_PAGES = """
WITH asked (id, via) AS (VALUES {asked})
SELECT asked.id, asked.via, CAST({array}({columns}, l.public_id, l.display_name,
  {json}((SELECT {group}({array}(o.position, o.id, o.public_id, o.name, s.spec, s.unit, s.product_id, p.fresh,
                                 p.description, o.state, o.price_fen, o.quota, o.held_units, o.sold_units,
                                 o.per_person, o.minimum_units, o.closing_price_fen))
            FROM offers o JOIN skus s ON s.id = o.sku_id JOIN products p ON p.id = s.product_id
           WHERE o.campaign_id = c.id)),
  {json}((SELECT {group}({array}(t.offer_id, t.from_units, t.price_fen))
            FROM price_tiers t JOIN offers o ON o.id = t.offer_id WHERE o.campaign_id = c.id)),
  {json}((SELECT {group}({array}(i.id, i.product_id, i.public_id))
            FROM pictures i
           WHERE i.product_id IN (SELECT s.product_id FROM skus s JOIN offers o ON o.sku_id = s.id
                                   WHERE o.campaign_id = c.id)
             AND NOT EXISTS (SELECT 1 FROM content_checks k WHERE k.subject = 'picture' AND k.row_id = i.id
                                AND k.state IN ('waiting', 'asked', 'review', 'refused')))),
  {json}((SELECT {group}({array}(q.id, q.public_id, q.name, q.address, q.hours))
            FROM campaign_points cp JOIN pickup_points q ON q.id = cp.point_id WHERE cp.campaign_id = c.id)),
  {json}((SELECT {array}(h.public_id, b.display_name)
            FROM help_sells h JOIN leaders b ON b.id = h.leader_id
           WHERE h.public_id = asked.via AND h.campaign_id = c.id AND h.state = 'active' AND b.state = 'approved'))
) AS text) AS source
FROM asked JOIN campaigns c ON c.public_id = asked.id JOIN leaders l ON l.id = c.leader_id
WHERE c.state <> 'draft'
"""
_SPELLINGS = {
    "postgresql": {"array": "json_build_array", "group": "json_agg", "json": ""},
    "sqlite": {"array": "json_array", "group": "json_group_array", "json": "json"},
}


@cache
def _statement(dialect: str, places: int) -> TextClause:
    """The statement that asks for so many pages."""
    asked = ", ".join(f"(:id{place}, :via{place})" for place in range(places))
    columns = ", ".join(f"c.{name}" for name in _COLUMNS)
    return text(_PAGES.format(asked=asked, columns=columns, **_SPELLINGS[dialect]))


def sources(reads: Connection, asked: Sequence[Opened]) -> list[str | None]:
    """Everything that each page is made of, as one text, by one statement for all; None where there is no page.

    Only a campaign that left its draft has one. An unknown helper, or one who helps no longer, opens it too.
    """
    # Filled up to a power of two: so the database meets few texts and plans each of them once.
    places = 1 << (len(asked) - 1).bit_length()
    values: dict[str, str] = {}
    for place in range(places):
        values[f"id{place}"], values[f"via{place}"] = asked[min(place, len(asked) - 1)]
    rows = reads.execute(_statement(reads.dialect.name, places), values)
    found = {(row[0], row[1]): row[2] for row in rows}
    return [found.get(each) for each in asked]


def source(reads: Connection, asked: Opened) -> str:
    """What one page is made of; raises `NotFound`, for a wrong prefix without SQL."""
    if not is_id("Campaign", asked[0]):
        raise NotFound
    (found,) = sources(reads, [asked])
    if found is None:
        raise NotFound
    return found


def page(source: str, now: datetime, policy: Policy) -> dict[str, Any]:
    """The page that is made of `source`; of time it depends by `takes_orders` only."""
    return _shape(dict(zip((*_COLUMNS, *_AROUND), json.loads(source), strict=True)), now, policy)


def _shape(row: dict[str, Any], now: datetime, policy: Policy) -> dict[str, Any]:
    times = {name: _instant(row[name]) if row[name] else None for name in _TIMES}
    opens_at, closes_at = _instant(row["opens_at"]), _instant(row["closes_at"])
    return {
        **count_of(row),
        **{name: row[name] for name in _AS_THEY_ARE},
        **{name: at.isoformat() if at else None for name, at in times.items()},
        "leader_id": row["leader_id"],
        "leader_name": row["leader_name"],
        "takes_orders": admits(row["state"], opens_at, closes_at, now),
        "close_on_target": bool(row["close_on_target"]),
        "offers": _offers(row, policy),
        "points": [_point(*point) for point in sorted(row["points"] or ())],
        "via": dict(zip(("id", "name"), row["helper"], strict=True)) if row["helper"] else None,
    }


def _instant(written: str) -> datetime:
    """The instant that a database wrote into JSON; SQLite forgets the zone, it was UTC."""
    at = datetime.fromisoformat(written)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _offers(row: dict[str, Any], policy: Policy) -> list[dict[str, Any]]:
    tiers: dict[int, list[tuple[int, int]]] = {}
    for offer, units, price_fen in sorted(row["tiers"] or ()):
        tiers.setdefault(offer, []).append((units, price_fen))
    pictures: dict[int, list[str]] = {}
    for _, product, picture in sorted(row["pictures"] or ()):
        pictures.setdefault(product, []).append(picture)
    running = row["state"] in RUNNING
    method = row["delivery_method"]
    return [_offer(offer, tiers, pictures, running, policy, method) for offer in sorted(row["offers"] or ())]


def _offer(
    columns: list[Any],
    tiers: Mapping[int, list[tuple[int, int]]],
    pictures: Mapping[int, list[str]],
    running: bool,
    policy: Policy,
    method: str,
) -> dict[str, Any]:
    (_, key, public_id, name, spec, unit, product, fresh, description, state, price_fen, quota, held, sold, per_person,
     minimum, closing_fen) = columns  # fmt: skip
    steps = tuple(tiers.get(key, ()))
    standing = PriceStanding(price_fen, steps, sold, running, None if state == "failed" else closing_fen)
    return {
        "id": public_id, "name": name, "spec": spec, "unit": unit, "fresh": bool(fresh), "description": description,
        "state": state, "price_fen": price_fen, "pricing": _price(standing), "quota": quota,
        "free": None if quota is None else quota - held - sold, "sold_units": sold, "per_person": per_person,
        "minimum_units": minimum, "pickup_promise": pickup_promise(bool(fresh), policy, method),
        "aftersales_promise": aftersales_promise(bool(fresh), policy, method), "pictures": pictures.get(product, []),
    }  # fmt: skip


def _price(standing: PriceStanding) -> dict[str, Any]:
    return {
        "tiers": [{"from_units": units, "price_fen": price_fen} for units, price_fen in standing.tiers],
        "counted_units": standing.counted, "unit_fen": standing.unit_fen, "missing_units": standing.missing_units,
        "next_price_fen": standing.next_price_fen, "closing_price_fen": standing.closing_fen,
        "text": milestone(standing),
    }  # fmt: skip


def _point(_key: int, public_id: str, name: str, address: str, hours: str) -> dict[str, Any]:
    return {"id": public_id, "name": name, "address": address, "hours": hours}

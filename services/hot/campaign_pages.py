"""A campaign's public page by one statement, in the shape in which it is shown; the plain query is its oracle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Connection, column, text

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

# One value comes back: a row of fifty columns costs more to unpack than to read. Lists are ordered here, because
# SQLite does not promise to; `json` tells it that a list inside is no text.
_PAGE = """
SELECT {array}({columns}, l.public_id, l.display_name,
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
                                   WHERE o.campaign_id = c.id))),
  {json}((SELECT {group}({array}(q.id, q.public_id, q.name, q.address, q.hours))
            FROM campaign_points cp JOIN pickup_points q ON q.id = cp.point_id WHERE cp.campaign_id = c.id)),
  {json}((SELECT {array}(h.public_id, b.display_name)
            FROM help_sells h JOIN leaders b ON b.id = h.leader_id
           WHERE h.public_id = :via AND h.campaign_id = c.id AND h.state = 'active' AND b.state = 'approved'))
) AS page
FROM campaigns c JOIN leaders l ON l.id = c.leader_id
WHERE c.public_id = :id AND c.state <> 'draft'
"""
_SPELLINGS = {
    "postgresql": {"array": "json_build_array", "group": "json_agg", "json": ""},
    "sqlite": {"array": "json_array", "group": "json_group_array", "json": "json"},
}
_STATEMENTS = {
    dialect: text(_PAGE.format(columns=", ".join(f"c.{name}" for name in _COLUMNS), **words)).columns(
        column("page", JSON())
    )
    for dialect, words in _SPELLINGS.items()
}


def page(reads: Connection, campaign_id: str, via: str, now: datetime, policy: Policy) -> dict[str, Any]:
    """The page of a campaign that left its draft, through the link of the helper `via` ("" is none).

    Raises `NotFound`; a wrong prefix asks no SQL. A link whose helper is unknown or helps no longer opens it too.
    """
    if not is_id("Campaign", campaign_id):
        raise NotFound
    asked = {"id": campaign_id, "via": via}
    row = reads.execute(_STATEMENTS[reads.dialect.name], asked).one_or_none()
    if row is None:
        raise NotFound
    return _shape(dict(zip((*_COLUMNS, *_AROUND), row.page, strict=True)), now, policy)


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
    return [_offer(offer, tiers, pictures, running, policy) for offer in sorted(row["offers"] or ())]


def _offer(
    columns: list[Any],
    tiers: Mapping[int, list[tuple[int, int]]],
    pictures: Mapping[int, list[str]],
    running: bool,
    policy: Policy,
) -> dict[str, Any]:
    (_, key, public_id, name, spec, unit, product, fresh, description, state, price_fen, quota, held, sold, per_person,
     minimum, closing_fen) = columns  # fmt: skip
    steps = tuple(tiers.get(key, ()))
    standing = PriceStanding(price_fen, steps, sold, running, None if state == "failed" else closing_fen)
    return {
        "id": public_id, "name": name, "spec": spec, "unit": unit, "fresh": bool(fresh), "description": description,
        "state": state, "price_fen": price_fen, "pricing": _price(standing), "quota": quota,
        "free": None if quota is None else quota - held - sold, "sold_units": sold, "per_person": per_person,
        "minimum_units": minimum, "pickup_promise": pickup_promise(bool(fresh), policy),
        "aftersales_promise": aftersales_promise(bool(fresh), policy), "pictures": pictures.get(product, []),
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

"""Orders that start to count, many at once: participants and roster numbers, on the campaigns' own rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.context import Ctx
from services.hot.rejudging import Rejudge
from services.hot.rows import Bulk, Plain, listed

PARTICIPATE = Bulk(
    "INSERT INTO participations (campaign_id, resident_id, counted_orders)"
    " SELECT r.campaign_id, r.resident_id, r.orders FROM {rows} WHERE true"
    " ON CONFLICT (campaign_id, resident_id)"
    " DO UPDATE SET counted_orders = participations.counted_orders + excluded.counted_orders"
    " RETURNING campaign_id, resident_id, counted_orders",
    campaign_id=int,
    resident_id=int,
    orders=int,
)
CAMPAIGN = (
    "id", "public_id", "title", "state", "payment_policy", "delivery_method", "close_on_target", "minimum",
    "minimum_kind", "revision", "roster_count", "participant_count", "counted_units", "counted_fen",
)  # fmt: skip
"""What is told of a campaign that has counted orders: enough to announce it, to close it, and to show its orders."""
HOLD = Bulk("SELECT id FROM campaigns WHERE id IN (SELECT r.id FROM {rows}) ORDER BY id {for_update}", id=int)
NUMBER = Bulk(
    "UPDATE campaigns SET roster_count = campaigns.roster_count + r.orders,"  # noqa: S608 - names of our own columns
    " revision = campaigns.revision + r.orders, participant_count = campaigns.participant_count + r.newcomers,"
    " counted_units = campaigns.counted_units + r.units, counted_fen = campaigns.counted_fen + r.fen"
    " FROM {rows} WHERE campaigns.id = r.id AND (r.admitted_at IS NULL OR"
    " (campaigns.state = 'open' AND campaigns.opens_at <= r.admitted_at AND campaigns.closes_at > r.admitted_at))"
    f" RETURNING {{listed}}({', '.join(f'campaigns.{name}' for name in CAMPAIGN)})",
    id=int,
    admitted_at=datetime,
    newcomers=int,
    orders=int,
    units=int,
    fen=int,
)


@dataclass(frozen=True)
class Counting:
    """An order that starts to count, and its lines: rows, or what looks like them."""

    order: Any
    lines: Sequence[Any]


def participate(ctx: Ctx, counting: Sequence[Counting]) -> Counter[int]:
    """How many of those whose orders count are new in their campaign, by its id."""
    orders = Counter((each.order.campaign_id, each.order.resident_id) for each in counting)
    if not orders:
        return Counter()
    rows = [(*pair, orders[pair]) for pair in sorted(orders)]
    found = PARTICIPATE(ctx.session.connection(), rows)
    return Counter(row.campaign_id for row in found if row.counted_orders == orders[row.campaign_id, row.resident_id])


def number(ctx: Ctx, ids: Sequence[int], counting: Sequence[Counting], newcomers: Mapping[int, int],
           admitted_at: datetime | None = None) -> dict[int, Any]:  # fmt: skip
    """Give each order the next number of its campaign, and count it there; the campaigns as they are then, by id.

    `ids` are the campaigns to be held, in the order of docs/adr/0002, those of the orders among them. With
    `admitted_at` only campaigns that take orders at that instant are counted in; raises `Rejudge` for any other.
    """
    sums: dict[int, list[int]] = {}
    for each in counting:
        counted = sums.setdefault(each.order.campaign_id, [0, 0, 0])
        counted[0] += 1
        counted[1] += sum(line.ordered_units for line in each.lines)
        counted[2] += sum(line.unit_price_fen * line.ordered_units for line in each.lines)
    connection = ctx.session.connection()
    if sums and len(ids) > 1:  # one row needs no order
        HOLD(connection, [(campaign_id,) for campaign_id in ids])
    found = NUMBER(connection, [(key, admitted_at, newcomers.get(key, 0), *counted) for key, counted in sums.items()])
    if len(found) < len(sums):
        raise Rejudge
    campaigns: dict[int, Any] = {
        row[0]: Plain(dict(zip(CAMPAIGN, row, strict=True))) for row in (listed(text) for (text,) in found)
    }
    numbers = {row_id: campaign.roster_count - sums[row_id][0] for row_id, campaign in campaigns.items()}
    for each in counting:
        numbers[each.order.campaign_id] += 1
        each.order.roster_number = numbers[each.order.campaign_id]
    return campaigns

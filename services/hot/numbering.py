"""Orders that start to count, many at once: participants and roster numbers, on the campaigns' own rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models import Campaign
from services.context import Ctx
from services.hot.rows import Bulk

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


def number(ctx: Ctx, campaigns: dict[int, Campaign], counting: Sequence[Counting], newcomers: Counter[int]) -> None:
    """Give each order the next number of its campaign (by id, its row held), and count it there."""
    for each in counting:
        campaign = campaigns[each.order.campaign_id]
        campaign.roster_count += 1
        campaign.revision += 1
        campaign.participant_count += newcomers.pop(campaign.id, 0)
        campaign.counted_units += sum(line.ordered_units for line in each.lines)
        campaign.counted_fen += sum(line.unit_price_fen * line.ordered_units for line in each.lines)
        each.order.roster_number = campaign.roster_count
    ctx.session.flush()

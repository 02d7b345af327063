"""An order that is being placed while its campaign closes: the last look at the campaign's own row decides."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, select

from domain.campaigns import CloseReason
from domain.errors import NotOpen
from models import Campaign, Order
from services import closing
from services.transactions import Transactions
from tests.builders.campaigns import Terms, place, stage_of


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("price_fen", [2990, 0])
def test_a_close_that_slips_in_after_the_first_look_refuses_the_order(unit: Transactions, price_fen: int) -> None:
    stage = stage_of(unit, Terms(price_fen=price_fen))
    slipped: list[bool] = []

    def slip_in(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not slipped and statement.startswith("INSERT INTO offer_takings"):
            with unit(stage.leader) as ctx:
                campaign = ctx.session.get_one(Campaign, stage.campaign_id)
                slipped.append(closing.close(ctx, campaign, CloseReason.LEADER))

    event.listen(unit.engine, "before_cursor_execute", slip_in)
    with pytest.raises(NotOpen):
        place(unit, stage, 0)
    event.remove(unit.engine, "before_cursor_execute", slip_in)
    assert slipped == [True]
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(Order)).all() == []

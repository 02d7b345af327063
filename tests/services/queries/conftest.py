"""A settled-looking crowd on one campaign, and a counter of SQL statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from domain.actors import SYSTEM
from services.context import Ctx
from services.transactions import Transactions
from tests.builders.campaigns import Scene, Terms, buy, place, scene

OFFERS = (Terms(quota=50), Terms("蓝莓", 1990, quota=50, fresh=True))


@pytest.fixture
def stage(unit: Transactions) -> Scene:
    """Two offers; 居民甲 bought both, 居民乙 bought one and holds another unpaid, 居民丙 has nothing."""
    with unit(SYSTEM) as ctx:
        made = scene(ctx, *OFFERS, minimum=3)
    buy(unit, made, 0, {"红颜草莓": 2, "蓝莓": 1})
    buy(unit, made, 1, {"蓝莓": 2})
    place(unit, made, 1, {"红颜草莓": 1})
    return made


@contextmanager
def statements(ctx: Ctx) -> Iterator[list[str]]:
    """The statements that `ctx` sends in the block, transactions' own words aside."""
    sent: list[str] = []
    connection = ctx.session.connection()

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)

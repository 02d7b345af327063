"""What a batch asks of the orders costs the same however many of them wait."""

from __future__ import annotations

import json

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from models.sqlite import teach_sqlite
from services.hot.join_rows import TWINS


def test_sqlite_looks_for_twins_among_the_orders_of_those_who_ask(sqlite_url: str) -> None:
    engine = create_engine(make_url(sqlite_url))
    teach_sqlite(engine)
    with engine.connect() as connection:
        given = ("2026-11-20 12:00:00", json.dumps([[1, "a"], [2, "b"]]))
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {TWINS.text['sqlite']}", given).all()
    engine.dispose()
    assert [step[3] for step in steps if " o " in step[3]] == [
        "SEARCH o USING INDEX ix_orders_resident_id_id (resident_id=?)"
    ]

"""Explanations over HTTP: for operators only, with the journal beside the sentences and nobody's name in full."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from domain.actors import SYSTEM
from models import AuditRecord
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import buy, stage_of
from tests.builders.people import bearer


def test_an_operator_reads_sentences_entries_and_the_equation_and_is_on_record(
    client: FlaskClient, unit: Transactions
) -> None:
    order = buy(unit, stage_of(unit), 0)
    with unit(SYSTEM) as ctx:
        mine = bearer(people.token(ctx, people.operator(ctx)))
    told = client.get(f"/api/admin/explain/order/{order}", headers=mine).get_json()
    assert told["unexplained_fen"] == told["equation"]["left_fen"] == 0
    assert told["equation"]["total"] == {"name": "received", "words": "收款", "fen": 2990}
    (entry,) = told["entries"]
    assert entry["event"] == "payment_succeeded"
    assert [leg["amount_fen"] for leg in entry["legs"]] == [2990, -2990]
    assert "居**" in str(told)
    assert "居民甲" not in str(told)
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(AuditRecord.event).where(AuditRecord.event == "explain")).all() == ["explain"]
    assert client.get(f"/api/admin/explain/shoe/{order}", headers=mine).status_code == 404

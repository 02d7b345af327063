"""What tests of the campaign page share: rich offers, the plain query as oracle, and the statements that are sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, json
from sqlalchemy import event

from blueprints.resident.campaigns import CampaignPageSchema
from services.campaigns import finding
from services.queries import campaigns
from services.transactions import Transactions
from tests.builders.campaigns import Scene, Terms

TIERS = ((3, 2500), (10, 2200))
OFFERS = (
    Terms(quota=50, tiers=TIERS, minimum_units=2),
    Terms("蓝莓", 1990, fresh=True, per_person=3),
    Terms('"梨"\n', 0),
)


@contextmanager
def statements(unit: Transactions) -> Iterator[list[str]]:
    """What the whole process sends to the database in the block."""
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(unit.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(unit.engine, "before_cursor_execute", note)


def path(stage: Scene, via: str = "") -> str:
    return f"/api/resident/campaigns/{stage.campaign}" + (f"?via={via}" if via else "")


def plainly(app: Flask, unit: Transactions, stage: Scene, via: str = "") -> bytes:
    """The page as the plain query and the schema say it: the oracle."""
    with unit.reading() as ctx:
        shown = CampaignPageSchema().dump(campaigns.view(ctx, finding.public(ctx, stage.campaign), via))
    with app.app_context():
        return json.dumps(shown).encode()

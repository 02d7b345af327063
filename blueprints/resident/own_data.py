"""What is held about me: taken home as one document, and deleted for good."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from blueprints.resident.door import door
from blueprints.shared.schemas import Shown, Taken
from domain.errors import NotFinished
from services import leaving
from services.context import Ctx
from services.queries import own_data

CONFIRM = "删除我的账号"


def _rows() -> fields.List[Any]:
    return fields.List(fields.Dict(), required=True)


class OwnDataSchema(Shown):
    """Everything held about me, a list of rows for each kind of thing; pickup codes and tokens stay out of it."""

    made_at = fields.String(required=True)
    profile = fields.Dict(required=True)
    chats = _rows()
    devices = _rows()
    consents = _rows()
    subscriptions = _rows()
    follows = _rows()
    orders = _rows()
    order_lines = _rows()
    hand_overs = _rows()
    payments = _rows()
    refunds = _rows()
    claims = _rows()
    pictures = _rows()
    passes = _rows()
    notices = _rows()
    leading = _rows()
    desks = _rows()
    shares = _rows()
    unseen = _rows()


class DeletionSchema(Taken):
    """The words that show that it is meant."""

    confirm = fields.String(required=True, validate=validate.Equal(CONFIRM))


@door.get("/me/export", shows=OwnDataSchema())
def export_me(ctx: Ctx) -> dict[str, Any]:
    """Everything held about me, as one document."""
    return own_data.export(ctx)


@door.post("/me/deletion", takes=DeletionSchema(), refuses=[NotFinished])
def delete_me(ctx: Ctx, body: dict[str, str]) -> None:
    """Delete my account: what names me goes, what was traded stays under nobody's name, all devices are logged out."""
    leaving.leave(ctx)

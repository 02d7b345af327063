"""What leaves the house, in the operator's hands: what waits, what died, sending it again or letting it lie."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from blueprints.admin.door import door
from blueprints.shared.schemas import Shown, Taken, Text
from domain.errors import NotFound, TooLateToSend, WrongState
from domain.state_tables import OUTBOX
from services import dead_letters
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import outbox as reads
from services.queries.outbox import Letter


class LetterSchema(Shown):
    """One message by its references; what it says is made when it leaves and kept nowhere."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    channel = fields.String(required=True, metadata={"description": "empty where the way is chosen when it leaves"})
    chat = fields.String(required=True, allow_none=True)
    campaign = fields.String(required=True, allow_none=True)
    notification = fields.String(required=True, allow_none=True)
    must = fields.Boolean(required=True, metadata={"description": "said again when nobody knows whether it left"})
    attempts = fields.Integer(required=True)
    trouble = fields.String(required=True, metadata={"description": "why it did not leave"})
    due_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)


class LetterQuerySchema(Taken):
    """Messages in one state, or all."""

    state = fields.String(validate=validate.OneOf(OUTBOX.states))


class DismissalSchema(Taken):
    """Why it need not be sent."""

    reason = Text(255, required=True)


@door.get("/outbox", shows=LetterSchema(), query=LetterQuerySchema(), paged=True)
def list_outbox(ctx: Ctx, query: dict[str, Any], page: Page) -> Slice[Letter]:
    """Messages, newest first; those that died wait for somebody."""
    return reads.letters(ctx, page, query.get("state"))


@door.post("/outbox/<message_id>/retry", shows=LetterSchema(), idempotent=True,
           refuses=[NotFound, TooLateToSend, WrongState])  # fmt: skip
def retry_letter(ctx: Ctx, message_id: str) -> Letter:
    """Send a dead letter again, with all its tries; refused when its time is over or its chat is gone."""
    dead_letters.retry(ctx, message_id)
    return reads.letter(ctx, message_id)


@door.post("/outbox/<message_id>/dismiss", takes=DismissalSchema(), shows=LetterSchema(),
           refuses=[NotFound, WrongState])  # fmt: skip
def dismiss_letter(ctx: Ctx, message_id: str, body: dict[str, str]) -> Letter:
    """Let a dead letter lie; its alert is done."""
    dead_letters.dismiss(ctx, message_id, body["reason"])
    return reads.letter(ctx, message_id)

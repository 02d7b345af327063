"""The resident's own page: who am I, my devices."""

from __future__ import annotations

from marshmallow import fields

from blueprints.resident.door import door
from blueprints.shared.schemas import Shown
from models import Session
from services import sessions
from services.context import Ctx


class SessionSchema(Shown):
    """A device that is logged in."""

    id = fields.String(attribute="public_id", required=True)
    audience = fields.String(required=True)
    device = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


@door.get("/sessions", shows=SessionSchema(many=True))
def list_sessions(ctx: Ctx) -> list[Session]:
    """The devices on which I am logged in."""
    return sessions.mine(ctx)


@door.delete("/sessions/<session_id>")
def end_session(ctx: Ctx, session_id: str) -> None:
    """Log one of my devices out."""
    sessions.revoke(ctx, session_id)

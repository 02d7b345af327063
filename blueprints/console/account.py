"""One's own account: the second factor, the recovery codes, and where one is logged in."""

from __future__ import annotations

from typing import Any

import segno
from flask import g
from markupsafe import Markup
from marshmallow import fields

from blueprints.console.door import door
from blueprints.shared.schemas import Taken, Text
from domain.operators import Duty
from services import second_factors, sessions
from services.context import Ctx


class EnrolForm(Taken):
    """A secret that was offered, and a code that proves somebody holds it."""

    sealed = fields.String(required=True)
    code = Text(10, required=True)


class EndForm(Taken):
    """One of my devices."""

    session = Text(40, required=True)


@door.page("/me")
def account(ctx: Ctx) -> dict[str, Any]:
    """The second factor and my devices."""
    offer = second_factors.offer(ctx, g.visitor.name)
    return {
        "offer": offer, "qr": Markup(segno.make(offer.address, error="m").svg_inline(scale=5, border=3, light="white")),  # noqa: S704 - segno draws it, no text of anybody is in it
        "devices": sessions.mine(ctx), "codes_left": second_factors.recovery_codes_left(ctx),
    }  # fmt: skip


@door.look("/me/second-factor", duty=Duty.LOOK, takes=EnrolForm())
def enrol(ctx: Ctx, body: dict[str, str]) -> dict[str, Any]:
    """Take the offered second factor; the recovery codes are shown this once."""
    return {"codes": second_factors.enrol(ctx, body["sealed"], body["code"].replace(" ", ""))}


@door.look("/me/recovery-codes", duty=Duty.LOOK)
def renew_recovery_codes(ctx: Ctx) -> dict[str, Any]:
    """Fresh recovery codes, shown this once; earlier ones end."""
    return {"codes": second_factors.new_recovery_codes(ctx)}


@door.act("/me/sessions/end", duty=Duty.LOOK, takes=EndForm())
def end_device(ctx: Ctx, body: dict[str, str]) -> str:
    """Log one of my devices out."""
    sessions.revoke(ctx, body["session"])
    return "/console/me"

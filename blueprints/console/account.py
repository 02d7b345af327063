"""One's own account: the second factor, the recovery codes, and where one is logged in."""

from __future__ import annotations

from typing import Any

import segno
from flask import Response, g
from markupsafe import Markup
from marshmallow import fields

from blueprints.console.door import door, rendered
from blueprints.shared.problems import STATUS
from blueprints.shared.schemas import Taken, Text
from domain.actors import Actor
from domain.errors import DomainError, Invalid, TooMany
from domain.operators import Duty
from services import second_factors, sessions
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import second_factor
from services.flows.second_factor import Enrol, Proof
from services.second_factors import Offer
from services.words import refusal

_WRONG = {"code": "新动态码不对。请看着验证器再输入一次。", "old_code": "密码或原来的动态码不对。",
          "sealed": "这张二维码已过期，请扫新的。"}  # fmt: skip


class ProofForm(Taken):
    """What only the account's owner has; empty before there is a second factor."""

    password = fields.String(load_default="")
    old_code = Text(20, load_default="")


class EnrolForm(ProofForm):
    """A secret that was offered, a code that proves somebody holds it, and the proof for the one before."""

    sealed = fields.String(required=True)
    code = Text(10, required=True)


class EndForm(Taken):
    """One of my devices."""

    session = Text(40, required=True)


@door.page("/me")
def account(ctx: Ctx) -> dict[str, Any]:
    """The second factor and my devices."""
    return _shown(ctx, second_factors.offer(ctx, g.visitor.name))


@door.look("/me/second-factor", duty=Duty.LOOK, takes=EnrolForm(), flow=True)
def enrol(product: Lintuan, actor: Actor, body: dict[str, str]) -> dict[str, Any] | Response:
    """Take the offered second factor; the recovery codes are shown this once."""
    command = Enrol(body["sealed"], body["code"].replace(" ", ""), _proof(body))
    try:
        return {"codes": second_factor.enrol(product.unit, product.outside, actor, command)}
    except (Invalid, TooMany) as error:
        return _once_more(product, actor, error, body["sealed"])


@door.look("/me/recovery-codes", duty=Duty.LOOK, takes=ProofForm(), flow=True)
def renew_recovery_codes(product: Lintuan, actor: Actor, body: dict[str, str]) -> dict[str, Any] | Response:
    """Fresh recovery codes, shown this once; earlier ones end."""
    try:
        return {"codes": second_factor.renew_recovery_codes(product.unit, product.outside, actor, _proof(body))}
    except (Invalid, TooMany) as error:
        return _once_more(product, actor, error)


@door.act("/me/sessions/end", duty=Duty.LOOK, takes=EndForm())
def end_device(ctx: Ctx, body: dict[str, str]) -> str:
    """Log one of my devices out."""
    sessions.revoke(ctx, body["session"])
    return "/console/me"


def _proof(body: dict[str, str]) -> Proof:
    return Proof(body["password"][:256], body["old_code"])


def _shown(ctx: Ctx, offer: Offer, trouble: str = "") -> dict[str, Any]:
    return {
        "offer": offer, "qr": Markup(segno.make(offer.address, error="m").svg_inline(scale=5, border=3, light="white")),  # noqa: S704 - segno draws it, no text of anybody is in it
        "devices": sessions.mine(ctx), "trouble": trouble,
    }  # fmt: skip


def _once_more(product: Lintuan, actor: Actor, error: DomainError, sealed: str = "") -> Response:
    """The page as it was, with the same QR code where it is still good, and what was wrong."""
    errors = error.facts.get("errors")
    named = [str(error.facts.get("field", "")), *(errors if isinstance(errors, dict) else ())]
    trouble = next((_WRONG[name] for name in named if name in _WRONG), refusal(error))
    with product.unit.reading(actor) as ctx:
        offer = None
        if sealed and "sealed" not in named:
            offer = second_factors.offered(ctx, g.visitor.name, sealed)
        return rendered("account", STATUS[error.kind],
                        **_shown(ctx, offer or second_factors.offer(ctx, g.visitor.name), trouble))  # fmt: skip

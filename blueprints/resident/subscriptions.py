"""Messages that the platform may send me: how many are still allowed, and what I chose when asked."""

from __future__ import annotations

from marshmallow import fields, validate

from blueprints.resident.door import door
from blueprints.shared.schemas import Shown, Taken
from domain.actors import Actor
from domain.errors import Invalid
from services import subscriptions
from services.assembly import Lintuan
from services.subscriptions import Subscribed

MOST_TEMPLATES = 20


class SubscribedSchema(Shown):
    """A kind of message; `quota` more may be sent, as far as we know."""

    template_id = fields.String(required=True)
    purpose = fields.String(required=True, metadata={"enum": list(subscriptions.TITLES)})
    title = fields.String(required=True)
    quota = fields.Integer(required=True)


class ResultsSchema(Taken):
    """What `wx.requestSubscribeMessage` answered, by template id."""

    results = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=validate.OneOf(["accept", "reject", "ban", "filter"])),
        required=True,
        validate=validate.Length(max=MOST_TEMPLATES),
    )


class SubscriptionsSchema(Shown):
    """All kinds of messages."""

    items = fields.List(fields.Nested(SubscribedSchema()), required=True)


Items = dict[str, list[Subscribed]]


@door.get("/subscriptions", shows=SubscriptionsSchema(), flow=True)
def list_subscriptions(product: Lintuan, actor: Actor) -> Items:
    """The messages I may allow, and how many I have."""
    with product.unit.reading(actor) as ctx:
        return {"items": subscriptions.mine(ctx, templates(product))}


@door.post("/subscriptions", takes=ResultsSchema(), shows=SubscriptionsSchema(), flow=True, refuses=[Invalid])
def answer_subscriptions(product: Lintuan, actor: Actor, body: dict[str, dict[str, str]]) -> Items:
    """Tell what I chose when the platform asked: each accepted prompt is worth one message."""
    with product.unit(actor) as ctx:
        subscriptions.answered(ctx, templates(product), body["results"])
        return {"items": subscriptions.mine(ctx, templates(product))}


def templates(product: Lintuan) -> dict[str, str]:
    """The platform's template ids by purpose."""
    settings = product.settings
    return {
        "arrived": settings.wxa_template_arrived, "refund": settings.wxa_template_refund,
        "formed": settings.wxa_template_formed,
    }  # fmt: skip

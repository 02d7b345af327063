"""How many messages of each purpose a resident still allows: our own count of what the platform decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import case, select, update

from domain.errors import Invalid
from models import Subscription
from services.context import Ctx
from services.writing import changed, upsert

TITLES = {"arrived": "到货提醒", "refund": "退款通知", "formed": "拼团结果通知"}
ACCEPT, BAN = "accept", "ban"


@dataclass(frozen=True)
class Subscribed:
    """A kind of message and how many of it may still be sent, as far as we know."""

    template_id: str
    purpose: str
    title: str
    quota: int


def mine(ctx: Ctx, templates: Mapping[str, str]) -> list[Subscribed]:
    """The acting resident's; `templates` are the platform's template ids by purpose, "" is none."""
    known = select(Subscription.purpose, Subscription.quota).where(Subscription.resident_id == ctx.resident_id)
    quotas = {row.purpose: row.quota for row in ctx.session.execute(known)}
    return [
        Subscribed(templates[purpose], purpose, title, quotas.get(purpose, 0))
        for purpose, title in TITLES.items()
        if templates.get(purpose)
    ]


def answered(ctx: Ctx, templates: Mapping[str, str], results: Mapping[str, str]) -> None:
    """What the resident chose when asked, by template id: one accepted prompt is worth one message, a ban ends all.

    Raises `Invalid` for a template that is none of ours.
    """
    purposes = {template: purpose for purpose, template in templates.items() if template}
    if not set(results) <= set(purposes):
        raise Invalid("There is no such template.", field="results")
    for template, result in sorted(results.items()):
        if result == ACCEPT:
            _allow(ctx, purposes[template])
        elif result == BAN:
            _set(ctx, ctx.resident_id, purposes[template], 0)


def used(ctx: Ctx, resident_id: int, purpose: str, *, sent: bool) -> None:
    """A message of this purpose went out; or the platform refused it, so that nothing is allowed any more."""
    left = case((Subscription.quota > 0, Subscription.quota - 1), else_=0) if sent else 0
    _set(ctx, resident_id, purpose, left)


def _allow(ctx: Ctx, purpose: str) -> None:
    statement = upsert(ctx.session, Subscription).values(
        resident_id=ctx.resident_id, purpose=purpose, quota=1, changed_at=ctx.now
    )
    more = {"quota": Subscription.quota + 1, "changed_at": ctx.now}
    changed(ctx.session, statement.on_conflict_do_update(index_elements=["resident_id", "purpose"], set_=more))


def _set(ctx: Ctx, resident_id: int, purpose: str, quota: object) -> None:
    known = (Subscription.resident_id == resident_id, Subscription.purpose == purpose)
    changed(ctx.session, update(Subscription).where(*known).values(quota=quota, changed_at=ctx.now))

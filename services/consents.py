"""What residents agree to: texts in force, version by version; where it is set, nobody orders without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.actors import Role
from domain.agreements import IN_FORCE, in_force
from domain.errors import ConsentNeeded, Invalid
from models import Consent
from services import audit
from services.context import Ctx
from services.writing import insert_ignoring

PRIVACY = in_force("privacy")
AGREED = (Consent.document == PRIVACY.document, Consent.version == PRIVACY.version)
"""What holds of the consents without which nobody orders, where consent is asked for."""


@dataclass(frozen=True)
class ConsentShown:
    """A text in force; `agreed_version` is the newest version of it that the resident agreed to."""

    document: str
    version: str
    title: str
    text: str
    agreed_version: str | None
    agreed_at: datetime | None


def mine(ctx: Ctx) -> list[ConsentShown]:
    """Every text in force, and what the acting resident agreed to: one statement."""
    given = select(Consent).where(Consent.resident_id == ctx.resident_id).order_by(Consent.agreed_at)
    newest = {consent.document: consent for consent in ctx.session.scalars(given)}
    shown = []
    for text in IN_FORCE:
        last = newest.get(text.document)
        agreed = (last.version, last.agreed_at) if last else (None, None)
        shown.append(ConsentShown(text.document, text.version, text.title, text.text, *agreed))
    return shown


def agree(ctx: Ctx, document: str, version: str) -> None:
    """Agree to a text; twice is no error. Raises `Invalid` unless it is in force: an older one was read."""
    ctx.require(Role.RESIDENT)
    if version != in_force(document).version:
        raise Invalid("This version is not in force; read the newest one.", field="version")
    key = ["resident_id", "document", "version"]
    fresh = insert_ignoring(
        ctx.session, Consent, key, resident_id=ctx.resident_id, document=document, version=version, agreed_at=ctx.now
    )
    if fresh:
        audit.record(ctx, "resident", ctx.resident_id, "agree", reason=f"{in_force(document).title} {version}")


def refuse_without(ctx: Ctx) -> None:
    """Raise `ConsentNeeded` unless the acting resident agreed to the privacy text in force, or nobody is asked."""
    if not ctx.policy.consent_needed:
        return
    mine = select(Consent.resident_id).where(Consent.resident_id == ctx.resident_id, *AGREED)
    if ctx.session.scalars(mine).one_or_none() is None:
        raise ConsentNeeded(document=PRIVACY.document, version=PRIVACY.version)

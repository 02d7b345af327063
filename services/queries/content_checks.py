"""What was kept back, as operators read it: words only while they wait, and for those who decide on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.actors import Role
from domain.content import PICTURES, Subject
from domain.errors import NotFound
from domain.operators import Duty, may
from models import ContentCheck, Resident
from services.content_safety import asking, holding
from services.context import Ctx
from services.finding import by_public_id
from services.paging import Page, Slice
from services.queries.pages import older, sliced


@dataclass(frozen=True)
class CheckShown:
    """One check; `words` by field, {} for a picture, once it was decided, and for operators who may not decide."""

    id: str
    subject: str
    state: str
    author: str
    words: dict[str, str]
    picture: bool
    label: int
    trouble: str
    attempts: int
    created_at: datetime
    decided_at: datetime | None


def checks(ctx: Ctx, page: Page, state: str | None = None) -> Slice[CheckShown]:
    """Checks, newest first; only those in `state` when it is given: one statement."""
    ctx.require(Role.OPERATOR)
    statement = select(ContentCheck, Resident.public_id).join(Resident, Resident.id == ContentCheck.resident_id)
    if state is not None:
        statement = statement.where(ContentCheck.state == state)
    statement = statement.where(older(ContentCheck.id, page)).order_by(ContentCheck.id.desc())
    rows = ctx.session.execute(statement.limit(page.limit + 1)).all()
    return sliced(rows, page, lambda row: int(row[0].id), lambda row: _shown(ctx, *row))


def check(ctx: Ctx, check_id: str) -> CheckShown:
    """One check; raises `NotFound`."""
    ctx.require(Role.OPERATOR)
    row = by_public_id(ctx, ContentCheck, check_id)
    return _shown(ctx, row, ctx.session.get_one(Resident, row.resident_id).public_id)


def picture_key(ctx: Ctx, check_id: str) -> str:
    """The file key of the picture that a check is about; raises `NotFound`."""
    ctx.require(Role.OPERATOR)
    key = asking.file_key(ctx, by_public_id(ctx, ContentCheck, check_id))
    if key is None:
        raise NotFound
    return key


def _shown(ctx: Ctx, row: ContentCheck, author: str) -> CheckShown:
    words = holding.words_of(ctx, row) if may(ctx.actor.kind, Duty.CAMPAIGNS) else {}
    return CheckShown(
        row.public_id, row.subject, row.state, author, words, Subject(row.subject) in PICTURES,
        row.label, row.trouble, row.attempts, row.created_at, row.decided_at,
    )  # fmt: skip

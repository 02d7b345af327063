"""One check on its way: claimed for a minute, put to the platform, answered, put off, or asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from domain.content import PICTURES, SCENES, Scene, Subject, Suggestion
from models import ContentCheck, Evidence, Picture, Resident
from services import audit, evidence_pictures, pictures
from services.content_safety import deciding, holding
from services.context import Ctx
from services.ports import BadNotice
from services.writing import changed

EVENT = "wxa_media_check"
LEASE, FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=60), timedelta(seconds=15), timedelta(minutes=15)
MOST_ASKED = 6
ALERT = "content_waiting"


@dataclass(frozen=True)
class Question:
    """What is to be put to the platform: `texts`, or the picture at `path` of our own address."""

    check: int
    openid: str
    scene: Scene
    texts: tuple[str, ...]
    path: str


def due(ctx: Ctx, limit: int) -> list[int]:
    """Checks to be asked now, oldest first; pictures whose answer never came are among them."""
    wanted = select(ContentCheck.id).where(ContentCheck.state.in_(("waiting", "asked")), ContentCheck.due_at <= ctx.now)
    return list(ctx.session.scalars(wanted.order_by(ContentCheck.due_at, ContentCheck.id).limit(limit)))


def claim(ctx: Ctx, check_id: int) -> Question | None:
    """Be the one who asks for the next minute; None when another does, or it was decided."""
    check = _row(ctx, check_id)
    if check is None:
        return None
    if check.state == "asked" and check.due_at <= ctx.now:
        deciding.ask_again(ctx, check, "没有等到审核结果")
    mine = update(ContentCheck).where(ContentCheck.id == check_id, ContentCheck.state == "waiting")
    leased = {"due_at": ctx.now + LEASE, "attempts": ContentCheck.attempts + 1}
    if not changed(ctx.session, mine.where(ContentCheck.due_at <= ctx.now).values(**leased)):
        return None
    ctx.session.refresh(check)
    subject = Subject(check.subject)
    openid = ctx.session.get_one(Resident, check.resident_id).openid
    if subject in PICTURES:
        return Question(check.id, openid, SCENES[subject], (), f"/hooks/content/{check.public_id}/{token(ctx, check)}")
    texts = tuple(filter(None, holding.words_of(ctx, check).values()))
    return Question(check.id, openid, SCENES[subject], texts, "")


def token(ctx: Ctx, check: ContentCheck) -> str:
    """What lets the platform, and nobody else, fetch the picture of a check."""
    return ctx.vault.digest("content_check", check.public_id)


def file_of(ctx: Ctx, check_id: str, given: str) -> str | None:
    """The file key of a picture that is being checked; None unless `given` is its token."""
    wanted = select(ContentCheck).where(
        ContentCheck.public_id == check_id, ContentCheck.state.in_(("waiting", "asked"))
    )
    check = ctx.session.scalars(wanted).one_or_none()
    if check is None or token(ctx, check) != given:
        return None
    return file_key(ctx, check)


def file_key(ctx: Ctx, check: ContentCheck) -> str | None:
    """Where the bytes of a picture's check lie; None for words."""
    if check.subject == Subject.PICTURE:
        return pictures.key_of(ctx.session.get_one(Picture, check.row_id).public_id)
    if check.subject == Subject.EVIDENCE:
        return evidence_pictures.key_of(ctx.session.get_one(Evidence, check.row_id).public_id)
    return None


def answered(ctx: Ctx, check_id: int, suggestion: Suggestion, label: int) -> bool:
    """The platform has judged the words; False when they were replaced meanwhile."""
    check = _row(ctx, check_id)
    return check is not None and deciding.judged(ctx, check, suggestion, label)


def taken(ctx: Ctx, check_id: int, trace_id: str) -> None:
    """The platform looks at the picture and tells later."""
    wait = timedelta(minutes=ctx.policy.content_push_minutes)
    if check := _row(ctx, check_id):
        deciding.move(ctx, check, "ask", trace_id=trace_id, due_at=ctx.now + wait)


def put_off(ctx: Ctx, check_id: int, trouble: str, retry_after: int = 0) -> None:
    """It is asked again after a pause of a quarter of a minute to a quarter of an hour, growing.

    What was put off for a day goes to an operator.
    """
    check = _row(ctx, check_id)
    if check is None:
        return
    if ctx.now - check.created_at >= timedelta(hours=ctx.policy.content_wait_hours):
        deciding.doubt(ctx, check, trouble)
        return
    doublings = min(max(check.attempts - 1, 0), 10)
    pause = max(min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE), timedelta(seconds=retry_after))
    mine = update(ContentCheck).where(ContentCheck.id == check_id, ContentCheck.state == "waiting")
    changed(ctx.session, mine.values(due_at=ctx.now + pause, trouble=trouble[:255]))


def refused(ctx: Ctx, check_id: int, trouble: str) -> None:
    """The platform will not look at it at all: an operator does."""
    if check := _row(ctx, check_id):
        deciding.doubt(ctx, check, trouble)


def _row(ctx: Ctx, check_id: int) -> ContentCheck | None:
    """The check as it stands; None when its author has left meanwhile, and the words with them."""
    return ctx.session.get(ContentCheck, check_id, populate_existing=True)


def speaks_of_content(message: Mapping[str, Any]) -> bool:
    """Whether a verified push is the answer about a picture."""
    return message.get("MsgType") == "event" and message.get("Event") == EVENT


def hear(ctx: Ctx, message: Mapping[str, Any]) -> bool:
    """Book the answer about a picture once, however often it comes; False for a trace that is not known (yet).

    Raises `BadNotice` for a message without trace or word.
    """
    trace_id, result = message.get("trace_id"), message.get("result")
    if not isinstance(trace_id, str) or not 0 < len(trace_id) <= 64:
        raise BadNotice("the event names no trace")
    check = ctx.session.scalars(select(ContentCheck).where(ContentCheck.trace_id == trace_id)).one_or_none()
    if check is None:
        return False
    if message.get("errcode", 0) != 0:
        if check.attempts >= MOST_ASKED:
            deciding.doubt(ctx, check, f"平台没有审：{message.get('errcode')}")
        else:
            deciding.ask_again(ctx, check, f"平台没有审：{message.get('errcode')}")
        return True
    suggest = result.get("suggest") if isinstance(result, dict) else None
    label = result.get("label") if isinstance(result, dict) else None
    if suggest not in tuple(Suggestion) or type(label) is not int:
        raise BadNotice("the event holds no word")
    deciding.judged(ctx, check, Suggestion(suggest), label)
    return True


def watch(ctx: Ctx) -> int:
    """Alert the operator while something has waited too long, and take the alert away when nothing has; 0."""
    since = ctx.now - timedelta(minutes=ctx.policy.content_alert_minutes)
    late = select(ContentCheck.id).where(ContentCheck.state == "waiting", ContentCheck.created_at <= since)
    if ctx.session.scalars(late.limit(1)).first() is None:
        audit.clear(ctx, ALERT)
    else:
        audit.alert(ctx, ALERT, ALERT, "有内容迟迟没有审核结果，别人还看不到。")
    return 0

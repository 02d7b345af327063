"""Taking a person out of the records: what names them goes, what was traded stays under nobody's name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, delete, func, select, tuple_, update

from domain.actors import Role
from domain.content import PICTURES, WAITING
from models import (
    Base,
    ChatBinding,
    ChatIdentity,
    ChatSession,
    Claim,
    ContentCheck,
    Follower,
    HomePoint,
    IdempotencyRecord,
    Leader,
    LossCase,
    Notification,
    OfflineHandOver,
    OneTimeCode,
    Order,
    OrderAddress,
    OrderLine,
    OrderRemark,
    OrderTag,
    PastedList,
    PickupPass,
    PickupPoint,
    PickupStaff,
    Redemption,
    Resident,
    Session,
    ShareOpening,
    Shift,
    Subscription,
)
from services import people, sessions
from services.context import Ctx
from services.transitions import move_all
from services.writing import changed

GONE = "已注销"


def forget(ctx: Ctx, resident_id: int) -> None:
    """Pseudonymise a resident of whom nothing runs, and shut all their devices out.

    Orders, payments, postings, claims, hand-overs and consents stay, and say no more who it was.
    """
    _drop(ctx, IdempotencyRecord, IdempotencyRecord.actor.in_(labels(ctx, resident_id)))
    _forget_orders(ctx, resident_id)
    _forget_chats(ctx, resident_id)
    _forget_hand_overs(ctx, labels(ctx, resident_id))
    _forget_work(ctx, resident_id)
    for table in (Follower, HomePoint, Subscription, Notification, ShareOpening):
        _drop(ctx, table, table.resident_id == resident_id)
    _drop(ctx, OneTimeCode, OneTimeCode.made_by == resident_id)
    words = (ContentCheck.state.in_(WAITING), ContentCheck.subject.not_in(PICTURES))  # a picture stays kept back
    _drop(ctx, ContentCheck, ContentCheck.resident_id == resident_id, *words)
    sessions.revoke_all(ctx, resident_id=resident_id)
    changed(ctx.session, update(Session).where(Session.resident_id == resident_id).values(device=""))
    person = ctx.session.get_one(Resident, resident_id)
    nobody = {
        "openid": f"{people.LEFT}{person.public_id}", "nickname": "", "anonymous": True, "phone_enc": None,
        "phone_hash": None, "phone_tail_hash": None, "real_name_enc": None, "customer_chat_at": None,
    }  # fmt: skip
    changed(ctx.session, update(Resident).where(Resident.id == resident_id).values(nobody))
    ctx.session.refresh(person)


def labels(ctx: Ctx, resident_id: int) -> list[str]:
    """Under which labels the person acts: as a resident, as a leader, at each desk."""
    led = ctx.session.scalars(select(Leader.id).where(Leader.resident_id == resident_id))
    worked = ctx.session.scalars(select(PickupStaff.id).where(PickupStaff.resident_id == resident_id))
    return [
        f"{Role.RESIDENT}:{resident_id}", *(f"{Role.LEADER}:{number}" for number in led),
        *(f"{Role.STAFF}:{number}" for number in worked),
    ]  # fmt: skip


def _drop(ctx: Ctx, table: type[Base], *where: ColumnElement[bool]) -> None:
    changed(ctx.session, delete(table).where(*where))


def _forget_orders(ctx: Ctx, resident_id: int) -> None:
    """Names, notes and addresses of the orders, and what others noted about them."""
    mine: Select[int] = select(Order.id).where(Order.resident_id == resident_id)
    move_all(ctx, PickupPass, "revoke", PickupPass.order_id.in_(mine))
    for table in (OrderRemark, OrderTag):
        _drop(ctx, table, table.order_id.in_(mine))
    for statement in (
        update(PickupPass).where(PickupPass.order_id.in_(mine)).values(label=""),
        update(Redemption).where(Redemption.order_id.in_(mine)).values(fetched_by=""),
        update(OrderAddress).where(OrderAddress.order_id.in_(mine)).values(building="", room="", courier_enc=None),
        update(Claim).where(Claim.resident_id == resident_id).values(words=""),
        update(Order).where(Order.resident_id == resident_id).values(recipient="", note=""),
    ):
        changed(ctx.session, statement)


def _forget_chats(ctx: Ctx, resident_id: int) -> None:
    mine = select(ChatIdentity.channel, ChatIdentity.remote_user_id).where(ChatIdentity.resident_id == resident_id)
    _drop(ctx, ChatSession, tuple_(ChatSession.channel, ChatSession.remote_user_id).in_(mine))
    _drop(ctx, ChatIdentity, ChatIdentity.resident_id == resident_id)
    changed(ctx.session, update(PastedList).where(PastedList.pasted_by == resident_id).values(text_enc=None))


def _forget_hand_overs(ctx: Ctx, mine: Sequence[str]) -> None:
    """What the person handed over at desks and which drawers they had: the acts stay, also in the words on losses."""
    by_me = Redemption.by_label.in_(mine)
    names = ctx.session.scalars(select(Redemption.by_name).where(by_me).distinct()).all()
    orders = select(Redemption.order_id).where(by_me)
    lines = select(OrderLine.id).where(OrderLine.order_id.in_(orders))
    cases = update(LossCase).where(LossCase.order_line_id.in_(lines), LossCase.first_by.in_(names))
    changed(ctx.session, cases.values(first_by=GONE))
    for name in names:
        _forget_words(ctx, orders, f"（{name} ", f"（{GONE} ")
    for table in (Redemption, OfflineHandOver, Shift):
        changed(ctx.session, update(table).where(table.by_label.in_(mine)).values(by_name=GONE))


def _forget_words(ctx: Ctx, orders: Select[int], said: str, instead: str) -> None:
    """Who was first, in what was told of hand-overs that were reported too late."""
    told = (OfflineHandOver.order_id.in_(orders), OfflineHandOver.detail.contains(said, autoescape=True))
    causes = [f"loss:{number}" for number in ctx.session.scalars(select(OfflineHandOver.id).where(*told))]
    replaced = func.replace(OfflineHandOver.detail, said, instead)
    changed(ctx.session, update(OfflineHandOver).where(*told).values(detail=replaced))
    notices = update(Notification).where(Notification.cause.in_(causes))
    changed(ctx.session, notices.values(body=func.replace(Notification.body, said, instead)))


def _forget_work(ctx: Ctx, resident_id: int) -> None:
    """The person leads no longer and stands at no desk; the points they led close, their chats fall silent."""
    move_all(ctx, PickupStaff, "leave", PickupStaff.resident_id == resident_id)
    move_all(ctx, Leader, "leave", Leader.resident_id == resident_id)
    led = select(Leader.id).where(Leader.resident_id == resident_id)
    _drop(ctx, Follower, Follower.leader_id.in_(led))
    for statement in (
        update(PickupStaff).where(PickupStaff.resident_id == resident_id).values(display_name=GONE),
        update(Leader).where(Leader.resident_id == resident_id).values(display_name=GONE, introduction=""),
        update(PickupPoint).where(PickupPoint.leader_id.in_(led)).values(active=False),
        update(ChatBinding).where(ChatBinding.leader_id.in_(led)).values(push_secret_enc=None, dead_reason="left"),
    ):
        changed(ctx.session, statement)

"""Everything held about a resident, as one document for them: tables in their own words, times as RFC 3339."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, select

from domain.actors import Role
from domain.content import WAITING, Subject
from models import (
    Campaign,
    ChatIdentity,
    Claim,
    Community,
    Consent,
    ContentCheck,
    Evidence,
    Follower,
    Leader,
    Notification,
    Order,
    OrderAddress,
    OrderLine,
    Payment,
    PickupPass,
    PickupPoint,
    PickupStaff,
    Redemption,
    Refund,
    Resident,
    Session,
    Share,
    Subscription,
)
from services import people
from services.content_safety import holding
from services.content_safety.deciding import NAMES
from services.context import Ctx
from services.door.addresses import unsealed
from services.forgetting import labels

Row = Mapping[str, Any]
SECTIONS = (
    "chats", "devices", "consents", "subscriptions", "follows", "orders", "order_lines", "hand_overs", "payments",
    "refunds", "claims", "pictures", "passes", "notices", "leading", "desks", "shares", "unseen",
)  # fmt: skip


def export(ctx: Ctx) -> dict[str, Any]:
    """The acting resident's `profile`, and a list of rows for each of SECTIONS, oldest first; one statement for each.

    Pickup codes, tokens and what is known of others stay out of it.
    """
    ctx.require(Role.RESIDENT)
    wanted = {**_of_person(ctx.resident_id), **_of_orders(ctx.resident_id), **_of_work(ctx)}
    found = {name: [_told(row._asdict()) for row in ctx.session.execute(wanted[name])] for name in SECTIONS}
    _open_addresses(ctx, found["orders"])
    _open_words(ctx, found["unseen"])
    return {"made_at": ctx.now.isoformat(), "profile": _profile(ctx), **found}


def _told(row: Row) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _profile(ctx: Ctx) -> dict[str, Any]:
    person = ctx.session.get_one(Resident, ctx.resident_id)
    shown = people.profile(ctx)
    return {
        "id": person.public_id, "openid": person.openid, "nickname": person.nickname, "anonymous": person.anonymous,
        "phone": ctx.vault.decrypt(person.phone_enc) if person.phone_enc else "",
        "real_name": ctx.vault.decrypt(person.real_name_enc) if person.real_name_enc else "",
        "wrote_to_customer_service_at": person.customer_chat_at.isoformat() if person.customer_chat_at else None,
        "home_point": asdict(shown.home_point) if shown.home_point else None,
        "created_at": person.created_at.isoformat(),
    }  # fmt: skip


def _open_addresses(ctx: Ctx, orders: list[dict[str, Any]]) -> None:
    """What was sealed for a courier, in the clear for its owner."""
    for order in orders:
        sealed = order.pop("courier_enc")
        address = unsealed(ctx, OrderAddress(courier_enc=sealed)) if sealed else None
        order["courier"] = asdict(address) if address else None


def _open_words(ctx: Ctx, rows: list[dict[str, Any]]) -> None:
    """What others do not see (yet), in the clear for who wrote it."""
    for row in rows:
        words = holding.opened(ctx, row.pop("sealed_words"))
        row["about"] = NAMES[Subject(row["about"])]
        row["words"] = "；".join(said for said in words.values() if said)


def _of_person(me: int) -> dict[str, Executable]:
    return {
        "chats": select(ChatIdentity.channel, ChatIdentity.remote_user_id.label("name"), ChatIdentity.created_at)
        .where(ChatIdentity.resident_id == me).order_by(ChatIdentity.id),
        "devices": select(Session.audience, Session.device, Session.created_at, Session.expires_at, Session.revoked_at)
        .where(Session.resident_id == me).order_by(Session.id),
        "consents": select(Consent.document, Consent.version, Consent.agreed_at)
        .where(Consent.resident_id == me).order_by(Consent.agreed_at),
        "subscriptions": select(Subscription.purpose, Subscription.quota, Subscription.changed_at)
        .where(Subscription.resident_id == me).order_by(Subscription.purpose),
        "follows": select(Leader.public_id.label("leader"), Leader.display_name, Follower.since)
        .join(Leader, Leader.id == Follower.leader_id).where(Follower.resident_id == me).order_by(Follower.since),
        "notices": select(Notification.kind, Notification.title, Notification.body, Notification.read_at,
                          Notification.created_at)
        .where(Notification.resident_id == me).order_by(Notification.id),
        "shares": select(Campaign.public_id.label("campaign"), Share.mode, Share.created_at)
        .join(Campaign, Campaign.id == Share.campaign_id).where(Share.resident_id == me).order_by(Share.id),
        "unseen": select(ContentCheck.subject.label("about"), ContentCheck.words.label("sealed_words"),
                         ContentCheck.created_at)
        .where(ContentCheck.resident_id == me, ContentCheck.state.in_(WAITING), ContentCheck.words != "")
        .order_by(ContentCheck.id),
    }  # fmt: skip


def _of_orders(me: int) -> dict[str, Executable]:
    mine = Order.resident_id == me
    return {
        "orders": select(
            Order.public_id.label("id"), Campaign.public_id.label("campaign"), Campaign.title,
            PickupPoint.name.label("point"), Order.state, Order.roster_number, Order.recipient, Order.note,
            Order.total_fen, Order.paid_fen, Order.refunded_fen, Order.paid_at, Order.collected_at, Order.created_at,
            OrderAddress.building, OrderAddress.room, OrderAddress.courier_enc,
        ).join(Campaign, Campaign.id == Order.campaign_id).join(PickupPoint, PickupPoint.id == Order.point_id)
        .outerjoin(OrderAddress, OrderAddress.order_id == Order.id).where(mine).order_by(Order.id),
        "order_lines": select(
            Order.public_id.label("order"), OrderLine.offer_name, OrderLine.spec, OrderLine.unit,
            OrderLine.unit_price_fen, OrderLine.amount_fen, OrderLine.ordered_units, OrderLine.collected_units,
            OrderLine.refunded_units, OrderLine.refunded_fen,
        ).join(Order, Order.id == OrderLine.order_id).where(mine).order_by(OrderLine.id),
        "hand_overs": select(Order.public_id.label("order"), Redemption.found_by, Redemption.fetched_by,
                             Redemption.by_name, Redemption.created_at)
        .join(Order, Order.id == Redemption.order_id).where(mine).order_by(Redemption.id),
        "payments": select(
            Payment.public_id.label("id"), Order.public_id.label("order"), Payment.method, Payment.state,
            Payment.amount_fen, Payment.received_fen, Payment.refunded_fen, Payment.transaction_id,
            Payment.succeeded_at, Payment.created_at,
        ).join(Order, Order.id == Payment.order_id).where(Payment.payer_id == me).order_by(Payment.id),
        "refunds": select(Refund.public_id.label("id"), Payment.public_id.label("payment"), Refund.state,
                          Refund.amount_fen, Refund.reason, Refund.succeeded_at, Refund.created_at)
        .join(Payment, Payment.id == Refund.payment_id).where(Payment.payer_id == me).order_by(Refund.id),
        "claims": select(Claim.public_id.label("id"), Order.public_id.label("order"), Claim.state, Claim.reason,
                         Claim.words, Claim.asked_fen, Claim.answer_fen, Claim.answer_words, Claim.created_at)
        .join(Order, Order.id == Claim.order_id).where(Claim.resident_id == me).order_by(Claim.id),
        "passes": select(Order.public_id.label("order"), PickupPass.label, PickupPass.state, PickupPass.expires_at,
                         PickupPass.created_at)
        .join(Order, Order.id == PickupPass.order_id).where(mine).order_by(PickupPass.id),
    }  # fmt: skip


def _of_work(ctx: Ctx) -> dict[str, Executable]:
    me = ctx.resident_id
    return {
        "pictures": select(Evidence.public_id.label("id"), Evidence.purpose, Evidence.created_at)
        .where(Evidence.by_label.in_(labels(ctx, me))).order_by(Evidence.id),
        "leading": select(Leader.public_id.label("id"), Leader.state, Leader.display_name, Leader.introduction,
                          Community.name.label("community"), Leader.created_at)
        .join(Community, Community.id == Leader.community_id).where(Leader.resident_id == me),
        "desks": select(PickupPoint.name.label("point"), PickupStaff.state, PickupStaff.display_name,
                        PickupStaff.created_at)
        .join(PickupPoint, PickupPoint.id == PickupStaff.point_id).where(PickupStaff.resident_id == me)
        .order_by(PickupStaff.id),
    }  # fmt: skip

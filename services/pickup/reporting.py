"""What a desk handed out without the network is reported: booked as far as the order still had it, else a loss case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from domain.actors import Role
from domain.errors import PaymentDue, WrongState
from domain.leases import Astray, Result
from models import DeskLease, OfflineHandOver, Order, OrderLine
from services.context import Ctx
from services.finding import by_public_id
from services.pickup import astray, desks, evidence, leases, redeeming
from services.pickup.redeeming import Redeem
from services.pickup.units import waiting
from services.writing import insert_ignoring


@dataclass(frozen=True)
class HandedOut:
    """One hand-over as a device noted it: `units` by line (public ids), what was shown, and when by its clock.

    `token` is the text of the QR or the digits of the code, None when the order was found otherwise.
    """

    client_id: str
    order_id: str
    units: Mapping[str, int]
    token: str | None
    at: datetime

    @property
    def fingerprint(self) -> str:
        """Tells whether the same id came with other contents."""
        said = [self.order_id, self.token or "", *(f"{line}={self.units[line]}" for line in sorted(self.units))]
        return sha256("\n".join(said).encode()).hexdigest()


@dataclass(frozen=True)
class Reported:
    """What became of one hand-over, and one Chinese sentence about it where it is not simply done."""

    client_id: str
    result: Result
    detail: str = ""


@dataclass
class _Judged:
    """A held order: what of each line can be booked, and what of it went astray, why."""

    order: Order
    lines: dict[str, OrderLine]
    booked: dict[str, int] = field(default_factory=dict)
    lost: dict[str, tuple[int, Astray]] = field(default_factory=dict)


def report(ctx: Ctx, lease_id: str, noted: HandedOut) -> Reported:
    """Book one hand-over under a lease (public id) of the actor's point, once per client id: the first report wins.

    Units that the order still has are redeemed as at any desk. The others left the desk all the same: each line gets a
    loss case that names why, its leader is told, and nothing is asked of the buyer. Raises `NotFound` for the lease.
    """
    ctx.require(Role.STAFF)
    lease = by_public_id(ctx, DeskLease, lease_id, DeskLease.point_id == ctx.actor.point_id)
    if not _is_first(ctx, lease, noted):
        return _again(ctx, noted)
    row = _stored(ctx, noted)
    judged = _judge(ctx, lease, noted)
    if judged is None:
        row.result, row.detail = Result.REFUSED, "没有找到这张订单，请核对后告诉团长。"
        return Reported(noted.client_id, Result.REFUSED, row.detail)
    row.order_id = judged.order.id
    first = evidence.newest(ctx, judged.order)
    _book(ctx, row, judged)
    row.result = _result(judged)
    if judged.lost:
        lost = {judged.lines[line]: what for line, what in judged.lost.items()}
        row.detail = astray.open_cases(ctx, row, judged.order, lost, first)
    ctx.session.flush()
    return Reported(noted.client_id, Result(row.result), row.detail)


def _is_first(ctx: Ctx, lease: DeskLease, noted: HandedOut) -> bool:
    return insert_ignoring(
        ctx.session, OfflineHandOver, ["point_id", "client_id"], lease_id=lease.id, point_id=lease.point_id,
        client_id=noted.client_id, fingerprint=noted.fingerprint, units=sum(noted.units.values()),
        result=Result.REFUSED, detail="", by_label=ctx.actor.label, by_name=desks.name(ctx), handed_at=noted.at,
        reported_at=ctx.now,
    )  # fmt: skip


def _stored(ctx: Ctx, noted: HandedOut) -> OfflineHandOver:
    at = (OfflineHandOver.point_id == ctx.actor.point_id, OfflineHandOver.client_id == noted.client_id)
    return ctx.session.scalars(select(OfflineHandOver).where(*at)).one()


def _again(ctx: Ctx, noted: HandedOut) -> Reported:
    row = _stored(ctx, noted)
    if row.fingerprint != noted.fingerprint:
        return Reported(noted.client_id, Result.REFUSED, "这条记录已上传过，但内容不同；没有再记。")
    result = Result.AGAIN if row.result == Result.DONE else Result(row.result)
    return Reported(noted.client_id, result, row.detail)


def _judge(ctx: Ctx, lease: DeskLease, noted: HandedOut) -> _Judged | None:
    """The order held and judged; None when there is no such order, or not with these lines."""
    order = astray.named(ctx, noted.order_id, lease.point_id)
    if order is None:
        return None
    here = order.point_id == lease.point_id
    if here:
        (order,) = redeeming.hold(ctx, [noted.order_id])
    every = select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id)
    lines = {line.public_id: line for line in ctx.session.scalars(every)}
    if not set(noted.units) <= set(lines):
        return None
    judged = _Judged(order, lines)
    against = _against(ctx, lease, order, noted) if here else Astray.NOT_HERE
    for line_id, units in noted.units.items():
        line = lines[line_id]
        possible = 0 if against else min(units, waiting(line) if order.state == "ready" else 0)
        if possible:
            judged.booked[line_id] = possible
        if units > possible:
            judged.lost[line_id] = (units - possible, against or astray.why(ctx, line, lease))
    return judged


def _against(ctx: Ctx, lease: DeskLease, order: Order, noted: HandedOut) -> Astray | None:
    """What forbids to book any of it, though units wait."""
    if not leases.may_report(ctx, lease):
        return Astray.TOO_LATE
    if noted.token and not astray.was_good(ctx, order, noted.token, noted.at):
        return Astray.CODE_VOID
    return None


def _book(ctx: Ctx, row: OfflineHandOver, judged: _Judged) -> None:
    """Redeem what is left; what the desk itself would refuse goes astray instead."""
    if not judged.booked:
        return
    try:
        with ctx.session.begin_nested():
            made = redeeming.redeem(ctx, Redeem((judged.order.public_id,), "offline", judged.booked))
    except (PaymentDue, WrongState) as refused:
        _lose_all(judged, Astray.UNPAID if isinstance(refused, PaymentDue) else Astray.SENT)
        return
    row.redemption_id = made[0].id


def _lose_all(judged: _Judged, why: Astray) -> None:
    for line_id, units in judged.booked.items():
        lost, before = judged.lost.get(line_id, (0, why))
        judged.lost[line_id] = (lost + units, before)
    judged.booked.clear()


def _result(judged: _Judged) -> Result:
    """Done, or a conflict when somebody else was first or a part was booked, or refused."""
    if not judged.lost:
        return Result.DONE
    twice = any(why is Astray.TWICE for _, why in judged.lost.values())
    return Result.CONFLICT if twice or judged.booked else Result.REFUSED

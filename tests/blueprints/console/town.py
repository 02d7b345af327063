"""A house in which something waits on every page of the console, so that each of its links and forms is to be seen."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select, update

from domain.actors import SYSTEM, Actor, Role
from domain.bank_files import SHEET
from domain.ids import new_id
from models import (
    BillDay,
    BillFile,
    Campaign,
    ChatBinding,
    Claim,
    ContentCheck,
    DeskLease,
    Evidence,
    HelpSell,
    LossCase,
    OfflineHandOver,
    Order,
    OrderLine,
    PickupPoint,
    PickupStaff,
    Resident,
    Session,
    Shift,
    ShippingUpload,
    SuspenseCase,
)
from services import audit, bank_files, payees, suspense
from services.context import Ctx
from services.flows import bank_files as flows
from services.payees import SetKeeper
from services.suspense import ResolveByHand
from services.transactions import Transactions
from tests.blueprints.console import things
from tests.builders import campaigns, people
from tests.builders.clock import FrozenClock
from tests.builders.outside import PretendOutside
from tests.services.pickup.world import World
from tests.services.settlements.payday import Payday


def settle_in(unit: Transactions, clock: FrozenClock, outside: PretendOutside) -> None:
    """Orders, people and cases of every kind; a statement that the bank sent back, and one that waits for approval."""
    payday = Payday(World(unit, clock), outside)
    payday.bank_account()
    payday.arrived()
    payday.approved("merchant")
    _sent_back(payday)
    payday.arrived()
    payday.drafted()
    things.one_of_each(unit)
    stage = campaigns.stage_of(unit)
    number = campaigns.ask(unit, campaigns.place(unit, stage, 0), stage.buyers[0])
    campaigns.capture(unit, number, total_fen=3990, payer_fen=3000)
    with unit(SYSTEM) as ctx:
        first = ctx.session.scalars(select(PickupPoint).order_by(PickupPoint.id)).first()
        assert first is not None
        _at_the_desk(ctx, first)
        _sold(ctx, first)
        people.leader(ctx, state="suspended")
        audit.alert(ctx, "gateway_down", "cause-1", "The gateway cannot confirm.")
    with unit(Actor(Role.OPERATOR, payday.drafter.id)) as ctx:
        resident = ctx.session.scalars(select(Resident.public_id).order_by(Resident.id)).first()
        payees.set_keeper(ctx, first.public_id, SetKeeper(resident, 50))


def propose(unit: Transactions) -> None:
    """Somebody proposes, and somebody else will have to decide."""
    with unit(SYSTEM) as ctx:
        by = Actor(Role.OPERATOR, people.operator(ctx).id)
        case = ctx.session.scalars(select(SuspenseCase.public_id).order_by(SuspenseCase.id)).first()
    with unit(by) as ctx:
        assert case is not None
        suspense.propose_by_hand(ctx, ResolveByHand(case, "ICBC-1", "核实过"))


def send_to_bank(unit: Transactions) -> None:
    """What the bank sent back goes out again, and its answer is waited for."""
    with unit(SYSTEM) as ctx:
        by = Actor(Role.OPERATOR, people.operator(ctx).id)
    with unit(by) as ctx:
        assert bank_files.export(ctx).file is not None


def _sent_back(payday: Payday) -> None:
    with payday.unit(payday.approver) as ctx:
        file = bank_files.export(ctx).file
    assert file is not None
    content = flows.download(payday.unit, payday.outside, payday.approver, file)
    table = [list(row) for row in payday.outside.workbooks.read(content)[SHEET]]
    for row in table[1:]:
        row[8:] = ["失败", "账号有误"]
    flows.import_result(
        payday.unit, payday.outside, payday.approver, file, payday.outside.workbooks.write({SHEET: table})
    )


def _at_the_desk(ctx: Ctx, point: PickupPoint) -> None:
    clerk = people.staff(ctx, point)
    order = ctx.session.scalars(select(Order).order_by(Order.id)).first()
    assert order is not None
    line = ctx.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).first()
    assert line is not None
    ctx.session.add(Shift(
        public_id=new_id("Shift", ctx.now), point_id=point.id, by_label=f"staff:{clerk.id}", by_name="小林",
        state="closed", opened_at=ctx.now, closed_at=ctx.now, counted_fen=0,
    ))  # fmt: skip
    lease = DeskLease(
        public_id=new_id("DeskLease", ctx.now), point_id=point.id, staff_id=clerk.id, session_id=_session(ctx, clerk),
        device="test", day="20261125", taken_at=ctx.now, until=ctx.now + timedelta(hours=4),
    )  # fmt: skip
    ctx.session.add(lease)
    ctx.session.flush()
    handed = OfflineHandOver(
        lease_id=lease.id, point_id=point.id, client_id="one", fingerprint="-", order_id=order.id, units=1,
        result="conflict", by_label=f"staff:{clerk.id}", by_name="小林", handed_at=ctx.now, reported_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(handed)
    ctx.session.flush()
    ctx.session.add(LossCase(
        public_id=new_id("LossCase", ctx.now), hand_over_id=handed.id, order_line_id=line.id,
        campaign_id=order.campaign_id, units=1, why="twice", created_at=ctx.now,
    ))  # fmt: skip
    claim = Claim(
        public_id=new_id("Claim", ctx.now), state="escalated", order_line_id=line.id, order_id=order.id,
        resident_id=order.resident_id, campaign_id=order.campaign_id, reason="bad", asked_units=1, asked_fen=100,
        created_at=ctx.now, due_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(claim)
    ctx.session.flush()
    shown, doubted = [Evidence(
        public_id=new_id("Evidence", ctx.now), purpose="claim", by_label=f"resident:{order.resident_id}",
        order_id=order.id, claim_id=claim_id, content_type="image/jpeg", created_at=ctx.now,
    ) for claim_id in (claim.id, None)]  # fmt: skip
    ctx.session.add_all((shown, doubted))
    ctx.session.flush()
    ctx.session.add(ContentCheck(
        public_id=new_id("ContentCheck", ctx.now), state="review", subject="evidence", row_id=doubted.id,
        resident_id=order.resident_id, due_at=ctx.now, created_at=ctx.now,
    ))  # fmt: skip


def _session(ctx: Ctx, clerk: PickupStaff) -> int:
    people.token(ctx, clerk)
    return ctx.session.scalars(select(Session.id).order_by(Session.id.desc())).first() or 0


def _sold(ctx: Ctx, point: PickupPoint) -> None:
    campaign = ctx.session.scalars(select(Campaign).order_by(Campaign.id)).first()
    assert campaign is not None
    given_up = {"state": "failed", "trouble": "refused: 268485216", "due_at": None}
    ctx.session.execute(update(ShippingUpload).values(**given_up))
    ctx.session.add_all((
        HelpSell(public_id=new_id("HelpSell", ctx.now), state="active", campaign_id=campaign.id,
                 leader_id=people.leader(ctx).id, share_bps=1000, created_at=ctx.now),
        ChatBinding(public_id=new_id("ChatBinding", ctx.now), channel="sandbox", remote_chat_id="r-1",
                    purpose="group", leader_id=point.leader_id, created_at=ctx.now),
    ))  # fmt: skip
    file = BillFile(public_id=new_id("BillFile", ctx.now), kind="trade", day=date(2026, 11, 24), sha256="0" * 64,
                    outcome="imported", row_count=0, fetched_at=ctx.now)  # fmt: skip
    ctx.session.add(file)
    ctx.session.flush()
    ctx.session.add(BillDay(kind="trade", day=file.day, status="imported", file_id=file.id, asked_at=ctx.now,
                            matched_at=ctx.now))  # fmt: skip

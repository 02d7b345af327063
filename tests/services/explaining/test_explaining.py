"""Orders, payments, leaders and campaigns explained to the fen; a planted posting is seen by each of them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select

from domain.actors import SYSTEM, Actor, Role
from domain.errors import Forbidden, NotFound
from models import AuditRecord, Campaign, JournalEntry, Leader, Order, Payment, Posting
from services import cancelling
from services.explaining import subjects
from services.explaining.shapes import Explanation
from services.transactions import Transactions
from tests.builders.campaigns import Scene, Terms, ask, buyer, capture, lines, place, refunded, settle, stage_of
from tests.builders.clock import FrozenClock
from tests.services.test_settling import close

TIERS = ((3, 2500),)


def told(unit: Transactions, kind: str, public_id: str) -> Explanation:
    """The explanation as the command gets it."""
    with unit(SYSTEM) as ctx:
        return subjects.explain(ctx, kind, public_id)


def parts(of: Explanation) -> dict[str, int]:
    """The parts of its equation that are not zero, and the total."""
    return {term.name: term.fen for term in (of.equation.total, *of.equation.parts) if term.fen}


@pytest.fixture
def stage(unit: Transactions, clock: FrozenClock) -> Scene:
    """Two orders, one paid with a coupon and one of it cancelled, closed on a lower tier, with one refund paid back."""
    of = stage_of(unit, Terms("大闸蟹", 3000, tiers=TIERS), Terms("草莓", 1990), buyers=3)
    order = place(unit, of, 0, {"大闸蟹": 2, "草莓": 1})
    capture(unit, ask(unit, order, of.buyers[0]), payer_fen=7490)
    with unit(buyer(of.buyers[0])) as ctx:
        cancelling.cancel(ctx, order, (lines(ctx, order)[1].public_id,))
    assert refunded(unit) == 1990
    capture(unit, ask(unit, place(unit, of, 1, {"大闸蟹": 2}), of.buyers[1]))
    close(unit, clock, of)
    settle(unit, of)
    return of


def first(unit: Transactions, table: type[Any]) -> str:
    """The public id of the first row of a table."""
    with unit.reading() as ctx:
        return str(ctx.session.scalars(select(table.public_id).order_by(table.id)).first())


def test_an_order_is_explained_from_payment_to_refunds(unit: Transactions, stage: Scene) -> None:
    order = told(unit, "order", first(unit, Order))
    assert parts(order) == {"received": 7990, "waiting": 5000, "refunded": 1990, "refund_on_the_way": 1000}
    assert (order.unexplained_fen, order.differences, order.entry_count) == (0, [], len(order.entries))
    said = "\n".join(order.sentences)
    payment = first(unit, Payment)
    assert f"11-26 12:00 居**付款 ¥74.90（付款单 {payment}），由支付通道代收，先为订单 {order.id} 保管；" in said
    assert "支付通道的优惠券付了 ¥5.00" in said
    assert "买家取消了订单：草莓 1 盒 ¥19.90 由保管款转入待退款" in said
    assert "拼团降价，退还差价：大闸蟹差价 ¥10.00" in said
    assert "收款 ¥79.90 = 待交付 ¥50.00 + 已退到账 ¥19.90 + 退款途中 ¥10.00，差 0 分。" in said
    assert all(sum(leg.amount_fen for leg in entry.legs) == 0 for entry in order.entries)


def test_a_payment_is_explained_with_each_refund_and_what_it_is_made_of(unit: Transactions, stage: Scene) -> None:
    payment = told(unit, "payment", first(unit, Payment))
    assert parts(payment) == {"received": 7990, "order": 5000, "refunded": 1990, "refund_on_the_way": 1000}
    said = "\n".join(payment.sentences)
    assert "已到账。包括 草莓 1 盒 ¥19.90。" in said
    assert "账单还没有列出" in said
    assert payment.unexplained_fen == 0


def test_a_payment_that_nobody_made_explains_itself_as_nothing(unit: Transactions, stage: Scene) -> None:
    other = stage_of(unit)
    number = ask(unit, place(unit, other, 0), other.buyers[0])
    payment = told(unit, "payment", number)
    assert (parts(payment), payment.unexplained_fen) == ({}, 0)
    assert "没有收到钱" in payment.sentences[0]


def test_money_in_suspense_is_named_by_its_payment_and_its_order(unit: Transactions, stage: Scene) -> None:
    other = stage_of(unit)
    order = place(unit, other, 0)
    number = ask(unit, order, other.buyers[0])
    capture(unit, number, total_fen=2991)
    for kind, public_id in (("payment", number), ("order", order)):
        of = told(unit, kind, public_id)
        assert (parts(of), of.unexplained_fen) == ({"received": 2991, "suspense": 2991}, 0)


def test_a_leader_and_a_campaign_are_explained(unit: Transactions, stage: Scene) -> None:
    leader = told(unit, "leader", first(unit, Leader))
    assert (parts(leader), leader.unexplained_fen) == ({"earned": 1000, "pending": 1000}, 0)
    campaign = told(unit, "campaign", first(unit, Campaign))
    assert parts(campaign) == {"received": 12990, "waiting": 10000, "refunded": 1990, "refund_on_the_way": 1000}
    said = "\n".join(campaign.sentences)
    assert "大闸蟹：成团 4 盒，达到 3 起的阶梯价 ¥25.00（原价 ¥30.00），退差价 ¥10.00。" in said
    assert "退款——买家取消了订单：¥19.90，1 件。" in said
    assert campaign.unexplained_fen == 0


@pytest.mark.breaks_invariants
@pytest.mark.parametrize(("kind", "account", "event"), [
    ("order", "sales", "payment_succeeded"), ("payment", "promotion", "payment_succeeded"),
    ("campaign", "bank", "payment_succeeded"), ("leader", "leader_payable", "commission_pending"),
])  # fmt: skip
def test_a_planted_posting_is_unexplained(
    unit: Transactions, stage: Scene, kind: str, account: str, event: str
) -> None:
    table = subjects.KINDS[kind][0]
    subject = first(unit, table)
    with unit(SYSTEM) as ctx:
        entry = ctx.session.scalars(select(JournalEntry.id).where(JournalEntry.event == event)).first()
        owner = subject if kind == "leader" else ""
        wrong = [(account, owner, -13), ("buyer_escrow", "", 13)]
        ctx.session.execute(insert(Posting), [
            {"entry_id": entry, "account": name, "owner": whose, "amount_fen": fen} for name, whose, fen in wrong
        ])  # fmt: skip
    found = told(unit, kind, subject)
    assert found.unexplained_fen == 13
    assert any(sentence.startswith("说不清：") for sentence in found.sentences)


def test_who_looked_is_on_record_and_only_operators_look(unit: Transactions, stage: Scene) -> None:
    order = first(unit, Order)
    with unit(Actor(Role.OPERATOR, 7)) as ctx:
        subjects.explain(ctx, "order", order)
        ctx.session.flush()
        looks = select(AuditRecord.actor, AuditRecord.subject).where(AuditRecord.event == "explain")
        assert ctx.session.execute(looks).all() == [("operator:7", "order")]
    with unit(buyer(stage.buyers[0])) as ctx, pytest.raises(Forbidden):
        subjects.explain(ctx, "order", order)
    for kind, public_id in (("order", first(unit, Payment)), ("refund", order)):
        with pytest.raises(NotFound):
            told(unit, kind, public_id)

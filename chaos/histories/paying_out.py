"""Steps of what is owed to leaders, keepers and merchants: statements, transfers, bank files."""

from __future__ import annotations

from chaos.histories.inner_sandbox import Declined
from chaos.histories.steps import Scenery, step, with_things
from chaos.histories.world import Choices, World
from domain.actors import Actor
from domain.errors import NotReady, WrongState
from models import BankFile, Leader, Payout, Settlement
from services import bank_files
from services.flows import payouts
from services.settlements import approving, drafting


def _ends(at: Scenery) -> int:
    """Likely once goods have been handed over, and more so towards the end; seldom when statements stand already."""
    if not at.settled or not at.any("collected", "completed"):
        return 0
    stands = any(name.startswith("settlements ") for name, count in at.things.items() if count)
    return 1 if stands and not at.any("collected") else 8 if at.number > at.of // 2 else 3


@step(_ends)
def weeks_pass(world: World, choose: Choices) -> None:
    """After-sales time ends, orders complete, commission becomes payable."""
    for _ in range(2):
        world.stage.clock.advance(days=8)
        world.sweep(choose)
        world.post()


@step(lambda at: _ends(at) // 2)
def draft_statements(world: World, choose: Choices) -> None:
    """After-sales time ends, and before the week turns an operator draws up who is owed what."""
    world.stage.clock.advance(days=8)
    for _ in range(2):
        world.sweep(choose, without="settlements.draft_weekly")
    world.post()
    with world.unit(world.operators[0]) as ctx:
        if not drafting.draft(ctx, ctx.now):
            raise WrongState(state="nothing owed", event="draft")


@step(with_things(20, "settlements draft"))
def approve_a_statement(world: World, choose: Choices) -> None:
    """Another operator (or, in vain, the same one) approves it."""
    with world.unit(choose.one_of((world.operators[1],) * 4 + (world.operators[0],))) as ctx:
        approving.approve(ctx, _settlement(world, choose, "draft").public_id)


@step(lambda at: 30 if at.things["settlements approved"] or at.things["settlements failed"] else 0)
def withdraw(world: World, choose: Choices) -> None:
    """A payee asks for the money; merchants get a bank file."""
    chosen = _settlement(world, choose, "approved", "failed")
    if chosen.payee_kind == "merchant":
        with world.unit(world.operators[0]) as ctx:
            if bank_files.export(ctx, [chosen.public_id]).file is None:
                raise WrongState(state="nothing to export", event="export")
        return
    payouts.withdraw(world.unit, world.stage.outside, _payee(world, chosen), chosen.public_id)


@step(with_things(40, "payouts submitted"))
def confirm_in_wechat(world: World, choose: Choices) -> None:
    """The payee taps 确认收款, or the gateway fails it, or nobody does anything for a day."""
    payout = choose.one_of(world.rows(Payout, Payout.state == "submitted"))
    how = choose.number(1, 10)
    try:
        if how <= 7:
            world.stage.sandbox.control(
                f"transfers/{payout.out_bill_no}/confirm", person=world.names[payout.resident_id]
            )
        elif how == 8:
            world.stage.sandbox.control(f"transfers/{payout.out_bill_no}/fail", reason="PAYEE_ACCOUNT_ABNORMAL")
        else:
            world.stage.clock.advance(hours=25)
    except Declined as no:
        raise WrongState(state=str(no), event="confirm") from no
    world.sweep(choose)
    world.post()


@step(with_things(2, "payouts submitted"))
def take_the_withdrawal_back(world: World, choose: Choices) -> None:
    """The payee cancels before confirming."""
    payout = choose.one_of(world.rows(Payout, Payout.state == "submitted"))
    settlement = world.rows(Settlement, Settlement.id == payout.settlement_id)[0]
    payouts.cancel(world.unit, world.stage.outside, _payee(world, settlement), settlement.public_id)
    world.post()


@step(with_things(30, "bank files"))
def the_bank_answers(world: World, choose: Choices) -> None:
    """The bank's result comes back: paid, or returned."""
    file = choose.one_of(world.rows(BankFile, BankFile.answered_at.is_(None)))
    paid = choose.chance(70)
    with world.unit(world.operators[0]) as ctx:
        header, *rows = bank_files.rows(ctx, file.public_id)
        place = {name: header.index(name) for name in ("结果", "原因") if name in header}
        answer = [list(header)]
        for row in rows:
            filled: list[str | int] = [*row, *[""] * (len(header) - len(row))]
            filled[place["结果"]] = "成功" if paid else "失败"
            if not paid and "原因" in place:
                filled[place["原因"]] = "账号有误"
            answer.append(filled)
        bank_files.import_result(ctx, file.public_id, answer)


def _settlement(world: World, choose: Choices, *states: str) -> Settlement:
    found = world.rows(Settlement, Settlement.state.in_(states))
    if not found:
        raise NotReady
    return choose.one_of(found)


def _payee(world: World, settlement: Settlement) -> Actor:
    """The leader, the helper, or the keeper of the point, as the person they are."""
    leaders = {row.public_id: row for row in world.rows(Leader)}
    if settlement.payee in leaders:
        return world.scene.leader if leaders[settlement.payee].id == world.scene.leader_id else world.helper
    return world.buyer(int(settlement.resident_id or 0))

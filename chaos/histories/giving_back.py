"""Steps of money on its way back after the close: by leader and operator, complaints, broken units, by hand."""

from __future__ import annotations

from chaos.histories.steps import Scenery, step, with_orders, with_things
from chaos.histories.world import Choices, World
from domain.aftersales import Bearer
from domain.errors import NotReady
from domain.ids import new_id
from models import Claim, Order, OrderLine, Proposal, Refund, SuspenseCase
from services import counting, evidence_pictures, giving_back, refund_tasks, suspense, two_people
from services.aftersales import answering, asking, replying, ruling
from services.aftersales.asking import AskBack
from services.giving_back import GiveBack
from services.pickup import refusing, shortages
from services.pickup.refusing import RefuseUnits
from services.pickup.shortages import CommitShortage
from services.refund_tasks import PayByHand
from services.suspense import ResolveByHand

LIVE_CLAIMS = ("asked", "offered", "rejected", "escalated")


def _to_give_back(at: Scenery) -> int:
    return 4 if at.settled and at.any("confirmed", "ready", "collected") else 1 if at.any("completed") else 0


@step(_to_give_back)
def somebody_gives_back(world: World, choose: Choices) -> None:
    """The leader or an operator gives units back, an amount, or all the rest."""
    chosen = _one(world, choose, "confirmed", "ready", "collected", "completed")
    over = chosen.state == "completed"
    with world.unit(choose.one_of((world.operators[0], world.operators[0] if over else world.scene.leader))) as ctx:
        lines = counting.lines_of(ctx, chosen)
        handed = chosen.state in ("collected", "completed")
        left = [line for line in lines if (line.sales_fen > line.aftersales_fen if handed else _left(line))]
        line = choose.one_of(left or lines)
        some = {line.public_id: choose.one_of((1, 1, 2))}
        some_fen = min(choose.number(1, 900), max(1, line.sales_fen - line.aftersales_fen))
        how = choose.one_of((2, 2, 3, 3, 4) if handed else (1, 1, 1, 4))
        command = GiveBack(
            chosen.public_id, "缺一份", units=some if how == 1 else {}, handed_over=some if how == 2 else {},
            compensation_fen={line.public_id: some_fen} if how == 3 else {}, rest=how == 4,
        )  # fmt: skip
        giving_back.give_back(ctx, command)


@step(with_things(10, "received"))
def complain(world: World, choose: Choices) -> None:
    """A buyer asks units or an amount of a line back, with a picture."""
    now = world.stage.clock.now()
    live_ones = {row.order_line_id for row in world.rows(Claim, Claim.state.in_(LIVE_CLAIMS))}
    received = [row for row in world.orders("collected") if row.aftersales_until and row.aftersales_until > now]
    if not received:
        raise NotReady
    chosen = choose.one_of(received)
    actor = world.buyer(chosen.resident_id)
    with world.unit(actor) as ctx:
        lines = [line for line in counting.lines_of(ctx, chosen) if line.collected_units and line.id not in live_ones]
        if not lines:
            raise NotReady
        line = choose.one_of(lines)
        picture = new_id("Evidence", ctx.now)
        if choose.chance(60):
            command = AskBack(
                chosen.public_id, line.public_id, "bad", units=choose.one_of((1, 1, 2)), evidence=(picture,)
            )
        else:
            command = AskBack(chosen.public_id, line.public_id, "other", amount_fen=choose.number(1, 4000),
                              evidence=(picture,))  # fmt: skip
        evidence_pictures.record(ctx, picture, "claim", "image/png")
        asking.ask(ctx, command)


@step(with_things(14, "claims asked"))
def leader_answers(world: World, choose: Choices) -> None:
    """The leader accepts, offers less, or says no."""
    claim = _claim(world, choose, "asked")
    with world.unit(world.scene.leader) as ctx:
        how, bearer = choose.number(1, 3), choose.one_of((Bearer.SUPPLIER, Bearer.LEADER))
        if how == 1:
            answering.accept(ctx, claim.public_id, bearer)
        elif how == 2:
            answering.offer(ctx, claim.public_id, max(1, claim.asked_fen // 2), bearer)
        else:
            answering.reject(ctx, claim.public_id, "照片看不出问题")


@step(lambda at: 12 if at.things["claims offered"] or at.things["claims rejected"] else 0)
def buyer_replies(world: World, choose: Choices) -> None:
    """The buyer takes the offer, turns to the operator, or drops it."""
    claim = _claim(world, choose, "offered", "rejected")
    with world.unit(world.buyer(claim.resident_id)) as ctx:
        choose.one_of((replying.take_offer, replying.escalate, replying.withdraw))(ctx, claim.public_id)


@step(with_things(12, "claims escalated"))
def operator_rules(world: World, choose: Choices) -> None:
    """The operator decides, and who bears it."""
    claim = _claim(world, choose, "escalated")
    with world.unit(world.operators[0]) as ctx:
        if choose.chance(70):
            ruling.accept(ctx, claim.public_id, choose.one_of(tuple(Bearer)))
        else:
            ruling.refuse(ctx, claim.public_id, "超出范围")


@step(with_orders(3, "ready"))
def refuse_a_broken_unit(world: World, choose: Choices) -> None:
    """Staff take a broken unit out."""
    chosen = _one(world, choose, "ready")
    with world.unit(world.staff) as ctx:
        picture = new_id("Evidence", ctx.now)
        evidence_pictures.record(ctx, picture, "broken", "image/png")
        line = choose.one_of(counting.lines_of(ctx, chosen))
        refusing.refuse(ctx, RefuseUnits(chosen.public_id, {line.public_id: 1}, (picture,)))


def _short(at: Scenery) -> int:
    return 20 if at.things["short"] and at.campaign == "fulfilling" else 0


@step(_short)
def commit_the_shortage(world: World, choose: Choices) -> None:
    """The leader looks at the dry run and commits exactly that."""
    with world.unit(world.scene.leader) as ctx:
        plan = shortages.plan(ctx, world.scene.campaign)
    with world.unit(world.scene.leader) as ctx:
        done = shortages.commit(ctx, CommitShortage(world.scene.campaign, plan.digest))
    assert done == plan, "the dry run is not what was done"


@step(lambda at: 2 if at.things["stuck"] else 0)
def propose_by_hand(world: World, choose: Choices) -> None:
    """An operator proposes to pay a stuck refund by bank, or to settle a case of suspense."""
    refunds = world.rows(Refund, Refund.state.in_(("requested", "abnormal")))
    cases = world.rows(SuspenseCase, SuspenseCase.state == "open")
    if not refunds and not cases:
        raise NotReady
    with world.unit(world.operators[0]) as ctx:
        if refunds and (not cases or choose.chance(50)):
            chosen = choose.one_of(refunds)
            refund_tasks.propose(ctx, PayByHand(chosen.public_id, "bank", "20261126001", "银行转账"))
        elif (case := choose.one_of(cases)).payment_id is None:
            suspense.propose_by_hand(ctx, ResolveByHand(case.public_id, "20261126002", "银行转账"))
        else:
            suspense.propose_refund(ctx, case.public_id, "金额不符，退回")


@step(with_things(5, "proposals proposed"))
def decide_a_proposal(world: World, choose: Choices) -> None:
    """Another operator (or, in vain, the same one) accepts it, or turns it down."""
    proposal = choose.one_of(world.rows(Proposal, Proposal.state == "proposed"))
    with world.unit(choose.one_of((world.operators[1], world.operators[1], world.operators[0]))) as ctx:
        if choose.chance(80):
            two_people.accept(ctx, proposal.public_id)
        else:
            two_people.reject(ctx, proposal.public_id, "再查一下")


def _left(line: OrderLine) -> int:
    """Units that were neither handed over nor given back."""
    return line.ordered_units - line.refunded_units - line.collected_units - line.lapsed_units


def _one(world: World, choose: Choices, *states: str) -> Order:
    found = world.orders(*states)
    if not found:
        raise NotReady
    return choose.one_of(found)


def _claim(world: World, choose: Choices, *states: str) -> Claim:
    found = world.rows(Claim, Claim.state.in_(states))
    if not found:
        raise NotReady
    return choose.one_of(found)

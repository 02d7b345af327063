"""The story: from the first payment to the last bill."""

from __future__ import annotations

from datetime import timedelta

from domain.aftersales import Bearer
from domain.bank_files import COLUMNS
from domain.ids import new_id
from domain.money import yuan
from models import Payout, Settlement
from scripts.worked_example.scenery import BERRY, CRAB, Cast
from scripts.worked_example.telling import Telling
from services import bank_files, cancelling, evidence_pictures
from services.aftersales import answering, asking
from services.aftersales.asking import AskBack
from services.flows import paying, payouts, reconciling
from services.ordering import PlaceOrder, place
from services.pickup import deliveries, shortages
from services.pickup.arriving import Arrive, arrive
from services.pickup.redeeming import Redeem, redeem
from services.pickup.shortages import CommitShortage
from services.queries.shortages import ShortagePlan
from services.settlements import approving


def play(cast: Cast) -> Telling:
    """Play all of it."""
    telling = Telling(cast)
    for step in (
        buying, changing_a_mind, closing, arriving_short, handing_over, complaining, first_bills, released, paying_out,
        paying_the_merchant, last_bills,
    ):  # fmt: skip
        step(telling)
    return telling


def buying(telling: Telling) -> None:
    """Four neighbours pay."""
    text = (
        "王小明 (order A) takes three crabs and a box of berries, 李静 (order B) two crabs. 陈晨 (order C) comes"
        " through the link of 周姐, who helps to sell for half of the commission; hers is the sixth crab, so she"
        " pays the lower price at once. 赵敏 (order D) takes two boxes of berries and has a coupon of the gateway's"
        " own, worth ¥2.00."
    )
    with telling.chapter("Four neighbours order and pay", text):
        _order(telling, 0, {CRAB: 3, BERRY: 1})
        _order(telling, 1, {CRAB: 2})
        _order(telling, 2, {CRAB: 1, BERRY: 1}, via=telling.cast.world.help_sell)
        _order(telling, 3, {BERRY: 2}, coupon_fen=200)


def _order(telling: Telling, who: int, units: dict[str, int], via: str = "", coupon_fen: int = 0) -> None:
    world, buyer = telling.cast.world, telling.cast.buyer(who)
    lines = tuple((world.scene.offers[name], count) for name, count in units.items())
    order = telling.act(buyer, place, PlaceOrder(world.scene.campaign, world.scene.point, lines, via=via))
    asked = paying.ask_to_pay(world.unit, world.stage.outside, buyer, order.public_id)
    coupon = {"coupon_fen": coupon_fen} if coupon_fen else {}
    world.stage.sandbox.control("pay", params=asked.params, person=world.names[buyer.id], **coupon)
    world.post()
    world.stage.clock.advance(minutes=5)


def changing_a_mind(telling: Telling) -> None:
    """A part of an order goes back before the close."""
    text = (
        "赵敏 gives one box back while the campaign is still open: a partial refund. The gateway returns the coupon's"
        " share to whoever paid for the coupon, so of ¥19.90 only the payer's share comes from the payer's money."
    )
    with telling.chapter("A part of an order is cancelled", text):
        order = telling.orders()[3]
        with telling.cast.world.unit(telling.cast.buyer(3)) as ctx:
            cancelling.cancel(ctx, order.public_id, units={telling.line(order).public_id: 1})
        telling.settle_down()


def closing(telling: Telling) -> None:
    """The deadline."""
    text = (
        "Six crabs count, so the tier of ¥27.00 is reached: whoever paid ¥30.00 gets ¥3.00 back per crab."
        " Commission is promised on what is left of each line; half of it is the helper's on order C."
    )
    with telling.chapter("The campaign closes on a lower tier", text):
        telling.cast.stage.clock.set(telling.cast.world.scene.closes_at + timedelta(minutes=4))
        telling.settle_down()


def arriving_short(telling: Telling) -> None:
    """One crab is missing."""
    text = (
        "Five of six crabs come. The leader sees who would get what and commits exactly that: one each before anyone"
        " gets a second, so order A lacks one. It goes back at what the buyer really paid for it, ¥27.00, and takes its"
        " commission along. The merchant is owed for what came, at supply price."
    )
    with telling.chapter("The goods arrive, one crab short", text) as more:
        telling.later(hours=19)
        world, scene = telling.cast.world, telling.cast.world.scene
        (delivery,) = telling.act(scene.leader, deliveries.dispatch, scene.campaign)
        telling.act(scene.leader, deliveries.pick, delivery.public_id)
        telling.act(scene.leader, deliveries.ship, delivery.public_id)
        came = {scene.offers[CRAB]: 5, scene.offers[BERRY]: 3}
        telling.act(world.staff, arrive, Arrive(delivery.public_id, came))
        plan = telling.act(scene.leader, shortages.plan, scene.campaign)
        more.append(_dry_run(plan))
        telling.act(scene.leader, shortages.commit, CommitShortage(scene.campaign, plan.digest))
        telling.settle_down()


def _dry_run(plan: ShortagePlan) -> str:
    lines = [
        f"{order.name} {line.name}要 {line.wanted} {line.unit}，得 {line.gets}，退 {yuan(line.off_fen)}"
        for order in plan.orders
        for line in order.lines
    ]
    return "分配预演：" + "；".join(lines) + "。"


def handing_over(telling: Telling) -> None:
    """Everybody fetches."""
    text = (
        "Each hand-over turns what was kept for the buyer into sales, goods on the shelf into their cost, and promised"
        " commission into an expense. The keeper of the point is owed ¥0.50 per order."
    )
    with telling.chapter("Everybody fetches", text):
        telling.later(hours=2)
        for order in telling.orders():
            telling.act(telling.cast.world.staff, redeem, Redeem((order.public_id,), "code"))


def complaining(telling: Telling) -> None:
    """One crab was bad."""
    text = (
        "李静 shows a picture of a bad crab. The leader accepts and says whose fault it is: the supplier bears it up to"
        " the supply price, the house the rest, and the leader loses the commission on it."
    )
    with telling.chapter("A complaint is accepted", text):
        telling.later(hours=3)
        order = telling.orders()[1]
        with telling.cast.world.unit(telling.cast.buyer(1)) as ctx:
            picture = new_id("Evidence", ctx.now)
            evidence_pictures.record(ctx, picture, "claim", "image/png")
            line = telling.line(order).public_id
            claim = asking.ask(ctx, AskBack(order.public_id, line, "bad", units=1, evidence=(picture,)))
        telling.act(telling.cast.world.scene.leader, answering.accept, claim.public_id, Bearer.SUPPLIER)
        telling.settle_down()


def first_bills(telling: Telling) -> None:
    """The next morning."""
    text = (
        "After ten in the morning the bills of both days are there. Each payment and refund leaves gateway clearing"
        " for the balance that the gateway itself names; its fee of 0.60 % is booked only now, from the bill, and what"
        " it gives back of it for refunds as well."
    )
    with telling.chapter("The gateway's bills of the first two days", text):
        telling.cast.stage.clock.set(telling.cast.world.scene.closes_at + timedelta(hours=38, minutes=30))
        reconciling.reconcile_due(telling.cast.world.unit, telling.cast.stage.outside)


def released(telling: Telling) -> None:
    """A day after the hand-over."""
    text = "Fresh goods may be complained about for 24 hours; then the orders complete and commission may be paid."
    with telling.chapter("After-sales time is over", text):
        telling.later(hours=12)


def paying_out(telling: Telling) -> None:
    """Monday morning."""
    text = (
        "On Monday at midnight the clock drafts a statement for everybody who is owed something; an operator approves"
        " them. 李姐, 周姐 and the keeper 陈阿姨 withdraw theirs and confirm within 24 hours: until then the money is"
        " on its way and belongs to nobody else."
    )
    with telling.chapter("Statements are approved, and three people are paid", text) as more:
        world = telling.cast.world
        telling.cast.stage.clock.set(world.scene.closes_at + timedelta(days=3, hours=13))
        telling.settle_down()
        statements = {row.resident_id: row for row in world.rows(Settlement)}
        for statement in statements.values():
            telling.act(world.operators[1], approving.approve, statement.public_id)
        for payee in (world.scene.leader, world.helper, telling.cast.keeper):
            statement, name = statements[payee.resident_id], world.names[payee.resident_id or 0]
            more.append(f"{name}的结算单：{yuan(statement.amount_fen)}。")
            payouts.withdraw(world.unit, world.stage.outside, payee, statement.public_id)
            (payout,) = world.rows(Payout, Payout.settlement_id == statement.id)
            world.stage.sandbox.control(f"transfers/{payout.out_bill_no}/confirm", person=name)
            world.post()


def paying_the_merchant(telling: Telling) -> None:
    """By bank."""
    text = (
        "The merchant is paid by bank: the statement goes out in a file, and what the bank answers comes back in it."
        " What the supplier bears of the complaint has been netted."
    )
    with telling.chapter("The merchant is paid by bank file", text):
        operator = telling.cast.world.operators[0]
        file = telling.act(operator, bank_files.export).file
        header, *rows = telling.act(operator, bank_files.rows, file)
        result = COLUMNS.index("结果")
        answered = [[*row[:result], "成功", ""] for row in rows]
        telling.cast.stage.clock.advance(hours=1)
        telling.act(operator, bank_files.import_result, file, [header, *answered])


def last_bills(telling: Telling) -> None:
    """Tuesday morning."""
    text = "The fund-flow bill of Monday lists the three transfers; nothing is left in gateway clearing."
    with telling.chapter("The bill of the payouts", text):
        telling.cast.stage.clock.set(telling.cast.world.scene.closes_at + timedelta(days=4, hours=14, minutes=30))
        reconciling.reconcile_due(telling.cast.world.unit, telling.cast.stage.outside)

"""Steps of buyers and of the gateway: ordering, paying in every odd way, cancelling."""

from __future__ import annotations

from typing import Any

from chaos.histories.inner_sandbox import Declined, Letter
from chaos.histories.steps import selling, step, with_orders, with_things
from chaos.histories.world import Choices, World
from domain.errors import NotReady, WrongState
from models import Order
from services import cancelling, counting, ordering
from services.flows import paying

OPTIONS: tuple[dict[str, Any], ...] = (
    *({} for _ in range(12)),
    {"coupon_fen": 1}, {"captured_fen": 1}, {"late": True}, {"silent": True}, {"silent": True},
)  # fmt: skip
WHITHER: dict[str, dict[str, str]] = {
    "pickup": {},
    "door": {"building": "3 号楼", "room": "501"},
    "courier": {"recipient": "王小明", "phone": "13800000000", "address": "杭州市西湖区文一路 1 号"},
}


@step(selling(5))
def order(world: World, choose: Choices) -> None:
    """Somebody orders, sometimes through the helper."""
    _place(world, choose)


def _place(world: World, choose: Choices) -> Order:
    offers = list(world.scene.offers.values())
    chosen = [offer for offer in offers if choose.chance(65)] or offers[:1]
    command = ordering.PlaceOrder(
        world.scene.campaign,
        world.scene.point,
        tuple((offer, choose.number(1, 4)) for offer in chosen),
        again=True,
        via=world.help_sell if choose.chance(35) else "",
        **WHITHER[world.method],
    )
    with world.unit(world.buyer(choose.one_of(list(world.names)))) as ctx:
        return ordering.place(ctx, command)


@step(selling(24))
def order_and_pay(world: World, choose: Choices) -> None:
    """The usual way, so that histories get somewhere."""
    placed = _place(world, choose)
    if placed.state == "pending_payment":
        _pay(world, choose, placed, {})
    world.post()


@step(with_orders(9, "pending_payment"))
def pay(world: World, choose: Choices) -> None:
    """Pay an order, and be told of it once, often, later or never."""
    waiting = world.orders("pending_payment")
    if not waiting:
        raise NotReady
    _pay(world, choose, choose.one_of(waiting), dict(choose.one_of(OPTIONS)))
    letters = world.stage.sandbox.letters()
    if choose.chance(30):
        world.letters += letters
        return
    for letter in letters:
        for _ in range(choose.one_of((1, 1, 2, 5))):
            world.receive(letter)


def _pay(world: World, choose: Choices, order: Order, options: dict[str, Any]) -> None:
    payer = order.resident_id if choose.chance(85) else choose.one_of(list(world.names))
    asked = paying.ask_to_pay(world.unit, world.stage.outside, world.buyer(payer), order.public_id)
    if "coupon_fen" in options and order.total_fen < 2:
        options.pop("coupon_fen")
    if "captured_fen" in options:
        options["captured_fen"] = order.total_fen + 1
    try:
        world.stage.sandbox.control("pay", params=asked.params, person=world.names[payer], **options)
    except Declined as no:
        raise WrongState(state=str(no), event="pay") from no


@step(with_orders(7, "pending_payment"))
def hold_a_payment_open_then_pay_late(world: World, choose: Choices) -> None:
    """Ask to pay, let the order die, and pay all the same."""
    waiting = world.orders("pending_payment")
    if not waiting:
        raise NotReady
    chosen = choose.one_of(waiting)
    asked = paying.ask_to_pay(world.unit, world.stage.outside, world.buyer(chosen.resident_id), chosen.public_id)
    world.stage.clock.advance(minutes=choose.one_of((5, 31, 40)))
    if choose.chance(60):
        world.sweep(choose)
    try:
        world.stage.sandbox.control("pay", params=asked.params, person=world.names[chosen.resident_id], late=True)
    except Declined as no:
        raise WrongState(state=str(no), event="pay") from no
    world.post()


@step(with_things(6, "letters"))
def late_notice(world: World, choose: Choices) -> None:
    """Notices that were held back come now, in another order, some twice."""
    if not world.letters:
        raise NotReady
    while world.letters:
        letter = world.letters.pop(choose.number(0, len(world.letters) - 1))
        world.receive(letter)
        if choose.chance(30):
            world.receive(letter)


@step(lambda at: 1 if at.number % 3 == 1 else 0)
def forged_notice(world: World, choose: Choices) -> None:
    """Somebody else writes a notice: altered, unsigned, or with another signature."""
    letters = world.letters or world.stage.sandbox.letters()
    body = letters[0].body if letters else b'{"id": "x", "event_type": "TRANSACTION.SUCCESS", "resource": {}}'
    headers = dict(letters[0].headers) if letters else {}
    world.letters = letters
    forged = Letter(headers, body.replace(b'"id": "', b'"id": "0', 1)) if choose.chance(50) else Letter({}, body)
    assert not world.receive(forged), "a forged notice was believed"


@step(lambda at: 1 if at.number % 3 == 0 else 0)
def stray_payment(world: World, choose: Choices) -> None:
    """Money for a number that is not ours."""
    number = f"STRAY{choose.number(1, 10**6):07d}"
    try:
        world.stage.sandbox.control(
            "stray-payment", out_trade_no=number, total_fen=choose.number(1, 5000), person="王小明",
            notify_url="http://product.invalid/hooks/wechatpay/pay",
        )  # fmt: skip
    except Declined as no:
        raise WrongState(state="stray", event="pay") from no
    world.post()


@step(lambda at: 4 if at.any("pending_payment", "paid") else 1 if at.orders["confirmed"] and not at.settled else 0)
def cancel(world: World, choose: Choices) -> None:
    """A buyer takes an order back: whole, a line, or some units."""
    candidates = world.orders("pending_payment", "paid", "confirmed")
    if not candidates:
        raise NotReady
    chosen = choose.one_of(candidates)
    with world.unit(world.buyer(chosen.resident_id)) as ctx:
        lines = counting.lines_of(ctx, chosen)
        line = choose.one_of(lines)
        how = choose.number(1, 3) if chosen.state != "pending_payment" else 1
        if how == 1:
            cancelling.cancel(ctx, chosen.public_id)
        elif how == 2:
            cancelling.cancel(ctx, chosen.public_id, (line.public_id,))
        else:
            cancelling.cancel(ctx, chosen.public_id, units={line.public_id: choose.number(1, line.ordered_units)})

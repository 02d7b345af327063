"""What is owed is drawn up, approved, paid to phones and by bank, refused, taken back, and paid after all."""

from __future__ import annotations

from chaos.points import scenes
from chaos.points.world import World, story
from domain.bank_files import SHEET
from models import BankFile, Merchant, Payout, Settlement
from services import bank_files, payees
from services.flows import bank_files as files
from services.flows import payouts
from services.payees import SetBankAccount, SetKeeper
from services.pickup.redeeming import Redeem, redeem
from services.settlements import approving, drafting


@story
def paying_out(world: World) -> None:
    """Everything was fetched, after-sales time is over, and the gateway holds enough."""
    made = scenes.scene(world)
    with world.unit(world.actor("leader")) as ctx:
        merchant = world.rows(Merchant)[0].public_id
        payees.set_bank_account(ctx, merchant, SetBankAccount("邻里银行", "6222000011112222", "果园"))
    for place, who in enumerate(scenes.NAMES):
        scenes.ordered(world, made, f"order {place}", who, 草莓=3, 纸巾=1)
    scenes.arrived(world, made)
    with world.unit(world.actor("staff")) as ctx:
        redeem(ctx, Redeem(tuple(world[f"order {place}"] for place in range(5)), "batch"))
    world.wait(days=8)
    world.wake("orders.complete_due", "commissions.release_due", "campaigns.complete_due")
    world.control("funds/top-up", fen=1_000_000)
    world.wait(minutes=1)


paying_out.asks("a keeper is named", "operator", lambda world, ctx: payees.set_keeper(
    ctx, world["point"], SetKeeper(_leader_as_resident(world), 50)))  # fmt: skip
paying_out.asks("statements are drawn up", "operator", lambda world, ctx: len(drafting.draft(ctx, ctx.now)))


def _leader_as_resident(world: World) -> str:
    from models import Resident

    return world.rows(Resident, Resident.id == world.buyer("李团长").id)[0].public_id


def _statement(world: World, kind: str) -> str:
    return world.rows(Settlement, Settlement.payee_kind == kind)[-1].public_id


for kind in ("leader", "merchant"):
    paying_out.asks(f"the {kind}'s is approved", "second operator",
                    lambda world, ctx, kind=kind: approving.approve(ctx, _statement(world, kind)))  # type: ignore[misc]  # fmt: skip


@paying_out.act
def the_leader_withdraws(world: World) -> None:
    """To the phone."""
    payouts.withdraw(world.unit, world.theatre.outside, world.actor("leader"), _statement(world, "leader"))


@paying_out.may_repeat("audit_records", "who asks twice to have it back is written down twice")
def and_takes_it_back(world: World) -> None:
    """Before confirming."""
    payouts.cancel(world.unit, world.theatre.outside, world.actor("leader"), _statement(world, "leader"))


paying_out.wakes("the gateway has let go of it", "payouts.poll_submitted", minutes=2)


@paying_out.act
def the_leader_withdraws_again(world: World) -> None:
    """While the gateway is out."""
    world.control("knobs", gateway_outage="refuse")
    payouts.withdraw(world.unit, world.theatre.outside, world.actor("leader"), _statement(world, "leader"))
    world.control("knobs", reset=True, freeze="off")


paying_out.wakes("it is sent when the gateway is back", "payouts.send_due", minutes=10)


@paying_out.act
def the_leader_confirms(world: World) -> None:
    """On the phone."""
    bill = world.rows(Payout)[-1].out_bill_no
    world.control("knobs", lose_notices=1)
    _once(world, f"transfers/{bill}/confirm")
    world.post()


def _once(world: World, path: str) -> None:
    from contextlib import suppress

    from chaos.histories.inner_sandbox import Declined

    with suppress(Declined):  # it was done before the crash
        world.control(path, person="李团长")


paying_out.wakes("the clock asks", "payouts.poll_submitted", minutes=2)
paying_out.asks("file", "operator", lambda world, ctx: bank_files.export(ctx).file)


@paying_out.may_repeat("audit_records", "who takes it twice is written down twice")
def the_file_is_downloaded(world: World) -> None:
    """And written down who did."""
    file = world.rows(BankFile)[0].public_id
    files.download(world.unit, world.theatre.outside, world.actor("operator"), file)


@paying_out.act
def the_bank_answers(world: World) -> None:
    """All is paid."""
    file = world.rows(BankFile)[0].public_id
    operator = world.actor("operator")
    with world.unit.reading(operator) as ctx:
        header, *rows = bank_files.rows(ctx, file)
    place = header.index("结果")
    answer = [header, *([*row[:place], "成功", *row[place + 1 :]] for row in (_long(row, header) for row in rows))]
    content = world.theatre.outside.workbooks.write({SHEET: answer})
    files.import_result(world.unit, world.theatre.outside, operator, file, content)


def _long(row: list[str | int], header: list[str | int]) -> list[str | int]:
    return [*row, *[""] * (len(header) - len(row))]

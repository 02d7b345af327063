"""Who keeps a point: named by an operator, earns a fee per order handed over, loses it when that is undone."""

from __future__ import annotations

import pytest

from domain.errors import Forbidden, Invalid, NotFound
from domain.ledger import Account
from models import PickupPoint, Resident
from services import payees
from services.paging import Page
from services.payees import SetKeeper
from services.pickup.undoing import Undo, undo
from services.queries import settlements as reads
from tests.services.pickup.world import balance, one
from tests.services.settlements.payday import FEE_FEN, Payday


def _fees(payday: Payday) -> int:
    with payday.unit.reading() as ctx:
        return -balance(ctx, Account.POINT_FEE_PAYABLE, payday.world.point_ids[0])


def test_an_order_handed_over_earns_the_fee_and_an_undo_takes_it_back(payday: Payday) -> None:
    keeper = payday.keeper()
    redemption = payday.handed_over()
    assert _fees(payday) == FEE_FEN
    with payday.unit(payday.world.leader) as ctx:
        undo(ctx, Undo(redemption, "给错人了"))
    assert _fees(payday) == 0
    assert [payday.settlement(number).payee_kind for number in payday.drafted()] == ["merchant"]
    with payday.unit.reading(keeper) as ctx:
        assert reads.earnings(ctx).payable_fen == 0


def test_what_a_keeper_has_earned_stays_theirs_when_another_takes_over(payday: Payday) -> None:
    first = payday.keeper("张姐")
    payday.handed_over()
    second = payday.keeper("李姐", fee_fen=80)
    payday.handed_over()
    payday.drafted()
    sums = {}
    for who in (first, second):
        with payday.unit.reading(who) as ctx:
            sums[who] = [view.amount_fen for view in reads.own_statements(ctx, Page()).items]
    assert sums == {first: [FEE_FEN], second: [80]}


def test_naming_the_same_keeper_again_only_changes_the_fee(payday: Payday) -> None:
    keeper = payday.keeper()
    payday.handed_over()
    with payday.unit(payday.drafter) as ctx:
        point = one(ctx, PickupPoint, payday.world.point_ids[0])
        same = SetKeeper(ctx.session.get_one(Resident, keeper.id).public_id, 70)
        assert payees.set_keeper(ctx, point.public_id, same).fee_fen == 70
    with payday.unit.reading(keeper) as ctx:
        assert reads.own_statements(ctx, Page()).items == []


def test_without_a_keeper_there_is_no_fee(payday: Payday) -> None:
    point = payday.world.point_ids[0]
    with payday.unit(payday.drafter) as ctx, pytest.raises(Invalid):
        payees.set_keeper(ctx, point, SetKeeper(None, 1))
    with payday.unit(payday.drafter) as ctx:
        assert payees.set_keeper(ctx, point, SetKeeper(None, 0)).keeper_id is None
        with pytest.raises(NotFound):
            payees.set_keeper(ctx, point, SetKeeper("res_00000000000000000000000000", 1))
    payday.handed_over()
    assert _fees(payday) == 0


def test_only_operators_name_keepers(payday: Payday) -> None:
    for who in (payday.world.leader, payday.world.resident()):
        with payday.unit(who) as ctx, pytest.raises(Forbidden):
            payees.set_keeper(ctx, payday.world.point_ids[0], SetKeeper(None, 0))

"""Merchants are paid by bank file: out with every approved statement, back with results that are booked all or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from domain.bank_files import SHEET
from domain.errors import Forbidden, Invalid, NotFound, WrongState
from domain.ledger import Account
from models import AuditRecord, BankFileLine, Merchant
from services import bank_files, payees
from services.flows import bank_files as flows
from services.payees import SetBankAccount
from services.queries import bank_files as reads
from tests.leaks import LogTail
from tests.services.pickup.world import balance, one
from tests.services.settlements.payday import BANK, SUPPLY_FEN, Payday


def _export(payday: Payday, *wanted: str) -> bank_files.Export:
    with payday.unit(payday.approver) as ctx:
        return bank_files.export(ctx, wanted or None)


def _file(payday: Payday) -> str:
    """A file with one approved statement of 1500 fen."""
    payday.bank_account()
    payday.arrived()
    payday.approved("merchant")
    file = _export(payday).file
    assert file is not None
    return file


def _table(payday: Payday, file: str) -> list[list[Any]]:
    content = flows.download(payday.unit, payday.outside, payday.approver, file)
    return [list(row) for row in payday.outside.workbooks.read(content)[SHEET]]


def _bring_back(payday: Payday, file: str, change: Callable[[list[Any]], Any] = lambda row: None) -> str:
    table = _table(payday, file)
    for row in table[1:]:
        row += ["成功", ""]
        change(row)
    content = payday.outside.workbooks.write({SHEET: table})
    return flows.import_result(payday.unit, payday.outside, payday.approver, file, content)


def _owed(payday: Payday) -> tuple[int, int, int]:
    """Payable to the merchant, in transit, and gone from our bank, in fen."""
    owner = payday.world.merchant_id
    with payday.unit.reading() as ctx:
        return (
            -balance(ctx, Account.MERCHANT_PAYABLE, owner),
            -balance(ctx, Account.BANK_IN_TRANSIT, owner),
            -balance(ctx, Account.BANK),
        )


def test_a_file_goes_out_and_its_success_is_booked(payday: Payday) -> None:
    file = _file(payday)
    assert _owed(payday) == (0, SUPPLY_FEN, 0)
    _, row = _table(payday, file)
    assert row[1:7] == ["果园", BANK.bank, "6214830123456789", BANK.holder, "15.00", SUPPLY_FEN]
    _bring_back(payday, file)
    assert _owed(payday) == (0, 0, SUPPLY_FEN)
    assert payday.settlement(row[0]).state == "paid"
    with payday.unit.reading(payday.approver) as ctx:
        view = reads.bank_file(ctx, file)
        assert (view.answered_at is not None, [line.result for line in view.lines]) == (True, ["paid"])


def test_what_the_bank_returned_goes_out_again_with_the_next_file(payday: Payday) -> None:
    file = _file(payday)
    _bring_back(payday, file, lambda row: row.__setitem__(slice(8, 10), ["失败", "账号不符"]))
    assert _owed(payday) == (SUPPLY_FEN, 0, 0)
    again = _export(payday).file
    assert again not in (None, file)
    assert _owed(payday) == (0, SUPPLY_FEN, 0)
    _bring_back(payday, str(again))
    assert _owed(payday) == (0, 0, SUPPLY_FEN)
    with payday.unit.reading() as ctx:
        assert ctx.session.scalars(select(BankFileLine.reason).order_by(BankFileLine.id)).all() == ["账号不符", ""]


def test_the_same_answer_twice_changes_nothing_and_another_is_refused(payday: Payday) -> None:
    file = _file(payday)
    assert _bring_back(payday, file) == _bring_back(payday, file) == file
    assert _owed(payday) == (0, 0, SUPPLY_FEN)
    with pytest.raises(WrongState):
        _bring_back(payday, file, lambda row: row.__setitem__(8, "失败"))
    assert _owed(payday) == (0, 0, SUPPLY_FEN)


@pytest.mark.parametrize(("column", "value"), [(0, "stm_00000000000000000000000000"), (5, "15.01"), (6, 1501), (8, "")])
def test_a_result_that_does_not_fit_books_nothing(payday: Payday, column: int, value: Any) -> None:
    file = _file(payday)
    with pytest.raises(Invalid) as refusal:
        _bring_back(payday, file, lambda row: row.__setitem__(column, value))
    assert "row 2" in refusal.value.facts["errors"]  # type: ignore[operator]  # facts are anything
    assert _owed(payday) == (0, SUPPLY_FEN, 0)


def test_one_wrong_row_keeps_the_right_ones_from_being_booked(payday: Payday) -> None:
    payday.bank_account()
    for _ in range(2):
        payday.arrived()
        payday.approved("merchant")
    file = _export(payday).file
    assert file is not None
    rows = iter(["成功", "也许"])
    with pytest.raises(Invalid):
        _bring_back(payday, file, lambda row: row.__setitem__(8, next(rows)))
    assert _owed(payday) == (0, 2 * SUPPLY_FEN, 0)


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04"])
def test_what_is_no_workbook_is_refused(payday: Payday, content: bytes) -> None:
    file = _file(payday)
    with pytest.raises(Invalid):
        flows.import_result(payday.unit, payday.outside, payday.approver, file, content)
    other = payday.outside.workbooks.write({"别的": [["a"]]})
    with pytest.raises(Invalid):
        flows.import_result(payday.unit, payday.outside, payday.approver, file, other)


def test_a_merchant_without_an_account_is_left_out_and_said_so(payday: Payday) -> None:
    payday.arrived()
    statement = payday.approved("merchant")
    left = _export(payday)
    assert (left.file, [(item.settlement, item.reason) for item in left.left_out]) == (
        None, [(statement, "no_bank_account")],
    )  # fmt: skip
    assert payday.settlement(statement).state == "approved"
    payday.bank_account()
    assert _export(payday, statement).file is not None
    with pytest.raises(WrongState):
        _export(payday, statement)


def test_a_statement_in_a_file_is_not_put_into_another(payday: Payday) -> None:
    _file(payday)
    assert _export(payday) == bank_files.Export(None, [])


def test_the_account_of_a_file_is_the_one_it_was_made_with(payday: Payday) -> None:
    file = _file(payday)
    before = _table(payday, file)
    with payday.unit(payday.world.leader) as ctx:
        payees.set_bank_account(ctx, payday.world.merchant_id, SetBankAccount("别的银行", "99999999", "别人"))
    assert _table(payday, file) == before


def test_bank_accounts_are_sealed_masked_recorded_and_in_no_log(payday: Payday, log_tail: LogTail) -> None:
    file = _file(payday)
    _table(payday, file)
    with payday.unit.reading(payday.world.leader) as ctx:
        assert payees.bank_account_shown(ctx, payday.world.merchant_id).account == "****6789"
        sealed = one(ctx, Merchant, payday.world.merchant_id).bank_enc
        events = ctx.session.scalars(select(AuditRecord.event).where(AuditRecord.subject == "bank_file")).all()
        reasons = ctx.session.scalars(select(AuditRecord.reason)).all()
    assert sealed and "6214830123456789" not in sealed and "果园" not in sealed
    assert list(events) == ["export", "download"]
    assert "6214830123456789" not in log_tail.text() + "".join(reasons)


def test_only_operators_make_read_and_answer_bank_files(payday: Payday) -> None:
    file = _file(payday)
    for act in (
        bank_files.export,
        lambda ctx: bank_files.rows(ctx, file),
        lambda ctx: bank_files.import_result(ctx, file, []),
        lambda ctx: reads.bank_file(ctx, file),
    ):
        with payday.unit(payday.world.leader) as ctx, pytest.raises(Forbidden):
            act(ctx)


def test_a_merchants_account_is_set_by_its_own_leader_and_holds_digits(payday: Payday) -> None:
    with payday.unit(payday.world.leader) as ctx:
        with pytest.raises(Invalid):
            payees.set_bank_account(ctx, payday.world.merchant_id, SetBankAccount("银行", "12x", "果园"))
        with pytest.raises(NotFound):
            payees.bank_account_shown(ctx, payday.world.merchant_id)
    with payday.unit(payday.world.resident()) as ctx, pytest.raises(Forbidden):
        payees.set_bank_account(ctx, payday.world.merchant_id, BANK)

"""An operator at a terminal proves the books and asks where money went; what is wrong ends the command with 1."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import insert, select

from domain.actors import SYSTEM
from models import JournalEntry, Posting
from services.transactions import Transactions
from tests.builders.campaigns import buy, stage_of


@pytest.fixture
def order(unit: Transactions) -> str:
    """A paid order."""
    return buy(unit, stage_of(unit), 0)


def plant(unit: Transactions, *legs: tuple[str, int]) -> None:
    """Postings that nobody meant, on the first entry."""
    with unit(SYSTEM) as ctx:
        entry = ctx.session.scalars(select(JournalEntry.id)).first()
        rows = [{"entry_id": entry, "account": account, "owner": "", "amount_fen": fen} for account, fen in legs]
        ctx.session.execute(insert(Posting), rows)


def test_sound_books_are_proved_with_balances_and_open_items(app: Flask, order: str) -> None:
    proved = app.test_cli_runner().invoke(args=["prove-books"])
    assert proved.exit_code == 0, proved.output
    assert "buyer_escrow                   -¥29.90" in proved.output
    assert "gateway clearing ¥29.90, 1 open items" in proved.output
    assert "not billed yet" in proved.output
    assert "unexplained ¥0.00" in proved.output


@pytest.mark.breaks_invariants
@pytest.mark.parametrize(("legs", "shown"), [
    ((("sales", -5), ("bank", 5)), "BROKEN 2 every other account"),
    ((("bank", 5),), "BROKEN 2 every entry sums to zero"),
    ((("gateway_clearing", 5), ("bank", -5)), "unexplained ¥0.05"),
])  # fmt: skip
def test_books_that_are_wrong_end_the_command_with_one(
    app: Flask, unit: Transactions, order: str, legs: tuple[tuple[str, int], ...], shown: str
) -> None:
    plant(unit, *legs)
    proved = app.test_cli_runner().invoke(args=["prove-books"])
    assert (proved.exit_code, shown in proved.output) == (1, True), proved.output


@pytest.mark.breaks_invariants
def test_an_order_is_explained_at_the_terminal(app: Flask, unit: Transactions, order: str) -> None:
    runner = app.test_cli_runner()
    told = runner.invoke(args=["explain", "order", order])
    assert told.exit_code == 0, told.output
    assert "收款 ¥29.90 = 待交付 ¥29.90，差 0 分。" in told.output
    assert "    debit          ¥29.90  gateway_clearing\n    credit         ¥29.90  buyer_escrow" in told.output
    assert runner.invoke(args=["explain", "order", "ord_none"]).exit_code == 1
    plant(unit, ("sales", -5), ("buyer_escrow", 5))
    wrong = runner.invoke(args=["explain", "order", order])
    assert (wrong.exit_code, "unexplained: 5 fen" in wrong.output) == (1, True)

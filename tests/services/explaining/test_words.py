"""Every event of the books can be said in Chinese, with every amount it may have, forward and back."""

from __future__ import annotations

from itertools import count

import pytest

from domain.actors import SYSTEM
from domain.ledger import Account
from domain.posting_rules import RULES, Event
from models import JournalEntry
from services import ledger
from services.explaining import journal, words
from services.transactions import Transactions
from tests.builders import people

CASES = [(event, rule.amount, fen) for event, rules in RULES.items() for rule in rules for fen in (1280, -1280)]


def test_each_amount_of_each_event_has_its_sentence_and_nothing_else_has() -> None:
    assert {event: set(said) for event, said in words.WORDS.items()} == {
        event: {rule.amount for rule in rules} for event, rules in RULES.items()
    }
    assert set(words.ACCOUNTS) == set(Account)


@pytest.mark.breaks_invariants
def test_each_entry_that_the_rules_can_book_is_said_without_a_gap(unit: Transactions) -> None:
    numbers = count(1)
    with unit(SYSTEM) as ctx:
        owners = dict.fromkeys(
            ("leader", "helper", "merchant", "payee", "point", "shift"), people.leader(ctx).public_id
        )
        for event, amount, fen in CASES:
            assert ledger.post(ctx, event, f"refund:{next(numbers)}", {amount: fen}, owners=owners)
        said = {entry.sentence for entry in journal.entries(ctx, JournalEntry.id > 0)}
    assert len(said) >= len(Event)
    assert [sentence for sentence in said if not sentence or set("{}") & set(sentence) or "不合规则" in sentence] == []
    assert all("¥12.80" in sentence for sentence in said)


@pytest.mark.breaks_invariants
def test_a_pair_that_follows_no_rule_is_named_as_such(unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        ledger.post(ctx, Event.BILL_FUNDS, "bill:funds:x:0", {"amount": 100})
        (entry,) = journal.entries(ctx, JournalEntry.id > 0)
        entry_id = ctx.session.query(JournalEntry.id).scalar()
        ctx.session.execute(
            JournalEntry.metadata.tables["postings"].insert(),
            [{"entry_id": entry_id, "account": account, "owner": "", "amount_fen": fen}
             for account, fen in (("sales", -7), ("bank", 7))],
        )  # fmt: skip
        (planted,) = journal.entries(ctx, JournalEntry.id > 0)
    assert planted.sentence == entry.sentence + "；有不合规则的记账：货款收入 -¥0.07、银行存款 ¥0.07"

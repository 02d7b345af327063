"""docs/money.md: the accounts, the story step by step with every entry, what is left, and what `explain` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import fill

from domain.actors import SYSTEM
from domain.clock import local
from domain.money import yuan
from domain.posting_rules import RULES, Event
from models import Campaign, Leader, Order, Payment
from scripts.worked_example.roles import naming
from scripts.worked_example.telling import Chapter, Telling
from services import invariants
from services.explaining import subjects, words
from services.explaining.shapes import EntryView, Explanation
from services.queries import books, reconciliation

INTRODUCTION = """<!-- Written by `make money`; change the code instead. -->

# Money, one campaign long

Every fen is booked when it moves: an entry has two legs or more that sum to zero, a debit and a credit, and no entry
is ever changed. The accounts stand in `domain/ledger.py`, what each event books in `domain/posting_rules.py`
([as a table](reference/postings.md)). This page is one campaign played through the product's own services against the
sandbox's gateway, with a frozen clock; what is in Chinese is what `flask explain` says to people. Numbers
stand for their parts: orders are A to D, P-A is the payment of order A, R refunds, T payouts, F a bank file.
`make money` writes this page, and a test plays the campaign again and compares.

## How money flows

```mermaid
flowchart LR
    buyer((buyer)) -->|pays| clearing[gateway clearing]
    clearing -.- escrow[buyer escrow]
    escrow -->|handed over| sales[sales]
    escrow -->|tier, shortage, cancelled| payable[refund payable]
    sales -->|complaint| payable
    payable -->|gateway takes it| buyer
    deferred[deferred commission] --> pending[leader pending]
    pending -->|after-sales over| leader[leader payable]
    leader -->|withdrawn| hold[withdrawal hold]
    hold -->|confirmed| person((leader))
    goods[goods on hand] -->|handed over| cost[cost of goods]
    merchant[merchant payable] -->|bank file| supplier((merchant))
    clearing -->|bill| balance[gateway balance]
    balance -->|bill| fee[gateway fee]
```

Money that a buyer has paid is kept in **buyer escrow** until the goods change hands; only then is it **sales**. What
goes back leaves escrow for **refund payable** when it is decided, and **gateway clearing** when the gateway takes it.
**Gateway clearing** is what we believe the gateway holds; its own bill moves that to **gateway balance** line by line,
so what stands in clearing is exactly what no bill has shown yet. Commission is promised on the net of each line when
the campaign settles, follows every refund down, and is payable once nobody can complain any more.
"""
MEANING = {
    Event.PAYMENT_UNWANTED: "somebody pays an order that is over, or pays it twice",
    Event.PAYMENT_UNMATCHED: "a payment fits no order, or has another sum than was asked",
    Event.REFUND_CLOSED: "the gateway closes a refund unpaid; another takes its place",
    Event.BORNE_BY_LEADER: "a complaint falls on the leader beyond the commission lost by it",
    Event.REFUND_BY_HAND: "a refund that the gateway cannot make is paid by bank by two people",
    Event.SUSPENSE_REFUNDED: "unmatched money goes back through the gateway",
    Event.SUSPENSE_BY_HAND: "unmatched money goes back by bank",
    Event.WITHDRAWAL_RETURNED: "a payout is not confirmed in time, fails, or is taken back",
    Event.MERCHANT_RETURNED: "the bank returns a merchant's money",
    Event.DESK_CASH: "an order that is paid on pickup is paid in cash at the desk",
    Event.CASH_HANDED_OVER: "a counted drawer is handed over",
    Event.CASH_DIFFERENCE: "a counted drawer lacks something, or has too much",
    Event.BILL_FUNDS: "our own money is put into the account at the gateway, or taken out",
    Event.DIFFERENCE_ACCEPTED: "two people accept a difference with the bill",
}
"""When the events happen that the story does not come across."""


@dataclass(frozen=True)
class Ending:
    """How the books stand when the story is over."""

    balances: Sequence[books.Balance]
    clearing: reconciliation.Standing
    breaches: Sequence[invariants.Breach]
    explanations: Sequence[tuple[str, Explanation]]


def page(telling: Telling) -> str:
    """The whole page; the same for every playing."""
    ending = _ending(telling)
    steps = [_chapter(number, chapter) for number, chapter in enumerate(telling.chapters, 1)]
    parts = [INTRODUCTION, "## The story\n", *steps, _balances(ending), *_explanations(ending), _elsewhere(telling)]
    return naming(telling.cast)("\n".join(parts))


def _ending(telling: Telling) -> Ending:
    world = telling.cast.world
    order, payment = world.rows(Order)[0].public_id, world.rows(Payment)[3].public_id
    leader = world.rows(Leader, Leader.id == world.scene.leader_id)[0].public_id
    wanted = (
        ("order", order),
        ("payment", payment),
        ("leader", leader),
        ("campaign", world.rows(Campaign)[0].public_id),
    )
    with world.unit(SYSTEM) as ctx:
        told = [(kind, subjects.explain(ctx, kind, public_id)) for kind, public_id in wanted]
        return Ending(books.balances(ctx), reconciliation.open_in_clearing(ctx), invariants.check(ctx), told)


def _chapter(number: int, chapter: Chapter) -> str:
    said = [f"{place}. {local(entry.at)} {_plain(entry.sentence)}。" for place, entry in enumerate(chapter.entries, 1)]
    more = [f"> {_plain(line)}\n" for line in chapter.more]
    return "\n".join(
        [
            f"### {number}. {chapter.title}\n",
            f"{fill(chapter.text, 118)}\n",
            *more,
            *said,
            "",
            _legs(chapter.entries),
            "",
        ]
    )


def _plain(sentence: str) -> str:
    """The stars of a masked name are no emphasis."""
    return sentence.replace("*", "\\*")


def _legs(entries: Iterable[EntryView]) -> str:
    rows = ["| # | event | account | debit | credit |", "|---:|---|---|---:|---:|"]
    for place, entry in enumerate(entries, 1):
        first = (str(place), entry.event)
        for leg in entry.legs:
            account = f"{leg.account} ({leg.owner})" if leg.owner else leg.account
            debit, credit = (yuan(leg.amount_fen), "") if leg.amount_fen > 0 else ("", yuan(-leg.amount_fen))
            rows.append(f"| {first[0]} | {first[1]} | {account} | {debit} | {credit} |")
            first = ("", "")
    return "\n".join(rows)


def _balances(ending: Ending) -> str:
    sums: Counter[str] = Counter()
    for row in ending.balances:
        sums[row.account] += row.amount_fen
    rows = [
        f"| {account} | {yuan(fen) if fen > 0 else ''} | {yuan(-fen) if fen < 0 else ''} |"
        for account, fen in sorted(sums.items())
        if fen
    ]
    total = sum(fen for fen in sums.values() if fen > 0)
    head = (
        "## What is left\n\nNothing is owed to anybody any more, nothing waits, and gateway clearing is empty:"
        f" {len(ending.clearing.items)} open items, {ending.clearing.unexplained_fen} fen unexplained,"
        f" {len(ending.breaches)} invariants broken. `flask prove-books` prints this.\n\n"
        f"The campaign's margin is {yuan(_margin(ending))}: what stands at the gateway,"
        f" {yuan(sums['gateway_balance'])}, less what the bank has paid, {yuan(-sums['bank'])}.\n"
    )
    return "\n".join([head, "| account | debit | credit |", "|---|---:|---:|", *rows,
                      f"| **sum** | **{yuan(total)}** | **{yuan(total)}** |", ""])  # fmt: skip


def _margin(ending: Ending) -> int:
    """What the campaign's own explanation says."""
    return next(told.margin.total.fen for _, told in ending.explanations if told.margin is not None)


def _explanations(ending: Ending) -> Iterable[str]:
    yield "## What `explain` says\n"
    for kind, told in ending.explanations:
        lines = [f"* {_plain(sentence)}" for sentence in told.sentences]
        head = f"### `flask explain {kind} {told.id}`\n\nUnexplained: {told.unexplained_fen} fen.\n"
        yield "\n".join([head, *lines, ""])


def _elsewhere(telling: Telling) -> str:
    """The events that this story does not come across, with their sentences."""
    met = {entry.event for chapter in telling.chapters for entry in chapter.entries}
    rows = []
    for event in Event:
        if event not in met:
            said = " / ".join(dict.fromkeys(words.WORDS[event][rule.amount][0] for rule in RULES[event]))
            rows.append(f"| {event} | {MEANING[event]} | {said} |")
    head = "## What did not happen here\n\n| event | when | sentence |\n|---|---|---|"
    return "\n".join([head, *rows, ""])

"""Differences planted in the sandbox's bills over HTTP, fetched and matched by the product: found, missed, false."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app import create_app
from domain.actors import SYSTEM, Actor, Role
from domain.clock import SHANGHAI, business_date
from domain.reconciling import ALLOWED, Difference, Resolution
from models import BillCase, Posting, Refund
from services import cancelling, invariants, refund_results, two_people
from services.flows import paying, reconciling, refunding
from services.ports import Outside
from services.queries import reconciliation
from services.reconciling import resolving
from services.reconciling.resolving import ResolveCase
from services.transactions import Transactions
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, Terms
from tests.builders.outside import pretend_outside
from tests.builders.settings import test_settings
from tests.integrations.sandbox_process import Stage, running_sandbox

DIFFERENCES = 500
A_DAY = 50
PEOPLE = 24
MOVED = {Difference.ACROSS_MIDNIGHT: 1, Difference.LATE: 2}
ROW_CLASSES = [difference for difference in Difference if difference is not Difference.HASH]
Key = tuple[str, date, str]


class StageClock:
    """The product's clock, moved as the sandbox's is."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def now(self) -> datetime:
        """The sandbox's present."""
        return self._stage.clock()

    def move_to(self, day: date, hour: int) -> None:
        """Go to that hour of a Shanghai day."""
        there = datetime.combine(day, time(hour), SHANGHAI)
        self._stage.move_clock(int((there - datetime.now(UTC)).total_seconds()))


@dataclass
class Market:
    """A product beside the sandbox, days of trade, and what was planted in their bills."""

    stage: Stage
    clock: StageClock
    unit: Transactions
    outside: Outside
    scene: Scene
    names: list[str]
    planted: set[Key] = field(default_factory=set)
    turn: int = 0

    def trade(self, payments: int, refunds: int) -> None:
        """So many paid orders, the last of them given back, each told apart by what was ordered."""
        orders = [self._buy() for _ in range(payments)]
        for who, order in orders[payments - refunds :]:
            with self.unit(campaigns.buyer(self.scene.buyers[who])) as ctx:
                cancelling.cancel(ctx, order)
        while refunding.submit_due(self.unit, self.outside):
            pass
        self._finish_refunds()

    def _buy(self) -> tuple[int, str]:
        self.turn += 1
        who = self.turn % len(self.names)
        order = campaigns.place(self.unit, self.scene, who, 1 + self.turn // len(self.names))
        buyer = campaigns.buyer(self.scene.buyers[who])
        asked = paying.ask_to_pay(self.unit, self.outside, buyer, order)
        self.stage.control("pay", params=asked.params, person=self.names[who])
        paying.book_if_captured(self.unit, self.outside, asked.payment)
        return who, order

    def _finish_refunds(self) -> None:
        pause = threading.Event()
        for _ in range(1000):
            with self.unit.reading(SYSTEM) as ctx:
                waiting = list(ctx.session.scalars(select(Refund.public_id).where(Refund.state == "submitted")))
            if not waiting:
                return
            for number in waiting:
                answer = self.outside.gateway.query_refund(number)
                with self.unit(Actor(Role.GATEWAY)) as ctx:
                    refund_results.book(ctx, answer)
            pause.wait(0.02)
        raise TimeoutError("the refunds do not end")

    def plant(self, day: date, error: Difference, count: int, seed: int) -> None:
        """Ask the sandbox for errors in a day's trade bill, and note what each must be found as."""
        told = self.stage.control("bills/plant", bill_date=str(day), error=error.value, count=count, seed=seed)
        for one in told["planted"]:
            subject = one["number"] or "交易账单文件"
            self.planted.add((error, day + timedelta(days=MOVED.get(error, 0)), subject))

    def reconcile(self, day: date) -> None:
        """The product's own flow for one day."""
        reconciling.reconcile(self.unit, self.outside, day)

    def found(self) -> set[Key]:
        """Every case but those whose cause is gone; a lying hash counts, though its day was read in the end."""
        with self.unit.reading(SYSTEM) as ctx:
            rows = ctx.session.scalars(select(BillCase)).all()
        stays = [row for row in rows if row.resolution != Resolution.VANISHED or row.difference == Difference.HASH]
        return {(row.difference, row.day, row.subject) for row in stays}


def run(url: str, folder: Path) -> dict[str, Any]:
    """500 differences on the database at `url`."""
    return compare(url, folder, DIFFERENCES, A_DAY)


def compare(url: str, folder: Path, differences: int, a_day: int, seed: int = 1) -> dict[str, Any]:
    """Plant `differences`, `a_day` at most on each day of trade; what was found, missed and false, and the balances."""
    with running_sandbox(folder / "sandbox") as stage:
        clock = StageClock(stage)
        pretend: Outside = pretend_outside(folder)
        outside = replace(pretend, gateway=stage.gateway())
        app = create_app(test_settings(folder, url), clock=clock, outside=outside)
        market = _market(app, stage, clock, outside)
        day = business_date(clock.now())
        left = differences
        while left:
            day += timedelta(days=1)
            left -= _one_day(market, day, min(a_day, left), seed)
        for after in range(1, 4):
            clock.move_to(day + timedelta(days=after + 1), 12)
            market.reconcile(day + timedelta(days=after))
        result = _result(market)
        market.unit.engine.dispose()
    return result


def _market(app: Flask, stage: Stage, clock: StageClock, outside: Outside) -> Market:
    unit: Transactions = app.extensions["lintuan"].unit
    stage.control("knobs", refund_delay_ms=0, freeze="off", duplicate_notices=0, lose_notices=100_000)
    names = [f"邻居{number}" for number in range(PEOPLE)]
    with unit(SYSTEM) as ctx:
        scene = campaigns.scene(ctx, Terms(price_fen=1090), buyers=0, hours=24 * 60)
        for name in names:
            openid = stage.control("people", name=name)["openid"]
            scene.buyers.append(people.resident(ctx, name, openid=openid).id)
    return Market(stage, clock, unit, outside, scene, names)


def _one_day(market: Market, day: date, count: int, seed: int) -> int:
    """A day of trade, first with a file that lies, then with an error of each other class; how many were planted."""
    counts = Counter(ROW_CLASSES[turn % len(ROW_CLASSES)] for turn in range(count - 1))
    market.clock.move_to(day, 12)
    market.trade(count + 2, refunds=counts[Difference.REFUND_MISMATCH] + count // 6)
    market.clock.move_to(day + timedelta(days=1), 11)
    market.plant(day, Difference.HASH, 1, seed)
    market.reconcile(day)
    market.stage.control("bills/clear", bill_date=str(day))
    for error in sorted(counts, key=lambda error: (error != Difference.REFUND_MISMATCH, error in MOVED, error)):
        market.plant(day, error, counts[error], seed)
    market.reconcile(day)
    return count


def _result(market: Market) -> dict[str, Any]:
    found, planted = market.found(), market.planted
    by_class = {
        difference.value: {
            "planted": sum(key[0] == difference for key in planted),
            "found": sum(key[0] == difference for key in planted & found),
            "false": sum(key[0] == difference for key in found - planted),
        }
        for difference in Difference
    }
    unexplained = _unexplained(market)
    _end_all(market)
    ledger = market.stage.seen("ledger")
    with market.unit.reading(SYSTEM) as ctx:
        account = select(func.coalesce(func.sum(Posting.amount_fen), 0))
        balance = int(ctx.session.scalar(account.where(Posting.account == "gateway_balance")) or 0)
        clearing = int(ctx.session.scalar(account.where(Posting.account == "gateway_clearing")) or 0)
        breaches = [breach.rule for breach in invariants.check(ctx)]
    missed, false = planted - found, found - planted
    told = {
        "planted": len(planted), "found": len(planted & found), "missed": len(missed), "false": len(false),
        "classes": by_class, "examples": [str(key) for key in sorted(missed | false, key=str)[:10]],
        "unexplained_fen": unexplained, "in_clearing_after_resolving_fen": clearing, "our_balance_fen": balance,
        "sandbox_balance_fen": ledger["balance_fen"], "broken_invariants": breaches,
    }  # fmt: skip
    held = not missed and not false and not unexplained and not clearing and not breaches
    return {"held": held and balance == ledger["balance_fen"], **told}


def _unexplained(market: Market) -> int:
    with market.unit.reading(SYSTEM) as ctx:
        return reconciliation.open_in_clearing(ctx).unexplained_fen


def _end_all(market: Market) -> None:
    """Operators end every open case, by the account's own movement where the class allows it."""
    with market.unit(SYSTEM) as ctx:
        first, second = (Actor(Role.OPERATOR, people.operator(ctx).id) for _ in range(2))
        rows = list(ctx.session.scalars(select(BillCase).where(BillCase.state == "open").order_by(BillCase.id)))
        waiting = [(row.public_id, Difference(row.difference)) for row in rows]
    for case, difference in waiting:
        if Resolution.FUND_FLOW in ALLOWED[difference] or Resolution.IGNORE in ALLOWED[difference]:
            way = Resolution.FUND_FLOW if Resolution.FUND_FLOW in ALLOWED[difference] else Resolution.IGNORE
            with market.unit(first) as ctx:
                resolving.resolve(ctx, ResolveCase(case, way, "by the account's own movement"))
        else:
            with market.unit(first) as ctx:
                proposal = resolving.propose(ctx, case, "as the bill has it").public_id
            with market.unit(second) as ctx:
                two_people.accept(ctx, proposal)

"""Joins done together: how many statements that takes, and who gets what when things go wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models import Campaign, IdempotencyRecord, Offer, OfferTaking, Order
from services.hot import join_writing
from services.hot.catalogue import Plan
from services.hot.rejudging import Rejudge
from services.transactions import Transactions
from tests.builders.campaigns import Terms, place, stage_of
from tests.services.hot.scene import counted, do, join

READS = 1  # campaigns with points, offers with goods and price tiers
WRITES = 9  # keys, limits, twins, offers locked, stock, campaigns locked or counted, orders, lines, answers
COUNTING = 5  # no-shows, participation, audit, the chats, the shared cards


@pytest.mark.parametrize("size", [1, 2, 12])
def test_a_batch_costs_the_same_statements_however_many_it_holds(unit: Transactions, size: int) -> None:
    stage = stage_of(unit, Terms(quota=100, per_person=2), Terms("蓝莓", tiers=((2, 100),)), buyers=size)
    with counted(unit) as sent:
        said = do(unit, *(join(stage, who, {"红颜草莓": 1, "蓝莓": 2}) for who in range(size)))
    assert said == ["pending_payment None"] * size
    assert len([text for text in sent if not text.startswith("BEGIN")]) == READS + WRITES


@pytest.mark.parametrize("size", [1, 12])
def test_a_batch_that_counts_at_once_costs_a_few_more(unit: Transactions, size: int) -> None:
    stage = stage_of(unit, Terms(quota=100), buyers=size, payment_policy="on_pickup")
    with counted(unit) as sent:
        said = do(unit, *(join(stage, who) for who in range(size)))
    assert said == [f"confirmed {number}" for number in range(1, size + 1)]
    assert len([text for text in sent if not text.startswith("BEGIN")]) == READS + WRITES + COUNTING


def test_only_what_counts_gets_a_number_where_a_batch_has_both(unit: Transactions) -> None:
    counting, waiting = stage_of(unit, Terms(quota=9), payment_policy="on_pickup"), stage_of(unit, Terms(quota=9))
    with counted(unit) as sent:
        said = do(unit, join(waiting, 0), join(counting, 0), join(counting, 1))
    assert said == ["pending_payment None", "confirmed 1", "confirmed 2"]
    locked = [text.split()[0] for text in sent if " campaigns " in text and "JOIN" not in text]
    assert locked == ["SELECT", "UPDATE", "SELECT"]  # both held in order, one counted, the other seen to be open


@pytest.mark.parametrize(("left", "state"), [(0, "closed"), (1, "open")])
def test_a_batch_closes_the_campaign_with_the_last_unit_only(unit: Transactions, left: int, state: str) -> None:
    stage = stage_of(unit, Terms(quota=2), Terms("蓝莓", quota=2 + left), buyers=2, payment_policy="on_pickup")
    said = do(unit, *(join(stage, who, {"红颜草莓": 1, "蓝莓": 1}) for who in range(2)))
    assert said == ["confirmed 1", "confirmed 2"]
    with unit.reading() as ctx:
        assert ctx.session.get_one(Campaign, stage.campaign_id).state == state


def test_the_last_units_go_to_those_who_came_first(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(quota=5), buyers=5)
    wanted = [2, 2, 2, 1, 1]
    assert do(unit, *(join(stage, who, units) for who, units in enumerate(wanted))) == [
        "pending_payment None", "pending_payment None", "sold_out", "pending_payment None", "sold_out",
    ]  # fmt: skip
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(Offer.held_units)).one() == 5


def test_who_is_refused_leaves_nothing_behind_and_may_ask_again(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(quota=1, per_person=1))
    assert do(unit, join(stage, 0), join(stage, 1)) == ["pending_payment None", "sold_out"]
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(IdempotencyRecord.key)).all() == ["key-of-0"]
        assert ctx.session.scalars(select(OfferTaking.resident_id)).all() == [stage.buyers[0]]
    assert do(unit, join(stage, 1)) == ["sold_out"]


def test_a_used_key_and_a_limit_reached_are_left_to_the_plain_path_and_trouble_nobody(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(quota=50, per_person=1), buyers=4)
    assert do(unit, join(stage, 0)) == ["pending_payment None"]
    again, over, sound = join(stage, 0), join(stage, 0, key="another-key"), join(stage, 1)
    assert do(unit, again, sound) == ["plain", "pending_payment None"]
    assert do(unit, over, join(stage, 2)) == ["plain", "pending_payment None"]
    assert do(unit, join(stage, 3, 2)) == ["plain"]


def test_one_person_is_judged_once_in_a_round_and_in_the_order_of_asking(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(quota=3), buyers=2)
    joins = [join(stage, 0, key="first-key"), join(stage, 0, key="second-key"), join(stage, 1, 2)]
    assert do(unit, *joins) == ["pending_payment None", "pending_payment None", "sold_out"]


def test_an_accepted_key_is_answered_though_all_is_sold_out_now(unit: Transactions) -> None:
    stage = stage_of(unit, Terms(quota=1))
    assert do(unit, join(stage, 0)) == ["pending_payment None"]
    assert do(unit, join(stage, 0), join(stage, 1)) == ["plain", "sold_out"]


def test_a_closed_campaign_and_a_twin_in_the_chat_are_refused(unit: Transactions) -> None:
    paused, open_one = stage_of(unit, state="paused"), stage_of(unit)
    place(unit, open_one, 0, channel="chat")
    assert do(unit, join(paused, 0)) == ["not_open"]
    assert do(unit, join(open_one, 0), join(open_one, 1)) == ["plain", "pending_payment None"]
    assert do(unit, join(open_one, 0, again=True)) == ["pending_payment None"]


@pytest.mark.parametrize("unusual", [{"via": "hlp_x"}, {"building": "3栋", "room": "1201"}, {"channel": "chat"}])
def test_what_is_unusual_goes_the_plain_way(unit: Transactions, unusual: dict[str, Any]) -> None:
    stage = stage_of(unit)
    assert do(unit, join(stage, 0, **unusual), join(stage, 1)) == ["plain", "pending_payment None"]


def test_a_rival_between_the_judgement_and_the_lock_makes_the_round_begin_anew(
    unit: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = stage_of(unit, Terms(quota=2))
    true: Callable[..., Any] = join_writing._claim_keys
    rounds: list[int] = []

    def first_a_rival(ctx: Any, plans: list[Plan], now: Any) -> Any:
        rounds.append(len(plans))
        if len(rounds) == 1:
            raise Rejudge
        return true(ctx, plans, now)

    monkeypatch.setattr(join_writing, "_claim_keys", first_a_rival)
    assert do(unit, join(stage, 0), join(stage, 1)) == ["pending_payment None"] * 2
    assert rounds == [2, 2]


def test_rivals_without_end_leave_the_batch_to_the_plain_path(
    unit: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = stage_of(unit)

    def always(*_: object) -> None:
        raise Rejudge

    monkeypatch.setattr(join_writing, "_claim_keys", always)
    assert do(unit, join(stage, 0), join(stage, 1)) == ["plain"] * 2
    with unit.reading() as ctx:
        assert ctx.session.scalars(select(Order)).all() == []

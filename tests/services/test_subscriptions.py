"""Each accepted prompt is worth one message; what went out or was refused is taken off our count."""

from __future__ import annotations

import pytest

from domain.actors import SYSTEM, Actor
from domain.errors import Invalid
from services import subscriptions
from services.subscriptions import TITLES
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import buyer

TEMPLATES = {"arrived": "T-A", "refund": "T-R", "formed": ""}


@pytest.fixture
def me(unit: Transactions) -> Actor:
    """A resident who was never asked."""
    with unit(SYSTEM) as ctx:
        return buyer(people.resident(ctx).id)


def quotas(unit: Transactions, me: Actor) -> dict[str, int]:
    with unit.reading(me) as ctx:
        return {item.purpose: item.quota for item in subscriptions.mine(ctx, TEMPLATES)}


def choose(unit: Transactions, me: Actor, **results: str) -> dict[str, int]:
    with unit(me) as ctx:
        subscriptions.answered(ctx, TEMPLATES, {TEMPLATES[purpose]: result for purpose, result in results.items()})
    return quotas(unit, me)


def test_only_templates_that_exist_are_offered(unit: Transactions, me: Actor) -> None:
    with unit.reading(me) as ctx:
        shown = [(item.template_id, item.title, item.quota) for item in subscriptions.mine(ctx, TEMPLATES)]
    assert shown == [("T-A", TITLES["arrived"], 0), ("T-R", TITLES["refund"], 0)]


def test_accepted_prompts_add_up_refused_ones_change_nothing_and_a_ban_ends_them(unit: Transactions, me: Actor) -> None:
    assert choose(unit, me, arrived="accept", refund="reject") == {"arrived": 1, "refund": 0}
    assert choose(unit, me, arrived="accept", refund="accept") == {"arrived": 2, "refund": 1}
    assert choose(unit, me, arrived="filter", refund="ban") == {"arrived": 2, "refund": 0}


def test_what_was_sent_is_used_up_and_a_refusal_of_the_platform_ends_the_rest(unit: Transactions, me: Actor) -> None:
    for _ in range(3):
        choose(unit, me, arrived="accept")
    left = []
    for sent in (True, False, True):
        with unit(SYSTEM) as ctx:
            subscriptions.used(ctx, me.id, "arrived", sent=sent)
        left.append(quotas(unit, me)["arrived"])
    assert left == [2, 0, 0]


def test_a_template_that_is_none_of_ours_is_refused_and_nothing_counted(unit: Transactions, me: Actor) -> None:
    with pytest.raises(Invalid), unit(me) as ctx:
        subscriptions.answered(ctx, TEMPLATES, {"T-A": "accept", "": "accept"})
    assert quotas(unit, me) == {"arrived": 0, "refund": 0}

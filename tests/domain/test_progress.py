"""How far a campaign has come, in numbers and in words; what buyers are promised; what may be sold."""

from __future__ import annotations

import pytest

from domain.campaigns import REFUSED_CATEGORIES
from domain.catalog import Category, admitted_category, aliases_of, joined_aliases
from domain.errors import Invalid
from domain.policy import Policy
from domain.progress import progress, sentence
from domain.promises import aftersales_promise, pickup_promise


@pytest.mark.parametrize(
    ("kind", "minimum", "reached", "words"),
    [
        ("people", 5, 2, "还差 3 人"),
        ("units", 10, 10, "已达 10 份，截团时确认"),
        ("units", 10, 12, "已达 12 份，截团时确认"),
        ("amount", 10_000, 2_990, "还差 ¥70.10"),
        ("people", 0, 0, "已团 0 人"),
    ],
)
def test_progress_is_told_in_the_minimums_own_unit(kind: str, minimum: int, reached: int, words: str) -> None:
    counters = {"people": 0, "units": 0, "fen": 0} | {"fen" if kind == "amount" else kind: reached}
    standing = progress(kind, minimum, **counters)
    assert (standing.reached, sentence(standing)) == (reached, words)


def test_reaching_the_minimum_is_never_called_formed_while_it_runs() -> None:
    assert "成团" not in sentence(progress("people", 1, people=9, units=9, fen=9))


def test_promises_follow_the_settings() -> None:
    policy = Policy(fresh_pickup_hour=20, aftersales_days=14)
    assert "20:00" in pickup_promise(True, policy)
    assert aftersales_promise(False, policy) == "提货后 14 天内售后"


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize(
    ("method", "how", "since"),
    [("pickup", "自提", "提货后"), ("door", "送货上门", "收货后"), ("courier", "快递", "收货后")],
)
def test_goods_that_are_brought_are_not_promised_at_a_point(method: str, how: str, since: str, fresh: bool) -> None:
    promised, complained = pickup_promise(fresh, Policy(), method), aftersales_promise(fresh, Policy(), method)
    assert how in promised and ("自提" in promised) == (method == "pickup")
    assert complained.startswith(since)


def test_no_category_is_both_offered_and_refused() -> None:
    assert not REFUSED_CATEGORIES & set(Category)
    assert all(admitted_category(name) == name for name in Category)
    for name in REFUSED_CATEGORIES:
        with pytest.raises(Invalid):
            admitted_category(name)


def test_aliases_survive_their_column() -> None:
    assert aliases_of(joined_aliases(("草莓", "红颜"))) == ("草莓", "红颜")
    assert aliases_of("") == ()

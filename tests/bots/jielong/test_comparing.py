"""Two snapshots side by side: nobody is lost, nobody is counted twice, and the order of looking does not matter."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bots.jielong.comparing import Named, compare

ZHANG, LI = Named(1, "张三", {"a": 2}), Named(2, "李四", {"a": 1})
SNAPSHOTS = st.lists(
    st.builds(Named, st.integers(1, 5), st.sampled_from("张王李赵"), st.fixed_dictionaries({"a": st.integers(1, 2)})),
    max_size=8,
)


def test_new_changed_gone_and_the_same_are_told_apart() -> None:
    more = Named(1, "张三", {"a": 3})
    found = compare([ZHANG, LI], [more, Named(3, "王五", {"a": 1})])
    assert (found.changed, found.gone) == (((ZHANG, more),), (LI,))
    assert [one.name for one in found.new] == ["王五"] and found.same == ()


def test_a_name_that_only_moved_to_another_number_is_the_same() -> None:
    moved = Named(7, "张三", {"a": 2})
    assert compare([ZHANG], [moved]).same == (moved,)


def test_two_of_one_name_are_two() -> None:
    second = Named(5, "张三", {"a": 1})
    assert compare([ZHANG], [ZHANG, second]).new == (second,)


def test_who_was_added_moments_ago_by_another_hand_is_kept() -> None:
    found = compare([ZHANG, LI], [ZHANG], young=[LI])
    assert (found.gone, found.kept) == ((), (LI,))
    assert [one.name for one in found.standing] == ["张三", "李四"]
    assert compare([ZHANG, LI], [ZHANG]).gone == (LI,)


def test_the_same_list_again_changes_nothing() -> None:
    assert compare([ZHANG, LI], [ZHANG, LI], young=[LI]).nothing


@given(SNAPSHOTS, SNAPSHOTS)
def test_what_is_new_one_way_is_gone_the_other_way(before: list[Named], after: list[Named]) -> None:
    there, back = compare(before, after), compare(after, before)
    assert Counter((one.index, one.name) for one in there.new) == Counter((one.index, one.name) for one in back.gone)
    assert Counter((one.index, one.name) for one in there.gone) == Counter((one.index, one.name) for one in back.new)
    assert len(there.changed) == len(back.changed)


@given(SNAPSHOTS, SNAPSHOTS)
def test_without_a_second_hand_the_list_stands_as_it_was_pasted(before: list[Named], after: list[Named]) -> None:
    standing = Counter((one.index, one.name) for one in compare(before, after).standing)
    assert standing == Counter((one.index, one.name) for one in after)


@given(SNAPSHOTS, SNAPSHOTS, SNAPSHOTS)
def test_no_young_name_is_ever_lost(before: list[Named], after: list[Named], young: list[Named]) -> None:
    names = {one.name for one in compare(before, after, young).standing}
    assert {one.name for one in young} <= names

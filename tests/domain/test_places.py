"""Homes are read as people write them, and stand in the order in which one walks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.places import Place, natural, place, walk


def test_the_second_building_stands_before_the_tenth() -> None:
    towers = ["10号楼", "2号楼", "", "1号楼", "B座", "A座"]
    assert sorted(towers, key=natural) == ["1号楼", "2号楼", "10号楼", "A座", "B座", ""]


def test_one_walks_building_by_building_then_unit_then_room() -> None:
    homes = [
        Place("10号楼", "1单元", "101"), Place("2号楼", "2单元", "102"), Place("2号楼", "1单元", "1001"), Place(),
        Place("2号楼", "1单元", "902"),
    ]  # fmt: skip
    assert [home.words for home in sorted(homes, key=walk)] == [
        "2号楼 1单元 902", "2号楼 1单元 1001", "2号楼 2单元 102", "10号楼 1单元 101", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("building", "room", "read"),
    [
        ("2号楼", "501", Place("2号楼", "", "501")),
        ("2号楼1单元", "501", Place("2号楼", "1单元", "501")),
        ("2号楼 1单元", "", Place("2号楼", "1单元", "")),
        ("2号楼", "1单元501", Place("2号楼", "1单元", "501")),
        ("2号楼三单元501", "", Place("2号楼", "三单元", "501")),
        ("", "", Place()),
    ],
)
def test_a_unit_is_found_in_either_field(building: str, room: str, read: Place) -> None:
    assert place(building, room) == read


def test_a_numeral_stands_with_its_figure() -> None:
    assert natural("三单元") == natural("3单元")
    assert sorted(["10单元", "二单元"], key=natural) == ["二单元", "10单元"]


@given(st.lists(st.text(max_size=20), max_size=8))
def test_anything_that_people_write_can_be_sorted(texts: list[str]) -> None:
    assert len(sorted(texts, key=natural)) == len(texts)

"""Each page opens for a person who may see it, says nothing bad in the console, and has manners."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.browser import executable
from tests.browser.conftest import OpenPhone
from tests.browser.every_page import paths, shown, views
from tests.browser.leader_scene import LEADER
from tests.browser.lived_in import BUYER, DESK, HELPER, NEWCOMER, LivedIn, lived_in
from tests.browser.manners import faults
from tests.browser.town import Town, founded

API = "**/phone/product/api/**"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town of its own, for its clock is moved."""
    executable()
    with founded(tmp_path_factory.mktemp("lived-in") / "run") as opened:
        yield opened


@pytest.fixture(scope="module")
def scene(town: Town) -> LivedIn:
    """The town after everything has happened in it."""
    return lived_in(town)


@pytest.mark.parametrize("person", [BUYER, HELPER, NEWCOMER, LEADER, DESK])
def test_every_page_opens_without_an_error_and_has_its_manners(phone: OpenPhone, scene: LivedIn, person: str) -> None:
    walked, said = phone(person, "pages/me/me"), {}
    for view in (view for view in views(scene) if view.person == person):
        found = faults(shown(walked, view))
        if walked.console or found:
            said[view.name] = [*walked.console, *found]
            walked.console.clear()
    assert said == {}


def test_without_a_network_every_page_says_so_and_comes_back_by_its_button(phone: OpenPhone, scene: LivedIn) -> None:
    walked = phone(BUYER, "pages/me/me").settle()
    for view in (view for view in views(scene) if view.person == BUYER):
        walked.page.route(API, lambda route: route.abort())
        walked.go(view.address).settle()
        walked.sees("网络不太好，请再试一次。")
        walked.page.unroute(API)
        walked.tap("再试一次")
        walked.sees_not("网络不太好")
        walked.at(view.page)


def test_no_page_is_left_out(scene: LivedIn) -> None:
    assert set(paths()) == {view.page for view in views(scene)}

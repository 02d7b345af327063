"""Routes that were compiled for one app serve the next with the same ones, and no other."""

from __future__ import annotations

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule

from tests.servers.routes import KeptMap


def _map(*paths: str) -> KeptMap:
    return KeptMap([Rule(path, endpoint=path, methods=["GET"]) for path in paths])


def test_a_map_with_the_same_routes_answers_from_what_is_compiled() -> None:
    one, other = (_map("/a/<int:number>", "/b").bind("") for _ in range(2))
    assert one.match("/a/7") == other.match("/a/7") == ("/a/<int:number>", {"number": 7})
    assert one.match("/b", return_rule=True)[0] is other.match("/b", return_rule=True)[0]
    assert other.build("/a/<int:number>", {"number": 8}) == "/a/8"


def test_a_map_with_one_route_more_is_another() -> None:
    _map("/c").update()
    more = _map("/c", "/d").bind("")
    assert more.match("/d") == ("/d", {})
    with pytest.raises(NotFound):
        _map("/c").bind("").match("/d")


def test_the_same_path_for_other_methods_is_another_route() -> None:
    _map("/e").update()
    asked = KeptMap([Rule("/e", endpoint="/e", methods=["POST"])]).bind("")
    assert asked.allowed_methods("/e") == ["POST"]


def test_no_route_comes_after_the_first_question() -> None:
    known = _map("/f")
    known.update()
    with pytest.raises(RuntimeError):
        known.add(Rule("/g", endpoint="/g"))

"""Channels as the operator sees them: what they declare, where each chat stands, and one alert while one fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bots.channels.registry import CHANNELS
from domain.actors import SYSTEM
from models import Alert, ChatBinding
from services.ports import ChatGone, Refused, Unreachable
from tests.blueprints.admin.test_refund_doors import headers
from tests.bots.operator_view.desk import Desk
from tests.bots.room import Room
from tests.builders import people
from tests.builders.outside import PretendChat


def at(text: str) -> datetime:
    """An instant as the API writes it."""
    return datetime.fromisoformat(text).astimezone(UTC)


def alerts(room: Room) -> list[tuple[str, bool]]:
    """(cause, whether it is open) of every alert of a channel."""
    with room.unit.reading() as ctx:
        rows = ctx.session.scalars(select(Alert).where(Alert.kind == "channel_failing"))
        return [(row.cause, row.done_at is None) for row in rows]


def tried(desk: Desk, minutes: int = 2) -> None:
    """The campaign of the group is announced anew, and the sender wakes."""
    campaign = desk.room.world.campaign(title=f"团{desk.room.clock.now().timestamp():.0f}")
    desk.room.bind(campaign, key="webhook-key")
    desk.announce(campaign)
    desk.sweep("chat.send_due")
    desk.room.clock.advance(minutes=minutes)


def test_every_kind_is_shown_with_what_it_declares(desk: Desk) -> None:
    shown = {channel["kind"]: channel for channel in desk.seen("/channels")}
    assert set(shown) == set(CHANNELS)
    for kind, adapter in CHANNELS.items():
        can = adapter.CAPABILITIES
        declared = shown[kind]["declares"]
        assert {name: declared[name] for name in ("hears", "speaks", "edits", "buttons", "max_bytes")} == {
            "hears": can.hears, "speaks": can.speaks, "edits": can.edits, "buttons": can.buttons,
            "max_bytes": can.max_bytes,
        }  # fmt: skip
        assert [limit["count"] for limit in declared["limits"]] == [limit.count for limit in can.limits]
    assert {kind for kind in shown if not shown[kind]["configured"]} == {"http", "telegram"}


def test_chats_are_counted_and_the_dead_ones_have_their_reason(desk: Desk, room: Room, wecom: PretendChat) -> None:
    for number in range(3):
        room.chat_id = f"group-{number}"
        room.bind(room.world.campaign(), key="webhook-key")
    with room.unit(SYSTEM) as ctx:
        ctx.session.execute(
            update(ChatBinding).where(ChatBinding.remote_chat_id == "group-0").values(dead_reason="ChatGone 93000")
        )
    shown = desk.channel("wecom")
    assert (shown["chats"], shown["gone"]) == (2, [{"reason": "ChatGone 93000", "chats": 1}])
    dead = next(chat for chat in desk.seen("/chats", channel="wecom")["items"] if chat["gone_reason"])
    assert (dead["gone_reason"], dead["next_send_at"]) == ("ChatGone 93000", None)


def test_a_chat_shows_what_is_left_of_its_minute_and_when_it_may_be_spoken_in_again(
    desk: Desk, room: Room, wecom: PretendChat
) -> None:
    for number in range(22):
        campaign = room.world.campaign(title=f"团{number}")
        room.bind(campaign, key="webhook-key")
        desk.announce(campaign)
    (chat,) = desk.seen("/chats")["items"]
    assert (chat["quotas"], chat["pending"]) == ([{"count": 20, "seconds": 60, "left": 20}], 22)
    assert at(chat["next_send_at"]) == room.clock.now()
    desk.sweep("chat.send_due")
    (chat,) = desk.seen("/chats")["items"]
    assert (chat["quotas"][0]["left"], chat["pending"], chat["can_push"]) == (0, 2, True)
    assert at(chat["next_send_at"]) == room.clock.now() + timedelta(seconds=60, milliseconds=1)
    shown = desk.channel("wecom")
    assert (shown["pending"], shown["dead"], at(shown["last_sent_at"])) == (2, 0, room.clock.now())
    room.clock.advance(seconds=61)
    (chat,) = desk.seen("/chats")["items"]
    assert (chat["quotas"][0]["left"], at(chat["next_send_at"])) == (20, room.clock.now())


def test_a_channel_that_keeps_failing_raises_one_alert_until_it_works(
    desk: Desk, room: Room, wecom: PretendChat
) -> None:
    wecom.fails = Unreachable("down", code="500")
    tried(desk)
    assert desk.sweep("chat.watch_channels") == 0 and desk.channel("wecom")["failing"] is False
    for _ in range(3):
        tried(desk)
    shown = desk.channel("wecom")
    assert shown["failing"] and shown["failures"] >= 3 and shown["last_error"] == "Unreachable 500"
    assert room.client.get("/readyz").get_json()["failing_channels"] == {"wecom": 480}
    assert [desk.sweep("chat.watch_channels") for _ in range(3)] == [1, 0, 0]
    assert alerts(room) == [("channel:wecom", True)]
    wecom.fails = None
    tried(desk)
    assert desk.channel("wecom")["failing_since"] is None
    assert [desk.sweep("chat.watch_channels") for _ in range(2)] == [1, 0]
    assert alerts(room) == [("channel:wecom", False)]
    assert room.client.get("/readyz").get_json()["failing_channels"] == {}


def test_an_alert_that_was_dealt_with_stays_so_while_the_same_trouble_lasts(
    desk: Desk, room: Room, wecom: PretendChat
) -> None:
    wecom.fails = Unreachable("down")
    for _ in range(4):
        tried(desk)
    desk.sweep("chat.watch_channels")
    (open_one,) = [alert for alert in desk.seen("/alerts") if alert["kind"] == "channel_failing"]
    assert desk.act(f"/alerts/{open_one['id']}/done").status_code == 204
    tried(desk)
    assert desk.sweep("chat.watch_channels") == 0
    assert alerts(room) == [("channel:wecom", False)]


@pytest.mark.parametrize("error", [Refused("too long", code="40058"), ChatGone("no robot", code="93000")])
def test_a_refusal_is_about_one_message_or_chat_and_not_about_the_channel(
    desk: Desk, wecom: PretendChat, error: Refused
) -> None:
    wecom.fails = error
    for _ in range(4):
        tried(desk)
    assert desk.channel("wecom")["failures"] == 0
    assert desk.sweep("chat.watch_channels") == 0


def test_more_chats_cost_no_more_statements(desk: Desk, room: Room) -> None:
    def costs() -> tuple[int, int]:
        return desk.statements("/channels"), desk.statements("/chats", limit=100)

    room.bind(room.world.campaign())
    few = costs()
    for number in range(12):
        room.chat_id = f"more-{number}"
        room.bind(room.world.campaign())
    assert costs() == few == (5, 3)


def test_chats_come_page_by_page(desk: Desk, room: Room) -> None:
    for number in range(5):
        room.chat_id = f"group-{number}"
        room.bind(room.world.campaign())
    first = desk.seen("/chats", limit=3)
    rest = desk.seen("/chats", limit=3, cursor=first["next_cursor"])
    found = [chat["id"] for chat in first["items"] + rest["items"]]
    assert (len(first["items"]), len(set(found)), rest["next_cursor"]) == (3, 5, None)
    assert desk.seen("/chats", channel="telegram")["items"] == []


@pytest.mark.parametrize("path", ["/channels", "/chats", "/outbox"])
def test_nobody_but_operators_sees_it(room: Room, path: str) -> None:
    with room.unit(SYSTEM) as ctx:
        leader = people.bearer(people.token(ctx, people.leader(ctx)))
    assert room.client.get(f"/api/admin{path}").status_code == 401
    assert room.client.get(f"/api/admin{path}", headers=leader).status_code == 403
    assert room.client.get(f"/api/admin{path}", headers=headers(room.unit)).status_code == 200

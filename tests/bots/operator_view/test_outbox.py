"""Dead letters: listed without anything personal, sent again once, or let lie with a reason."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, update

from domain.actors import SYSTEM
from models import AuditRecord, ChatBinding, OutboxMessage
from services import outbox as writing
from services.ports import Unknown
from tests.bots.operator_view.desk import Desk
from tests.bots.room import Room
from tests.builders.outside import PretendChat


def died(desk: Desk, wecom: PretendChat, key: str = "webhook-key") -> str:
    """A message that was given up; its number."""
    campaign = desk.room.world.campaign()
    desk.room.bind(campaign, key=key)
    desk.announce(campaign)
    wecom.fails = Unknown("time-out")
    desk.sweep("chat.send_due")
    desk.room.clock.advance(minutes=6)
    wecom.fails = None
    (letter,) = desk.seen("/outbox", state="dead")["items"]
    return str(letter["id"])


def acts(room: Room) -> list[tuple[str, str, str]]:
    """What operators did to messages, on record."""
    with room.unit.reading() as ctx:
        rows = ctx.session.scalars(select(AuditRecord).where(AuditRecord.subject == "outbox_message"))
        return [(row.event, row.to_state, row.reason) for row in rows]


def test_a_dead_letter_is_listed_by_its_references_only(desk: Desk, wecom: PretendChat) -> None:
    number = died(desk, wecom)
    (letter,) = desk.seen("/outbox", state="dead")["items"]
    assert (letter["id"], letter["kind"], letter["channel"]) == (number, "chat_outcome", "wecom")
    assert (letter["trouble"], letter["attempts"], letter["must"]) == ("Unknown", 1, True)
    assert letter["chat"] == desk.seen("/chats")["items"][0]["id"] and letter["campaign"].startswith("cmp_")
    assert "payload" not in letter and "webhook-key" not in json.dumps(letter)
    assert desk.seen("/outbox", state="pending")["items"] == []
    assert desk.channel("wecom")["dead"] == 1
    assert desk.asked("/outbox", state="odd").status_code == 422


def test_a_retry_sends_it_once_and_its_alert_is_done(desk: Desk, room: Room, wecom: PretendChat) -> None:
    number = died(desk, wecom)
    assert [alert["kind"] for alert in desk.seen("/alerts")] == ["outbox_dead"]
    path = f"/outbox/{number}/retry"
    assert desk.act(path).get_json()["code"] == "key_missing"
    answers = [desk.act(path, key="retry-key-1") for _ in range(2)]
    assert [answer.get_json()["state"] for answer in answers] == ["pending", "pending"]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert desk.seen("/alerts") == [] and acts(room) == [("revive", "pending", "")]
    desk.sweep("chat.send_due")
    assert len(wecom.pushed) == 1
    assert desk.act(path, key="retry-key-2").get_json()["code"] == "wrong_state"
    desk.sweep("chat.send_due")
    assert len(wecom.pushed) == 1


def test_many_retries_beside_the_sender_send_it_once(desk: Desk, room: Room, wecom: PretendChat, app: Flask) -> None:
    number = died(desk, wecom)

    def act(turn: int) -> int:
        if turn % 2:
            desk.sweep("chat.send_due")
            return 200
        keyed = {**desk.by, "Idempotency-Key": f"racing-{turn:04}"}
        return app.test_client().post(f"/api/admin/outbox/{number}/retry", headers=keyed).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(act, range(12)))
    desk.sweep("chat.send_due")
    assert statuses[::2].count(200) == 1 and set(statuses) <= {200, 409, 503}
    assert len(wecom.pushed) == 1


def test_what_is_over_is_not_sent_again(desk: Desk, room: Room, wecom: PretendChat) -> None:
    number = died(desk, wecom)
    path = f"/outbox/{number}/retry"
    with room.unit(SYSTEM) as ctx:
        ctx.session.execute(update(ChatBinding).values(dead_reason="ChatGone"))
    refused = desk.act(path, key="gone-chat-1")
    assert (refused.status_code, refused.get_json()["facts"]) == (410, {"why": "chat_gone"})
    with room.unit(SYSTEM) as ctx:
        ctx.session.execute(update(ChatBinding).values(dead_reason=""))
        ctx.session.execute(update(OutboxMessage).values(expires_at=ctx.now))
    refused = desk.act(path, key="too-late-12")
    assert (refused.status_code, refused.get_json()["facts"]) == (410, {"why": "expired"})
    assert [letter["state"] for letter in desk.seen("/outbox")["items"]] == ["dead"]


def test_a_retried_letter_does_not_stand_in_the_way_of_a_newer_one(desk: Desk, room: Room, wecom: PretendChat) -> None:
    def write(number: int) -> None:
        with room.unit(SYSTEM) as ctx:
            writing.enqueue(ctx, "chat_outcome", f"newer:{number}", payload, coalesce_key="same")

    number = died(desk, wecom)
    with room.unit(SYSTEM) as ctx:
        row = ctx.session.scalars(select(OutboxMessage)).one()
        row.coalesce_key, payload = "same", dict(row.payload)
    write(1)
    assert desk.act(f"/outbox/{number}/retry", key="retry-key-1").status_code == 200
    write(2)
    assert len(desk.seen("/outbox", state="pending")["items"]) == 2


def test_a_notice_that_was_given_up_reaches_its_person_after_a_retry(desk: Desk, room: Room) -> None:
    mini_program = desk.outside.mini_program
    campaign = room.world.campaign()
    room.world.order(room.world.resident(), campaign, {"草莓": 1})
    mini_program.fails = Unknown("time-out")  # type: ignore[attr-defined]  # the pretend one breaks on demand
    room.world.bring(campaign)
    for _ in range(9):
        desk.sweep("chat.send_due")
        room.clock.advance(minutes=6)
    dead = [letter for letter in desk.seen("/outbox", state="dead")["items"] if letter["kind"] == "notify"]
    mini_program.fails = None  # type: ignore[attr-defined]  # as above
    assert dead and mini_program.sent == []  # type: ignore[attr-defined]  # what was pushed
    for number, letter in enumerate(dead):
        assert letter["notification"].startswith("ntf_")
        assert desk.act(f"/outbox/{letter['id']}/retry", key=f"notice-{number}").status_code == 200
    desk.sweep("chat.send_due")
    assert len(mini_program.sent) == len(dead)  # type: ignore[attr-defined]  # what was pushed


def test_a_letter_is_let_lie_with_a_reason(desk: Desk, room: Room, wecom: PretendChat) -> None:
    path = f"/outbox/{died(desk, wecom)}/dismiss"
    assert desk.act(path).status_code == 422
    assert desk.act(path, reason="群里已经说过了").get_json()["state"] == "dismissed"
    assert desk.act(path, reason="再来").status_code == 409
    assert acts(room) == [("dismiss", "dismissed", "群里已经说过了")]
    assert desk.seen("/alerts") == [] and desk.channel("wecom")["dead"] == 0
    assert desk.act(path.replace("dismiss", "retry"), key="after-dismissal").status_code == 409


def test_the_outbox_comes_page_by_page_in_two_statements(desk: Desk, room: Room) -> None:
    for number in range(7):
        with room.unit(SYSTEM) as ctx:
            writing.enqueue(ctx, "share_update", f"test:{number}", {"share": number})
        room.clock.advance(seconds=1)  # ids are ordered by their time
    first = desk.seen("/outbox", limit=4)
    rest = desk.seen("/outbox", limit=4, cursor=first["next_cursor"])
    found = [letter["id"] for letter in first["items"] + rest["items"]]
    assert found == sorted(found, reverse=True) and len(found) == 7 and rest["next_cursor"] is None
    assert {letter["channel"] for letter in first["items"]} == {"wxgroup"}
    assert desk.statements("/outbox", limit=1) == desk.statements("/outbox", limit=100) == 2


@pytest.mark.parametrize("number", ["out_01m8b057g0j2vzyaww1mjyz1zv", "ord_01m8b057g0j2vzyaww1mjyz1zv", "x"])
def test_an_unknown_letter_is_not_found(desk: Desk, number: str) -> None:
    assert desk.act(f"/outbox/{number}/retry", key="unknown-key").status_code == 404
    assert desk.act(f"/outbox/{number}/dismiss", reason="x").status_code == 404

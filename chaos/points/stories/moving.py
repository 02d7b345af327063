"""A messenger that numbers groups anew, counts our calls and loses answers: chats are followed, cards renewed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from chaos.points import scenes, talking
from chaos.points.world import World, story
from models import ChatBinding
from sandbox.telegram import chats
from sandbox.wecom import rooms
from services import chat_bindings, people

CHANNEL = "telegram"
PERSON = 7_000_000_001
CALLS_A_SECOND = 30


@story
def moving(world: World) -> None:
    """Two groups that have got other numbers by now: of one the bot is told, of the other it finds out."""
    scenes.scene(world, minimum=9, hours=24)
    code = world.do(world.buyer("王小明"), people.make_chat_code)
    _hears(world, 1, PERSON, "private", f"绑定 {code}")
    box = world.theatre.stage.sandbox.box
    for number, name in enumerate(("东区群", "西区群"), 2):
        opened = world.control("telegram/chats", name=name, members=["王小明"])
        code = world.do(world.actor("leader"), lambda ctx: chat_bindings.group_code(ctx, world["campaign"]))
        _hears(world, number, int(opened["chat_id"]), "group", f"绑定本群 {code}")
        room = rooms.find(box, opened["room_id"])
        if room is not None:
            world.notes[name] = chats.become_supergroup(box, room)


def _hears(world: World, number: int, chat: int, kind: str, text: str) -> None:
    _update(world, number, {
        "message_id": number, "from": {"id": PERSON, "is_bot": False}, "chat": {"id": chat, "type": kind}, "text": text,
    })  # fmt: skip


def _update(world: World, number: int, said: dict[str, Any]) -> None:
    world.theatre.listener(CHANNEL, {"update_id": number, "message": said})


@moving.act
def one_has_moved(world: World) -> None:
    """The platform says so."""
    old, new = world["东区群"]
    _update(world, 4, {"chat": {"id": old, "type": "group"}, "migrate_to_chat_id": new})


@moving.act
def cards_are_asked_for(world: World) -> None:
    """In both, of which one still has its old number here."""
    for number, name, place in ((5, "东区群", 1), (6, "西区群", 0)):
        _hears(world, number, world[name][place], "group", "发团")


talking.sends(moving, "the cards are posted, one where it has moved to", seconds=1)
talking.orders(moving, "one buys", "王小明")
talking.sends(moving, "the count has rested", seconds=talking.RESTED)


@moving.act
def a_card_is_deleted(world: World) -> None:
    """By somebody who may."""
    with world.unit.reading() as ctx:
        last = ctx.session.scalars(select(ChatBinding).order_by(ChatBinding.id.desc())).first()
    if last is not None:
        with world.theatre.stage.sandbox.box.store.transaction() as db:
            room = db.execute("SELECT id FROM rooms WHERE chat_id = ?", (last.remote_chat_id,)).fetchone()
            db.execute("DELETE FROM room_lines WHERE room_id = ?", (room["id"],))


talking.orders(moving, "another buys", "李静")
talking.sends(moving, "the card is missed", seconds=talking.RESTED)
talking.orders(moving, "a third buys", "陈晨")


@moving.speaks
def the_bot_is_too_fast(world: World) -> None:
    """Somebody else has used up its calls of this second."""
    world.wait(seconds=talking.RESTED)
    token = world.theatre.stage.sandbox.settings["LINTUAN_TELEGRAM_TOKEN"]
    for _ in range(CALLS_A_SECOND):
        world.theatre.stage.sandbox.client.post(f"/bot{token}/getMe", json={})
    world.wake("chat.send_due")


talking.sends(moving, "it waits its time", seconds=5)


@moving.speaks
def the_messenger_fails(world: World) -> None:
    """For some minutes, in which a card is asked for again and again."""
    world.control("chat-knobs", push_lose_answers=99)
    for number in range(10, 14):
        _hears(world, number, world["东区群"][1], "group", "发团")
        world.wait(minutes=2)
        world.wake("chat.send_due")


moving.wakes("the operator is told", "chat.watch_channels", seconds=30)


@moving.speaks
def it_works_again(world: World) -> None:
    """And what is asked for is said."""
    world.control("chat-knobs", reset=True)
    _hears(world, 14, world["东区群"][1], "group", "发团")
    world.wait(minutes=6)
    world.wake("chat.send_due")


moving.wakes("the alert is cleared", "chat.watch_channels", seconds=30)

"""The rooms of the chat and everything said in them, kept in the sandbox's store."""

from __future__ import annotations

import json
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Any, Literal

from sandbox import people
from sandbox.context import Sandbox
from sandbox.people import Person
from sandbox.wecom.render import card_text

SCHEMA = """
CREATE TABLE IF NOT EXISTS rooms (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('wecom', 'single', 'sandbox', 'http', 'telegram')),
  name TEXT NOT NULL, chat_id TEXT NOT NULL UNIQUE, entered_on TEXT NOT NULL DEFAULT '',
  closed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS room_members (
  room_id INTEGER NOT NULL REFERENCES rooms, userid TEXT NOT NULL, PRIMARY KEY (room_id, userid));
CREATE TABLE IF NOT EXISTS room_lines (
  id INTEGER PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, room_id INTEGER NOT NULL REFERENCES rooms, at TEXT NOT NULL,
  sender TEXT NOT NULL, via TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, card TEXT,
  views TEXT NOT NULL DEFAULT '{}', edited INTEGER NOT NULL DEFAULT 0, quote TEXT, task_id TEXT UNIQUE,
  push_key TEXT UNIQUE);
CREATE INDEX IF NOT EXISTS room_lines_by_room ON room_lines (room_id, seq);
"""
Via = Literal["person", "aibot", "webhook", "sandbox", "telegram", "platform"]
Kind = Literal["text", "markdown", "card", "system", "error"]
PLATFORM = "企业微信"
ROBOT = "小邻"


class TaskIdTaken(Exception):
    """A card with this task_id was sent before."""


@dataclass(frozen=True)
class Room:
    """One chat: a group with the smart robot, a person's single chat with it, or a room of another channel.

    A `closed` one is gone for the bot.
    """

    id: int
    kind: str
    name: str
    chat_id: str
    closed: bool = False

    @property
    def chattype(self) -> str:
        """`group` or `single`, as the platform writes it."""
        return "single" if self.kind == "single" else "group"


@dataclass(frozen=True)
class Said:
    """One line to be added; `card` is shown with its own plain text, so `text` may stay empty."""

    sender: str
    via: Via
    kind: Kind
    text: str = ""
    card: dict[str, Any] | None = None
    quote: str | None = None
    task_id: str | None = None
    push_key: str | None = None


def open_room(box: Sandbox, kind: str, name: str, members: list[str], chat_id: str = "") -> Room:
    """Make a room whose members are the people with these names (made on first mention)."""
    chat_id = chat_id or f"wr{secrets.token_hex(14)}"
    with box.store.transaction() as db:
        cursor = db.execute("INSERT INTO rooms (kind, name, chat_id) VALUES (?, ?, ?)", (kind, name, chat_id))
        room = Room(int(cursor.lastrowid or 0), kind, name, chat_id)
    for member in members:
        join(box, room, people.ensure(box, member))
    return room


def single(box: Sandbox, person: Person) -> Room:
    """The person's single chat with the robot, made on first use."""
    if (known := by_chat_id(box, person.userid)) is not None:
        return known
    with box.store.transaction() as db:
        db.execute(
            "INSERT OR IGNORE INTO rooms (kind, name, chat_id) VALUES ('single', ?, ?)", (person.name, person.userid)
        )
        room = _room(db.execute("SELECT * FROM rooms WHERE chat_id = ?", (person.userid,)).fetchone())
        db.execute("INSERT OR IGNORE INTO room_members VALUES (?, ?)", (room.id, person.userid))
        return room


def join(box: Sandbox, room: Room, person: Person) -> None:
    """Make the person a member; once is enough."""
    with box.store.transaction() as db:
        db.execute("INSERT OR IGNORE INTO room_members VALUES (?, ?)", (room.id, person.userid))


def close(box: Sandbox, room: Room) -> None:
    """The bot is thrown out for good."""
    with box.store.transaction() as db:
        db.execute("UPDATE rooms SET closed = 1 WHERE id = ?", (room.id,))


def find(box: Sandbox, room_id: int) -> Room | None:
    """The room, or None."""
    row = box.store.one("SELECT * FROM rooms WHERE id = ?", room_id)
    return None if row is None else _room(row)


def by_chat_id(box: Sandbox, chat_id: str) -> Room | None:
    """The room with this chat id, or None."""
    row = box.store.one("SELECT * FROM rooms WHERE chat_id = ?", chat_id)
    return None if row is None else _room(row)


def everything(box: Sandbox) -> list[Room]:
    """All rooms, in the order in which they were opened."""
    return [_room(row) for row in box.store.all("SELECT * FROM rooms ORDER BY id")]


def members(box: Sandbox, room: Room) -> list[Person]:
    """The people in the room."""
    rows = box.store.all("SELECT userid FROM room_members WHERE room_id = ?", room.id)
    inside = {row["userid"] for row in rows}
    return [person for person in people.everyone(box) if person.userid in inside]


def first_visit_today(box: Sandbox, room: Room, today: str) -> bool:
    """Note that the room was entered on `today`; True the first time on that day."""
    with box.store.transaction() as db:
        changed = db.execute(
            "UPDATE rooms SET entered_on = ? WHERE id = ? AND entered_on <> ?", (today, room.id, today)
        )
        return changed.rowcount == 1


def add(box: Sandbox, room: Room, said: Said) -> int:
    """Add a line and return its message id; raises `TaskIdTaken`; a repeated `push_key` returns the first id."""
    text = card_text(said.card) if said.card is not None and not said.text else said.text
    content = (said.kind, text, _json(said.card), said.quote, said.task_id, said.push_key)
    values = (room.id, _at(box), said.sender, said.via, *content)
    with box.store.transaction() as db:
        known = db.execute("SELECT id FROM room_lines WHERE push_key = ?", (said.push_key,)).fetchone()
        if known is not None:
            return int(known["id"])
        try:
            cursor = db.execute(
                "INSERT INTO room_lines (seq, room_id, at, sender, via, kind, text, card, quote, task_id, push_key)"
                " SELECT COALESCE(MAX(seq), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM room_lines",
                values,
            )
        except sqlite3.IntegrityError as error:
            raise TaskIdTaken(str(said.task_id)) from error
        return int(cursor.lastrowid or 0)


def replace(
    box: Sandbox, message_id: int, *, text: str = "", card: dict[str, Any] | None = None, kind: str = ""
) -> None:
    """Show other content under the same message id, for everybody; the line moves to the end of the change log."""
    with box.store.transaction() as db:
        db.execute(
            "UPDATE room_lines SET text = ?, card = ?, views = '{}', kind = COALESCE(NULLIF(?, ''), kind), edited = 1,"
            " seq = (SELECT MAX(seq) + 1 FROM room_lines) WHERE id = ?",
            (text or (card_text(card) if card else ""), _json(card), kind, message_id),
        )


def replace_for(box: Sandbox, message_id: int, userids: list[str], card: dict[str, Any]) -> None:
    """Show another card to these members only."""
    with box.store.transaction() as db:
        row = db.execute("SELECT views FROM room_lines WHERE id = ?", (message_id,)).fetchone()
        views = {**json.loads(row["views"]), **dict.fromkeys(userids, card)}
        db.execute(
            "UPDATE room_lines SET views = ?, edited = 1, seq = (SELECT MAX(seq) + 1 FROM room_lines) WHERE id = ?",
            (_json(views), message_id),
        )


def note(box: Sandbox, room: Room, text: str, *, kind: Kind = "error") -> int:
    """A line of the platform itself: a refusal (`error`) or a grey notice (`system`)."""
    return add(box, room, Said(PLATFORM, "platform", kind, text))


def last_seq(box: Sandbox) -> int:
    """The newest position in the change log of all rooms."""
    row = box.store.one("SELECT COALESCE(MAX(seq), 0) AS seq FROM room_lines")
    return 0 if row is None else int(row["seq"])


def lines(box: Sandbox, room: Room, after: int = 0, viewer: str = "") -> list[dict[str, Any]]:
    """What was added or changed after position `after`, as the member with userid `viewer` sees it."""
    rows = box.store.all("SELECT * FROM room_lines WHERE room_id = ? AND seq > ? ORDER BY seq", room.id, after)
    return [_line(row, viewer) for row in rows]


def line(box: Sandbox, room: Room, message_id: int, viewer: str = "") -> dict[str, Any] | None:
    """One line by its message id, or None."""
    row = box.store.one("SELECT * FROM room_lines WHERE room_id = ? AND id = ?", room.id, message_id)
    return None if row is None else _line(row, viewer)


def _json(value: dict[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _at(box: Sandbox) -> str:
    return box.clock.now().isoformat(timespec="seconds")


def _room(row: sqlite3.Row) -> Room:
    return Room(row["id"], row["kind"], row["name"], row["chat_id"], bool(row["closed"]))


def _line(row: sqlite3.Row, viewer: str) -> dict[str, Any]:
    own = json.loads(row["views"]).get(viewer)
    card = own or (json.loads(row["card"]) if row["card"] else None)
    return {
        "message_id": row["id"],
        "seq": row["seq"],
        "at": row["at"],
        "from": row["sender"],
        "via": row["via"],
        "kind": row["kind"],
        "text": card_text(own) if own else row["text"],
        "card": card,
        "edited": bool(row["edited"]),
        "quote": row["quote"],
    }

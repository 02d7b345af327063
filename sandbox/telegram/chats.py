"""Chats and users as Telegram numbers them, over the sandbox's rooms and people."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sandbox.context import Sandbox
from sandbox.people import Person
from sandbox.wecom import rooms
from sandbox.wecom.rooms import Room

SCHEMA = """
CREATE TABLE IF NOT EXISTS telegram_chats (
  room_id INTEGER PRIMARY KEY REFERENCES rooms, type TEXT NOT NULL, privacy INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS telegram_moved (old_id TEXT PRIMARY KEY, new_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS telegram_updates (id INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE IF NOT EXISTS telegram_queries (
  id TEXT PRIMARY KEY, room_id INTEGER NOT NULL, name TEXT NOT NULL, answered INTEGER NOT NULL DEFAULT 0);
"""
BOT_NAME = "lintuan_bot"
BOT_ID = 7_100_000_001
FIRST_USER_ID = 7_000_000_000


@dataclass(frozen=True)
class Chat:
    """A room as Telegram sees it; in `privacy` mode a group's bot hears commands, its name and replies only."""

    room: Room
    type: str
    privacy: bool

    @property
    def id(self) -> int:
        """Negative for groups, the user's own for private chats."""
        return int(self.room.chat_id)

    def shown(self) -> dict[str, Any]:
        """The Chat object."""
        return {"id": self.id, "type": self.type, "title": self.room.name}


def open_chat(box: Sandbox, name: str, members: list[str], kind: str = "group") -> Room:
    """A new group or supergroup."""
    number = secrets.randbelow(10**9) + 10**9
    chat_id = f"-100{number}" if kind == "supergroup" else f"-{number}"
    room = rooms.open_room(box, "telegram", name, members, chat_id)
    with box.store.transaction() as db:
        db.execute("INSERT INTO telegram_chats (room_id, type) VALUES (?, ?)", (room.id, kind))
    return room


def private(box: Sandbox, person: Person) -> Room:
    """The person's own chat with the bot, made on first use."""
    chat_id = str(user_id(box, person))
    known = rooms.by_chat_id(box, chat_id)
    if known is None:
        known = rooms.open_room(box, "telegram", f"{person.name}（Telegram）", [person.name], chat_id)
        with box.store.transaction() as db:
            db.execute("INSERT INTO telegram_chats (room_id, type) VALUES (?, 'private')", (known.id,))
    return known


def of_room(box: Sandbox, room: Room) -> Chat:
    """The chat that a room is."""
    row = box.store.one("SELECT * FROM telegram_chats WHERE room_id = ?", room.id)
    return Chat(room, row["type"] if row else "group", bool(row and row["privacy"]))


def set_privacy(box: Sandbox, room: Room, *, on: bool) -> None:
    """Turn the bot's privacy mode on or off there."""
    with box.store.transaction() as db:
        db.execute("UPDATE telegram_chats SET privacy = ? WHERE room_id = ?", (int(on), room.id))


def become_supergroup(box: Sandbox, room: Room) -> tuple[int, int]:
    """Give the group another id; (old, new)."""
    new_id = f"-100{secrets.randbelow(10**9) + 10**9}"
    with box.store.transaction() as db:
        db.execute("INSERT INTO telegram_moved VALUES (?, ?)", (room.chat_id, new_id))
        db.execute("UPDATE rooms SET chat_id = ? WHERE id = ?", (new_id, room.id))
        db.execute("UPDATE telegram_chats SET type = 'supergroup' WHERE room_id = ?", (room.id,))
    return int(room.chat_id), int(new_id)


def moved_to(box: Sandbox, chat_id: str) -> int | None:
    """Where a chat went on that became a supergroup."""
    row = box.store.one("SELECT new_id FROM telegram_moved WHERE old_id = ?", chat_id)
    return None if row is None else int(row["new_id"])


def user_id(box: Sandbox, person: Person) -> int:
    """The person's number, above 32 bits as real ones are."""
    row = box.store.one("SELECT id FROM people WHERE name = ?", person.name)
    return FIRST_USER_ID + (int(row["id"]) if row else 0)


def user(box: Sandbox, person: Person) -> dict[str, Any]:
    """The User object."""
    return {"id": user_id(box, person), "is_bot": False, "first_name": person.name}


def new_update_id(box: Sandbox) -> int:
    """The next update's number."""
    with box.store.transaction() as db:
        return int(db.execute("INSERT INTO telegram_updates DEFAULT VALUES").lastrowid or 0)

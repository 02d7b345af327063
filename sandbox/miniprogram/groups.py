"""WeChat groups of real neighbours: no robot hears or speaks there; people post cards, and the cards change."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from typing import Any

from sandbox import people
from sandbox.clock import rfc3339
from sandbox.context import Sandbox
from sandbox.miniprogram import card_rules
from sandbox.people import Person

SCHEMA = """
CREATE TABLE IF NOT EXISTS wx_groups (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, opengid TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS wx_members (
  group_id INTEGER NOT NULL REFERENCES wx_groups, openid TEXT NOT NULL, group_openid TEXT NOT NULL UNIQUE,
  PRIMARY KEY (group_id, openid));
CREATE TABLE IF NOT EXISTS wx_cards (
  id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL REFERENCES wx_groups, activity_id TEXT NOT NULL,
  sharer TEXT NOT NULL, template_id TEXT NOT NULL, title TEXT NOT NULL, page TEXT NOT NULL,
  first_count TEXT NOT NULL, first_limit TEXT NOT NULL, posted_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS wx_openings (card_id INTEGER NOT NULL, openid TEXT NOT NULL, PRIMARY KEY (card_id, openid));
CREATE TABLE IF NOT EXISTS wx_reminders (card_id INTEGER NOT NULL, openid TEXT NOT NULL, PRIMARY KEY (card_id, openid));
CREATE TABLE IF NOT EXISTS wx_lines (
  id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL REFERENCES wx_groups, at INTEGER NOT NULL, text TEXT NOT NULL,
  card_id INTEGER, only_for TEXT NOT NULL DEFAULT '');
"""
CARDS = (
    "SELECT c.*, COALESCE(a.kind, 'plain') AS kind, COALESCE(a.state, 0) AS state, a.member_count,"
    " a.room_limit, a.path AS full_path, a.expires_at FROM wx_cards c LEFT JOIN activities a ON a.id = c.activity_id"
)
"""Every posted card with its activity; a plain one has none, and never changes."""
CHAT_TYPE_GROUP = 3


def ensure(box: Sandbox, name: str) -> sqlite3.Row:
    """The group called `name`, made on first mention."""
    opengid = "tG" + hashlib.sha256(f"group {name}".encode()).hexdigest()[:26]
    with box.store.transaction() as db:
        db.execute("INSERT OR IGNORE INTO wx_groups (name, opengid) VALUES (?, ?)", (name, opengid))
        row: sqlite3.Row = db.execute("SELECT * FROM wx_groups WHERE name = ?", (name,)).fetchone()
        return row


def member(box: Sandbox, group: sqlite3.Row, person: Person) -> str:
    """What the person is called in this group by the platform (`group_openid`); whoever acts there belongs to it."""
    made = "gO" + hashlib.sha256(f"{group['opengid']} {person.openid}".encode()).hexdigest()[:26]
    with box.store.transaction() as db:
        db.execute("INSERT OR IGNORE INTO wx_members VALUES (?, ?, ?)", (group["id"], person.openid, made))
    return made


def everything(box: Sandbox) -> list[sqlite3.Row]:
    """All groups, in the order in which they came."""
    return box.store.all("SELECT * FROM wx_groups ORDER BY id")


def members(box: Sandbox, group: sqlite3.Row) -> list[str]:
    """The names of those who acted in the group."""
    return _names(box, "SELECT openid FROM wx_members WHERE group_id = ? ORDER BY rowid", group["id"])


def opened(box: Sandbox, card: sqlite3.Row, person: Person) -> None:
    """Note that the person opened the card; once is enough."""
    with box.store.transaction() as db:
        db.execute("INSERT OR IGNORE INTO wx_openings VALUES (?, ?)", (card["id"], person.openid))


def entry(box: Sandbox, card: sqlite3.Row, person: Person) -> dict[str, Any]:
    """What the platform tells a mini-program, sealed, of the group in which the person opened the card."""
    group = box.store.all("SELECT * FROM wx_groups WHERE id = ?", card["group_id"])[0]
    named = {"group_openid": member(box, group, person)}
    told = {"opengid": group["opengid"], "chat_type": CHAT_TYPE_GROUP}
    return told | named if card["kind"] == card_rules.CHAT_TOOL else told


def say(box: Sandbox, group_id: int, text: str, *, card_id: int | None = None, only_for: str = "") -> None:
    """A line in the group: grey, or a posted card's."""
    line = "INSERT INTO wx_lines (group_id, at, text, card_id, only_for) VALUES (?, ?, ?, ?, ?)"
    with box.store.transaction() as db:
        db.execute(line, (group_id, box.clock.timestamp(), text, card_id, only_for))


def moved(box: Sandbox, activity_id: str, was: int, state: int, newly_named: Sequence[str]) -> None:
    """A card changed: what the groups in which it stands are told by grey lines."""
    for card in box.store.all(f"{CARDS} WHERE c.activity_id = ?", activity_id):
        sharer = _name(box, card["sharer"])
        for person in newly_named:
            say(box, card["group_id"], f"{_called(box, person)} 已参与 {sharer} 发布的 {card['title']}")
        if state == was:
            continue
        if card["kind"] == card_rules.CHAT_TOOL and state == card_rules.OVER[card_rules.CHAT_TOOL]:
            say(box, card["group_id"], f"{sharer}发布的{card['title']}已结束")
        if card["kind"] == card_rules.UPDATABLE:
            _remind(box, card)


def shown(box: Sandbox, card: sqlite3.Row) -> dict[str, Any]:
    """A posted card as people see it now."""
    named = box.store.all("SELECT group_openid FROM activity_people WHERE activity_id = ?", card["activity_id"])
    return {
        "card": card["id"], "sharer": _name(box, card["sharer"]), "title": card["title"], "kind": card["kind"],
        "state": card["state"], "words": card_rules.words(card, len(named)),
        "page": card["full_path"] or card["page"], "named": [_called(box, row["group_openid"]) for row in named],
        "opened": _names(box, "SELECT openid FROM wx_openings WHERE card_id = ? ORDER BY rowid", card["id"]),
        "reminds": _names(box, "SELECT openid FROM wx_reminders WHERE card_id = ? ORDER BY rowid", card["id"]),
    }  # fmt: skip


def lines(box: Sandbox, group: sqlite3.Row, viewer: str) -> list[dict[str, Any]]:
    """The group from its beginning, as the person with that openid sees it; cards as they stand now."""
    rows = box.store.all(
        "SELECT * FROM wx_lines WHERE group_id = ? AND only_for IN ('', ?) ORDER BY id", group["id"], viewer
    )
    cards = {card["id"]: shown(box, card) for card in box.store.all(f"{CARDS} WHERE c.group_id = ?", group["id"])}
    return [
        {"id": row["id"], "at": rfc3339(row["at"]), "kind": "card" if row["card_id"] else "grey", "text": row["text"]}
        | ({"card": cards[row["card_id"]]} if row["card_id"] else {})
        for row in rows
    ]


def last(box: Sandbox, group: sqlite3.Row, viewer: str) -> str:
    """The newest line that the person with that openid sees; "" in a silent group."""
    row = box.store.one(
        "SELECT text FROM wx_lines WHERE group_id = ? AND only_for IN ('', ?) ORDER BY id DESC LIMIT 1",
        group["id"], viewer,
    )  # fmt: skip
    return "" if row is None else str(row["text"])


def _remind(box: Sandbox, card: sqlite3.Row) -> None:
    """Whoever tapped 提醒我 gets one line, and is not told again."""
    for row in box.store.all("SELECT openid FROM wx_reminders WHERE card_id = ?", card["id"]):
        text = f"你关注的「{card['title']}」{card_rules.words(card, 0)}"
        say(box, card["group_id"], text, only_for=row["openid"])
    with box.store.transaction() as db:
        db.execute("DELETE FROM wx_reminders WHERE card_id = ?", (card["id"],))


def _names(box: Sandbox, query: str, number: int) -> list[str]:
    """The people whose openids a query finds."""
    return [_name(box, row["openid"]) for row in box.store.all(query, number)]


def _name(box: Sandbox, openid: str) -> str:
    person = people.find(box, openid=openid)
    return person.name if person else "?"


def _called(box: Sandbox, group_openid: str) -> str:
    row = box.store.one("SELECT openid FROM wx_members WHERE group_openid = ?", group_openid)
    return _name(box, row["openid"]) if row else "?"

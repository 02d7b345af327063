"""What people do in such a group on their phones: post a card by their own tap, open one, ask to be reminded, look."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from sandbox import people
from sandbox.context import Sandbox, current
from sandbox.control import wish as told
from sandbox.miniprogram import groups, login, open_data
from sandbox.miniprogram.card_rules import CHAT_TOOL, PLAIN, TEMPLATES, UPDATABLE
from sandbox.miniprogram.groups import SCHEMA
from sandbox.miniprogram.host import App, Refusal
from sandbox.people import Person

__all__ = ["SCHEMA", "bp"]

bp = Blueprint("wx_groups", __name__)


@bp.errorhandler(Refusal)
def answer_refusal(refusal: Refusal) -> ResponseReturnValue:
    """`{"error": the product's own words}`, 409; 503 when it did not answer."""
    return {"error": refusal.words}, refusal.status


@bp.post("/control/wx-groups/<name>/share")
def share(name: str) -> ResponseReturnValue:
    """`{"person", "ticket"}`, or `{"person", "campaign", "mode"}` to have the phone ask for one: post the card.

    Answers the card as people see it. 409 for what `wx.updateShareMenu` would not take.
    """
    wish, box = told(), current()
    person = _person(wish)
    ticket = wish.get("ticket")
    if ticket is None:
        ticket = App(box, person).post(f"/campaigns/{wish.get('campaign')}/shares", {"mode": wish.get("mode")})
    if not isinstance(ticket, dict):
        abort(400, "ticket")
    group = groups.ensure(box, name)
    groups.member(box, group, person)
    card = _post(box, group, person, ticket)
    groups.say(box, group["id"], f"{person.name}：[小程序] {ticket['title']}", card_id=card)
    return groups.shown(box, _card(box, group, card)) | {"share": ticket.get("id", "")}


@bp.post("/control/wx-groups/<name>/open")
def open_card(name: str) -> ResponseReturnValue:
    """`{"person", "card", "tell"?}` -> `{js_code, encrypted_data, iv, page}`: what the phone has when a card is opened.

    With `tell` a mini-program without a screen tells the product at once, and `told` is its answer.
    """
    wish, box = told(), current()
    person, group = _person(wish), groups.ensure(current(), name)
    card = _card(box, group, wish.get("card"))
    groups.opened(box, card, person)
    code, key = login.login_with_key(box, person.openid)
    content, iv = open_data.sealed(box, key, groups.entry(box, card, person))
    sealed = {"js_code": code, "encrypted_data": content, "iv": iv}
    page = groups.shown(box, card)["page"]
    if wish.get("tell") is not True:
        return sealed | {"page": page}
    share_id = page.partition("share=")[2]
    return sealed | {"page": page, "told": App(box, person).post(f"/shares/{share_id}/opened", sealed)}


@bp.post("/control/wx-groups/<name>/remind")
def remind(name: str) -> ResponseReturnValue:
    """`{"person", "card"}`: tap 提醒我 on an updatable card that still collects."""
    wish, box = told(), current()
    person, group = _person(wish), groups.ensure(box, name)
    card = _card(box, group, wish.get("card"))
    if card["kind"] != UPDATABLE or card["state"] != 0:
        abort(409, "this card takes no reminders")
    groups.member(box, group, person)
    with box.store.transaction() as db:
        db.execute("INSERT OR IGNORE INTO wx_reminders VALUES (?, ?)", (card["id"], person.openid))
    return {"reminds": person.name}


@bp.get("/control/wx-groups/<name>")
def view(name: str) -> ResponseReturnValue:
    """`?as=` -> `{name, lines: [{id, at, kind: card | grey, text, card?}]}`, cards as they stand now."""
    box = current()
    viewer = people.find(box, name=request.args.get("as", "")) if request.args.get("as") else None
    return {"name": name, "lines": groups.lines(box, groups.ensure(box, name), viewer.openid if viewer else "")}


@bp.get("/control/people/<name>/campaigns")
def campaigns(name: str) -> ResponseReturnValue:
    """`{"campaigns": [{id, title}]}`: what the person's mini-program shows to be open in any community."""
    app = App(current(), people.ensure(current(), name))
    shown = [app.get(f"/communities/{one['id']}/campaigns")["items"] for one in app.get("/communities")["items"]]
    return {"campaigns": [{"id": row["id"], "title": row["title"]} for rows in shown for row in rows]}


@bp.get("/control/wx-cards/<int:card>/calls")
def calls(card: int) -> ResponseReturnValue:
    """`{"calls": [{at, target_state, told}]}`: every change that the server made to a posted card, oldest first."""
    row = current().store.one("SELECT activity_id FROM wx_cards WHERE id = ?", card) or abort(404, "no such card")
    found = current().store.all(
        "SELECT at, target_state, told FROM activity_calls WHERE activity_id = ? ORDER BY id", row["activity_id"]
    )
    return {"calls": [dict(one) for one in found]}


def _post(box: Sandbox, group: sqlite3.Row, person: Person, ticket: dict[str, Any]) -> int:
    """Post what the ticket names; the first posting says of which kind the activity is."""
    kind, given = ticket.get("mode"), ticket.get("parameter_list")
    counts = {item["name"]: item["value"] for item in given or [] if isinstance(item, dict)}
    if not all(isinstance(ticket.get(field), str) and ticket[field] for field in ("title", "path")):
        abort(409, "title and path")
    if kind == PLAIN:
        with box.store.transaction() as db:
            return _insert(db, box, group, person, {"activity_id": "", "template_id": ""} | ticket, counts)
    if kind not in TEMPLATES or ticket.get("template_id") not in TEMPLATES[kind]:
        abort(409, "template_id")
    if kind == UPDATABLE and not all(isinstance(counts.get(one), str) for one in ("member_count", "room_limit")):
        abort(409, "parameter_list wants texts")
    with box.store.transaction() as db:
        row = db.execute("SELECT * FROM activities WHERE id = ?", (ticket.get("activity_id"),)).fetchone()
        if row is None or row["kind"] not in ("", kind) or row["expires_at"] <= box.clock.timestamp():
            abort(409, "activity_id")
        elsewhere = "SELECT 1 FROM wx_cards WHERE activity_id = ? AND group_id <> ?"
        if kind == CHAT_TOOL and db.execute(elsewhere, (row["id"], group["id"])).fetchone():
            abort(409, "a chat-tool card stands in one group")
        db.execute("UPDATE activities SET kind = ? WHERE id = ?", (kind, row["id"]))
        return _insert(db, box, group, person, ticket, counts)


def _insert(
    db: sqlite3.Connection, box: Sandbox, group: sqlite3.Row, person: Person, ticket: dict[str, Any],
    counts: dict[str, str],
) -> int:  # fmt: skip
    cursor = db.execute(
        "INSERT INTO wx_cards (group_id, activity_id, sharer, template_id, title, page, first_count, first_limit,"
        " posted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (group["id"], ticket["activity_id"], person.openid, ticket["template_id"], ticket["title"], ticket["path"],
         counts.get("member_count", ""), counts.get("room_limit", ""), box.clock.timestamp()),
    )  # fmt: skip
    return int(cursor.lastrowid or 0)


def _card(box: Sandbox, group: sqlite3.Row, card: object) -> sqlite3.Row:
    row = box.store.one(f"{groups.CARDS} WHERE c.id = ? AND c.group_id = ?", card, group["id"])
    return row or abort(404, "no such card in this group")


def _person(wish: dict[str, Any]) -> Person:
    name = wish.get("person")
    if not isinstance(name, str) or not name.strip():
        abort(400, "person")
    return people.ensure(current(), name.strip())

"""The pages of the chat room and of a neighbours' group, and the call with which each keeps itself current."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from sandbox import people
from sandbox.clock import rfc3339
from sandbox.context import Sandbox, current
from sandbox.miniprogram import groups
from sandbox.people import Person
from sandbox.wecom import rooms
from sandbox.wecom.control import show_room

bp = Blueprint("room", __name__, template_folder="templates", static_folder="static", static_url_path="/room/static")


@bp.after_request
def only_our_own(response: Response) -> Response:
    """The page loads and calls this sandbox only (pictures: this machine); nothing that people write can run."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; img-src 'self' data: http://127.0.0.1:*; base-uri 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.get("/")
def page() -> ResponseReturnValue:
    """The chat room."""
    return render_template("room.html")


@bp.get("/room/view")
def view() -> ResponseReturnValue:
    """`?as=&room=&after=` -> `{now, people, rooms: [{…, seq, last}], lines}`: lines of the room after that position."""
    box = current()
    viewer = people.find(box, name=request.args.get("as", "")) if request.args.get("as") else None
    if viewer is not None:
        rooms.single(box, viewer)
    room = rooms.find(box, request.args.get("room", 0, type=int))
    after = request.args.get("after", 0, type=int)
    return {
        "now": box.clock.now().isoformat(timespec="seconds"),
        "people": [person.name for person in people.everyone(box)],
        "rooms": [_listed(box, one, viewer) for one in rooms.everything(box) if _is_listed(one, viewer)],
        "lines": [] if room is None else rooms.lines(box, room, after, viewer.userid if viewer else ""),
    }


@bp.get("/neighbours")
def neighbours_page() -> ResponseReturnValue:
    """The WeChat groups of real neighbours, where people post cards and no robot is."""
    return render_template("neighbours.html")


@bp.get("/neighbours/view")
def neighbours_view() -> ResponseReturnValue:
    """`?as=&group=` -> `{now, people, groups: [{name, members, last}], lines}`: the group as that person sees it."""
    box, name = current(), request.args.get("group", "")
    viewer = people.find(box, name=request.args.get("as", "")) if request.args.get("as") else None
    openid = viewer.openid if viewer else ""
    every = groups.everything(box)
    here = next((group for group in every if group["name"] == name), None)
    return {
        "now": box.clock.now().isoformat(timespec="seconds"),
        "people": [person.name for person in people.everyone(box)],
        "groups": [
            {"name": group["name"], "members": groups.members(box, group), "last": groups.last(box, group, openid)}
            for group in every
        ],
        "lines": [] if here is None else groups.lines(box, here, openid),
    }


@bp.get("/control/pending-orders")
def pending_orders() -> ResponseReturnValue:
    """`?name=` -> `{"orders": [{out_trade_no, prepay_id, description, total_fen, person, expires_at}]}`: unpaid."""
    box, name = current(), request.args.get("name", "")
    rows = box.store.all(
        "SELECT o.*, (SELECT prepay_id FROM pay_prepays p WHERE p.out_trade_no = o.out_trade_no ORDER BY rowid DESC"
        " LIMIT 1) AS prepay_id FROM pay_orders o WHERE state = 'NOTPAY' AND time_expire > ?"
        " ORDER BY created_at, rowid",
        box.clock.timestamp(),
    )
    payers = {person.openid: person.name for person in people.everyone(box)}
    orders = [
        {
            "out_trade_no": row["out_trade_no"],
            "prepay_id": row["prepay_id"],
            "description": row["description"],
            "total_fen": row["total_fen"],
            "person": payers.get(row["openid"], ""),
            "expires_at": rfc3339(row["time_expire"]),
        }
        for row in rows
    ]
    return {"orders": [order for order in orders if name in ("", order["person"])]}


def _is_listed(room: rooms.Room, viewer: Person | None) -> bool:
    """All groups, and of the single chats the viewer's own."""
    return room.kind != "single" or (viewer is not None and room.chat_id == viewer.userid)


def _listed(box: Sandbox, room: rooms.Room, viewer: Person | None) -> dict[str, Any]:
    newest = box.store.one("SELECT * FROM room_lines WHERE room_id = ? ORDER BY id DESC LIMIT 1", room.id)
    changed = box.store.one("SELECT MAX(seq) AS seq FROM room_lines WHERE room_id = ?", room.id)
    key = box.store.one("SELECT key FROM robots WHERE room_id = ? AND removed = 0", room.id)
    return show_room(box, room) | {
        "seq": (changed["seq"] if changed else 0) or 0,
        "last": "" if newest is None else f"{newest['sender']}：{newest['text'].partition(chr(10))[0]}",
        "robot_key": "" if key is None else key["key"],
    }

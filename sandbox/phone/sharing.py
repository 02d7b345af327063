"""What the platform does in the phone about groups: a login with its key, whom to share with, where one came from."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from sandbox import control, people
from sandbox.context import current
from sandbox.miniprogram import groups, login, open_data
from sandbox.people import Person

bp = Blueprint("phone_sharing", __name__)


@bp.post("/phone/<name>/login")
def log_in(name: str) -> ResponseReturnValue:
    """What `wx.login` gives: `{"code"}`; what is sealed after it is sealed under the key it is exchanged for."""
    code, _ = login.login_with_key(current(), _person(name).openid)
    return {"code": code}


@bp.get("/phone/groups")
def list_groups() -> ResponseReturnValue:
    """`{"groups": [name]}`: the groups of neighbours to which a card may be sent."""
    return {"groups": [row["name"] for row in groups.everything(current())]}


@bp.post("/phone/<name>/group-entry")
def group_entry(name: str) -> ResponseReturnValue:
    """`{"card"}` -> `{encryptedData, iv}`: what `wx.getGroupEnterInfo` gives who opened this card.

    404 for a card that this person did not open; 409 before the first login, for there is no key yet.
    """
    box, person = current(), _person(name)
    opened = f"{groups.CARDS} JOIN wx_openings o ON o.card_id = c.id WHERE c.id = ? AND o.openid = ?"
    card = box.store.one(opened, control.wish().get("card"), person.openid) or abort(404, "no such card opened")
    key = open_data.newest_key(box, person.openid) or abort(409, "no session key")
    content, iv = open_data.sealed(box, key, groups.entry(box, card, person))
    return {"encryptedData": content, "iv": iv}


def _person(name: str) -> Person:
    return people.find(current(), name=name) or abort(404, "nobody is called so")

"""我的 → 绑定群聊 without taking up the phone: the room asks for the code that tells the robot who somebody is."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from sandbox import people
from sandbox.context import current
from sandbox.miniprogram.host import SCHEMA, App, Refusal

__all__ = ["SCHEMA", "bp"]

bp = Blueprint("chat_codes", __name__)


@bp.errorhandler(Refusal)
def answer_refusal(refusal: Refusal) -> ResponseReturnValue:
    """`{"error": the product's own words}`, 409; 503 when it did not answer."""
    return {"error": refusal.words}, refusal.status


@bp.post("/control/people/<name>/chat-code")
def chat_code(name: str) -> ResponseReturnValue:
    """`{code}`, good once, for who is called so; 404 for a name that nobody has."""
    person = people.find(current(), name=name)
    if person is None:
        abort(404, f"nobody is called {name}")
    return {"code": App(current(), person).post("/chat-codes")["code"]}

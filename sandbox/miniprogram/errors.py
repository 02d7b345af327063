"""How this half of the platform says no, and how it reads a body."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

bp = Blueprint("miniprogram_errors", __name__)


class WxError(Exception):
    """A refusal: `errcode` is what a client branches on, `errmsg` is for people."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.errcode = errcode
        self.errmsg = errmsg


@bp.app_errorhandler(WxError)
def answer_refusal(error: WxError) -> ResponseReturnValue:
    """HTTP 200 with the code; the message ends with a request id, as on the real platform."""
    return {"errcode": error.errcode, "errmsg": f"{error.errmsg} rid: {uuid.uuid4()}"}


def json_body() -> dict[str, Any]:
    """The request's JSON object, whatever its Content-Type says; raises 44002 or 47001."""
    if not request.get_data():
        raise WxError(44002, "empty post data")
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise WxError(47001, "data format error")
    return body

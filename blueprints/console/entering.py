"""Getting in and out: name, password and code, or a printed link; every way in makes a session of its own."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, redirect, request, url_for
from marshmallow import fields

from blueprints.console import safety
from blueprints.console.door import PREFIX, door, rendered
from blueprints.shared.guards import CONSOLE_COOKIE
from blueprints.shared.product import lintuan
from blueprints.shared.schemas import Taken, Text
from domain.actors import NOBODY
from domain.errors import CodeExpired, CodeWrong, DomainError, Invalid, TooMany, Unauthenticated
from domain.operators import Duty
from services import operator_sessions
from services.context import Ctx
from services.flows import operator_login
from services.flows.operator_login import EnterByLink, LogInAsOperator
from services.words import refusal

_OURS = re.compile(r"/console(/[A-Za-z0-9_/.-]*)?(\?[A-Za-z0-9_=&%.-]*)?")
_DEVICES = (("Edg", "Firefox", "Chrome", "Safari"), ("Android", "iPhone", "Windows", "Mac", "Linux"))
_WRONG = "账号、密码或动态码不对。"


class LogInForm(Taken):
    """What the log-in page asks for; `to` is the page that was asked for first."""

    name = Text(80, required=True)
    password = fields.String(required=True)
    code = Text(20, load_default="")
    to = fields.String(load_default=PREFIX)


class EnterForm(Taken):
    """A printed link, and the code where a second factor is set up."""

    link = Text(80, required=True)
    code = Text(20, load_default="")


@door.stranger("/", "GET")
def home() -> Any:
    """The same address as people type it."""
    return redirect(PREFIX, 308)


@door.stranger("/login", "GET")
def log_in_page() -> Response:
    """Name, password, code."""
    return asked_to_log_in("", 200)


@door.stranger("/login", "POST")
def log_in() -> Any:
    """A session of one's own, whatever cookie was there before."""
    product = lintuan()
    try:
        form = safety.load(LogInForm(), request.form, safety.OWN_FIELDS)
        command = LogInAsOperator(form["name"], form["password"][:256], _device(), form["code"])
        token = operator_login.log_in(product.unit, product.outside, command, "console", second_factor=True)
    except (Invalid, Unauthenticated):
        return asked_to_log_in(_WRONG, 401)
    except TooMany as error:
        return asked_to_log_in(refusal(error), 429)
    return _in(token, form["to"])


@door.stranger("/enter", "GET")
def enter_page() -> Response:
    """A printed link was opened; nothing happens before its button is pressed, so no preview uses it up."""
    return rendered("enter_page", link=request.args.get("code", "")[:80], trouble="")


@door.stranger("/enter", "POST")
def enter() -> Any:
    """Use a printed link."""
    product = lintuan()
    try:
        form = safety.load(EnterForm(), request.form, safety.OWN_FIELDS)
        token = operator_login.enter(product.unit, product.outside, EnterByLink(form["link"], _device(), form["code"]))
    except Unauthenticated:
        return rendered("enter_page", 401, link=request.form["link"][:80], trouble="动态码不对。")
    except (Invalid, CodeWrong, CodeExpired, TooMany) as error:
        status = 429 if isinstance(error, TooMany) else 401
        return rendered("enter_page", status, link="", trouble=_link_trouble(error))
    return _in(token, PREFIX)


@door.act("/logout", duty=Duty.LOOK)
def log_out(ctx: Ctx) -> str:
    """End this session."""
    operator_sessions.end(ctx, request.cookies[CONSOLE_COOKIE])
    return url_for("console.log_in_page")


@door.act("/logout-everywhere", duty=Duty.LOOK)
def log_out_everywhere(ctx: Ctx) -> str:
    """End every session of mine, this one too."""
    operator_sessions.log_out_everywhere(ctx)
    return url_for("console.log_in_page")


def asked_to_log_in(trouble: str, status: int) -> Response:
    """The log-in page, which leads on to the page that was asked for."""
    asked = request.form.get("to") or (request.full_path.rstrip("?") if request.method == "GET" else PREFIX)
    away = "/console/log" in asked or not _OURS.fullmatch(asked)
    return rendered("log_in_page", status, trouble=trouble, to=PREFIX if away else asked)


def _in(token: str, to: str) -> Any:
    product, before = lintuan(), request.cookies.get(CONSOLE_COOKIE, "")
    if before:
        with product.unit(NOBODY) as ctx:
            operator_sessions.end(ctx, before)
    place = to if _OURS.fullmatch(to) else PREFIX
    return safety.remember(redirect(place, 303), token)  # type: ignore[arg-type]  # Flask's redirect is a Response


def _link_trouble(error: DomainError) -> str:
    return "这个链接无效、已用过或已过期，请重新打印一个。" if not isinstance(error, TooMany) else refusal(error)


def _device() -> str:
    """`Firefox · Windows`: enough to know one's own devices by, and nothing more."""
    told = request.user_agent.string
    names = [next((word for word in words if word in told), "") for words in _DEVICES]
    return " · ".join(filter(None, names))

"""The phone's page, and what the platform itself does there: the cashier's bill, the prompts, the codes it scans."""

from __future__ import annotations

import secrets
from dataclasses import asdict

from flask import Blueprint, Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from sandbox import control, people
from sandbox.context import current
from sandbox.miniprogram import messagepush, subscribe
from sandbox.pay import orders

bp = Blueprint("phone", __name__, template_folder="templates", static_folder="static", static_url_path="/phone/static")
ANSWERS = ("accept", "reject")
MOST_PROMPTED = 3


@bp.after_request
def only_our_own(response: Response) -> Response:
    """The mini-program is compiled in the page, so it may evaluate; it still reaches nothing but this sandbox."""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; script-src 'self' 'unsafe-eval' {g.get('nonce', '')}; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data: blob: http://127.0.0.1:*; media-src 'self' blob:; base-uri 'none';"
        " frame-ancestors 'self'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.get("/phone")
def page() -> ResponseReturnValue:
    """`?as=张阿姨&path=pages/campaign/campaign?id=…`: that person's phone, opened there.

    `&card=3` says by which shared card it was opened, `&type=22` how large its holder has set WeChat's type (16).
    """
    nonce = secrets.token_urlsafe(16)  # an import map can only stand in the page itself
    g.nonce = f"'nonce-{nonce}'"
    return render_template("phone.html", nonce=nonce)


@bp.get("/phone/bill")
def bill() -> ResponseReturnValue:
    """`?prepay_id=` -> `{out_trade_no, description, total_fen}`: what the cashier's sheet shows before paying."""
    prepay = current().store.one("SELECT * FROM pay_prepays WHERE prepay_id = ?", request.args.get("prepay_id", ""))
    if prepay is None:
        abort(404, "unknown_prepay_id")
    order = orders.find(current(), prepay["out_trade_no"])
    return {name: order[name] for name in ("out_trade_no", "description", "total_fen")}


@bp.get("/phone/templates")
def templates() -> ResponseReturnValue:
    """`{"templates": {template_id: title}}`: what a prompt for subscribe messages may ask about."""
    return {"templates": subscribe.titles()}


@bp.post("/phone/<name>/prompt")
def answer_prompt(name: str) -> ResponseReturnValue:
    """`{"results": {template_id: "accept" | "reject"}}`: one accepted is one message; the product is told by push."""
    box, results = current(), control.wish().get("results")
    person = people.find(box, name=name)
    if person is None or not isinstance(results, dict) or not 1 <= len(results) <= MOST_PROMPTED:
        abort(400, "results")
    if not set(results) <= set(subscribe.titles()) or not set(results.values()) <= set(ANSWERS):
        abort(400, "results")
    told = [
        {"TemplateId": template, "SubscribeStatusString": answer, "PopupScene": "0"}
        for template, answer in results.items()
    ]
    with box.store.transaction() as db:
        for template, answer in results.items():
            db.execute(
                "INSERT INTO subscriptions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET quota = quota + excluded.quota",
                (person.openid, template, int(answer == "accept")),
            )
        push = messagepush.write(db, box, "subscribe_msg_popup_event", "", person.openid, {"List": told})
    messagepush.send(box, push)
    return {"results": results}


@bp.get("/phone/people")
def holders() -> ResponseReturnValue:
    """`{"people": [{name, phone, …}], "appid", "now"}`: who may hold a phone, and the platform's time."""
    box = current()
    return {
        "people": [asdict(person) for person in people.everyone(box)],
        "appid": box.credentials.words.wxa_appid,
        "now": box.clock.now().isoformat(timespec="seconds"),
    }

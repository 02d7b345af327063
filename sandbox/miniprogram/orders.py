"""The order pages of the mini-program: open the pay sheet of a link, one's own orders, look up, take back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from sandbox import people
from sandbox.context import current
from sandbox.control import wish as told
from sandbox.miniprogram.host import SCHEMA, App, Refusal, order_id

__all__ = ["SCHEMA", "bp"]

SHOWN = 10
WORDS = {
    "pending_payment": "待付款", "paid": "已付款，截团后确认", "confirmed": "已成团，等到货", "ready": "已到货，待提货",
    "collected": "已提货", "completed": "已完成", "expired": "超时未付，已关闭",
    "cancelled": "已取消", "refunded": "已退款",
}  # fmt: skip
PAYABLE, CANCELLABLE, COLLECTABLE = ("pending_payment",), ("pending_payment", "paid"), ("ready",)
bp = Blueprint("app_orders", __name__)


@bp.errorhandler(Refusal)
def answer_refusal(refusal: Refusal) -> ResponseReturnValue:
    """`{"error": the product's own words}`, 409; 503 when it did not answer."""
    return {"error": refusal.words}, refusal.status


@bp.post("/control/open-order")
def open_order() -> ResponseReturnValue:
    """`{"person", "order": id or link}` -> `{order, person, bill, words, params, refusal}`, the sheet that opens.

    `params` go to `/control/pay`; they are null when the product refuses payment, and `refusal` is its sentence.
    """
    wish = told()
    order, app = _order(wish.get("order")), _app(wish.get("person"))
    bill = app.get(f"/orders/{order}/bill")
    words = "待付款" if bill["payable"] else "不用再付"
    sheet = {"order": bill["id"], "person": app.person.name, "bill": bill, "words": words}
    try:
        asked = app.post(f"/orders/{bill['id']}/payments")
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return sheet | {"params": None, "refusal": refusal.words}
    return sheet | {"params": asked["params"], "refusal": ""}


@bp.get("/control/people/<name>/orders")
def list_orders(name: str) -> ResponseReturnValue:
    """`{"orders": […]}`: the newest ten of the person, as 我的订单 shows them."""
    app = _app(name)
    return {"orders": [_shown(app, order) for order in app.get(f"/orders?limit={SHOWN}")["items"]]}


@bp.post("/control/people/<name>/orders/<order>/look-up")
def look_up(name: str, order: str) -> ResponseReturnValue:
    """查一下: the product asks the gateway now; `{state, words}`."""
    state = _app(name).post(f"/orders/{_order(order)}/look-up")["state"]
    return {"state": state, "words": _words(state)}


@bp.post("/control/people/<name>/orders/<order>/cancel")
def cancel(name: str, order: str) -> ResponseReturnValue:
    """Take the whole order back; `{state, words}`."""
    state = _app(name).post(f"/orders/{_order(order)}/cancellation")["state"]
    return {"state": state, "words": _words(state)}


def _shown(app: App, order: dict[str, Any]) -> dict[str, Any]:
    """An order of the list; the pickup code is a page of its own, asked for while goods wait."""
    state = order["state"]
    code = app.get(f"/orders/{order['id']}/pickup")["code"] if state in COLLECTABLE else ""
    items = [f"{line['offer_name']}×{line['ordered_units']}" for line in order["lines"]]
    kept = ("id", "campaign_title", "point_name", "roster_number", "total_fen", "refunded_fen", "refunding_fen",
            "cancel_words", "hold_until", "pickup_deadline")  # fmt: skip
    return {name: order[name] for name in kept} | {
        "state": state, "words": _words(state), "items": "、".join(items), "code": code,
        "can_pay": state in PAYABLE, "can_cancel": state in CANCELLABLE,
    }  # fmt: skip


def _words(state: str) -> str:
    """The state for people; one that this sandbox does not know stands as it is."""
    return WORDS.get(state, state)


def _app(name: object) -> App:
    person = people.find(current(), name=name) if isinstance(name, str) and name else None
    if person is None:
        abort(404, f"nobody is called {name}")
    return App(current(), person)


def _order(told_order: object) -> str:
    found = order_id(told_order) if isinstance(told_order, str) else ""
    if not found:
        abort(400, "order: an order's id or its link")
    return found

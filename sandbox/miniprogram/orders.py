"""One's own pages of the mini-program: a link's pay sheet, the orders and what is done about them, the chat code."""

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
REGISTERED = "已登记，收货时付款"  # confirmed at once, long before its campaign forms
FORMED = ("formed", "fulfilling", "completed")
PAYABLE, COLLECTABLE = ("pending_payment",), ("ready",)
ARRIVED = ("ready", "collected", "completed", "refunded")
CLAIM_WORDS = {
    "asked": "等团长答复", "offered": "可退 {}", "rejected": "团长没有同意", "escalated": "平台处理中",
    "accepted": "已同意退 {}", "refused": "平台没有支持", "withdrawn": "已撤回",
}  # fmt: skip
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


@bp.post("/control/people/<name>/chat-code")
def chat_code(name: str) -> ResponseReturnValue:
    """我的 → 绑定群聊: `{code}`, with which the person tells the robot once who they are."""
    return {"code": _app(name).post("/chat-codes")["code"]}


@bp.post("/control/people/<name>/orders/<order>/look-up")
def look_up(name: str, order: str) -> ResponseReturnValue:
    """查一下: the product asks the gateway now; `{state, words}`."""
    state = _app(name).post(f"/orders/{_order(order)}/look-up")["state"]
    return {"state": state, "words": WORDS.get(state, state)}


@bp.post("/control/people/<name>/orders/<order>/cancel")
def cancel(name: str, order: str) -> ResponseReturnValue:
    """Take the whole order back; `{state, words}`."""
    page = _app(name).post(f"/orders/{_order(order)}/cancellation")
    return {"state": page["state"], "words": _words(page)}


@bp.post("/control/people/<name>/claims/<claim>/<any(take_offer,escalate,withdraw):move>")
def answer_claim(name: str, claim: str, move: str) -> ResponseReturnValue:
    """What a buyer does about an own claim; the claim as `list_orders` shows it."""
    if not claim.replace("_", "").isalnum():
        abort(400, "claim: a claim's id")
    return _claim(_app(name).post(f"/claims/{claim}/{move.replace('_', '-')}"))


def _shown(app: App, order: dict[str, Any]) -> dict[str, Any]:
    """An order of the list; its pickup code and its claims stand on pages of their own, asked for once goods came."""
    state = order["state"]
    code = app.get(f"/orders/{order['id']}/pickup")["code"] if state in COLLECTABLE else ""
    claims = app.get(f"/orders/{order['id']}")["claims"] if state in ARRIVED else []
    items = [f"{line['offer_name']}×{line['ordered_units']}" for line in order["lines"]]
    kept = ("id", "campaign_title", "point_name", "roster_number", "total_fen", "refunded_fen", "refunding_fen",
            "cancel_words", "hold_until", "pickup_deadline")  # fmt: skip
    return {name: order[name] for name in kept} | {
        "state": state, "words": _words(order), "items": "、".join(items), "code": code,
        "can_pay": state in PAYABLE, "can_cancel": order["cancellable"], "claims": [_claim(claim) for claim in claims],
    }  # fmt: skip


def _claim(claim: dict[str, Any]) -> dict[str, Any]:
    """`{id, words, moves}`: what is asked, how it stands, what the buyer may do next."""
    asked = f"{claim['asked_units']} {claim['unit']} " if claim["asked_units"] else ""
    answer = CLAIM_WORDS.get(claim["state"], claim["state"]).format(_yuan(claim["answer_fen"]))
    words = f"售后：{claim['name']} {asked}申请退 {_yuan(claim['asked_fen'])}，{answer}"
    return {"id": claim["id"], "words": words, "moves": claim["buyer_may"]}


def _yuan(fen: int) -> str:
    return f"¥{fen // 100}.{fen % 100:02d}"


def _words(order: dict[str, Any]) -> str:
    """The state for people; one that this sandbox does not know stands as it is."""
    state = str(order["state"])
    waits = state == "confirmed" and order["campaign_state"] not in FORMED
    if waits and order["payment_policy"] == "on_pickup":
        return REGISTERED
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

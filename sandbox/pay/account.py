"""What moves the merchant's account: a capture, a refund's way, thawing, and the bank."""

from __future__ import annotations

import secrets
import sqlite3

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from sandbox import control
from sandbox.context import Sandbox, current
from sandbox.pay import books, fees, flows

bp = Blueprint("funds", __name__)


def capture(db: sqlite3.Connection, order: sqlite3.Row, *, freeze: bool) -> sqlite3.Row:
    """Take a payment's money in, less the fee: frozen, or free at once; the order's row as it is then."""
    payer, number, at = order["payer_fen"], order["out_trade_no"], order["success_at"]
    fee = fees.charged_fen(payer)
    row: sqlite3.Row = db.execute(
        "UPDATE pay_orders SET fee_fen = ?, frozen_fen = ?, settled_at = ? WHERE out_trade_no = ? RETURNING *",
        (fee, payer - fee if freeze else 0, None if freeze else at, number),
    ).fetchone()
    part = books.FROZEN if freeze else books.FREE
    moves = {books.wallet(order["openid"]): -payer, books.FEE: fee, part: payer - fee}
    books.post(db, f"payment {number}", moves, at)
    voucher = flows.Voucher(number, order["transaction_id"])
    flows.record(db, flows.PAYMENT, voucher, payer, at)
    flows.record(db, flows.FEE, voucher, -fee, at)
    return row


def thaw(db: sqlite3.Connection, out_trade_no: str, now: int) -> bool:
    """Set a payment's money free, once."""
    row = db.execute(
        "SELECT frozen_fen FROM pay_orders WHERE out_trade_no = ? AND settled_at IS NULL", (out_trade_no,)
    ).fetchone()
    if row is None:
        return False
    db.execute("UPDATE pay_orders SET frozen_fen = 0, settled_at = ? WHERE out_trade_no = ?", (now, out_trade_no))
    moves = {books.FROZEN: -row["frozen_fen"], books.FREE: row["frozen_fen"]}
    books.post(db, f"settled {out_trade_no}", moves, now)
    return True


def set_aside(db: sqlite3.Connection, refund: sqlite3.Row) -> None:
    """Reserve what an accepted refund will take: `from_frozen_fen` of its own payment, the rest of the free money."""
    net, frozen = refund["payer_refund_fen"] - refund["fee_back_fen"], refund["from_frozen_fen"]
    db.execute(
        "UPDATE pay_orders SET frozen_fen = frozen_fen - ? WHERE out_trade_no = ?", (frozen, refund["out_trade_no"])
    )
    moves = {books.FROZEN: -frozen, books.FREE: frozen - net, books.IN_REFUND: net}
    books.post(db, f"refund accepted {refund['out_refund_no']}", moves, refund["created_at"])


def pay_back(db: sqlite3.Connection, refund: sqlite3.Row, openid: str, now: int) -> None:
    """A refund succeeded: the payer has the money, the merchant its share of the fee."""
    payer, fee_back = refund["payer_refund_fen"], refund["fee_back_fen"]
    moves = {books.IN_REFUND: fee_back - payer, books.FEE: -fee_back, books.wallet(openid): payer}
    books.post(db, f"refund SUCCESS {refund['out_refund_no']}", moves, now)
    voucher = flows.Voucher(refund["out_refund_no"], refund["refund_id"], refund["reason"])
    flows.record(db, flows.REFUND, voucher, -payer, now)
    flows.record(db, flows.FEE_BACK, voucher, fee_back, now)


def put_back(db: sqlite3.Connection, refund: sqlite3.Row, now: int) -> None:
    """A refund was closed: the money returns to where it was set aside from, or to the free part if it has thawed."""
    number, net = refund["out_trade_no"], refund["payer_refund_fen"] - refund["fee_back_fen"]
    kept = db.execute(
        "UPDATE pay_orders SET frozen_fen = frozen_fen + ? WHERE out_trade_no = ? AND settled_at IS NULL",
        (refund["from_frozen_fen"], number),
    )
    frozen = refund["from_frozen_fen"] if kept.rowcount else 0
    moves = {books.IN_REFUND: -net, books.FROZEN: frozen, books.FREE: net - frozen}
    books.post(db, f"refund CLOSED {refund['out_refund_no']}", moves, now)


@bp.get("/control/funds")
def read_funds() -> ResponseReturnValue:
    """`{balance_fen, available_fen, frozen_fen, in_refund_fen}`."""
    return parts(current())


@bp.post("/control/funds/top-up")
def top_up() -> ResponseReturnValue:
    """`{"fen"}` from the merchant's bank; the parts of the account afterwards."""
    return _bank(1)


@bp.post("/control/funds/withdraw")
def withdraw() -> ResponseReturnValue:
    """`{"fen"}` of the free money to the merchant's bank; 409 `not_enough`."""
    return _bank(-1)


def parts(box: Sandbox) -> dict[str, int]:
    """The balance and its free, frozen and set-aside parts."""
    with box.store.transaction():
        return {
            "balance_fen": books.balance_fen(box, books.FREE, books.FROZEN, books.IN_REFUND),
            "available_fen": books.balance_fen(box, books.FREE),
            "frozen_fen": books.balance_fen(box, books.FROZEN),
            "in_refund_fen": books.balance_fen(box, books.IN_REFUND),
        }


def _bank(sign: int) -> ResponseReturnValue:
    fen, box = control.wish().get("fen"), current()
    if type(fen) is not int or not 1 <= fen < 2**53:
        abort(400, "fen, a whole number of at least 1")
    now, number = box.clock.timestamp(), f"{'CZ' if sign > 0 else 'TX'}{secrets.randbelow(10**26):026d}"
    with box.store.transaction() as db:
        if sign < 0 and books.balance_fen(box, books.FREE) < fen:
            abort(409, "not_enough")
        db.execute("INSERT INTO pay_funds VALUES (?, ?, ?)", (number, sign * fen, now))
        books.post(db, f"bank {number}", {books.BANK: -sign * fen, books.FREE: sign * fen}, now)
        kind = flows.TOP_UP if sign > 0 else flows.WITHDRAWAL
        flows.record(db, kind, flows.Voucher(number, number), sign * fen, now)
    return parts(box)

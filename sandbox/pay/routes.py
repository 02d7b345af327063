"""The gateway's routes and control routes, put together, and what it takes up again after a restart."""

from __future__ import annotations

from flask import Blueprint

from sandbox.context import Sandbox
from sandbox.pay import account, cashier, gate, ledger, notices, orders, refunds
from sandbox.pay.schema import SCHEMA

__all__ = ["SCHEMA", "bp", "resume"]

bp = Blueprint("pay", __name__)
gate.bp.register_blueprint(orders.bp)
gate.bp.register_blueprint(refunds.bp)
for part in (gate, cashier, ledger, account):
    bp.register_blueprint(part.bp)


def resume(box: Sandbox) -> None:
    """Finish the refunds and deliver the notices that a stop interrupted."""
    refunds.resume(box)
    notices.resume(box)

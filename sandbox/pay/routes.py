"""The gateway's routes and control routes, put together, and what it takes up again after a restart."""

from __future__ import annotations

from flask import Blueprint

from sandbox.context import Sandbox
from sandbox.pay import account, cashier, gate, ledger, notices, orders, refunds, schema
from sandbox.pay.bills import planting
from sandbox.pay.bills import routes as bills

SCHEMA = schema.SCHEMA + bills.SCHEMA
bp = Blueprint("pay", __name__)
gate.bp.register_blueprint(orders.bp)
gate.bp.register_blueprint(refunds.bp)
gate.bp.register_blueprint(bills.bp)
for part in (gate, cashier, ledger, account, planting):
    bp.register_blueprint(part.bp)


def resume(box: Sandbox) -> None:
    """Finish the refunds and deliver the notices that a stop interrupted."""
    refunds.resume(box)
    notices.resume(box)

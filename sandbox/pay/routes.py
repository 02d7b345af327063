"""The gateway's routes and control routes, put together, and what it takes up again after a restart."""

from __future__ import annotations

from flask import Blueprint

from sandbox.context import Sandbox
from sandbox.pay import account, cashier, gate, ledger, notices, orders, refunds, schema, transfer_life, transfers
from sandbox.pay.bills import planting
from sandbox.pay.bills import routes as bills

SCHEMA = schema.SCHEMA + bills.SCHEMA
bp = Blueprint("pay", __name__)
gate.bp.register_blueprint(orders.bp)
gate.bp.register_blueprint(refunds.bp)
gate.bp.register_blueprint(bills.bp)
gate.bp.register_blueprint(transfers.gateway)
for part in (gate, cashier, ledger, account, planting, transfers):
    bp.register_blueprint(part.bp)


def resume(box: Sandbox) -> None:
    """Finish the refunds and transfers and deliver the notices that a stop interrupted."""
    refunds.resume(box)
    transfer_life.resume(box)
    notices.resume(box)


def due(box: Sandbox) -> None:
    """Do what the clock does by itself."""
    transfer_life.due(box)

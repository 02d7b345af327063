"""How statements, their lines and their payouts look, for payees and operators."""

from __future__ import annotations

from marshmallow import fields

from blueprints.shared.schemas import Shown


class EarningsSchema(Shown):
    """What I have: not yet payable, payable (below zero after returns), on its way to me, and paid so far."""

    pending_fen = fields.Integer(required=True)
    payable_fen = fields.Integer(required=True)
    on_its_way_fen = fields.Integer(required=True)
    paid_fen = fields.Integer(required=True)


class PayoutSchema(Shown):
    """A statement's latest transfer; `confirmable` while the payee must confirm it, within a day."""

    number = fields.String(required=True)
    state = fields.String(required=True)
    waiting = fields.String(required=True)
    fail_reason = fields.String(required=True)
    confirmable = fields.Boolean(required=True)
    asked_at = fields.AwareDateTime(required=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)


class StatementSchema(Shown):
    """What one payee is owed for what was posted before `until`."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    payee = fields.String(required=True)
    payee_id = fields.String(required=True)
    state = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    since = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)
    drafted_by = fields.String(required=True)
    approved_by = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    payout = fields.Nested(PayoutSchema(), required=True, allow_none=True)


class StatementLineSchema(Shown):
    """One posting behind the sum, and why it is there."""

    entry = fields.String(required=True)
    event = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    order = fields.String(required=True, allow_none=True)
    campaign = fields.String(required=True, allow_none=True)
    amount_fen = fields.Integer(required=True)
    reason = fields.String(required=True)


class WithdrawalSchema(Shown):
    """The statement, and the parameters of `wx.requestMerchantTransfer`; empty until the gateway has taken it."""

    statement = fields.Nested(StatementSchema(), required=True)
    params = fields.Dict(keys=fields.String(), values=fields.String(), required=True)

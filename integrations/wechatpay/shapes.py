"""The gateway's JSON as our values: strict about shape, merchant and app, so that nothing half understood is booked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar, get_args, get_type_hints

from services.ports import GatewayRefund, Trade, Transfer

T = TypeVar("T")

_PACKAGE_CHARACTERS = 1024
_TRADE_STATES = get_args(get_type_hints(Trade)["state"])
_TRANSFER_STATES = get_args(get_type_hints(Transfer)["state"])
_REFUND_STATES = get_args(get_type_hints(GatewayRefund)["state"])


class BadShape(Exception):
    """A reply or a decrypted resource is not what the gateway's documents promise; the text names the field."""


def check_owner(data: Mapping[str, Any], **owner: str) -> None:
    """Raise `BadShape` unless each named field is present and ours."""
    for name, value in owner.items():
        if data.get(name) != value:
            raise BadShape(f"{name} is not ours")


def trade(data: Mapping[str, Any]) -> Trade:
    """A trade from a query's reply or a payment notice; raises `BadShape`."""
    state = _state(data, "trade_state", _TRADE_STATES)
    amount, payer = _part(data, "amount"), _part(data, "payer")
    settled = state in ("SUCCESS", "REFUND")
    return Trade(
        out_trade_no=_must(_text(data, "out_trade_no"), "out_trade_no"),
        state=state,
        transaction_id=_must(_text(data, "transaction_id"), "transaction_id") if settled else None,
        total_fen=_must(_fen(amount, "total"), "amount.total") if settled else _fen(amount, "total"),
        payer_fen=_fen(amount, "payer_total") if settled else None,
        success_at=_must(_time(data, "success_time"), "success_time") if settled else None,
        payer_openid=_text(payer, "openid"),
    )


def refund(data: Mapping[str, Any], state_field: str) -> GatewayRefund:
    """A refund; its state is `status` in replies and `refund_status` in notices; raises `BadShape`."""
    state = _state(data, state_field, _REFUND_STATES)
    amount = _part(data, "amount")
    return GatewayRefund(
        out_refund_no=_must(_text(data, "out_refund_no"), "out_refund_no"),
        out_trade_no=_must(_text(data, "out_trade_no"), "out_trade_no"),
        state=state,
        refund_fen=_must(_fen(amount, "refund"), "amount.refund"),
        payer_refund_fen=_fen(amount, "payer_refund"),
        success_at=_time(data, "success_time") if state == "SUCCESS" else None,
    )


def transfer(data: Mapping[str, Any]) -> Transfer:
    """A transfer; replies tell less of it than a query or a notice does; raises `BadShape`."""
    return Transfer(
        out_bill_no=_must(_text(data, "out_bill_no"), "out_bill_no"),
        state=_state(data, "state", _TRANSFER_STATES),
        amount_fen=_fen(data, "transfer_amount"),
        transfer_bill_no=_text(data, "transfer_bill_no") or "",
        package_info=_text(data, "package_info", _PACKAGE_CHARACTERS) or "",
        fail_reason=_text(data, "fail_reason") or "",
        openid=_text(data, "openid") or "",
    )


def _must(value: T | None, name: str) -> T:
    if value is None:
        raise BadShape(f"{name} is missing")
    return value


def _state(data: Mapping[str, Any], name: str, known: tuple[str, ...]) -> Any:
    value = data.get(name)
    if value not in known:
        raise BadShape(f"{name} is unknown")
    return value


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadShape(f"{name} is not an object")
    return value


def _text(data: Mapping[str, Any], name: str, longest: int = 128) -> str | None:
    value = data.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > longest:
        raise BadShape(f"{name} is not a short text")
    return value


def _fen(data: Mapping[str, Any], name: str) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value < 2**53:
        raise BadShape(f"{name} is not an amount in fen")
    return value


def _time(data: Mapping[str, Any], name: str) -> datetime | None:
    value = _text(data, name)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise BadShape(f"{name} is not a time") from None
    if moment.tzinfo is None:
        raise BadShape(f"{name} has no time zone")
    return moment.astimezone(UTC)

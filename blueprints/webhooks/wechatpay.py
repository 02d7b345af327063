"""The payment gateway's notices: 204 only after the verified notice and its effect are committed."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Response, json, request
from werkzeug.exceptions import HTTPException

from blueprints.shared.problems import request_id
from blueprints.shared.product import lintuan
from blueprints.webhooks.callbacks import callback, raw_body
from domain.errors import Busy
from services.assembly import Lintuan
from services.flows import paying
from services.ports import BadNotice, Notice

log = structlog.get_logger("lintuan.hooks")


@callback("/wechatpay/pay", "POST")
def hear_payment() -> Response:
    """A payment notice."""
    return _take()


@callback("/wechatpay/refund", "POST")
def hear_refund() -> Response:
    """A refund notice."""
    return _take()


@callback("/wechatpay/transfer", "POST")
def hear_transfer() -> Response:
    """A transfer's end: confirmed by the payee, failed or cancelled."""
    return _take()


def _take() -> Response:
    """Any failure of ours is a 5xx in the gateway's own shape, so that it sends the notice again."""
    product, body = lintuan(), raw_body()
    try:
        paying.receive_notice(product.unit, product.outside, dict(request.headers), body, _at_once(product))
    except (BadNotice, HTTPException):
        raise
    except Busy:
        return _again(503)
    except Exception:
        log.exception("a notice could not be taken", endpoint=request.endpoint)
        return _again(500)
    return Response(status=204)


def _at_once(product: Lintuan) -> Callable[[Notice], bool | None] | None:
    rush, named = product.rush, request_id()
    return None if rush is None else lambda notice: rush.hear(notice, named)


def _again(status: int) -> Response:
    return Response(json.dumps({"code": "FAIL", "message": "失败"}), status, mimetype="application/json")

"""Refusals as RFC 9457 problems: one table from kind to status, a sentence for people, nothing inside a 5xx."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.sansio.response import Response as WsgiResponse

from blueprints.shared.lean import Whole
from domain.errors import Busy, DomainError, Kind
from services.ports import OutsideError
from services.words import refusal

STATUS = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.GONE: 410,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}
MIMETYPE = "application/problem+json"
_KEPT_HEADERS = {"allow", "retry-after", "www-authenticate"}
log = structlog.get_logger("lintuan.http")


def request_id() -> str:
    """The id under which this request stands in the logs."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def problem(status: int, code: str, title: str, detail: str, **more: Any) -> Response:
    """A problem document; `more` are extension members (`errors`, `facts`)."""
    body = {"type": f"/docs#{code}", "title": title, "status": status, "code": code, "detail": detail,
            "request_id": request_id(), **more}  # fmt: skip
    return Whole(json.dumps(body), status, content_type=MIMETYPE)


def install(app: Flask) -> None:
    """Answer every refusal and every failure of `app` as a problem."""
    app.register_error_handler(DomainError, answer_refusal)
    app.register_error_handler(OutsideError, answer_outside)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, answer_failure)


def answer_refusal(error: DomainError) -> Response:
    """A domain refusal; `field` or `errors` among its facts become `errors`, `retry_after` also a header."""
    facts = dict(error.facts)
    errors = facts.pop("errors", None)
    if "field" in facts:
        errors = {str(facts.pop("field")): [str(error)]}
    more: dict[str, Any] = {"facts": {name: _plain(value) for name, value in facts.items()}} if facts else {}
    if errors is not None:
        more["errors"] = errors
    title = " ".join((type(error).__doc__ or "").split())
    response = problem(STATUS[error.kind], error.code(), title, refusal(error), **more)
    if error.kind is Kind.UNAUTHENTICATED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if error.kind in (Kind.TOO_MANY, Kind.UNAVAILABLE):
        response.headers["Retry-After"] = str(facts.get("retry_after", 1))
    return response


def answer_outside(error: OutsideError) -> Response:
    """The outside world failed where the flow had no better word for it: nothing is lost, come again."""
    log.warning("outside failed", endpoint=request.endpoint, error=type(error).__name__, outside_error=error.code)
    return answer_refusal(Busy(retry_after=getattr(error, "retry_after", 0) or 5))


def answer_http(error: HTTPException) -> Response | WsgiResponse:
    """What Flask itself refuses; its `Allow`, `Retry-After` and `WWW-Authenticate` are kept."""
    if error.response is not None:
        return error.get_response()
    status = error.code or 500
    name = HTTP_STATUS_CODES.get(status, "Error")
    detail = "" if status >= 500 else (error.description or "")
    response = problem(status, name.lower().replace(" ", "_").replace("-", "_"), name, detail)
    response.headers.extend([(k, v) for k, v in error.get_headers() if k.lower() in _KEPT_HEADERS])
    return response


def answer_failure(error: Exception) -> Response:
    """Our own mistake: logged at ERROR, and told to nobody outside."""
    log.error("request failed", endpoint=request.endpoint, method=request.method, exc_info=error)
    return problem(500, "internal_error", "Internal Server Error", "服务器出错了，请稍后再试。")


def _plain(value: object) -> Any:
    return value if isinstance(value, str | int | bool | None) else str(value)

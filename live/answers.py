"""What the live process says before a stream begins, or instead of it, as the bytes of HTTP/1.1."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from domain.errors import DomainError, Kind
from live.requests import Request
from services.words import refusal

STATUS = {Kind.NOT_FOUND: HTTPStatus.NOT_FOUND, Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE}
ALWAYS = {
    "Cache-Control": "no-store",
    "Connection": "close",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Origin",
}
STREAM = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Headers": "Last-Event-ID",
    "Access-Control-Max-Age": "600",
}
RETRY = b"retry: 2000\n\n"
HEARTBEAT = b":\n\n"


@dataclass(frozen=True)
class Answers:
    """Answers to browsers on pages of `origin` (our public address) and to whoever else asks."""

    origin: str

    def stream(self, request: Request, request_id: str) -> bytes:
        """The head of a stream, and how soon to come back when it ends."""
        return self._head(HTTPStatus.OK, request, request_id, STREAM) + RETRY

    def preflight(self, request: Request, request_id: str) -> bytes:
        """What a page of ours may send."""
        allowed = PREFLIGHT if self._is_ours(request) else {}
        return self._head(HTTPStatus.NO_CONTENT, request, request_id, allowed)

    def alive(self, request: Request, request_id: str, **numbers: int) -> bytes:
        """The process answers."""
        return self._whole(HTTPStatus.OK, request, request_id, "application/json", {"status": "alive", **numbers})

    def refused(self, request: Request | None, request_id: str, error: DomainError) -> tuple[int, bytes]:
        """The status and the problem document of a refusal, as the other doors would write it."""
        title = " ".join((type(error).__doc__ or "").split())
        after = {"Retry-After": str(error.facts["retry_after"])} if "retry_after" in error.facts else {}
        return self._problem(STATUS[error.kind], request, request_id, error.code(), title, refusal(error), after)

    def problem(self, status: HTTPStatus, request: Request | None, request_id: str) -> tuple[int, bytes]:
        """The same for what is wrong with the request itself."""
        code = status.phrase.lower().replace(" ", "_").replace("-", "_")
        after = {"Allow": "GET, OPTIONS"} if status is HTTPStatus.METHOD_NOT_ALLOWED else {}
        return self._problem(status, request, request_id, code, status.phrase, status.description, after)

    def _problem(
        self, status: HTTPStatus, request: Request | None, request_id: str, code: str, title: str, detail: str,
        more: Mapping[str, str],
    ) -> tuple[int, bytes]:  # fmt: skip
        body = {"type": f"/docs#{code}", "title": title, "status": int(status), "code": code, "detail": detail,
                "request_id": request_id}  # fmt: skip
        return int(status), self._whole(status, request, request_id, "application/problem+json", body, more)

    def _whole(
        self, status: HTTPStatus, request: Request | None, request_id: str, kind: str, value: Any,
        more: Mapping[str, str] | None = None,
    ) -> bytes:  # fmt: skip
        body = json.dumps(value, ensure_ascii=False).encode()
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), **(more or {})}
        return self._head(status, request, request_id, headers) + body

    def _head(self, status: HTTPStatus, request: Request | None, request_id: str, more: Mapping[str, str]) -> bytes:
        headers = {**ALWAYS, **more, "X-Request-ID": request_id}
        if request is not None and self._is_ours(request):
            headers["Access-Control-Allow-Origin"] = self.origin
        lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode()

    def _is_ours(self, request: Request) -> bool:
        return request.headers.get("origin") == self.origin

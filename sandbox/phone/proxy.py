"""Hands the mini-program's requests on to the product, and those for live counts to their own process, as they flow."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import requests
from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.http import http_date

from sandbox.context import current

bp = Blueprint("phone_proxy", __name__)
CONNECT_SECONDS, ANSWER_SECONDS = 5, 60
KEPT_BACK = {"host", "cookie", "connection", "accept-encoding", "content-length", "origin", "referer"}
DROPPED = {"connection", "transfer-encoding", "content-encoding", "content-length", "set-cookie", "server", "date"}
METHODS = ["GET", "POST", "PUT", "DELETE"]


@bp.route("/phone/product/<path:path>", methods=METHODS)
def forward(path: str) -> ResponseReturnValue:
    """The product's own answer to the same request; 502 when it does not answer."""
    config = current().config
    is_live = path.endswith("/live") and bool(config.live_url)
    address = f"{config.live_url if is_live else config.product_url}/{quote(path)}"
    if not config.product_url:
        abort(502, "this sandbox knows no product")
    headers = {name: value for name, value in request.headers if name.lower() not in KEPT_BACK}
    try:
        answer = requests.request(
            request.method, address, params=request.query_string, data=request.get_data(), stream=True,
            headers={**headers, "Accept-Encoding": "identity"}, allow_redirects=False,
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
        )  # fmt: skip
    except requests.RequestException:
        abort(502, "the product does not answer")
    kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in DROPPED]
    kept.append(("Date", http_date(current().clock.now())))  # the product's clock may be shifted with the sandbox's
    body = _flowing(answer) if is_live else answer.content
    return Response(body, answer.status_code, kept)


def _flowing(answer: requests.Response) -> Iterator[bytes]:
    """What arrives, as it arrives; closing the page ends it with the next piece."""
    with answer:
        yield from answer.raw.stream(4096) if answer.raw.chunked else _pieces(answer)


def _pieces(answer: requests.Response) -> Iterator[bytes]:
    while piece := answer.raw.read1(4096):
        yield piece

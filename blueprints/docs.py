"""The API document as a page; its assets are served by us and nothing is loaded from elsewhere."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, send_from_directory

from blueprints.shared.guards import public

door = Blueprint("docs", __name__, url_prefix="/docs")
ASSETS = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
# The page sets styles and draws inline pictures; scripts still come from our own files only.
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8"><title>邻团 Lintuan API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="icon" href="/docs/assets/favicon-32x32.png">
</head>
<body><div id="document"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>
"""
START = 'SwaggerUIBundle({url: "/openapi.json", dom_id: "#document", deepLinking: true, validatorUrl: null});\n'


def _dist() -> Path:
    """Where pip put the page's files; found without importing the package, which brings a blueprint of its own."""
    spec = find_spec("flask_swagger_ui")
    if spec is None or spec.origin is None:
        raise RuntimeError("flask-swagger-ui is not installed")
    return Path(spec.origin).parent / "dist"


@door.get("")
@public
def page() -> Response:
    """The document, to read and to try."""
    return Response(PAGE, mimetype="text/html", headers={"Content-Security-Policy": POLICY})


@door.get("/start.js")
@public
def start() -> Response:
    """The line that starts the page; in a file, because inline scripts are not allowed."""
    return Response(START, mimetype="text/javascript")


@door.get("/assets/<name>")
@public
def asset(name: str) -> Response:
    """One of the page's files."""
    return send_from_directory(_dist(), name if name in ASSETS else "-", max_age=86400)

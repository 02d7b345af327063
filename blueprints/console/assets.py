"""The console's own files: its style, its few lines of script, and htmx as npm brought it."""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort

from blueprints.console.door import door

HERE = Path(__file__).parent / "static"
HTMX = Path(__file__).parents[2] / "node_modules" / "htmx.org" / "dist" / "htmx.min.js"
_KEPT = "public, max-age=600"


@door.stranger("/style.css", "GET")
def style() -> Response:
    """How it looks, by day and by night."""
    return Response((HERE / "style.css").read_bytes(), headers={"Cache-Control": _KEPT}, mimetype="text/css")


@door.stranger("/htmx.js", "GET")
def htmx() -> Response:
    """What loads parts of pages; without it every page still works, by whole pages."""
    if not HTMX.is_file():
        abort(404)
    return Response(HTMX.read_bytes(), headers={"Cache-Control": _KEPT}, mimetype="text/javascript")


@door.stranger("/console.js", "GET")
def script() -> Response:
    """Copying and printing what is shown once."""
    return Response((HERE / "console.js").read_bytes(), headers={"Cache-Control": _KEPT}, mimetype="text/javascript")

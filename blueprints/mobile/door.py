"""The plain blueprint the pages hang on; whoever has the link may look, and a wrong link is told so kindly."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template

from blueprints.shared.guards import public
from domain.errors import NotFound

door = Blueprint("mobile", __name__, url_prefix="/m", template_folder="templates")


def page(name: str, status: int = 200, **shown: Any) -> Response:
    """The template `name` filled in; never kept by a browser, because counts and states move."""
    html = render_template(f"mobile/{name}.html", **shown)
    return Response(html, status, {"Cache-Control": "no-store"}, mimetype="text/html")


@door.errorhandler(NotFound)
def answer_missing(_error: NotFound) -> Response:
    """A page for what is not there, or not to be seen."""
    return page("missing", 404)


@door.get("/style.css")
@public
def style() -> Response:
    """How the pages look; a file of our own, because nothing else may be loaded."""
    with door.open_resource("static/style.css", "rb") as file:
        return Response(file.read(), headers={"Cache-Control": "public, max-age=600"}, mimetype="text/css")

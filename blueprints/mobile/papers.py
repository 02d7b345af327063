"""A paper behind a link from the mini-program: a page that asks first, so that no preview uses the link up."""

from __future__ import annotations

from flask import Response, request

from blueprints.mobile.door import door, page
from blueprints.shared.guards import public
from blueprints.shared.paper_files import answer
from blueprints.shared.product import lintuan
from domain.errors import CodeExpired, DomainError
from services.flows import papers
from services.papers.exports import FORMATS
from services.words import refusal

OVER = "这个链接已经打开过或过期了，请回到小程序再取一个。"


@door.get("/papers/<token>")
@public
def ask_for_paper(token: str) -> Response:
    """Two buttons, the same for every token: only pressing one looks behind it."""
    return page("paper", token=token)


@door.post("/papers/<token>")
@public
def open_paper(token: str) -> Response:
    """The paper, this once; another sentence for a link that is over."""
    wanted = request.form.get("format", "")
    try:
        return answer(papers.by_link(lintuan(), token, wanted if wanted in FORMATS else FORMATS[0]))
    except DomainError as refused:
        over = isinstance(refused, CodeExpired)
        return page("paper_over", 410 if over else 409, words=OVER if over else refusal(refused))

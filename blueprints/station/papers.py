"""What a desk prints: everything that waits or is still to come here, of all campaigns."""

from __future__ import annotations

from flask import Response

from blueprints.shared.paper_files import answer
from blueprints.station.door import door
from domain.actors import Actor
from domain.errors import NotFound, PaperTooLong
from services.assembly import Lintuan
from services.flows import papers
from services.papers.making import AskPaper


@door.get("/papers/<kind>.html", flow=True, status=200, refuses=[NotFound, PaperTooLong])
def desk_paper(product: Lintuan, actor: Actor, kind: str) -> Response:
    """A pick list, sheet, slips or labels of this point, to be printed; the roster is for leaders only."""
    return answer(papers.at_once(product, actor, AskPaper(kind), "html"))

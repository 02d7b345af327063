"""The edge of a request: one transaction around the view, the answer dumped inside it and sent after the commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Response, json
from marshmallow import Schema

from blueprints.shared import guards, idempotent, paging
from blueprints.shared.dumping import dumper
from blueprints.shared.lean import Whole
from blueprints.shared.problems import answer_refusal, request_id
from blueprints.shared.product import current_actor, lintuan
from domain.errors import DomainError
from services.context import Ctx
from services.hot.requests import Asked, Outcome
from services.idempotency import Answer
from services.paging import Slice

View = Callable[..., Any]
Hot = Callable[..., Outcome]
"""`hot(rush, asked, **arguments)` has the committer do what the view would; `asked()` tells who asks, once known.

`asked(confirmed=False)` tells who is believed to ask, for a batch that looks them up itself.
"""


@dataclass(frozen=True)
class Edge:
    """How one view meets the world; see `Door` for what each of these means."""

    shows: Schema | None
    status: int
    reads: bool
    idempotent: bool = False
    paged: bool = False
    hot: Hot | None = None

    def around(self, view: View) -> View:
        """`view(ctx, **arguments)` in one transaction; any exception rolls back, the answer leaves after the commit."""

        def run(**arguments: Any) -> Response:
            if self.hot is not None and (said := self._said_at_once(self.hot, arguments)) is not None:
                return said
            unit = lintuan().unit
            if self.paged:
                arguments["page"] = paging.asked()
            with (unit.reading if self.reads else unit)(current_actor()) as ctx:
                return self._answer(ctx, lambda: view(ctx, **arguments))

        return run

    def around_flow(self, view: View) -> View:
        """`view(product, actor, **arguments)`, which begins its transactions itself."""

        def run(**arguments: Any) -> Response:
            if self.paged:
                arguments["page"] = paging.asked()

            def flow() -> Any:
                return view(lintuan(), current_actor(), **arguments)

            if self.idempotent:
                return respond(idempotent.around_flow(lambda: self._dump(flow())))
            result = flow()
            return result if isinstance(result, Response) else respond(self._dump(result))

        return run

    def _said_at_once(self, hot: Hot, arguments: dict[str, Any]) -> Response | None:
        """The committer's answer, or None where the plain view has to be asked."""
        rush = lintuan().rush
        if rush is None:
            return None
        key = idempotent.key_of_request()

        def asked(*, confirmed: bool = True) -> Asked:
            if confirmed:
                guards.confirm()
            return Asked(current_actor(), key, idempotent.fingerprint(), request_id(), self.status, self._write)

        outcome = hot(rush, asked, **arguments)
        if isinstance(outcome, DomainError):  # nothing is open that would have to be rolled back: raising costs 25 µs
            return answer_refusal(outcome)
        if outcome is None:
            guards.confirm()
            return None
        return Whole(outcome.text, outcome.status, content_type="application/json")

    def _write(self, shown: Any) -> str:
        return json.dumps(self._dump_quickly(shown))

    @cached_property
    def _dump_quickly(self) -> Callable[[Any], dict[str, Any]]:
        if self.shows is None:
            raise TypeError("a hot view shows something")
        return dumper(self.shows)

    def _answer(self, ctx: Ctx, act: Callable[[], Any]) -> Response:
        if self.idempotent:
            return respond(idempotent.within(ctx, lambda: self._flushed(ctx, act)))
        result = act()
        ctx.session.flush()
        return result if isinstance(result, Response) else respond(self._dump(result))

    def _flushed(self, ctx: Ctx, act: Callable[[], Any]) -> Answer:
        result = act()
        ctx.session.flush()
        return self._dump(result)

    def _dump(self, result: Any) -> Answer:
        if self.shows is None:
            return Answer(self.status, None)
        if isinstance(result, Slice):
            return Answer(self.status, paging.dump(result, self.shows))
        return Answer(self.status, self.shows.dump(result))


def respond(answer: Answer) -> Response:
    """The HTTP response of an answer, marked when it was given before."""
    body = "" if answer.body is None else json.dumps(answer.body)
    response = Response(body, answer.status, mimetype="application/json")
    if answer.body is None:
        response.headers.pop("Content-Type", None)
    if answer.replayed:
        response.headers[idempotent.REPLAYED] = "true"
    return response

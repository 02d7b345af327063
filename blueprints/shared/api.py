"""Routes that document themselves: flask-smorest, confined to this module."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from threading import Lock
from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask, Response, jsonify
from marshmallow import Schema, fields

from blueprints.shared import idempotent, paging
from blueprints.shared.bodies import given
from blueprints.shared.edge import Edge, Hot
from blueprints.shared.guards import PUBLIC, open_to
from blueprints.shared.kept import keeping
from blueprints.shared.problems import MIMETYPE, STATUS
from blueprints.shared.schemas import Lasting
from domain.errors import Busy, DomainError, Forbidden, Invalid, KeyMissing, KeyReused, Unauthenticated
from domain.operators import Duty

View = Callable[..., Any]
Decorator = Callable[[View], View]


class ProblemSchema(Lasting):
    """RFC 9457: what a refusal looks like."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": "stable name of the refusal"})
    detail = fields.String(required=True, metadata={"description": "one Chinese sentence for people"})
    request_id = fields.String(required=True)
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    facts = fields.Dict(keys=fields.String())


PROBLEM = ProblemSchema()


class Door(flask_smorest.Blueprint):  # type: ignore[misc]  # the vendor carries no types
    """One audience's routes; each is one decorator over a view.

    `shows` dumps the result (None: no body), `takes` loads the JSON body into `body=`, `query` the query into
    `query=`, `paged` gives `page=` and expects a `Slice`. The view gets `(ctx, **arguments)` inside one transaction
    (read only for GET), or with `flow` `(product, actor, **arguments)` and begins its own. `idempotent` asks for the
    Idempotency-Key. `audience` replaces the door's own guard ("public": none). `refuses` documents refusals.
    `upload_bytes` lifts the limit of the body. `kept` keeps the bytes of a public page for a moment. `hot`
    asks the committer first, see `blueprints.shared.edge.Hot`. `duty` is what an operator must have.
    """

    def __init__(self, name: str, audience: str, url_prefix: str, description: str) -> None:
        super().__init__(name, __name__, url_prefix=url_prefix, description=description)
        self.audience = audience

    def get(self, rule: str, **how: Any) -> Decorator:
        """A route that only reads."""
        return self.way("GET", rule, **how)

    def post(self, rule: str, **how: Any) -> Decorator:
        """A route that makes or does something."""
        return self.way("POST", rule, **how)

    def put(self, rule: str, **how: Any) -> Decorator:
        """A route that sets what the body names; there is no PATCH, which the mini-program's platform cannot send."""
        return self.way("PUT", rule, **how)

    def delete(self, rule: str, **how: Any) -> Decorator:
        """A route that takes something away."""
        return self.way("DELETE", rule, **how)

    def way(
        self,
        method: str,
        rule: str,
        *,
        shows: Schema | None = None,
        status: int | None = None,
        takes: Schema | None = None,
        query: Schema | None = None,
        paged: bool = False,
        flow: bool = False,
        idempotent: bool = False,
        audience: str | None = None,
        refuses: Iterable[type[DomainError]] = (),
        upload_bytes: int = 0,
        kept: bool = False,
        hot: Hot | None = None,
        duty: Duty = Duty.LOOK,
    ) -> Decorator:
        """The decorator behind `get`, `post`, …"""
        status = status or (204 if shows is None else 200)
        edge = Edge(shows, status, reads=method == "GET", idempotent=idempotent, paged=paged, hot=hot)
        who = audience or self.audience
        expected = {*refuses, *_always_refused(who, method, bool(takes or query), idempotent)}

        def register(view: View) -> View:
            documented = self._taken(view, takes, query)
            documented = self.response(status, paging.page_schema(shows) if paged and shows else shows)(documented)
            documented = self._refusals(documented, expected)
            documented = self.doc(**_document(self.name, view, who, paged, idempotent, query))(documented)
            around = edge.around_flow(view) if flow else edge.around(view)
            # What the vendor's decorators wrote is kept, they themselves are not: a dozen calls in each request.
            handler: View = wraps(documented)(given(around, takes, query))
            handler = keeping(handler) if kept else handler
            handler.upload_bytes = upload_bytes  # type: ignore[attr-defined]  # read by the body limit
            handler.hot = hot is not None  # type: ignore[attr-defined]  # read by the guard
            handler.duty = duty  # type: ignore[attr-defined]  # read by the guard
            self.route(rule, methods=[method])(open_to(who)(handler))
            return view

        return register

    def _taken(self, handler: View, takes: Schema | None, query: Schema | None) -> View:
        if takes is not None:
            handler = self.arguments(takes, location="json", arg_name="body")(handler)
        if query is not None:
            handler = self.arguments(query, location="query", arg_name="query")(handler)
        return handler

    def _refusals(self, handler: View, expected: set[type[DomainError]]) -> View:
        by_status: dict[int, list[str]] = {}
        for error in sorted(expected, key=lambda error: error.__name__):
            by_status.setdefault(STATUS[error.kind], []).append(error.code())
        for status, codes in by_status.items():
            handler = self.alt_response(status, schema=PROBLEM, content_type=MIMETYPE, description=", ".join(codes))(
                handler
            )
        return handler


def _always_refused(who: str, method: str, takes: bool, keyed: bool) -> Iterable[type[DomainError]]:
    if who != PUBLIC:
        yield from (Unauthenticated, Forbidden)
    if takes:
        yield Invalid
    if keyed:
        yield from (KeyMissing, KeyReused)
    if method != "GET":
        yield Busy


def _document(door: str, view: View, who: str, paged: bool, keyed: bool, query: Schema | None) -> dict[str, Any]:
    # A list of ours replaces what `arguments` wrote, so the query's own fields are named again.
    parameters = [
        *([{"in": "query", "schema": query}] if query else ()),
        *(paging.PARAMETERS if paged else ()),
        *((idempotent.PARAMETER,) if keyed else ()),
    ]
    security: list[dict[str, list[str]]] = [] if who == PUBLIC else [{"bearer": []}]
    document: dict[str, Any] = {"operationId": f"{door}_{view.__name__}", "security": security}
    return {**document, "parameters": parameters} if parameters else document


class DocumentedApi(flask_smorest.Api):  # type: ignore[misc]  # the vendor carries no types
    """The document at /openapi.json, written when it is first asked for; problems are answered by our own handlers."""

    def __init__(self, app: Flask, **how: Any) -> None:
        self._lock = Lock()
        self._unwritten: list[Door] = []
        self._frame: dict[str, Any] = {}
        super().__init__(app, **how)

    def register_blueprint(self, door: Door, **options: Any) -> None:
        """Serve a door at once; to document its routes takes far longer, and most processes never show the document."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][door.name] = self
        self._app.register_blueprint(door, **options)
        self._unwritten.append(door)

    def document(self) -> dict[str, Any]:
        """The OpenAPI document of every door."""
        with self._lock:
            if self.spec is None:
                super()._init_spec(**self._frame)
            while self._unwritten:
                door = self._unwritten.pop(0)
                door.register_views_in_doc(self, self._app, self.spec, name=door.name, parameters=None)
                self.spec.tag({"name": door.name, "description": door.description})
        document: dict[str, Any] = self.spec.to_dict()
        return document

    def _init_spec(self, **frame: Any) -> None:
        """Remember how the document begins: to begin it costs a quarter of assembling the app."""
        self._frame = frame

    def _register_error_handlers(self) -> None:
        """Leave the handlers of `problems.install` in place."""


def _schema_name(schema: Any) -> str:
    """`OrderSchema` of blueprints/leader is `LeaderOrder`: every audience sees an order in its own way."""
    kind = resolve_schema_cls(schema)
    kind = kind[0] if isinstance(kind, list) else kind
    place = kind.__module__.split(".")
    prefix = place[1].title() if place[0] == "blueprints" and len(place) > 2 and place[1] != "shared" else ""
    name = kind.__name__.removesuffix("Schema")
    return name if name.startswith(prefix) else prefix + name


def install(app: Flask) -> DocumentedApi:
    """Give `app` its API document; doors are registered on what is returned."""
    app.config.update(
        API_TITLE="邻团 Lintuan",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        PAGINATION_HEADER_NAME=None,
        API_SPEC_OPTIONS={
            "info": {"description": "Money is integer fen, times are RFC 3339, refusals are RFC 9457 problems."},
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        },
    )
    api = DocumentedApi(app, spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(_schema_name)})
    api.DEFAULT_ERROR_RESPONSE_NAME = None

    def openapi_json() -> Response:
        return jsonify(api.document())

    app.view_functions["api-docs.openapi_json"] = open_to(PUBLIC)(openapi_json)
    return api

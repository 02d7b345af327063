"""The blueprint of the console: what each page and act asks for, the transaction around it, and its headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from marshmallow import Schema

from blueprints.console import safety
from blueprints.console.repeats import first_time, once
from blueprints.shared import paging
from blueprints.shared.guards import open_to, public
from blueprints.shared.product import current_actor, lintuan
from domain.operators import Duty
from services.operator_sessions import seen

View = Callable[..., Any]
Decorator = Callable[[View], View]
PREFIX = "/console"


class ConsoleDoor(Blueprint):
    """Routes of the console; every template is named as its view, and every refusal is a page.

    `page` reads: the view gets `(ctx, **arguments)`, with `query` also `query=` and with `paged` `page=`, and returns
    what its template shows. `act` does something once and goes where the view says; with `flow` the view begins its own
    transactions and gets `(product, actor, …)`. `look` shows a template in answer to a form and is put on record by the
    view; with `flow` it also does something once, and a view may answer by itself. `takes` loads the form into `body=`.
    """

    def page(
        self, rule: str, *, query: Schema | None = None, paged: bool = False, duty: Duty = Duty.LOOK,
        on_record: bool = False,
    ) -> Decorator:  # fmt: skip
        """A page that reads; `on_record` lets it note that somebody looked."""

        def register(view: View) -> View:
            def show(**arguments: Any) -> Response:
                if query is not None:
                    arguments["query"] = safety.load(query, request.args, (*paging.NAMES, "done"))
                if paged:
                    arguments["page"] = paging.asked()
                unit = lintuan().unit
                with (unit if on_record else unit.reading)(current_actor()) as ctx:
                    return rendered(view.__name__, **view(ctx, **arguments))

            return self._hang(view, show, rule, "GET", duty)

        return register

    def act(
        self, rule: str, *, duty: Duty, takes: Schema | None = None, flow: bool = False, upload_bytes: int = 0
    ) -> Decorator:
        """Something done once, however often its form is sent; with `upload_bytes` the form may carry a file."""

        def register(view: View) -> View:
            def do(**arguments: Any) -> Any:
                if takes is not None:
                    arguments["body"] = safety.load(takes, request.form, safety.OWN_FIELDS)
                place = once(view, arguments, flow=flow)
                joint = "&" if "?" in place else "?"
                return redirect(f"{place}{joint}done={view.__name__}", 303)

            if upload_bytes:
                do.upload_bytes = upload_bytes  # type: ignore[attr-defined]  # read where bodies are measured
            return self._hang(view, do, rule, "POST", duty)

        return register

    def look(self, rule: str, *, duty: Duty, takes: Schema | None = None, flow: bool = False) -> Decorator:
        """Something shown in answer to a form; its address is no page, so it does not become the browser's."""

        def register(view: View) -> View:
            def show(**arguments: Any) -> Response:
                if takes is not None:
                    arguments["body"] = safety.load(takes, request.form, safety.OWN_FIELDS)
                if flow:
                    shown = first_time(lambda: view(lintuan(), current_actor(), **arguments))
                else:
                    with lintuan().unit(current_actor()) as ctx:
                        shown = view(ctx, **arguments)
                answer = shown if isinstance(shown, Response) else rendered(view.__name__, **shown)
                answer.headers["HX-Push-Url"] = "false"
                return answer

            return self._hang(view, show, rule, "POST", duty)

        return register

    def file(self, rule: str, *, duty: Duty) -> Decorator:
        """Bytes to look at or to keep: the view gets `(product, actor, …)` and answers itself."""

        def register(view: View) -> View:
            def give(**arguments: Any) -> Response:
                answer: Response = view(lintuan(), current_actor(), **arguments)
                return answer

            return self._hang(view, give, rule, "GET", duty)

        return register

    def stranger(self, rule: str, method: str) -> Decorator:
        """A route for whoever is not logged in yet."""

        def register(view: View) -> View:
            self.add_url_rule(rule, view.__name__, public(view), methods=[method])
            return view

        return register

    def _hang(self, view: View, handler: View, rule: str, method: str, duty: Duty) -> View:
        handler.duty = duty  # type: ignore[attr-defined]  # read by the guard
        self.add_url_rule(rule, view.__name__, open_to("console")(handler), methods=[method])
        return view


def rendered(name: str, code: int = 200, **shown: Any) -> Response:
    """The template of this name filled in, under this status."""
    return Response(render_template(f"console/{name}.html", **shown), code, mimetype="text/html")


door = ConsoleDoor("console", __name__, url_prefix=PREFIX, template_folder="templates")


@door.before_request
def check_the_visit() -> Any:
    """After the guard: forms are ours, the idle time begins anew, and in production a second factor comes first."""
    safety.refuse_foreign_forms()
    visitor = g.get("visitor")
    if visitor is None:
        return None
    if visitor.stale and request.headers.get("HX-Trigger") != REFRESHES_ITSELF:
        with lintuan().unit(visitor.actor) as ctx:
            seen(ctx)
    if lintuan().settings.production and not visitor.enrolled and request.endpoint not in BEFORE_ENROLMENT:
        return redirect(url_for("console.account"), 303)
    return None


REFRESHES_ITSELF = "now"
"""The part of the dashboard that asks every half minute: nobody has to sit before it, so it keeps no session awake."""
BEFORE_ENROLMENT = {"console.account", "console.enrol", "console.log_out", "console.log_out_everywhere"}
door.after_request(safety.harden)

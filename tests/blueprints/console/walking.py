"""Walking the console as a browser does: from the first page along every link, noting every form on the way."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask
from werkzeug.exceptions import HTTPException

from domain.operators import Duty
from tests.blueprints.console.visits import Browser

_LINK = re.compile(r'(?:href|src|hx-get)="(/console[^"#]*)"')
_FORM = re.compile(r"<form[^>]*>.*?</form>", re.DOTALL)
_POST = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"|<form[^>]*action="([^"]+)"[^>]*method="post"')


@dataclass
class Walk:
    """Pages by path, files, and each form that sends something: the path of its page, its action, its markup."""

    pages: dict[str, str] = field(default_factory=dict)
    forms: list[tuple[str, str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)


def walk(browser: Browser, start: str = "/console") -> Walk:
    """Every page that links lead to from `start`, each view opened with each id once, whatever its filters."""
    found, ahead, met = Walk(), [start], {start}
    while ahead:
        path = ahead.pop()
        answer = browser.get(path)
        if answer.status_code != 200:
            found.refused[path] = answer.status_code
            continue
        if answer.mimetype != "text/html":
            found.files.append(path)
            continue
        found.pages[path] = answer.text
        found.forms += [(path, *form) for form in _forms(answer.text)]
        for link in _LINK.findall(answer.text):
            plain = html.unescape(link)
            if plain.partition("?")[0] not in met:
                met.add(plain.partition("?")[0])
                ahead.append(plain)
    return found


def view_of(app: Flask, path: str, method: str) -> str:
    """The endpoint that answers there; "" for none."""
    try:
        return app.url_map.bind("localhost").match(path.partition("?")[0], method)[0]
    except HTTPException:
        return ""


def duty_of(app: Flask, endpoint: str) -> Duty:
    """What a view of the console asks for; looking for what is open to strangers."""
    duty: Duty = vars(app.view_functions[endpoint]).get("duty", Duty.LOOK)
    return duty


def _forms(text: str) -> Iterator[tuple[str, str]]:
    for markup in _FORM.findall(text):
        place = _POST.search(markup)
        if place:
            yield html.unescape(place[1] or place[2]), markup

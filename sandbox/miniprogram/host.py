"""The mini-program as people hold it: logs a person in at the product's public API and acts in that person's name."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import requests

from sandbox import people
from sandbox.context import Sandbox
from sandbox.people import Person

SCHEMA = "CREATE TABLE IF NOT EXISTS app_logins (openid TEXT PRIMARY KEY, token TEXT NOT NULL);"
TIMEOUT = (2, 15)
DEVICE = "沙盒里的手机"


class Refusal(Exception):
    """The product said no, in its own words, or did not answer (`status` 503)."""

    def __init__(self, words: str, status: int = 409) -> None:
        super().__init__(words)
        self.words, self.status = words, status


@dataclass(frozen=True)
class App:
    """One person's mini-program; logs in when it must and keeps the token, as a phone does."""

    box: Sandbox
    person: Person

    def get(self, path: str) -> Any:
        """The JSON at `path` (below /api/resident); raises `Refusal`."""
        return self._call("GET", path)

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """POST as one tap does, with a fresh idempotency key; raises `Refusal`."""
        return self._call("POST", path, body or {})

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Idempotency-Key": secrets.token_hex(16)} if body is not None else {}
        answer = self._ask(method, path, body, headers | _bearer(self._token() or self._log_in()))
        if answer.status_code == 401:  # the session ended or was ended
            answer = self._ask(method, path, body, headers | _bearer(self._log_in()))
        return _read(answer)

    def _log_in(self) -> str:
        code = people.new_code(self.box, "login", self.person.openid)
        answer = _read(self._ask("POST", "/login", {"js_code": code, "device": DEVICE}, {}))
        with self.box.store.transaction() as db:
            db.execute("INSERT OR REPLACE INTO app_logins VALUES (?, ?)", (self.person.openid, answer["token"]))
        return str(answer["token"])

    def _token(self) -> str:
        row = self.box.store.one("SELECT token FROM app_logins WHERE openid = ?", self.person.openid)
        return "" if row is None else str(row["token"])

    def _ask(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> requests.Response:
        if not self.box.config.product_url:
            raise Refusal("沙盒没有接上产品", 503)
        url = f"{self.box.config.product_url}/api/resident{path}"
        try:
            return requests.request(method, url, json=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
        except requests.RequestException:
            raise Refusal("产品没有回应，请稍后再试", 503) from None


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _read(answer: requests.Response) -> Any:
    """The JSON of a 2xx; the `detail` of a problem document becomes the refusal."""
    try:
        content = answer.json()
    except requests.JSONDecodeError:
        content = {}
    if answer.ok:
        return content
    words = content.get("detail") if isinstance(content, dict) else ""
    raise Refusal(words or f"产品答了 HTTP {answer.status_code}", 503 if answer.status_code >= 500 else 409)

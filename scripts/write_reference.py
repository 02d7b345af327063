"""Write docs/reference/ from the code: lifecycles, refusals, sweeps, postings, the API (`make docs`)."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

from flask import Flask

from app import create_app
from blueprints.shared.problems import STATUS
from config.settings import Settings
from domain import errors, state_tables
from domain.posting_rules import RULES
from services import invariants
from services.words import REFUSALS

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
_KEY = "reference-pages-sign-nothing-at-all-"
NOTE = "<!-- Written by `make docs` from the code; change the code instead. -->\n\n"


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """File name to content, as the code says it now."""
    return {
        "lifecycles.md": lifecycles(),
        "refusals.md": refusals(),
        "sweeps.md": sweeps(),
        "postings.md": postings(),
        "invariants.md": rules(),
        "openapi.json": api_document(),
    }


def lifecycles() -> str:
    """Each state table as a drawing and a table."""
    parts = [NOTE + "# Lifecycles\n\nThe tables stand in `domain/state_tables.py`; nothing else moves a state.\n"]
    for machine in state_tables.ALL:
        rows = [
            f"| {move.event} | {', '.join(move.sources)} | {move.target} | {', '.join(sorted(move.by))} |"
            for move in machine.moves.values()
        ]
        table = "\n".join(["| event | from | to | by |", "|---|---|---|---|", *rows])
        parts.append(f"## {machine.name}\n\n```mermaid\n{machine.mermaid()}\n```\n\n{table}\n")
    return "\n".join(parts)


def refusals() -> str:
    """Every refusal with its status and both sentences."""
    rows = [
        f"| `{error.code()}` | {STATUS[error.kind]} | {_one_line(error.__doc__)} | {REFUSALS[error.code()]} |"
        for error in errors.all_errors()
    ]
    head = "# Refusals\n\nAs `application/problem+json` over HTTP, as the Chinese sentence in the chat.\n"
    return "\n".join([NOTE + head, "| code | status | what it means | 中文 |", "|---|---|---|---|", *rows, ""])


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def sweeps() -> str:
    """Every sweep of the clock."""
    rows = [f"| `{job.name}` | {job.seconds} s | {job.does} |" for job in _app().extensions["lintuan-schedule"]]
    head = "# Sweeps of the clock\n\nEach may run in any number of processes: a conditional write decides who acts.\n"
    return "\n".join([NOTE + head, "| sweep | wakes every | does |", "|---|---|---|", *rows, ""])


def postings() -> str:
    """What each event of money books."""
    rows = [
        f"| {event} | {rule.amount} | {rule.debit} | {rule.credit} |"
        for event, pairs in RULES.items()
        for rule in pairs
    ]
    head = "# What each event books\n\nThe table: `domain/posting_rules.py`; a negative amount reverses its pair.\n"
    return "\n".join([NOTE + head, "| event | amount | debit | credit |", "|---|---|---|---|", *rows, ""])


def rules() -> str:
    """The invariants and the queries that return no rows."""
    parts = [NOTE + "# Invariants\n\n`flask --app app prove-books` asks each of them; every database test does, too.\n"]
    parts += [f"## {invariant.rule}\n\n```sql\n{_dedent(invariant.sql)}\n```\n" for invariant in invariants.ALL]
    return "\n".join(parts)


def _dedent(sql: str) -> str:
    return "\n".join(line.strip() for line in sql.strip().splitlines())


def api_document() -> str:
    """The OpenAPI document."""
    api = _app().extensions["flask-smorest"]["apis"][""]["ext_obj"]
    return json.dumps(api.document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


@cache
def _app() -> Flask:
    """The product over no data; nothing here opens its database."""
    nowhere = Path(tempfile.gettempdir())
    settings = Settings(
        env="test",
        data_dir=nowhere,
        database_url=f"sqlite:///{nowhere}/lintuan-reference.db",
        secret_key=_KEY,
        pii_key=_KEY[::-1],
    )
    return create_app(settings)


if __name__ == "__main__":
    main()

"""Each exception to a lint or type rule names the rule and says why; the wall clock is read in one place."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.house.source_tree import PRODUCT, modules, parse, read

EXCEPTION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma|ruff:|mypy:)")
REASON = re.compile(
    r"#\s*(noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*\s+--? |type: ignore\[[a-z0-9, -]+\]\s+# "
    r"|pragma: no cover - |(ruff|mypy): .*- )\w.{5,}"
)
WALL_CLOCK = {"now", "utcnow", "today"}


def _bare_exceptions(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and EXCEPTION.search(token.string) and not REASON.search(token.string):
            yield token.start[0], token.string


def _wall_clock_reads(tree: ast.Module) -> list[int]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [
        call.lineno
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in WALL_CLOCK
        and ast.unparse(call.func.value) in {"datetime", "date", "datetime.datetime", "datetime.date"}
    ]


def test_every_exception_carries_its_reason() -> None:
    found = [f"{path}:{line} {text}" for path in modules() for line, text in _bare_exceptions(read(path))]
    assert found == [], "write `# noqa: S108 - reason` or `# type: ignore[code]  # reason`"


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("x = 1  # noqa", True),
        ("x = 1  # noqa: S108", True),
        ("x = 1  # type: ignore[misc]", True),
        ("x = 1  # noqa: S108 - the folder comes from mkdtemp", False),
        ("x = 1  # type: ignore[misc]  # the vendor's stub is wrong", False),
        ("x = '# noqa'", False),
    ],
)
def test_an_exception_without_a_reason_would_be_seen(line: str, bare: bool) -> None:
    assert bool(list(_bare_exceptions(line + "\n"))) is bare


def test_only_the_clock_reads_the_wall_clock() -> None:
    readers = [
        f"{path}:{line}"
        for path in modules(*PRODUCT)
        if path.name != "clock.py"
        for line in _wall_clock_reads(parse(path))
    ]
    assert readers == []


def test_a_read_of_the_wall_clock_would_be_seen() -> None:
    assert _wall_clock_reads(ast.parse("datetime.now(UTC)\nctx.clock.now()\ndatetime.date.today()\n")) == [1, 3]

"""Files stay within 300 lines and functions within 50."""

from __future__ import annotations

import ast

from tests.house.source_tree import functions, modules, parse, read

LONGEST_FILE = 300
LONGEST_FUNCTION = 50


def test_no_file_is_longer_than_one_sitting() -> None:
    sizes = {str(path): len(read(path).splitlines()) for path in modules()}
    assert {path: lines for path, lines in sizes.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_one_screen() -> None:
    found = [
        f"{path}:{f.line} {f.name} ({f.lines})"
        for path in modules()
        for f in functions(parse(path))
        if f.lines > LONGEST_FUNCTION
    ]
    assert found == []


def test_a_long_function_would_be_seen_inside_a_class_and_inside_another() -> None:
    body = "\n".join(["            x = 1"] * LONGEST_FUNCTION)
    tree = ast.parse(f"class A:\n    def outer(self):\n        async def inner():\n{body}\n")
    assert {f.name: f.lines for f in functions(tree)} == {"outer": LONGEST_FUNCTION + 2, "inner": LONGEST_FUNCTION + 1}

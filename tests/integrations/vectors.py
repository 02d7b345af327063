"""The published test vectors, by file and id."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[1] / "vectors"


def vector(file: str, name: str) -> dict[str, Any]:
    """One vector of `tests/vectors/<file>.json`."""
    found: dict[str, Any] = next(item for item in whole(file)["vectors"] if item["id"] == name)
    return found


def whole(file: str) -> dict[str, Any]:
    """The whole file."""
    content: dict[str, Any] = json.loads((_FOLDER / f"{file}.json").read_text(encoding="utf-8"))
    return content

"""The copy of one's own data: each section and field that the server gives has a Chinese name in the mini-program."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from scripts.check_miniprogram import node
from services.queries import own_data

HERE = Path(__file__).parent
SEALED = {"courier_enc", "sealed_words"}  # opened, and told as `courier` and `words`


def given() -> dict[str, list[str]]:
    """The sections and the columns in them."""
    statements: list[Any] = [*own_data._of_person(1).values(), *own_data._of_orders(1).values()]
    columns = {name for one in statements for name in list(one.selected_columns.keys())}
    return {"sections": ["profile", *own_data.SECTIONS], "fields": sorted(columns - SEALED | {"courier"})}


def run(wanted: dict[str, list[str]]) -> subprocess.CompletedProcess[str]:
    """The script's own tests against these names."""
    environment = {**os.environ, "OWN_DATA": json.dumps(wanted)}
    return subprocess.run(
        [node(), "--test", "own_data.test.js"], cwd=HERE, env=environment, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip


def test_every_section_and_field_that_the_server_gives_has_a_name() -> None:
    ended = run(given())
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_field_without_a_name_is_seen() -> None:
    assert run({"sections": [], "fields": ["shoe_size"]}).returncode == 1

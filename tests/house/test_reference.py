"""docs/reference is what the code says now."""

from __future__ import annotations

import pytest

from domain.errors import all_errors
from scripts import write_reference
from services.words import REFUSALS


@pytest.mark.parametrize("name", ["lifecycles.md", "refusals.md", "sweeps.md", "postings.md", "invariants.md"])
def test_a_reference_page_is_fresh(name: str) -> None:
    kept = (write_reference.FOLDER / name).read_text(encoding="utf-8")
    assert kept == write_reference.pages()[name], "run: make docs"


def test_the_kept_api_document_is_fresh() -> None:
    kept = (write_reference.FOLDER / "openapi.json").read_text(encoding="utf-8")
    assert kept == write_reference.api_document(), "run: make docs"


def test_every_refusal_has_a_chinese_sentence_and_nothing_else_has() -> None:
    assert {error.code() for error in all_errors()} == set(REFUSALS)

"""docs/capacity.md is what the arithmetic makes of the measured figures."""

import json

from scripts import capacity


def test_the_page_is_fresh() -> None:
    book = json.loads(capacity.RESULTS.read_text(encoding="utf-8"))
    assert capacity.page(book) == capacity.PAGE.read_text(encoding="utf-8"), "run: make capacity"

"""`python -m scripts.worked_example` (`make money`): play the example and write docs/money.md."""

from __future__ import annotations

import tempfile
from pathlib import Path

from scripts.worked_example import page, scenery, story

PAGE = Path(__file__).resolve().parents[2] / "docs" / "money.md"


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder, scenery.set_up(Path(folder)) as cast:
        PAGE.write_text(page.page(story.play(cast)), encoding="utf-8")


if __name__ == "__main__":
    main()

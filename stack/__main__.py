"""`python -m stack run`: serve product, clock, live streams and sandbox with demo data until Ctrl-C."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from stack import run

FOLDER = Path(__file__).resolve().parent.parent / "var" / "run"
USAGE = "usage: python -m stack run      (PORT=8000 in the environment chooses the port)"


def main(arguments: list[str]) -> int:
    """The exit code: 0 after Ctrl-C, 1 when something ended by itself or could not start, 2 for a wrong call."""
    port = os.environ.get("PORT") or "8000"
    if arguments != ["run"] or not port.isascii() or not port.isdigit() or not 1 <= int(port) < 65534:
        print(USAGE, file=sys.stderr)
        return 2
    return run.run(FOLDER, int(port), int(port) + 1, int(port) + 2)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

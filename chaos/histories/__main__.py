"""`python -m chaos.histories [chunks] [first] [sqlite|postgresql]`: play some chunks and print what happened."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from chaos.databases import fresh
from chaos.histories.run import chunk, copy_of, quick
from tests.servers.shared_run import SharedRun

CHUNK = 50


def main(words: list[str]) -> None:
    """Play and print; what breaks is raised with the steps that led to it."""
    count, first = (int(word) for word in (*words[:2], "1", "1")[:2])
    kind = words[2] if len(words) > 2 else "sqlite"
    run = SharedRun.begin()
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            fresh(kind, run, Path(folder)) as url,
            tempfile.TemporaryDirectory(dir=quick(Path(folder))) as near,
            copy_of(url, Path(near)) as stage,
        ):
            for number in range(first, first + count):
                begun = time.monotonic()
                tally = chunk(stage, number, CHUNK)
                print(
                    f"chunk {number}: {tally.histories} histories in {time.monotonic() - begun:.1f} s, {tally.reached}"
                )
                for name in sorted(tally.tried):
                    print(f"  {name:40} {tally.accepted[name]:6} of {tally.tried[name]:6}")
    finally:
        run.finish()


if __name__ == "__main__":
    main(sys.argv[1:])

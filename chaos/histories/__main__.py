"""`python -m chaos.histories [count] [seed]`: play some histories on SQLite and print what happened."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from chaos.databases import fresh
from chaos.histories.history import Tally, play
from chaos.histories.stage import opened
from tests.servers.shared_run import SharedRun


def main() -> None:
    """Play and print."""
    count, start = (int(word) for word in (*sys.argv[1:], "100", "1")[:2])
    kind = sys.argv[3] if len(sys.argv) > 3 else "sqlite"
    run = SharedRun.begin()
    tally = Tally()
    begun = time.monotonic()
    try:
        with (
            tempfile.TemporaryDirectory(dir="/dev/shm") as folder,
            fresh(kind, run, Path(folder)) as url,
            opened(url, Path(folder)) as stage,
        ):

            @seed(start)
            @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate],
                          suppress_health_check=list(HealthCheck))  # fmt: skip
            @given(st.data())
            def histories(data: st.DataObject) -> None:
                play(stage, data, tally)

            histories()
    finally:
        run.finish()
        print(f"{tally.histories} histories in {time.monotonic() - begun:.1f} s")
        for name in sorted(tally.tried):
            print(f"  {name:40} {tally.accepted[name]:6} of {tally.tried[name]:6}")
        print(dict(tally.reached))
        for words, times in tally.refused.most_common(25):
            print(f"  {times:5} {words[:150]}")


main()

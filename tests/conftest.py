"""What every test stands on: one run shared by all workers, real servers on demand, sockets closed but for loopback."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.product_fixtures import app, client, clock, ctx, log_tail, outside, policy_numbers, product, unit
from tests.servers.fixtures import (
    RUN,
    database_url,
    emptied_postgres,
    fresh_postgres,
    fresh_sqlite,
    onlooker,
    postgres_server,
    postgres_url,
    redis_server,
    redis_url,
    shared_run,
    sqlite_templates,
    sqlite_url,
    worker_number,
)
from tests.servers.quick_folder import in_memory
from tests.servers.shared_run import SharedRun

# A busy machine is no reason for a property to fail; the rest is Hypothesis's own profile, a repeatable one in CI.
settings.register_profile("house", settings(deadline=None))
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Open the run in the controller, join it in a worker; `tmp_path` lies in memory where there is room."""
    if memory := in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))
    told = getattr(config, "workerinput", None)
    config.stash[RUN] = SharedRun(Path(told["run_folder"]), told["run_pid"]) if told else SharedRun.begin()


def pytest_collection_finish() -> None:
    """Look for garbage in what tests make only, and less often: to look through all that is loaded took a quarter."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 10)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each worker where the run is."""
    run = node.config.stash[RUN]
    node.workerinput.update(run_folder=str(run.folder), run_pid=run.pid)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run's servers, in the controller only."""
    if RUN in config.stash and not hasattr(config, "workerinput"):
        config.stash[RUN].finish()

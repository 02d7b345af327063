"""Every workload with its gate and aim, in the order of the table."""

from __future__ import annotations

from functools import partial

from benchmarks.plan import Workload
from benchmarks.workloads import closing, growing, joining, live, memory, mixed, notices, pickup, reading

REAL_BARE = "the same POST through token, schemas and dump, no database"
BARE = "bare Flask"
ONE_CTE = "pgbench one-CTE, commit each"

WORKLOADS = (
    Workload("W1-64", "join rush, one hot campaign, 64 connections", ONE_CTE, 1.0, 2.5, "more",
             partial(joining.hot, connections=64)),
    Workload("W1-256", "join rush, one hot campaign, 256 connections", ONE_CTE, 1.0, 2.5, "more",
             partial(joining.hot, connections=256)),
    Workload("W1-on_pickup", "join rush, paid on pickup: counted at once", ONE_CTE, 1.0, 2.5, "more",
             partial(joining.hot, connections=64, policy="on_pickup")),
    Workload("W1b", "join rush against the real bare POST", REAL_BARE, 0.45, 0.75, "more", joining.against_real_bare),
    Workload("W2", "joins spread over 1000 campaigns", "pgbench spread CTE", 0.40, 0.70, "more", joining.spread),
    Workload("W3", "join rush on SQLite FULL", BARE, 0.20, 0.40, "more", joining.on_sqlite),
    Workload("W4-hot", "campaign page with live count, hot", BARE, 0.80, 0.95, "more",
             partial(reading.page, cold=False)),
    Workload("W4-cold", "campaign page with live count, cold", BARE, 0.35, 0.50, "more",
             partial(reading.page, cold=True)),
    Workload("W5", "sold-out storm", REAL_BARE, 0.85, 0.95, "more", reading.sold_out),
    Workload("W6", "gateway-notice storm, 90 % duplicates, true signatures", "pgbench of the same SQL", 0.35, 0.8,
             "more", notices.storm),
    Workload("W7", "close 100,000 orders", "one raw SQL transaction", 2.5, 1.2, "less", closing.close),
    Workload("W8", "pickup, 200k codes", "pgbench of the same UPDATE", 0.30, 0.5, "more", pickup.desk),
    Workload("W9", "joins with 1000 live-count subscribers", "the same without them", 0.85, 0.97, "more",
             live.watched),
    Workload("W10", "mixed day, open loop, half of capacity: p99", "p99 of pgbench at the same rate", 3.0, 1.5, "less",
             mixed.day),
    Workload("growth-join", "CPU per join, 1k to 1M orders", "itself at 1k", 1.3, 1.0, "less",
             partial(growing.cost, operation="join")),
    Workload("growth-pickup", "CPU per pickup, 1k to 1M orders", "itself at 1k", 1.3, 1.0, "less",
             partial(growing.cost, operation="pickup")),
    Workload("growth-page", "CPU per page, 1k to 1M orders", "itself at 1k", 1.3, 1.0, "less",
             partial(growing.cost, operation="page")),
    Workload("memory-idle", "MiB of an idle worker", "none", 130, 100, "less", memory.idle, "MiB"),
    Workload("memory-grown", "MiB a worker gains per 100k requests", "none", 5, 0, "less", memory.grown, "MiB"),
)  # fmt: skip


def chosen(parts: list[str]) -> list[Workload]:
    """The workloads of these parts or names, all when none is named; raises KeyError for an unknown one."""
    known = {name for workload in WORKLOADS for name in (workload.name, workload.part)}
    if unknown := [part for part in parts if part not in known]:
        raise KeyError(", ".join(unknown))
    return [workload for workload in WORKLOADS if not parts or {workload.name, workload.part} & set(parts)]

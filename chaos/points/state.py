"""What two runs that did the same must have in common: all rows of ours, and all that left for the outside."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from chaos import dumps
from models import Base
from models.base import UtcDateTime

ALSO_DRAWN = frozenset({
    "payments.prepay_id", "payments.transaction_id", "pickup_codes.code", "sessions.token_hash",
    "one_time_codes.code_hash", "operators.password_hash", "gateway_events.event_id",
    "payouts.package_info", "short_links.key", "idempotency_records.answer",
    "payouts.transfer_bill_no", "shares.activity_id", "pickup_passes.token_hash",
    "paper_links.token_hash",
    "operator_links.code_hash", "recovery_codes.code_hash", "content_checks.trace_id",
    "content_checks.row_id",
})  # fmt: skip
"""Columns drawn by lot, by us or by the gateway, or numbers with gaps; an answer may be a code.

Sealed ones (`*_enc`) are drawn, too."""
SANDBOX_KEEPS = frozenset({
    "settings", "sqlite_sequence", "codes", "wxa_tokens", "response_codes", "pay_bill_files", "robot_media",
    "pay_prepays", "wxa_login_keys", "telegram_updates",
})  # fmt: skip
"""What the sandbox keeps for itself: nothing of it moves money, goods or words."""
SANDBOX_DRAWN = frozenset({
    "id", "seq", "at", "transaction_id", "refund_id", "transfer_bill_no", "flow_no", "business_no", "package_info",
    "content", "parameters_hash", "attempts", "accepted", "last_status", "copies", "uploaded_ms", "uploads", "openid",
    "userid", "phone", "entry", "tries", "key", "session_key", "scene", "task_id", "chat_id", "activity_id",
    "balance_fen",  # after each flow, so it tells in which order they came; their sum is what counts
})  # fmt: skip


def state(engine: Engine, sandbox: Path, *, exact: bool) -> list[str]:
    """Every row of both sides, sorted; unless `exact`, without when things happened and how often they were tried."""
    columns = [(f"{table.name}.{column.name}", column) for table in Base.metadata.sorted_tables
               for column in table.columns]  # fmt: skip
    hidden = {name for name, _ in columns if name.endswith("_enc")} | ALSO_DRAWN
    if not exact:
        hidden |= {name for name, column in columns if isinstance(column.type, UtcDateTime)}
        hidden |= {name for name, _ in columns if name.endswith((".attempts", ".deliveries", ".turn"))}
    return dumps.canonical(engine, ["job_runs"], hidden, beside=_outside(sandbox, exact=exact), ranked=True)


def _outside(sandbox: Path, *, exact: bool) -> Iterator[str]:
    connection = sqlite3.connect(sandbox)
    connection.row_factory = sqlite3.Row
    try:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in sorted(set(tables) - SANDBOX_KEEPS):
            for row in connection.execute(f"SELECT * FROM {table}"):  # a name of the schema
                cells = {name: row[name] for name in row.keys() if name not in SANDBOX_DRAWN}  # noqa: SIM118 - no dict
                yield f"outside {table} " + " ".join(
                    f"{name}={value}" for name, value in cells.items() if exact or not name.endswith("_at")
                )
    finally:
        connection.close()

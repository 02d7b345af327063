"""The counts of campaigns as they stand, for the page and for everybody who watches: one statement for all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select

from domain.progress import progress, sentence
from models import Campaign

_COUNTS = select(
    Campaign.public_id, Campaign.state, Campaign.revision, Campaign.participant_count, Campaign.counted_units,
    Campaign.counted_fen, Campaign.minimum, Campaign.minimum_kind,
).where(Campaign.public_id.in_(bindparam("ids", expanding=True)), Campaign.state != "draft")  # fmt: skip


def counts(reads: Connection, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The live counts of those campaigns of `ids` that everybody may see, by their public ids."""
    rows = reads.execute(_COUNTS, {"ids": sorted(ids)})
    return {row.public_id: count_of(row._asdict()) for row in rows}


def count_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What moves while people join, at one `revision`; the same names and values as on the campaign's page."""
    standing = progress(
        row["minimum_kind"], row["minimum"], people=row["participant_count"], units=row["counted_units"],
        fen=row["counted_fen"],
    )  # fmt: skip
    return {
        "id": row["public_id"],
        "state": row["state"],
        "revision": row["revision"],
        "participant_count": row["participant_count"],
        "counted_units": row["counted_units"],
        "progress": {
            "kind": standing.kind.value, "minimum": standing.minimum, "reached": standing.reached,
            "missing": standing.missing, "is_reached": standing.is_reached, "text": sentence(standing),
        },
    }  # fmt: skip

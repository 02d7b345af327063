"""The door all station views hang on."""

from __future__ import annotations

from blueprints.shared.api import Door

door = Door("station", audience="station", url_prefix="/api/station", description="自提点")

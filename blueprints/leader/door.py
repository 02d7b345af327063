"""The door all leader views hang on."""

from __future__ import annotations

from blueprints.shared.api import Door

door = Door("leader", audience="leader", url_prefix="/api/leader", description="团长")

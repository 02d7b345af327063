"""The door all resident views hang on."""

from __future__ import annotations

from blueprints.shared.api import Door

door = Door("resident", audience="resident", url_prefix="/api/resident", description="居民")

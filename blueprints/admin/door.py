"""The door all admin views hang on."""

from __future__ import annotations

from blueprints.shared.api import Door

door = Door("admin", audience="admin", url_prefix="/api/admin", description="平台")

"""Reads what the control addresses are told."""

from __future__ import annotations

from typing import Any

from flask import abort, request


def wish() -> dict[str, Any]:
    """The request's JSON object; 400 for anything else."""
    content = request.get_json(force=True)
    if not isinstance(content, dict):
        abort(400, "a JSON object")
    return content

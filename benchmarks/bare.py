"""The floor of every read: a bare Flask view that answers a small JSON object."""

from __future__ import annotations

from flask import Flask, Response, jsonify


def create_app() -> Flask:
    """Nothing but the view."""
    app = Flask("bare", static_folder=None)

    @app.get("/")
    @app.get("/livez")
    def answer() -> Response:
        return jsonify(title="周五草莓", state="open", participants=42)

    return app

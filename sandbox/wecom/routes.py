"""HTTP side of the imitated WeCom: its webhook, its response addresses and its control calls, as one blueprint."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask
from flask.sansio.blueprints import BlueprintSetupState

from sandbox.httpchat import routes as httpchat
from sandbox.telegram import routes as telegram
from sandbox.wecom import chat_knobs, control, response_codes, rooms, runtime, webhook

SCHEMA = rooms.SCHEMA + webhook.SCHEMA + response_codes.SCHEMA + telegram.SCHEMA
bp = Blueprint("wecom", __name__)
for part in (webhook, response_codes, chat_knobs, control, httpchat, telegram):
    bp.register_blueprint(part.bp)


@bp.record_once
def attach(setup: BlueprintSetupState) -> None:
    """Give the app its own counting windows and conversations."""
    runtime.attach(cast(Flask, setup.app))


def stop(app: Flask) -> None:
    """End the background conversations, before the store is closed."""
    runtime.of(app).stop()

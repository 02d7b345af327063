"""The sandbox's Flask app: the only place where its parts meet."""

from __future__ import annotations

from flask import Flask, jsonify
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from sandbox import clock, credentials, customer, knobs, people
from sandbox.config import Config
from sandbox.context import Sandbox
from sandbox.due import Due
from sandbox.miniprogram import activities, chat_codes, content, errors, group_phones, login, subscribe, tokens, wxacode
from sandbox.miniprogram.shipping import routes as shipping
from sandbox.pay import routes as pay
from sandbox.phone import files as phone_files
from sandbox.phone import proxy as phone_proxy
from sandbox.phone import routes as phone
from sandbox.phone import sharing as phone_sharing
from sandbox.push import Pusher
from sandbox.room import routes as room
from sandbox.store import Store
from sandbox.wecom import routes as wecom

PARTS = (
    clock, knobs, people, errors, tokens, login, subscribe, wxacode, content, activities, group_phones, chat_codes, pay,
    shipping, customer, wecom, room, phone, phone_files, phone_proxy, phone_sharing,
)  # fmt: skip


def create_app(config: Config) -> Flask:
    """Build one sandbox in `config.data_dir`; its parts are reached through `context.current()`."""
    keys = credentials.ensure(config)
    store = Store(config.data_dir / "sandbox.db")
    box = Sandbox(config, keys, store, clock.Clock(store), knobs.Knobs(store), Pusher())
    app = Flask(__name__, static_folder=None)
    app.json = _Json(app)
    app.extensions["sandbox"] = box
    for part in PARTS:
        store.create(getattr(part, "SCHEMA", ""))
        app.register_blueprint(part.bp)
    app.add_url_rule("/livez", view_func=lambda: {"status": "ok"}, endpoint="livez")
    app.register_error_handler(HTTPException, _plain_error)
    for part in (pay, shipping):
        part.resume(box)
    due = Due(box, [part.due for part in PARTS if hasattr(part, "due")])
    app.before_request(due.look)
    due.start()
    return app


def stop(app: Flask) -> None:
    """End the background work and close the store."""
    box: Sandbox = app.extensions["sandbox"]
    wecom.stop(app)
    box.push.stop()
    box.store.close()


class _Json(DefaultJSONProvider):
    """Chinese as it is, keys in the order in which they were written."""

    ensure_ascii = False
    sort_keys = False


def _plain_error(error: HTTPException) -> ResponseReturnValue:
    return jsonify(error=error.description), error.code or 500

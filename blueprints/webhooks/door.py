"""The plain blueprint all callbacks hang on; each declares itself public and checks a signature first."""

from __future__ import annotations

from flask import Blueprint

door = Blueprint("webhooks", __name__, url_prefix="/hooks")

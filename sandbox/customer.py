"""The mini-program's customer-service chat, imitated."""

from flask import Blueprint

SCHEMA = ""

bp = Blueprint("customer", __name__)

"""HTTP side of the chat room."""

from flask import Blueprint

SCHEMA = ""

bp = Blueprint("room", __name__)

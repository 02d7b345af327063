"""HTTP side of the imitated WeCom."""

from flask import Blueprint

SCHEMA = ""

bp = Blueprint("wecom", __name__)

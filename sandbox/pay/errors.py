"""How the gateway says no: an HTTP status and `{"code", "message"}`."""

from __future__ import annotations


class PayError(Exception):
    """A refusal with its HTTP status and the gateway's code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def bad_field(field: str) -> PayError:
    """400 PARAM_ERROR that names the field."""
    return PayError(400, "PARAM_ERROR", f"参数错误: {field}")

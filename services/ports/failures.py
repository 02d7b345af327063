"""The outside world's ways to fail, and a callback that is not to be believed."""

from __future__ import annotations


class OutsideError(Exception):
    """The outside world did not do what was asked.

    `code` is the other side's own error code ("" when there is none); messages hold no personal data.
    """

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Refused(OutsideError):
    """The other side understood and said no; the same call gives the same answer."""


class Unreachable(OutsideError):
    """Nothing was done (no connection, throttled, token outage); the same call may succeed later.

    `retry_after` is in seconds, 0 when the other side named none.
    """

    def __init__(self, message: str, *, code: str = "", retry_after: int = 0) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unknown(OutsideError):
    """The call went out and its fate is not known (time-out, 5xx, unverifiable answer)."""


class BadNotice(Exception):
    """A callback that is unsigned, stale, altered, from an unknown key or malformed; answer 401, change nothing.

    `probe` marks the gateway's own signature test (`WECHATPAY/SIGNTEST/`), which raises no alarm.
    """

    def __init__(self, message: str, *, probe: bool = False) -> None:
        super().__init__(message)
        self.probe = probe

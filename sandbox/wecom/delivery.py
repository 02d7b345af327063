"""Calls the product's smart-robot address: sealed callbacks out, sealed replies back, within the platform's times."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

import requests

from sandbox.context import Sandbox
from sandbox.wecom import chat_knobs
from sandbox.wecom.cards import PlatformError
from sandbox.wecom.envelope import BrokenEnvelope, Envelope

PATH = "/hooks/wecom/aibot"
ANSWER_SECONDS = 5
CHECK_SECONDS = 1


@dataclass(frozen=True)
class Answer:
    """What came back: `delivered` is False on a time-out or a status other than 200; an empty reply is None."""

    delivered: bool
    reply: dict[str, Any] | None = None
    why: str = ""


def envelope(box: Sandbox) -> Envelope:
    """The robot's own Token and EncodingAESKey; an enterprise's robot has an empty receive id."""
    return Envelope(box.credentials.words.aibot_token, box.credentials.words.aibot_aes_key)


def robot_id(box: Sandbox) -> str:
    """The `aibotid` of the only robot."""
    return f"aib{hashlib.sha256(box.credentials.words.aibot_token.encode()).hexdigest()[:20]}"


def call(box: Sandbox, body: dict[str, Any]) -> Answer:
    """Send one callback once and open the answer; raises `PlatformError` when the answer cannot be opened."""
    if delay := chat_knobs.read(box)["callback_delay_ms"]:
        time.sleep(delay / 1000)
    sealed = envelope(box).seal(json.dumps(body, ensure_ascii=False))
    if chat_knobs.take(box, "tamper_callbacks"):
        _post(box, sealed, spoilt=True)
    nonce, response, why = _post(box, sealed)
    if response is None:
        return Answer(delivered=False, why=why)
    if response.status_code != 200:
        return Answer(delivered=False, why=f"HTTP {response.status_code}")
    if chat_knobs.take(box, "drop_replies"):
        return Answer(delivered=False, why="the answer was lost on its way")
    return Answer(delivered=True, reply=_open(box, nonce, response))


def check_url(box: Sandbox) -> tuple[bool, str]:
    """The platform's GET on a new callback address: (did the plaintext come back within a second, why not)."""
    secret, timestamp, nonce = secrets.token_hex(10), str(box.clock.timestamp()), secrets.token_hex(8)
    echostr = envelope(box).seal(secret)
    query = {
        "msg_signature": envelope(box).sign(timestamp, nonce, echostr),
        "timestamp": timestamp,
        "nonce": nonce,
        "echostr": echostr,
    }
    try:
        answer = requests.get(f"{box.config.product_url}{PATH}", params=query, timeout=CHECK_SECONDS)
    except requests.RequestException as error:
        return False, type(error).__name__
    return answer.content == secret.encode(), f"HTTP {answer.status_code}"


def _post(box: Sandbox, sealed: str, *, spoilt: bool = False) -> tuple[str, requests.Response | None, str]:
    timestamp, nonce = str(box.clock.timestamp()), secrets.token_hex(8)
    signature = envelope(box).sign(timestamp, nonce, sealed)
    query = {
        "msg_signature": signature[::-1] if spoilt else signature,
        "timestamp": timestamp,
        "nonce": nonce,
    }
    try:
        response = requests.post(
            f"{box.config.product_url}{PATH}", params=query, json={"encrypt": sealed}, timeout=ANSWER_SECONDS
        )
    except requests.RequestException as error:
        return nonce, None, type(error).__name__
    return nonce, response, ""


def _open(box: Sandbox, nonce: str, response: requests.Response) -> dict[str, Any] | None:
    """The decrypted reply, None for an empty body; raises `PlatformError`."""
    if not response.content:
        return None
    try:
        body = response.json()
        signature, timestamp, encrypted = body["msgsignature"], body["timestamp"], body["encrypt"]
        if type(timestamp) is not int or str(body["nonce"]) != nonce:
            raise BrokenEnvelope("timestamp must be a number and nonce the one of the address")
        envelope(box).verify(str(signature), str(timestamp), nonce, encrypted)
        reply = json.loads(envelope(box).open(encrypted))
    except (BrokenEnvelope, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PlatformError(-40007, f"the reply cannot be opened: {error}") from error
    if not isinstance(reply, dict):
        raise PlatformError(47001, "the reply is not an object")
    return reply or None

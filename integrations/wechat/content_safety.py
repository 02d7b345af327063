"""Content safety as WeChat wants it: msgSecCheck and mediaCheckAsync, both in version 2."""

from __future__ import annotations

from typing import Any

from domain.content import LONGEST, Scene, Suggestion
from services.ports import Judgement, Unknown

TEXT, PICTURE = "/wxa/msg_sec_check", "/wxa/media_check_async"
RISKY = "87014"
"""What version 1 said of risky words; a platform that falls back to it is understood."""
RISKY_LABEL = 21000
NOT_HERE = 61010
_SCENES = {Scene.PROFILE: 1, Scene.COMMENT: 2, Scene.FORUM: 3}
_VERSION, _IMAGE = 2, 2


def text_body(openid: str, scene: Scene, text: str) -> dict[str, Any]:
    """The body of msgSecCheck; raises ValueError for more than a call holds."""
    if len(text) > LONGEST:
        raise ValueError("a text of one call has at most 2500 characters")
    return {"version": _VERSION, "openid": openid, "scene": _SCENES[scene], "content": text}


def picture_body(openid: str, scene: Scene, url: str) -> dict[str, Any]:
    """The body of mediaCheckAsync."""
    return {
        "version": _VERSION, "openid": openid, "scene": _SCENES[scene], "media_type": _IMAGE, "media_url": url,
    }  # fmt: skip


def judgement(answer: dict[str, Any]) -> Judgement:
    """What msgSecCheck said; `errcode` is 0 for risky words too. Raises `Unknown` when nothing was said."""
    result = answer.get("result")
    suggest, label = (result.get(name) for name in ("suggest", "label")) if isinstance(result, dict) else (None, None)
    if suggest not in tuple(Suggestion) or type(label) is not int:
        raise Unknown("content safety: the answer holds no word")
    return Judgement(Suggestion(suggest), label)

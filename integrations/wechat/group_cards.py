"""Cards that people share and we change: the bodies of WeChat's updatable-message and chat-tool calls.

Source: mini-program guide, updatable messages and chat tool. The two calls name the build in two ways, and the values
of an updatable card are texts even where they are numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from services.ports import Activity, BadNotice, CardState, GroupEntry, ToolState, Unknown

CREATE = "/cgi-bin/message/wxopen/activityid/create"
UPDATE = "/cgi-bin/message/wxopen/updatablemsg/send"
TOOL = "/cgi-bin/message/wxopen/chattoolmsg/send"

_CARD_STATE: Mapping[CardState, int] = {"collecting": 0, "reached": 1, "ended": 2}
_TOOL_STATE: Mapping[ToolState, int] = {"collecting": 1, "closing": 2, "ended": 3}
_CARD_VERSION = {"formal": "release", "trial": "trial", "developer": "develop"}
_TOOL_VERSION = {"formal": 0, "developer": 1, "trial": 2}


def activity_in(answer: Mapping[str, Any]) -> Activity:
    """The activity in the answer to `CREATE`; its end comes as a Unix time in seconds."""
    made, end = answer.get("activity_id"), answer.get("expiration_time")
    if not isinstance(made, str) or not made or type(end) is not int:
        raise Unknown("activity: the answer lacks its id or its end")
    return Activity(made, datetime.fromtimestamp(end, UTC))


def card_body(activity_id: str, state: CardState, members: int, room: int, path: str, program: str) -> dict[str, Any]:
    """The body of `UPDATE`; `program` is developer, trial or formal."""
    values: dict[str, str] = {}
    if state == "collecting":
        values = {"member_count": str(members), "room_limit": str(room)}
    elif state == "reached":
        values = {"path": path, "version_type": _CARD_VERSION[program]}
    shown = [{"name": name, "value": value} for name, value in values.items()]
    body = {"activity_id": activity_id, "target_state": _CARD_STATE[state]}
    return {**body, "template_info": {"parameter_list": shown}}


def tool_body(
    activity_id: str, template_id: str, state: ToolState, participants: Sequence[str], program: str
) -> dict[str, Any]:
    """The body of `TOOL`: people are named while collecting and in no other state."""
    body: dict[str, Any] = {
        "activity_id": activity_id,
        "target_state": _TOOL_STATE[state],
        "version_type": _TOOL_VERSION[program],
        "template_id": template_id,
    }
    if state == "collecting":
        body["participator_info_list"] = [{"group_openid": person, "state": 1} for person in participants]
    return body


def entry_in(data: Mapping[str, Any]) -> GroupEntry:
    """The chat in decrypted open data; share tickets, group entries and the chat tool spell it differently."""
    names = (data.get(name) for name in ("opengid", "openGId", "open_single_roomid"))
    chat = next((name for name in names if isinstance(name, str) and name), "")
    person, stamp = data.get("group_openid", ""), data["watermark"].get("timestamp")
    if not chat or not isinstance(person, str) or type(stamp) is not int or not 0 <= stamp < 2**33:
        raise BadNotice("open data names no chat")
    return GroupEntry(chat, person, datetime.fromtimestamp(stamp, UTC))

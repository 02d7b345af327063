"""Cards that people share: their templates, states and words, as the platform fixes them.

An updatable card goes from 0 (collecting) to 0, 1 (full) or 2 (over) and from 1 to 2, a chat-tool card to 1
(collecting), 2 (closing soon) or 3 (over), and from 2 to 3 only; after 24 hours every card is over. That a chat-tool
card takes no names after 2, that naming somebody twice says nothing twice and that n may pass m are readings of ours:
the platform's pages do not say.
"""

from __future__ import annotations

import sqlite3

LIFE_SECONDS = 24 * 3600
UPDATABLE, CHAT_TOOL, PLAIN = "updatable", "chat_tool", "plain"
STARTS, FULL = "21B034D08C5615B9889CE362BB957B1EE69A584B", "666F374D69D16C932E45D7E7D9F10CEF6177F5F5"
TEMPLATES = {
    UPDATABLE: (STARTS, FULL),
    CHAT_TOOL: ("4A68CBB88A92B0A9311848DBA1E94A199B166463", "2A84254B945674A2F88CE4970782C402795EB607"),
}
OVER = {UPDATABLE: 2, CHAT_TOOL: 3}
NEXT = {
    UPDATABLE: {0: (0, 1, 2), 1: (2,), 2: ()},
    CHAT_TOOL: {0: (1, 2, 3), 1: (1, 2, 3), 2: (3,), 3: ()},
}


def words(card: sqlite3.Row, named: int) -> str:
    """What stands on a posted card; `named` is how many take part by the chat tool; a plain card has none."""
    state = card["state"]
    if card["kind"] == PLAIN:
        return ""
    if state == OVER[card["kind"]]:
        return "已结束"
    if card["kind"] == CHAT_TOOL:
        return "即将截止" if state == 2 else f"{named}人已参与"
    if state == 1:
        return "已到齐" if card["template_id"] == FULL else "已开始"
    members, room = (card["member_count"] or card["first_count"], card["room_limit"] or card["first_limit"])
    return f"成员正在加入，当前 {members}/{room} 人"

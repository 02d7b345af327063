"""核销 in staff chats; elsewhere it is refused, and a code its owner pasted into a group is replaced."""

from __future__ import annotations

import re

from bots.messages import Reply, say
from bots.parsing.normalise import normalise
from bots.turn import Turn
from domain.clock import local_time
from services.chat import identities, own_orders, rooms
from services.pickup import codes
from services.pickup.finding import redeem_by_code
from services.queries import redemptions

# Each place where eight digits may begin, however they are grouped, so that no number before a code hides it.
_EIGHT_DIGITS = re.compile(r"(?<!\d)(?=(\d(?:[\W_]{0,3}\d){7})(?!\d))")
CODE_DIGITS = 8
_NO_DIGIT = re.compile(r"\D")


def redeem(turn: Turn, code: str) -> Reply:
    """核销 62054471: hand over all that waits for the code's owner at this staff chat's point; one code at a time."""
    place = turn.heard.place
    point_id = rooms.staff_point(turn.ctx, place.channel, place.chat_id)
    if point_id is None:
        return say("核销只在店员群里有效。")
    if turn.speaker is None:
        return turn.unbound()
    actor = identities.desk_actor(turn.ctx, turn.speaker, point_id)
    if actor is None:
        return say("只有这个自提点的店员和团长能核销。")
    if not code:
        return say("请带上取货码，比如：核销 1234 5678。")
    several = len(_EIGHT_DIGITS.findall(normalise(turn.heard.text, turn.voice.bot_name))) > 1
    if several or (len(code.split()) > 1 and len(_NO_DIGIT.sub("", code)) > CODE_DIGITS):
        return say("一次核销一个码，请分开发。")
    done = redemptions.shown(turn.ctx, redeem_by_code(turn.ctx.acting_as(actor), code))
    lines = [
        f"{one.owner} {'、'.join(f'{item.name}×{item.units}' for item in one.items)} → 已交付"
        f"（{one.by}，{local_time(one.at)}）"
        for one in done
    ]
    return Reply(("\n".join(lines),), handed_over=True)


def replace_pasted_codes(turn: Turn) -> Reply | None:
    """Void and reissue what the speaker pasted of own codes where neighbours read; None when there was nothing."""
    place = turn.heard.place
    said = normalise(turn.heard.text, turn.voice.bot_name)
    pasted = [_NO_DIGIT.sub("", found) for found in _EIGHT_DIGITS.findall(said)]
    if not turn.heard.group or turn.speaker is None or not pasted:
        return None
    if rooms.staff_point(turn.ctx, place.channel, place.chat_id) is not None:
        return None
    own = own_orders.orders_of_code(turn.ctx, turn.speaker.resident_id, pasted)
    for order_id in own:
        codes.reissue(turn.own, order_id)
    return say("取货码别发在群里哦：刚才那个已作废，新码在您的订单页里。") if own else None

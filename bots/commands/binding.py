"""绑定: a person to a chat name, a group to a campaign, a staff chat to a point."""

from __future__ import annotations

from bots.messages import Reply, say
from bots.turn import Turn
from models import PickupPoint
from services import chat_bindings
from services.chat import identities
from services.chat.identities import CUSTOMER

HOW = "请带上 6 位码，比如：绑定 482913。码在小程序「我的 → 绑定群聊」里。"


def bind_person(turn: Turn, code: str) -> Reply:
    """绑定 482913: whoever got this code in the mini-program is who speaks here."""
    place = turn.heard.place
    if place.channel == CUSTOMER:
        return say("这里不用绑定，已经认得您。") if turn.speaker else turn.unbound()
    if not code:
        return say(HOW)
    bound = identities.bind(turn.ctx, place.channel, place.user_id, code)
    return say(f"绑定好了，{bound.name}。现在可以直接说「2份」参团。")


def bind_group(turn: Turn, code: str) -> Reply:
    """绑定本群 123456: show the code's campaign in this group."""
    if not turn.heard.group:
        return say("请把这句话发在要绑定的群里。")
    if not code:
        return say("请带上团长端里本团的 6 位绑定码，比如：绑定本群 123456。")
    place = turn.heard.place
    _, campaign = chat_bindings.bind_group(turn.ctx, place.channel, place.chat_id, code)
    named = "" if campaign.state == "draft" else f"「{campaign.title}」"  # the words of a draft may not be checked
    return say(f"本群已绑定{named}。@我 说「发团」就出团卡。")


def bind_staff_chat(turn: Turn, code: str) -> Reply:
    """绑定店员群 123456: make this the staff chat of the code's point."""
    if not turn.heard.group:
        return say("请把这句话发在店员群里。")
    if not code:
        return say("请带上团长端里自提点的 6 位绑定码，比如：绑定店员群 123456。")
    place = turn.heard.place
    binding = chat_bindings.bind_staff_chat(turn.ctx, place.channel, place.chat_id, code)
    point = turn.ctx.session.get_one(PickupPoint, binding.point_id)
    return say(f"这里是「{point.name}」的店员群了，店员 @我 说「核销 取货码」就能交货。")

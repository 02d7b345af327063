"""到货: the leader anywhere, staff in their own chat, record that all of a campaign's goods stand at a point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bots.messages import Reply, say
from bots.parsing.normalise import fold, normalise
from bots.turn import LOOKED_AT, Turn
from domain.errors import Forbidden
from services.chat import arrivals, identities, rooms
from services.chat.arrivals import Expected
from services.context import Ctx

MOST = 9
NOTHING = "没有等着到货的团。成团并结算后才能登记到货。"


def arrive(turn: Turn, argument: str) -> Reply:
    """到货, 到货 东门, 草莓到货: asked back once; which and where when that is not clear."""
    if turn.speaker is None:
        return turn.unbound()
    ctx = _acting(turn)
    if ctx is None:
        return say("只有团长能登记到货；店员请在店员群里说。")
    found = arrivals.expected(ctx, _here(turn))
    if not found:
        return say(NOTHING)
    said = fold(normalise(argument))
    found = _narrowed(found, said)[:MOST]
    if len(found) > 1:
        lines = "\n".join(f"{number} 「{one.title}」{one.point_name}" for number, one in enumerate(found, 1))
        facts = {"arrivals": [[one.campaign, one.point] for one in found]}
        return turn.ask("arrival", facts, f"哪个团、哪个自提点到货了？请回复序号：\n{lines}")
    missing = [name for name, _ in found[0].items if fold(name) not in said]
    if 0 < len(missing) < len(found[0].items):
        return say(f"这一批还有 {'、'.join(missing)}。分批到货或数量不符，请在小程序里点数登记。")
    return _ask(turn, found[0])


def chosen(turn: Turn, facts: dict[str, Any], which: Sequence[str]) -> Reply:
    """The campaign and the point were chosen."""
    ctx = _acting(turn)
    found = [] if ctx is None else [one for one in arrivals.expected(ctx) if [one.campaign, one.point] == list(which)]
    return _ask(turn, found[0]) if found else say(NOTHING)


def confirmed(turn: Turn, facts: dict[str, Any]) -> Reply:
    """Yes, all of it is there; raises `Forbidden`, `NotFound`, `WrongState`."""
    ctx = _acting(turn)
    if ctx is None:
        raise Forbidden
    found = [one for one in arrivals.expected(ctx) if [one.campaign, one.point] == facts["arrival"]]
    if not found:
        return say("这一批已经登记过了。")
    if not _shipped(turn, found[0]):
        return say("团长还没有登记发货，请先联系团长。")
    arrivals.record(ctx, found[0].campaign, found[0].point)
    return say(f"已登记到货：「{found[0].title}」{found[0].point_name}，{found[0].words}。取货通知已发给邻居。")


def _ask(turn: Turn, one: Expected) -> Reply:
    if not _shipped(turn, one):
        return say("团长还没有登记发货，请先联系团长。")
    facts = {"arrival": [one.campaign, one.point]}
    return turn.ask(
        "arrive", facts, f"「{one.title}」{one.point_name}：{one.words} 都到齐了吗？",
        "回复 1 登记到货，回复 2 不登记。数量不符请在小程序里点数。",
    )  # fmt: skip


def _shipped(turn: Turn, one: Expected) -> bool:
    """Staff take in what is on its way; what was not shipped yet only its leader can say to have come."""
    return one.state == "in_transit" or identities.as_leader(turn.ctx, turn.known) is not None


def _acting(turn: Turn) -> Ctx | None:
    """In a staff chat the person at that point's desk, elsewhere the leader; None for others."""
    place = turn.heard.place
    point_id = rooms.staff_point(turn.ctx, place.channel, place.chat_id)
    if point_id is None:
        actor = identities.as_leader(turn.ctx, turn.known)
    else:
        actor = identities.desk_actor(turn.ctx, turn.known, point_id)
    return turn.ctx.acting_as(actor) if actor else None


def _here(turn: Turn) -> list[int] | None:
    """In a neighbours' group its own campaigns; elsewhere all within reach."""
    place = turn.heard.place
    if not turn.heard.group or rooms.staff_point(turn.ctx, place.channel, place.chat_id) is not None:
        return None
    return [campaign.id for campaign in turn.campaigns(LOOKED_AT)]


def _narrowed(found: list[Expected], said: str) -> list[Expected]:
    """Those whose point, title or goods are named, as far as anything is."""
    for named in (
        [one for one in found if fold(one.point_name) in said],
        [one for one in found if fold(one.title) in said],
        [one for one in found if any(fold(name) in said for name, _ in one.items)],
    ):
        found = [one for one in found if one in named] or found
    return found

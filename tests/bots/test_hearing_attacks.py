"""What somebody ill-meaning, hasty or unlucky says and presses: nothing is lost, leaked or called by another name."""

from __future__ import annotations

import json

import pytest

from bots.cards import card_of
from bots.channels import telegram
from bots.channels.adapter import Adapter
from bots.channels.http import HttpChannel
from bots.channels.texts import CODE_MARK
from bots.messages import Heard, Reply
from bots.parsing.normalise import normalise
from bots.transcript import masked
from models import Campaign
from services import chat_bindings, ordering
from services.chat.sessions import Place
from services.ordering import PlaceOrder
from tests.bots.room import Room
from tests.bots.test_forged_codes import ORDER
from tests.bots.test_sending import VOICE
from tests.bots.test_talk_of_orders import orders
from tests.services.pickup.world import offer_named, one


@pytest.mark.parametrize("said", ["草莓改成3盒", "草莓退1盒", "草莓再加1盒"])
def test_an_unpaid_order_that_is_brought_is_not_lost_by_changing_it_in_chat(room: Room, said: str) -> None:
    campaign = room.world.campaign(prices={"草莓": 2990}, delivery_method="door")
    room.bind(campaign)
    with room.unit(room.known("zhang", "张阿姨")) as ctx:
        lines = ((offer_named(ctx, campaign, "草莓").public_id, 2),)
        ordering.place(ctx, PlaceOrder(campaign, room.world.point_ids[0], lines, building="3", room="502"))
    assert "收货地址" in room.say("zhang", said)
    assert [row.state for row in orders(room)] == ["pending_payment"]


def test_the_bound_campaign_is_named_though_a_newer_one_is_shown(room: Room) -> None:
    old = room.world.campaign(title="老团")
    room.bind(room.world.campaign(title="新团"))
    with room.unit(room.world.leader) as ctx:
        code = chat_bindings.group_code(ctx, old).code
    assert "「老团」" in room.say("li", f"绑定本群 {code}")


@pytest.mark.parametrize("module", [HttpChannel(), telegram])
@pytest.mark.parametrize("kind", ["click", "message"])
def test_no_channel_takes_a_leaders_words_for_a_code(room: Room, module: Adapter, kind: str) -> None:
    mark = f"{{{{code:{ORDER}}}}}"
    campaign = room.world.campaign(title=mark)
    with room.unit.reading() as ctx:
        card = card_of(ctx, VOICE, one(ctx, Campaign, campaign), mark)
    heard = Heard(Place(module.KIND, "g", "u"), "k", "click" if kind == "click" else "message", True, card="c")
    shown = json.dumps(module.render(heard, Reply(card=card)), ensure_ascii=False)
    assert "code:ord" in shown and not CODE_MARK.search(shown)


@pytest.mark.parametrize("between", ["-", "—", " ", "/", "、", "·", "\n", " - "])
def test_a_grouped_number_is_hidden_whole_in_transcripts(between: str) -> None:
    kept = masked(normalise(f"码 6205{between}4471，138{between}0000{between}1111"))
    assert not any(part in kept for part in ("6205", "4471", "138", "1111")), kept

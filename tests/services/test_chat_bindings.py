"""Binding chats: a code typed in the chat, one leader per chat, a key that is kept sealed."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from domain.actors import SYSTEM
from domain.errors import AlreadyBound, CodeExpired, Invalid, NotFound, WrongState
from domain.ids import new_id
from models import ChatBinding, ChatCampaign
from services import chat_bindings
from services.campaigns import drafting, ending
from services.context import Ctx
from services.paging import Page
from services.queries.chats import chats
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.builders.shops import Shop, campaign_terms, shop


@pytest.fixture
def own(ctx: Ctx) -> Shop:
    return shop(ctx)


def draft(ctx: Ctx, of: Shop) -> str:
    return drafting.create(ctx.acting_as(of.actor), campaign_terms(ctx, of)).public_id


def bound(ctx: Ctx, of: Shop, chat: str = "room-1") -> ChatBinding:
    code = chat_bindings.group_code(ctx.acting_as(of.actor), draft(ctx, of)).code
    return chat_bindings.bind_group(ctx, "wecom", chat, code)[0]


def test_a_code_typed_in_a_group_shows_the_campaign_there(ctx: Ctx, own: Shop) -> None:
    binding = bound(ctx, own)
    (view,) = chats(ctx.acting_as(own.actor), Page()).items
    assert (view.id, view.purpose, view.dead_reason, view.can_push) == (binding.public_id, "group", "", False)
    assert len(view.campaigns) == 1


def test_a_code_binds_once_and_only_for_ten_minutes(ctx: Ctx, own: Shop, clock: FrozenClock) -> None:
    campaign = draft(ctx, own)
    code = chat_bindings.group_code(ctx.acting_as(own.actor), campaign).code
    chat_bindings.bind_group(ctx, "wecom", "room-1", code)
    with pytest.raises(CodeExpired):
        chat_bindings.bind_group(ctx, "wecom", "room-2", code)
    late = chat_bindings.group_code(ctx.acting_as(own.actor), campaign).code
    clock.advance(minutes=10)
    with pytest.raises(CodeExpired):
        chat_bindings.bind_group(ctx, "wecom", "room-2", late)


def test_a_bound_group_shows_further_campaigns_by_code_or_by_hand(ctx: Ctx, own: Shop) -> None:
    binding = bound(ctx, own)
    assert bound(ctx, own).id == binding.id
    third = draft(ctx, own)
    for _ in range(2):
        chat_bindings.show_campaign(ctx.acting_as(own.actor), binding.public_id, third)
    assert ctx.session.scalar(select(func.count()).select_from(ChatCampaign)) == 3


def test_the_group_of_one_leader_is_not_taken_by_another_whose_code_stays_good(unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        bound(ctx, shop(ctx))
        other = shop(ctx)
        code = chat_bindings.group_code(ctx.acting_as(other.actor), draft(ctx, other)).code
    with pytest.raises(AlreadyBound), unit(SYSTEM) as ctx:
        chat_bindings.bind_group(ctx, "wecom", "room-1", code)
    with unit(SYSTEM) as ctx:
        assert chat_bindings.bind_group(ctx, "wecom", "room-2", code)[0].leader_id == other.actor.id


def test_a_staff_chat_belongs_to_one_point(ctx: Ctx, own: Shop) -> None:
    leader = ctx.acting_as(own.actor)
    first, second = (chat_bindings.staff_chat_code(leader, point).code for point in own.points)
    binding = chat_bindings.bind_staff_chat(ctx, "wecom", "room-9", first)
    assert (binding.purpose, binding.point_id is not None) == ("staff", True)
    with pytest.raises(AlreadyBound):
        chat_bindings.bind_staff_chat(ctx, "wecom", "room-9", second)
    with pytest.raises(Invalid, match="not in staff chats"):
        chat_bindings.show_campaign(leader, binding.public_id, draft(ctx, own))


def test_two_codes_in_one_moment_do_not_make_a_group_a_staff_chat_too(ctx: Ctx, own: Shop) -> None:
    binding = bound(ctx, own)
    twin = ChatBinding(
        public_id=new_id("ChatBinding", ctx.now), channel=binding.channel, remote_chat_id=binding.remote_chat_id,
        purpose="staff", leader_id=binding.leader_id, created_at=ctx.now,
    )  # fmt: skip
    with pytest.raises(IntegrityError), ctx.session.begin_nested():
        ctx.session.add(twin)
        ctx.session.flush()


def test_the_push_key_is_kept_sealed_and_revives_a_dead_chat(ctx: Ctx, own: Shop) -> None:
    binding = bound(ctx, own)
    binding.dead_reason = "robot removed"
    chat_bindings.set_push_key(ctx.acting_as(own.actor), binding.public_id, "693axxx6-7aoc-4bc4-97a0")
    assert binding.push_secret_enc and "693axxx6" not in binding.push_secret_enc
    assert ctx.vault.decrypt(binding.push_secret_enc) == "693axxx6-7aoc-4bc4-97a0"
    assert binding.dead_reason == ""


@pytest.mark.parametrize("key", ["short", "https://example.com/send?key=1", "带中文的钥匙钥匙", "a" * 129])
def test_a_malformed_key_is_refused(ctx: Ctx, own: Shop, key: str) -> None:
    with pytest.raises(Invalid):
        chat_bindings.set_push_key(ctx.acting_as(own.actor), bound(ctx, own).public_id, key)


def test_another_leader_touches_nothing_of_it(ctx: Ctx, own: Shop) -> None:
    binding, other = bound(ctx, own), ctx.acting_as(shop(ctx).actor)
    with pytest.raises(NotFound):
        chat_bindings.set_push_key(other, binding.public_id, "693axxx6-7aoc")
    with pytest.raises(NotFound):
        chat_bindings.group_code(other, draft(ctx, own))
    with pytest.raises(NotFound):
        chat_bindings.staff_chat_code(other, own.points[0])


def test_a_cancelled_campaign_is_shown_nowhere(ctx: Ctx, own: Shop) -> None:
    leader, campaign = ctx.acting_as(own.actor), draft(ctx, own)
    code = chat_bindings.group_code(leader, campaign).code
    ending.cancel(leader, campaign, "下雨")
    with pytest.raises(WrongState):
        chat_bindings.group_code(leader, campaign)
    with pytest.raises(WrongState):
        chat_bindings.bind_group(ctx, "wecom", "room-1", code)


def test_a_neighbours_group_is_no_staff_chat_and_the_other_way_round(ctx: Ctx, own: Shop) -> None:
    leader = ctx.acting_as(own.actor)
    bound(ctx, own)
    with pytest.raises(AlreadyBound):
        chat_bindings.bind_staff_chat(ctx, "wecom", "room-1", chat_bindings.staff_chat_code(leader, own.points[0]).code)
    chat_bindings.bind_staff_chat(ctx, "wecom", "room-9", chat_bindings.staff_chat_code(leader, own.points[0]).code)
    with pytest.raises(AlreadyBound):
        chat_bindings.bind_group(ctx, "wecom", "room-9", chat_bindings.group_code(leader, draft(ctx, own)).code)

"""A pass lets one neighbour fetch one order once; it is dead once used, replaced, taken back or too old."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.actors import Actor
from domain.errors import AlreadyCollected, CodeWrong, DomainError, NotFound, PassOver, WrongState
from domain.pickup import pass_text
from models import Order, PickupPass, Redemption
from services.pickup import finding, passes, redeeming, undoing
from services.pickup.finding import Search
from services.pickup.redeeming import Redeem
from services.queries import passes as reading
from tests.services.pickup.world import World, lines_of, one


def waiting(world: World, who: Actor, units: int = 1) -> str:
    """An order whose goods wait at the first point."""
    campaign = world.campaign()
    order = world.order(who, campaign, {"草莓": units})
    world.bring(campaign)
    return order


def given(world: World, who: Actor, order: str, label: str = "小张") -> str:
    """A pass; its token."""
    with world.unit(who) as ctx:
        return passes.make(ctx, order, label).token


def fetch(world: World, staff: Actor, order: str, token: str = "", units: int = 0) -> list[Redemption]:
    """Hand over by the pass with this token."""
    with world.unit(staff) as ctx:
        line = {} if not units else {finding_line(world, order): units}
        return redeeming.redeem(ctx, Redeem((order,), "pass", line, pass_text(token)))


def by_code(world: World, staff: Actor, order: str) -> list[Redemption]:
    with world.unit(staff) as ctx:
        return redeeming.redeem(ctx, Redeem((order,), "code"))


def finding_line(world: World, order: str) -> str:
    with world.unit.reading() as ctx:
        return lines_of(ctx, order)["草莓"].public_id


def found(world: World, staff: Actor, token: str) -> finding.Found:
    with world.unit.reading(staff) as ctx:
        return finding.search(ctx, Search(qr=pass_text(token)))


def test_the_desk_finds_its_one_order_and_writes_down_who_fetched(world: World) -> None:
    who, staff = world.resident(), world.staff()
    waiting(world, who)
    order = waiting(world, who)
    token = given(world, who, order)
    seen = found(world, staff, token)
    ((owner, (the_order,)),) = seen.owners.items()
    assert (seen.found_by, seen.fetched_by, owner, the_order.public_id) == ("pass", "小张", who.id, order)
    (redemption,) = fetch(world, staff, order, token)
    assert (redemption.found_by, redemption.fetched_by) == ("pass", "小张")
    with world.unit.reading() as ctx:
        assert ctx.session.scalars(select(PickupPass.state)).all() == ["used"]
        assert one(ctx, Order, order).state == "collected"


def test_the_token_is_kept_as_a_hash_only(world: World) -> None:
    who = world.resident()
    token = given(world, who, waiting(world, who))
    with world.unit.reading() as ctx:
        row = ctx.session.scalars(select(PickupPass)).one()
        assert token not in str(vars(row))
        assert row.token_hash == passes.hash_of(token)


def test_a_used_pass_says_who_handed_over_and_opens_nothing_more(world: World) -> None:
    who, staff = world.resident(), world.staff("小王")
    order = waiting(world, who, 2)
    token = given(world, who, order)
    fetch(world, staff, order, token, units=1)
    with pytest.raises(AlreadyCollected) as refused:
        found(world, staff, token)
    assert refused.value.facts["by"] == "小王"
    with pytest.raises(PassOver):
        fetch(world, staff, order, token)
    with world.unit.reading(world.resident()) as ctx:
        shown = reading.shown(ctx, token)
    assert (shown.used, shown.code_token) == (True, "")
    with world.unit.reading() as ctx:
        assert one(ctx, Order, order).state == "ready"


def test_a_new_pass_replaces_the_one_before(world: World) -> None:
    who, staff = world.resident(), world.staff()
    order = waiting(world, who)
    first = given(world, who, order)
    second = given(world, who, order, "老赵")
    with pytest.raises(PassOver):
        found(world, staff, first)
    with pytest.raises(PassOver):
        fetch(world, staff, order, first)
    assert found(world, staff, second).fetched_by == "老赵"
    with world.unit.reading(who) as ctx:
        assert [row.label for row in passes.of_order(ctx, order)] == ["老赵"]


def test_a_pass_that_was_taken_back_or_is_too_old_hands_nothing_over(world: World) -> None:
    who, staff = world.resident(), world.staff()
    orders = [waiting(world, who) for _ in range(2)]
    tokens = [given(world, who, order) for order in orders]
    with world.unit(who) as ctx:
        (mine,) = passes.of_order(ctx, orders[0])
        passes.revoke(ctx, orders[0], mine.public_id)
    world.clock.advance(days=7)
    for order, token in zip(orders, tokens, strict=True):
        with pytest.raises(PassOver):
            found(world, staff, token)
        with pytest.raises(PassOver):
            fetch(world, staff, order, token)
    with pytest.raises(WrongState), world.unit(who) as ctx:
        passes.revoke(ctx, orders[0], mine.public_id)
    with world.unit.reading() as ctx:
        assert ctx.session.scalars(select(Redemption)).all() == []


def test_without_a_pass_nothing_is_fetched_by_one(world: World) -> None:
    order = waiting(world, world.resident())
    with pytest.raises(PassOver):
        fetch(world, world.staff(), order, "made-up")
    assert by_code(world, world.staff(), order)[0].fetched_by == ""


def test_a_desk_that_only_says_that_it_saw_a_pass_uses_none_up(world: World) -> None:
    """Its order has a living pass, and still: nothing shown, no pass at all, and another order's are refused alike."""
    who, staff = world.resident(), world.staff()
    order, other = waiting(world, who), waiting(world, who)
    token, others = given(world, who, order), given(world, who, other)
    for shown in ("", token, pass_text(""), pass_text(passes.hash_of(token)), pass_text(others)):
        with pytest.raises(PassOver), world.unit(staff) as ctx:
            redeeming.redeem(ctx, Redeem((order,), "pass", pass_shown=shown))
    with pytest.raises(PassOver), world.unit(staff) as ctx:
        redeeming.redeem(ctx, Redeem((order, other), "pass", pass_shown=pass_text(token)))
    assert fetch(world, staff, order, token)[0].fetched_by == "小张"


def test_whoever_names_the_order_takes_it_where_the_token_is_not_compared(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above: with one hash for all tokens a made-up one hands the goods over."""
    who, staff = world.resident(), world.staff()
    order = waiting(world, who)
    monkeypatch.setattr(passes, "hash_of", lambda token: "the same")
    given(world, who, order)
    assert fetch(world, staff, order, "made-up")[0].found_by == "pass"


def test_only_the_owner_makes_and_takes_back_and_only_for_what_is_to_be_fetched(world: World) -> None:
    who, other = world.resident(), world.resident("赵大爷")
    order = waiting(world, who)
    given(world, who, order)
    with world.unit(who) as ctx:
        (mine,) = passes.of_order(ctx, order)
    for act in (
        lambda ctx: passes.make(ctx, order, "x"),
        lambda ctx: passes.revoke(ctx, order, mine.public_id),
        lambda ctx: passes.of_order(ctx, order),
    ):
        with pytest.raises(NotFound), world.unit(other) as ctx:
            act(ctx)
    by_code(world, world.staff(), order)
    with pytest.raises(WrongState):
        given(world, who, order)


def test_a_desk_of_another_point_finds_nothing_by_it(world: World) -> None:
    who = world.resident()
    order = waiting(world, who)
    token = given(world, who, order)
    for staff, text in ((world.staff(point=1), token), (world.staff(), "made-up")):
        with pytest.raises(CodeWrong):
            found(world, staff, text)
    with pytest.raises(NotFound):
        fetch(world, world.staff(point=1), order, token)


def test_a_neighbour_sees_where_what_and_a_masked_name_even_before_the_goods_came(world: World) -> None:
    who, neighbour = world.resident("李小花"), world.resident("赵大爷")
    campaign = world.campaign()
    order = world.order(who, campaign, {"草莓": 2}, recipient="不告诉你")
    token = given(world, who, order)
    with world.unit.reading(neighbour) as ctx:
        before = reading.shown(ctx, token)
    world.bring(campaign)
    with world.unit.reading(neighbour) as ctx:
        after = reading.shown(ctx, token)
    assert (before.owner, before.number, before.point.name, before.ready) == ("李**", 1, "东门", False)
    assert [(item.name, item.units) for item in before.items] == [("草莓", 2)]
    assert (after.items, after.ready, after.code_token) == (before.items, True, pass_text(token))
    assert "不告诉你" not in str(after) and "小花" not in str(after)
    assert after.expires_at == before.expires_at > world.clock.now() + timedelta(days=1)


def test_an_undone_hand_over_does_not_revive_its_pass(world: World) -> None:
    who, staff = world.resident(), world.staff()
    order = waiting(world, who)
    token = given(world, who, order)
    (redemption,) = fetch(world, staff, order, token)
    with world.unit(staff) as ctx:
        undoing.undo(ctx, undoing.Undo(redemption.public_id, "拿错了"))
    with pytest.raises(PassOver):
        fetch(world, staff, order, token)
    with pytest.raises((PassOver, AlreadyCollected)):
        found(world, staff, token)


def test_of_two_desks_one_hands_over_by_the_pass(world: World) -> None:
    who = world.resident()
    order = waiting(world, who)
    token = given(world, who, order)
    desks = [world.staff("小张"), world.staff("小王")]

    def hand(staff: Actor) -> bool:
        try:
            fetch(world, staff, order, token)
        except DomainError as refusal:
            assert isinstance(refusal, AlreadyCollected | PassOver)
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(hand, desks)) == [False, True]
    with world.unit.reading() as ctx:
        assert len(ctx.session.scalars(select(Redemption)).all()) == 1

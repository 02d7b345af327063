"""People are recognised by openid, phone and chat name, each of them once, and shown masked."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from domain.actors import SYSTEM, Actor, Role
from domain.errors import CodeExpired, CodeWrong, Invalid, PhoneTaken
from models import ChatIdentity, OneTimeCode, Resident
from services import one_time_codes, people
from services.context import Ctx
from services.people import ChangeProfile
from services.transactions import Transactions
from tests.builders import people as build
from tests.builders.clock import FrozenClock

PHONE = "13900005678"


@pytest.fixture
def mine(ctx: Ctx) -> Iterator[Ctx]:
    """A resident's own transaction."""
    person = build.resident(ctx, "王小明")
    yield ctx.acting_as(Actor(Role.RESIDENT, person.id, person.id))


def test_two_first_logins_at_once_make_one_resident(unit: Transactions) -> None:
    def enter(_: int) -> int:
        with unit(SYSTEM) as ctx:
            return people.enter(ctx, "openid-of-wang").id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(enter, range(16)))) == 1
    with unit.reading() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(Resident)) == 1


def test_a_phone_is_kept_sealed_and_found_by_hashes(mine: Ctx) -> None:
    shown = people.set_phone(mine, PHONE)
    row = people.myself(mine)
    assert shown.phone == "139****5678"
    assert PHONE not in f"{row.phone_enc}{row.phone_hash}{row.phone_tail_hash}"
    assert row.phone_hash == people.phone_hash(mine, PHONE)
    assert row.phone_tail_hash == people.phone_tail_hash(mine, "5678")


def test_a_phone_belongs_to_one_account(unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        first, second = build.resident(ctx, phone=PHONE).id, build.resident(ctx).id
    with pytest.raises(PhoneTaken), unit(Actor(Role.RESIDENT, second, second)) as ctx:
        people.set_phone(ctx, PHONE)
    with unit(Actor(Role.RESIDENT, first, first)) as ctx:
        assert people.set_phone(ctx, PHONE).phone == "139****5678"


@pytest.mark.parametrize("phone", ["", "+8613900005678", "139 0000 5678", "abc", "1" * 16])
def test_what_is_no_number_is_refused(mine: Ctx, phone: str) -> None:
    with pytest.raises(Invalid):
        people.set_phone(mine, phone)


def test_a_profile_changes_only_where_told(mine: Ctx) -> None:
    assert people.change_profile(mine, ChangeProfile(anonymous=True)).nickname == "王小明"
    assert people.change_profile(mine, ChangeProfile(nickname="小王")).anonymous is True


def test_a_chat_code_binds_its_maker_once(mine: Ctx) -> None:
    code = people.make_chat_code(mine).code
    bound = people.bind_chat_person(mine.acting_as(SYSTEM), "wecom", "zhang", code)
    assert bound.id == mine.resident_id
    found = people.chat_person(mine, "wecom", "zhang")
    assert found is not None and found.id == bound.id
    assert people.chat_person(mine, "sandbox", "zhang") is None
    with pytest.raises(CodeExpired):
        people.bind_chat_person(mine, "wecom", "li", code)


def test_a_chat_name_bound_again_belongs_to_the_newer_resident(mine: Ctx) -> None:
    people.bind_chat_person(mine, "wecom", "zhang", people.make_chat_code(mine).code)
    other = build.resident(mine)
    theirs = mine.acting_as(Actor(Role.RESIDENT, other.id, other.id))
    assert people.bind_chat_person(mine, "wecom", "zhang", people.make_chat_code(theirs).code).id == other.id
    assert mine.session.scalar(select(func.count()).select_from(ChatIdentity)) == 1


def test_a_code_is_kept_as_a_hash_and_is_good_for_its_purpose_and_its_time(mine: Ctx, clock: FrozenClock) -> None:
    issued = people.make_chat_code(mine)
    assert issued.code.isdigit() and len(issued.code) == 6
    assert issued.code not in str(vars(mine.session.scalars(select(OneTimeCode)).one()))
    with pytest.raises(CodeWrong):
        one_time_codes.use(mine, "bind_group", issued.code)
    clock.set(issued.expires_at)
    with pytest.raises(CodeExpired):
        one_time_codes.use(mine, "bind_person", issued.code)


def test_of_many_who_use_a_code_at_once_one_succeeds(unit: Transactions) -> None:
    with unit(SYSTEM) as ctx:
        person = build.resident(ctx)
        code = people.make_chat_code(ctx.acting_as(Actor(Role.RESIDENT, person.id, person.id))).code

    def use(_: int) -> bool:
        try:
            with unit(SYSTEM) as ctx:
                one_time_codes.use(ctx, "bind_person", code)
        except CodeExpired:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(use, range(8))) == [False] * 7 + [True]


def test_a_new_code_for_the_bot_ends_the_earlier_one(mine: Ctx) -> None:
    first, second = (people.make_chat_code(mine).code for _ in range(2))
    with pytest.raises(CodeWrong):
        people.bind_chat_person(mine, "wecom", "wang", first)
    assert people.bind_chat_person(mine, "wecom", "wang", second).id == mine.resident_id

"""What leader and helper earn of one line: two parts of one commission, exact to the fen at every net."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import commissions
from domain.actors import SYSTEM
from domain.posting_rules import Event, legs
from services.transactions import Transactions
from tests.builders import people
from tests.builders.campaigns import Terms, buy, lines, stage_of
from tests.builders.shops import acting
from tests.services.test_help_selling import SHARE, finish, joined, owed


@settings(max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
@given(
    nets=st.lists(st.integers(0, 10**9), min_size=1, max_size=6).map(lambda nets: sorted(nets, reverse=True)),
    rate=st.integers(0, 10_000), share=st.integers(0, 10_000),
)  # fmt: skip
def test_what_is_booked_for_leader_and_helper_is_the_whole_at_every_net_of_a_line(
    nets: list[int], rate: int, share: int
) -> None:
    owed: Counter[str] = Counter()
    whole = helps = 0
    for net in [*nets, 0]:
        target = commissions.pending(rate, net)
        helped = commissions.pending(share, target)
        parts = {"commission": (target - whole) - (helped - helps), "helper": helped - helps}
        booked = legs(Event.COMMISSION_PENDING, parts, {"leader": "boss", "helper": "friend"})
        assert sum(leg.amount_fen for leg in booked) == 0
        for leg in booked:
            owed[leg.owner] -= leg.amount_fen if leg.owner else 0
        whole, helps = target, helped
        assert owed["boss"] + owed["friend"] == target
        assert 0 <= owed["friend"] == helped <= target
    assert (owed["boss"], owed["friend"]) == (0, 0), "all refunded is exactly zero"


def test_over_many_lines_the_ledger_owes_both_exactly_what_the_lines_say(unit: Transactions) -> None:
    offers = [Terms(f"第{n}样", 1 + n * 37, commission_bps=n * 199) for n in range(50)]
    of = stage_of(unit, *offers, help_sell_bps=SHARE, discount_over_fen=100, discount_fen=99)
    with unit(SYSTEM) as ctx:
        helper = acting(people.leader(ctx))
    via = joined(unit, helper, of)
    bought = [buy(unit, of, who, {terms.name: 1 + (n + who) % 5 for n, terms in enumerate(offers)}, via=via)
              for who in (0, 1)]  # fmt: skip
    finish(unit, of)
    with unit.reading() as ctx:
        all_lines = [line for order in bought for line in lines(ctx, order)]
    assert len(all_lines) == 100
    helps = sum(line.helper_commission_fen for line in all_lines)
    assert (owed(unit, of.leader_id), owed(unit, helper.id)) == (
        sum(line.commission_fen for line in all_lines) - helps, helps,
    )  # fmt: skip

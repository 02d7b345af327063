"""A neighbourhood in which somebody has earned: commission, fees and goods, by truly ordered and handed-over orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from domain.actors import CLOCK, SYSTEM, Actor, Role
from domain.ledger import Account
from models import Alert, BankFile, Payout, Resident, Settlement
from services import commissions, payees
from services.flows import payouts as paying_out
from services.flows.payouts import Withdrawal
from services.payees import SetBankAccount, SetKeeper
from services.pickup import completing, lapsing
from services.pickup.redeeming import Redeem, redeem
from services.settlements import approving, drafting
from tests.builders import people
from tests.builders.outside import PretendOutside
from tests.services.pickup.world import World, balance, one

UNIT_FEN, COMMISSION_FEN, SUPPLY_FEN, FEE_FEN = 1999, 199, 1500, 50
BANK = SetBankAccount("招商银行深圳分行", "6214 8301 2345 6789", "果园农业有限公司")


@dataclass
class Payday:
    """The world, its gateway, two operators, and the leader as payee."""

    world: World
    outside: PretendOutside
    drafter: Actor = field(init=False)
    approver: Actor = field(init=False)

    def __post_init__(self) -> None:
        """Hire two operators."""
        with self.world.unit(SYSTEM) as ctx:
            self.drafter, self.approver = (Actor(Role.OPERATOR, people.operator(ctx).id) for _ in range(2))

    @property
    def unit(self) -> Any:
        """Begins transactions."""
        return self.world.unit

    def arrived(self, units: int = 1) -> str:
        """An order of so many strawberries that stands at the point; returns its public id."""
        campaign = self.world.campaign(prices={"草莓": UNIT_FEN})
        order = self.world.order(self.world.resident(), campaign, {"草莓": units})
        self.world.bring(campaign)
        return order

    def handed_over(self, units: int = 1) -> str:
        """An order fetched at the desk of the first point; returns the redemption."""
        order = self.arrived(units)
        with self.unit(self.world.leader) as ctx:
            return redeem(ctx, Redeem((order,), "code"))[0].public_id

    def earned(self, units: int = 1) -> None:
        """Commission of so many strawberries (199 fen each, floored on the line) becomes payable."""
        self.handed_over(units)
        self.world.clock.advance(days=8)
        with self.unit(CLOCK) as ctx:
            lapsing.lapse_due(ctx)
            completing.complete_orders(ctx)
            assert commissions.release_due(ctx) == 1

    def drafted(self, by: Actor | None = None) -> list[str]:
        """Draft everything up to a second from now; returns the statements."""
        self.world.clock.advance(seconds=1)
        with self.unit(by or self.drafter) as ctx:
            return [row.public_id for row in drafting.draft(ctx, ctx.now)]

    def approved(self, kind: str = "leader") -> str:
        """Draft, and approve everything; returns the statement of this kind."""
        statements = self.drafted()
        for statement in statements:
            with self.unit(self.approver) as ctx:
                approving.approve(ctx, statement)
        return next(statement for statement in statements if self.settlement(statement).payee_kind == kind)

    def settlement(self, public_id: str) -> Settlement:
        """The statement as it stands."""
        with self.unit.reading() as ctx:
            return one(ctx, Settlement, public_id)

    def payouts(self) -> list[Payout]:
        """Every payout, in order."""
        with self.unit.reading() as ctx:
            return list(ctx.session.scalars(select(Payout).order_by(Payout.id)))

    def files(self) -> list[BankFile]:
        """Every bank file, in order."""
        with self.unit.reading() as ctx:
            return list(ctx.session.scalars(select(BankFile).order_by(BankFile.id)))

    def keeper(self, name: str = "陈阿姨", fee_fen: int = FEE_FEN) -> Actor:
        """Somebody new who keeps the first point from now on."""
        who = self.world.resident(name)
        with self.unit(self.drafter) as ctx:
            public_id = ctx.session.get_one(Resident, who.id).public_id
            payees.set_keeper(ctx, self.world.point_ids[0], SetKeeper(public_id, fee_fen))
        return who

    def bank_account(self) -> None:
        """The merchant can be paid."""
        with self.unit(self.world.leader) as ctx:
            payees.set_bank_account(ctx, self.world.merchant_id, BANK)

    def withdraw(self, statement: str) -> Withdrawal:
        """The leader asks for a statement's payout."""
        return paying_out.withdraw(self.unit, self.outside, self.world.leader, statement)

    def sent(self) -> str:
        """A statement of one strawberry's commission, withdrawn and waiting at the gateway for the payee."""
        self.earned()
        statement = self.approved()
        self.withdraw(statement)
        return statement

    def poll(self, **later: float) -> None:
        """Ask the gateway after a while."""
        self.later(**later)
        paying_out.poll_submitted(self.unit, self.outside)

    def owed(self) -> tuple[int, int]:
        """The leader's payable commission and what is on its way, in fen."""
        owner = self.world.leader_id
        with self.unit.reading() as ctx:
            return -balance(ctx, Account.LEADER_PAYABLE, owner), -balance(ctx, Account.WITHDRAWAL_HOLD, owner)

    def alerts(self) -> list[str]:
        """The kinds of alerts raised so far."""
        with self.unit.reading() as ctx:
            return list(ctx.session.scalars(select(Alert.kind).order_by(Alert.id)))

    def later(self, **amount: float) -> None:
        """Move the clock."""
        self.world.clock.set(self.world.clock.now() + timedelta(**amount))

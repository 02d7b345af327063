"""What payees tell of themselves so that they can be paid: a real name, a bank account, a point's keeper and fee."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from domain.actors import Role
from domain.bank_files import BankAccount
from domain.errors import Invalid, NotFound, WrongState
from domain.privacy import masked_name
from domain.settlements import PayeeKind
from models import Merchant, Payout, PickupPoint, Resident
from services import audit
from services.context import Ctx
from services.finding import by_public_id
from services.settlements import drafting
from services.settlements.payees import hold
from services.writing import changed

_ACCOUNT = re.compile(r"[0-9]{6,32}")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class SetBankAccount:
    """Where a merchant is paid."""

    bank: str
    account: str
    holder: str


@dataclass(frozen=True)
class SetKeeper:
    """Who keeps a point (a resident's public id, None for nobody) and earns `fee_fen` per order handed over there."""

    keeper: str | None
    fee_fen: int


@dataclass(frozen=True)
class MaskedAccount:
    """A bank account as it may be shown: the last four digits, the first character of the holder."""

    bank: str
    account: str
    holder: str


def set_real_name(ctx: Ctx, name: str) -> str:
    """Keep the acting person's real name, sealed; returns it masked.

    Raises `Invalid` for what is no name, `WrongState` while a payout of theirs may be on its way under another name.
    """
    if _DIGIT.search(name) or not name.strip():
        raise Invalid("is not a name", field="name")
    ctx.session.execute(select(Resident.id).where(Resident.id == ctx.resident_id).with_for_update(key_share=True))
    underway = select(Payout.id).where(Payout.resident_id == ctx.resident_id, Payout.state == "requested")
    if ctx.session.scalars(underway.limit(1)).first() is not None:
        raise WrongState(state="payout requested", event="set_real_name")
    sealed = ctx.vault.encrypt(name.strip())
    changed(ctx.session, update(Resident).where(Resident.id == ctx.resident_id).values(real_name_enc=sealed))
    audit.record(ctx, "resident", ctx.resident_id, "set_real_name")
    return masked_name(name)


def real_name_shown(ctx: Ctx) -> str:
    """The acting person's real name, masked; "" when none was entered."""
    sealed = ctx.session.scalars(select(Resident.real_name_enc).where(Resident.id == ctx.resident_id)).one()
    return masked_name(ctx.vault.decrypt(sealed)) if sealed else ""


def set_bank_account(ctx: Ctx, merchant_id: str, command: SetBankAccount) -> MaskedAccount:
    """Keep where an own merchant is paid, sealed; raises `NotFound`, and `Invalid` for what is no account."""
    ctx.require(Role.LEADER)
    merchant = by_public_id(ctx, Merchant, merchant_id, Merchant.leader_id == ctx.actor.id)
    number = re.sub(r"[ -]", "", command.account)
    if not _ACCOUNT.fullmatch(number):
        raise Invalid("has 6 to 32 digits", field="account")
    account = BankAccount(command.bank, number, command.holder)
    sealed = ctx.vault.encrypt(json.dumps(vars(account), ensure_ascii=False))
    changed(ctx.session, update(Merchant).where(Merchant.id == merchant.id).values(bank_enc=sealed))
    audit.record(ctx, "merchant", merchant.id, "set_bank_account")
    return _masked(account)


def bank_account_shown(ctx: Ctx, merchant_id: str) -> MaskedAccount:
    """Where an own merchant is paid, masked; raises `NotFound`, also when nothing was entered."""
    ctx.require(Role.LEADER)
    merchant = by_public_id(ctx, Merchant, merchant_id, Merchant.leader_id == ctx.actor.id)
    if merchant.bank_enc is None:
        raise NotFound
    return _masked(unsealed(ctx, merchant.bank_enc))


def unsealed(ctx: Ctx, sealed: str) -> BankAccount:
    """A bank account that was sealed here."""
    return BankAccount(**json.loads(ctx.vault.decrypt(sealed)))


def _masked(account: BankAccount) -> MaskedAccount:
    return MaskedAccount(account.bank, f"****{account.account[-4:]}", masked_name(account.holder))


def set_keeper(ctx: Ctx, point_id: str, command: SetKeeper) -> PickupPoint:
    """An operator names a point's keeper and fee; what the keeper before has earned becomes a statement of theirs.

    Raises `NotFound` for point or person, `Invalid` for a fee without a keeper.
    """
    ctx.require(Role.OPERATOR)
    point = by_public_id(ctx, PickupPoint, point_id)
    keeper = by_public_id(ctx, Resident, command.keeper).id if command.keeper else None
    if keeper is None and command.fee_fen:
        raise Invalid("Nobody would earn this fee.", field="fee_fen")
    before = hold(ctx, PayeeKind.POINT, point_id)
    if before is not None and before.resident_id != keeper:
        drafting.draft_for(ctx, before, ctx.now + timedelta(microseconds=1))  # with what was posted just now
    values = {"keeper_id": keeper, "fee_fen": command.fee_fen}
    changed(ctx.session, update(PickupPoint).where(PickupPoint.id == point.id).values(**values))
    ctx.session.refresh(point)
    audit.record(ctx, "pickup_point", point.id, "set_keeper")
    return point

"""The people of the worked example, the goods on sale, and one clock for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from chaos.histories.stage import Stage, opened
from chaos.histories.surface import Surface
from chaos.histories.world import World
from domain.actors import SYSTEM, Actor, Role
from models import Leader, Merchant, PickupPoint
from services.context import Ctx
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, Terms
from tests.servers.migrating import migrate

BUYERS = ("王小明", "李静", "陈晨", "赵敏")
LEADER, HELPER, KEEPER = "李姐", "周姐", "陈阿姨"
CRAB, BERRY = "大闸蟹", "草莓"
POINT, MERCHANT, TITLE = "南门驿站", "阳光果园", "周四大闸蟹"
POINT_FEE_FEN = 50
OFFERS = (
    Terms(CRAB, 3000, commission_bps=1000, supply_price_fen=2000, fresh=True, tiers=((6, 2700),)),
    Terms(BERRY, 1990, commission_bps=800, supply_price_fen=1500, fresh=True),
)


@dataclass(frozen=True)
class Cast:
    """Everybody by what they do; buyers are the first four of `world.scene.buyers`."""

    world: World
    keeper: Actor
    merchant: str

    def buyer(self, number: int) -> Actor:
        """A buyer by place in the story."""
        return campaigns.buyer(self.world.scene.buyers[number])

    @property
    def stage(self) -> Surface:
        """Database, sandbox and clock."""
        return self.world.stage


@contextmanager
def set_up(folder: Path) -> Iterator[Cast]:
    """An empty product beside an empty sandbox, a Thursday noon, the campaign open."""
    url = f"sqlite:///{folder / 'example.sqlite3'}"
    migrate(url)
    with opened(url, folder) as stage:
        stage.sandbox.control("knobs", freeze="off")
        with stage.unit(SYSTEM) as ctx:
            cast = _people(ctx, stage)
        yield cast


def _people(ctx: Ctx, stage: Stage) -> Cast:
    named = {name: stage.sandbox.control("people", name=name)["openid"] for name in (*BUYERS, LEADER, HELPER, KEEPER)}
    scene = campaigns.scene(
        ctx, *OFFERS, buyers=0, leader_openid=named[LEADER], title=TITLE, minimum=3, help_sell_bps=5000
    )
    scene.buyers += [people.resident(ctx, name, openid=named[name]).id for name in BUYERS]
    second = people.leader(ctx, people.resident(ctx, HELPER, openid=named[HELPER]))
    keeper = people.resident(ctx, KEEPER, openid=named[KEEPER])
    clerk = people.resident(ctx, "小张")
    staff = people.staff(ctx, _point(ctx, scene, keeper.id), clerk)
    ctx.session.get_one(Leader, scene.leader_id).display_name = LEADER
    operators = [people.operator(ctx, name) for name in ("小赵", "小钱")]
    helper = Actor(Role.LEADER, second.id, second.resident_id)
    names = dict(zip(scene.buyers, BUYERS, strict=True)) | {
        scene.leader_resident_id: LEADER, second.resident_id: HELPER, keeper.id: KEEPER
    }  # fmt: skip
    desk = Actor(Role.STAFF, staff.id, clerk.id, scene.point_id)
    world = World(
        stage, scene, helper, campaigns.help_sell(ctx, scene, second), desk,
        (Actor(Role.OPERATOR, operators[0].id), Actor(Role.OPERATOR, operators[1].id)), names,
    )  # fmt: skip
    return Cast(world, campaigns.buyer(keeper.id), _merchant(ctx))


def _point(ctx: Ctx, scene: Scene, keeper: int) -> PickupPoint:
    point = ctx.session.get_one(PickupPoint, scene.point_id)
    point.name, point.keeper_id, point.fee_fen = POINT, keeper, POINT_FEE_FEN
    return point


def _merchant(ctx: Ctx) -> str:
    merchant = ctx.session.scalars(select(Merchant)).one()
    merchant.name = MERCHANT
    merchant.bank_enc = ctx.vault.encrypt(json.dumps({"bank": "邻里银行", "account": "622200001", "holder": MERCHANT}))
    return merchant.public_id

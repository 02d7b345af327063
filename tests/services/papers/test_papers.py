"""Papers say what is packed, brought and handed over, in walking order, and never more of people than they may."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from domain.actors import Actor
from domain.errors import Forbidden, NotFound, PaperTooLong
from domain.places import Place
from domain.policy import Policy
from integrations.workbooks import XlsxWorkbooks
from models import Resident
from services import cancelling, sessions
from services.assembly import Lintuan
from services.flows import papers
from services.papers import kinds, making, printing
from services.papers.gathering import Bought, Portion
from services.papers.making import AskPaper
from services.papers.sheets import sheets
from services.papers.table import Group, Paper, PaperKind
from services.pickup import redeeming
from services.pickup.redeeming import Redeem
from services.queries.pick_lists import PickList
from tests.services.pickup.world import World, code_of, lines_of

HOSTILE = ("=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")')


def paper(world: World, who: Actor, kind: str, campaign: str = "", point: str = "") -> Paper:
    """One paper as `who` gets it."""
    with world.unit.reading(who) as ctx:
        return making.at_once(ctx, AskPaper(kind, campaign, point))


def titles(made: Paper) -> list[str]:
    """What stands above each group."""
    return [group.title for group in made.groups]


def test_the_warehouse_reads_sums_and_the_driver_a_sheet_for_each_point(world: World) -> None:
    campaign = world.campaign()
    world.order(world.resident(), campaign, {"草莓": 2, "纸巾": 1})
    world.order(world.resident(), campaign, {"草莓": 3}, point=1)
    assert paper(world, world.leader, "pick-list", campaign).groups[0].rows == ()
    world.settle(campaign)
    whole = paper(world, world.leader, "pick-list", campaign).groups[0]
    assert whole.rows == (("草莓", "一份", 5, "份"), ("纸巾", "一份", 1, "份"))
    assert whole.total == ("合计", "", 6, "")
    by_point = paper(world, world.leader, "points", campaign)
    assert [(group.title, group.rows) for group in by_point.groups] == [
        ("东门", (("草莓", "一份", 2, "份"), ("纸巾", "一份", 1, "份"))),
        ("西门", (("草莓", "一份", 3, "份"),)),
    ]
    assert titles(paper(world, world.leader, "points", campaign, world.point_ids[1])) == ["西门"]


def test_a_slip_merges_all_orders_of_one_person_at_one_point(world: World) -> None:
    campaign, buyer = world.campaign(), world.resident("王小明 13800001234")
    world.order(buyer, campaign, {"草莓": 1})
    world.order(world.resident("赵六"), campaign, {"草莓": 1})
    world.order(buyer, campaign, {"草莓": 2, "纸巾": 1}, recipient="李婆婆")
    world.order(buyer, campaign, {"纸巾": 4}, point=1)
    world.settle(campaign)
    made = paper(world, world.leader, "slips", campaign)
    assert titles(made) == ["1、3号 王**", "2号 赵**", "4号 王**"]
    assert made.groups[0].notes == ("东门", "代 李**")
    assert made.groups[0].rows == (("草莓", "一份", 3, "份"), ("纸巾", "一份", 1, "份"))
    assert "13800001234" not in printing.page(made)


def test_a_slip_tells_what_is_to_be_paid_and_leaves_out_what_was_handed_over(world: World) -> None:
    campaign = world.campaign(payment_policy="on_pickup")
    world.order(world.resident(), campaign, {"草莓": 1})
    prepaid = world.campaign(title="先付款的团")
    fetched = world.order(world.resident("先到"), prepaid, {"草莓": 1})
    world.order(world.resident("后到"), prepaid, {"草莓": 1})
    world.settle(campaign)
    assert "收货付款，待收 ¥19.99" in paper(world, world.leader, "slips", campaign).groups[0].notes
    world.bring(prepaid)
    with world.unit(world.staff()) as ctx:
        redeeming.redeem(ctx, Redeem((fetched,), found_by="roster"))
    made = paper(world, world.leader, "slips", prepaid)
    assert titles(made) == ["2号 后**"]
    assert not any("待收" in note for note in made.groups[0].notes)


def test_a_label_for_each_bag_tells_neither_phone_nor_code(world: World) -> None:
    campaign = world.campaign()
    order = world.order(world.resident("王小明"), campaign, {"草莓": 12, "纸巾": 1})
    world.bring(campaign)
    made = paper(world, world.leader, "labels", campaign)
    assert [group.notes[0] for group in made.groups] == ["1/3 袋", "2/3 袋", "3/3 袋"]
    assert [group.rows[0][2] for group in made.groups] == [10, 2, 1]
    with world.unit.reading(world.leader) as ctx:
        code = code_of(ctx, order).code
    page = printing.page(made)
    assert code not in page
    assert "8888" not in page
    assert "王小明" not in page
    assert "size:60mm 40mm" in page


def test_who_orders_hundreds_of_bags_gets_one_label_that_says_so(world: World) -> None:
    campaign = world.campaign()
    for units in (400, 401):
        world.order(world.resident("王小明"), campaign, {"草莓": units, "纸巾": 1} if units == 401 else {"草莓": units})
    world.settle(campaign)
    groups = paper(world, world.leader, "labels", campaign).groups
    assert len(groups) == 40 + 1
    assert [group.notes[0] for group in groups[39:]] == ["40/40 袋", "大单 42 袋"]
    assert groups[40].notes[-1] == "不逐袋贴标，按提货小票整单交接"
    assert [row[2] for row in groups[40].rows] == [401, 1]


def test_one_label_for_all_sums_up_what_it_has_no_room_for() -> None:
    portions = tuple(Portion(n, f"商品{n}", "", "份", False, 100, 100, 100, 100) for n in range(6))
    order = Bought(1, 1, 7, True, "王小明", False, "", "", "", 1, "东门", Place("", "", ""), "ready", 0, 0, 0, portions)
    (label,) = kinds.labels("t", [order], bag_units=10, most=40).groups
    assert [row[0] for row in label.rows] == ["商品0", "商品1", "商品2", "等 3 样"]
    assert label.rows[-1][2] == 300


def test_labels_and_roster_stand_in_walking_order(world: World) -> None:
    campaign = world.campaign(delivery_method="door")
    for building, room in (("10号楼", "101"), ("2号楼1单元", "1001"), ("2号楼1单元", "902"), ("2号楼", "1单元301")):
        world.order(world.resident(), campaign, {"草莓": 1}, building=building, room=room)
    world.settle(campaign)
    walked = ["2号楼 1单元 301", "2号楼 1单元 902", "2号楼 1单元 1001", "10号楼 101"]
    assert [group.notes[1] for group in paper(world, world.leader, "labels", campaign).groups] == walked
    rows = paper(world, world.leader, "roster", campaign).groups[0].rows
    assert [(row[4], row[5], row[6]) for row in rows] == [
        ("2号楼", "1单元", "301"), ("2号楼", "1单元", "902"), ("2号楼", "1单元", "1001"), ("10号楼", "", "101"),
    ]  # fmt: skip


def test_the_roster_is_whole_with_phones_masked_and_the_withdrawn_marked(world: World) -> None:
    campaign = world.campaign()
    with world.unit(world.leader) as ctx:
        person = world.person(ctx, "王小明")
        person.phone_enc = ctx.vault.encrypt("13800001234")
        buyer = Actor(world.leader_as_resident.role, person.id, person.id)
    world.order(buyer, campaign, {"草莓": 2}, note="放门口")
    made = paper(world, world.leader, "roster", campaign)
    row = made.groups[0].rows[0]
    assert (row[0], row[1], row[3], row[8], row[9], row[11], row[12]) == (
        1, "王小明", "138****1234", "草莓 一份 ×2", 3998, "已付款", "放门口",
    )  # fmt: skip
    assert "13800001234" not in printing.page(made)
    assert "¥39.98" in printing.page(made)


def test_a_withdrawn_order_stays_on_the_roster_with_what_it_was(world: World) -> None:
    campaign, buyer = world.campaign(), world.resident("王小明")
    order = world.order(buyer, campaign, {"草莓": 2})
    with world.unit(buyer) as ctx:
        cancelling.cancel(ctx, order)
    row = paper(world, world.leader, "roster", campaign).groups[0].rows[0]
    assert (row[8], row[9], row[11]) == ("草莓 一份 ×2", 0, "已退")


def test_units_that_went_back_are_named_beside_those_that_stay(world: World) -> None:
    campaign, buyer = world.campaign(), world.resident()
    order = world.order(buyer, campaign, {"草莓": 2, "纸巾": 1})
    with world.unit(buyer) as ctx:
        cancelling.cancel(ctx, order, units={line.public_id: 1 for line in lines_of(ctx, order).values()})
    row = paper(world, world.leader, "roster", campaign).groups[0].rows[0]
    assert row[8] == "草莓 一份 ×1（退 1）、纸巾 一份 ×1（已退）"


def test_a_desk_prints_its_own_papers_of_all_campaigns(world: World) -> None:
    first, second = world.campaign(), world.campaign(title="周六零食")
    world.order(world.resident("甲乙"), first, {"草莓": 1})
    world.order(world.resident("丙丁"), second, {"纸巾": 2})
    world.order(world.resident("戊己"), second, {"纸巾": 2}, point=1)
    world.settle(first)
    world.settle(second)
    here = world.staff()
    assert titles(paper(world, here, "slips")) == ["1号 甲**", "1号 丙**"]
    assert paper(world, here, "pick-list").groups[0].total == ("合计", "", 3, "")


def test_a_desks_roster_masks_names_and_leaves_phones_and_notes_out(world: World) -> None:
    campaign = world.campaign()
    with world.unit(world.leader) as ctx:
        person = world.person(ctx, "王小明")
        person.phone_enc = ctx.vault.encrypt("13800001234")
        buyer = Actor(world.leader_as_resident.role, person.id, person.id)
    world.order(buyer, campaign, {"草莓": 1}, note="放门口", recipient="李小花")
    world.order(world.resident("丙丁"), campaign, {"草莓": 1}, point=1)
    world.settle(campaign)
    (row,) = paper(world, world.staff(), "roster").groups[0].rows
    assert (row[0], row[1], row[2], row[3], row[8], row[12]) == (1, "王**", "李**", "", "草莓 一份 ×1", "")


def test_another_leaders_campaign_or_a_foreign_point_is_not_found(world: World) -> None:
    campaign = world.campaign()
    stranger = Actor(world.leader.role, world.leader.id + 1000, world.leader.resident_id)
    for who, of, point in ((stranger, campaign, ""), (world.leader, campaign, "pnt_" + "0" * 26)):
        with pytest.raises(NotFound):
            paper(world, who, "slips", of, point)
    with pytest.raises(NotFound):
        paper(world, world.leader, "poster", campaign)
    with world.unit.reading(world.resident()) as ctx, pytest.raises(Forbidden):
        making.at_once(ctx, AskPaper("slips", campaign))


def test_a_long_paper_is_to_be_exported_but_sums_never_are(world: World) -> None:
    campaign = world.campaign()
    for _ in range(2):
        world.order(world.resident(), campaign, {"草莓": 1})
    world.settle(campaign)
    with world.unit.reading(world.leader) as ctx:
        strict = replace(ctx, policy=Policy(paper_orders_at_once=1))
        with pytest.raises(PaperTooLong):
            making.at_once(strict, AskPaper("slips", campaign))
        assert making.at_once(strict, AskPaper("pick-list", campaign)).groups[0].rows


def _cells(content: bytes) -> list[Any]:
    book = load_workbook(BytesIO(content))
    return [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.mark.parametrize("kind", ["roster", "slips", "labels", "points", "pick-list"])
def test_hostile_names_are_no_formula_in_a_workbook_and_no_markup_on_a_page(world: World, kind: str) -> None:
    campaign = world.campaign(title="=cmd|' /C calc'!A0")
    for place, name in enumerate((*HOSTILE, "<script>alert(1)</script>")):
        buyer = world.resident(f"n{place}")
        with world.unit(buyer) as ctx:
            ctx.session.execute(update(Resident).where(Resident.id == buyer.id).values(nickname=name))
        world.order(buyer, campaign, {"草莓": 1}, recipient=name.strip(), note=name.strip())
    world.settle(campaign)
    made = paper(world, world.leader, kind, campaign)
    cells = _cells(papers.drawn(made, "xlsx", XlsxWorkbooks()))
    assert cells
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    if kind == "roster":
        assert set(HOSTILE) - {"\t=1", "\r=1"} <= {cell.value for cell in cells}
    assert "<script" not in printing.page(made)


def test_sheet_names_are_what_spreadsheets_allow() -> None:
    names = ["东门[1]:*?/\\", "'", "History", "a" * 40, "A" * 40, ""]
    names += ["a" * 30 + "'东门", "b" * 28 + "' 东", "b" * 28 + "' 东"]
    made = kinds.points("t", PickList([], []))
    groups = tuple(Group(name, rows=(("x", "y", 1, "z"),)) for name in names)
    book = sheets(Paper(PaperKind.POINTS, "t", made.columns, groups))
    assert len(book) == len(names)
    assert XlsxWorkbooks().write(book)


def test_over_http_a_paper_may_load_nothing_and_is_kept_nowhere(world: World, product: Lintuan, client: Any) -> None:
    campaign = world.campaign(title="周五水果")
    world.order(world.resident(), campaign, {"草莓": 1})
    world.settle(campaign)
    staff = world.staff()
    with world.unit(world.leader) as ctx:
        leader = sessions.open_session(ctx, "resident", resident_id=world.leader.resident_id, device="t")
        desk = sessions.open_session(ctx, "station", resident_id=staff.resident_id, staff_id=staff.id, device="t")
    path = f"/api/leader/campaigns/{campaign}/papers"
    headers = {"Authorization": f"Bearer {leader}"}
    page = client.get(f"{path}/slips.html?point_id={world.point_ids[0]}", headers=headers)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "default-src 'none'; style-src 'sha256-" in page.headers["Content-Security-Policy"]
    assert page.headers.getlist("Content-Security-Policy") == [page.headers["Content-Security-Policy"]]
    assert "周五水果-提货小票" in page.text
    book = client.get(f"{path}/roster.xlsx", headers=headers)
    assert book.status_code == 200
    assert "filename*=UTF-8''%E5%91%A8" in book.headers["Content-Disposition"]
    assert XlsxWorkbooks().read(book.data)["接龙名单"]
    for wrong in ("slips.pdf", "nothing.html", "slips.html?point_id=pnt_" + "0" * 26):
        assert client.get(f"{path}/{wrong}", headers=headers).status_code == 404
    at_desk = {"Authorization": f"Bearer {desk}"}
    assert "1号" in client.get("/api/station/papers/labels.html", headers=at_desk).text
    assert XlsxWorkbooks().read(client.get("/api/station/papers/roster.xlsx", headers=at_desk).data)["接龙名单"]
    assert client.get("/api/station/papers/roster.pdf", headers=at_desk).status_code == 404

"""Whatever the product names, the console says in Chinese: every table is walked, and no entry is missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask

from blueprints.console.advice import ADVICE
from blueprints.console.reasons import REASONS, reason
from blueprints.console.states import STATES
from blueprints.console.words import DONE, NAV, account, event, word
from blueprints.shared.guards import audience_of
from domain.aftersales import Bearer
from domain.campaigns import CancelReason
from domain.content import Subject
from domain.leases import Astray, LeaseEnd
from domain.ledger import Account
from domain.operators import OperatorKind
from domain.reconciling import Difference, Resolution
from domain.settlements import PayeeKind
from domain.state_tables import ALL
from services.chat.words import LETTERS
from services.invariants import ALL as INVARIANTS
from services.invariants.told import TOLD
from services.queries.console_history import WHO

ROOT = Path(__file__).parents[3]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def calls(*names: str) -> Iterator[tuple[list[str], str]]:
    """The string arguments ("" for what is not one) of each call of these functions in the services, and the file."""
    for path in sorted((ROOT / "services").rglob("*.py")):
        tree = ast.parse(path.read_text())
        named = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
                yield [str(_constant(argument, named)) for argument in node.args], path.name


def _constant(argument: ast.expr, named: Mapping[str, object]) -> object:
    if isinstance(argument, ast.Constant):
        return argument.value
    return named.get(argument.id, "") if isinstance(argument, ast.Name) else ""


def test_every_state_and_every_event_of_every_lifecycle_has_words() -> None:
    states = [
        f"{machine.name} {state}"
        for machine in ALL
        for state in machine.states
        if not CHINESE.search(word(state, machine.name))
    ]
    events = [
        f"{machine.name} {name}"
        for machine in ALL
        for name in machine.moves
        if not CHINESE.search(event(name, machine.name))
    ]
    assert states + events == []


def test_every_act_that_is_put_on_record_has_words() -> None:
    acts = [(args[1], args[3]) for args, _ in calls("audit.record", "audit.record_all") if len(args) > 3 and args[3]]
    assert len(acts) > 40
    assert [f"{subject} {name}" for subject, name in acts if not CHINESE.search(event(name, subject))] == []


def test_every_kind_of_thing_in_the_log_has_a_name() -> None:
    kinds = {args[1] for args, _ in calls("audit.record", "audit.record_all") if args[1]} | {one.name for one in ALL}
    assert sorted(kinds - STATES["subject"].keys()) == []


def test_a_shift_is_not_opened_as_a_campaign_is() -> None:
    assert (event("open", "shift"), event("close", "shift")) == ("开班", "交班")
    assert (event("open", "campaign"), event("close", "campaign")) == ("开团", "截团")


def test_every_alert_has_a_name_and_says_what_to_do_on_a_page_that_there_is(app: Flask) -> None:
    kinds = {args[1] for args, _ in calls("audit.alert")}
    assert len(kinds) > 20 and "" not in kinds
    assert sorted(kinds ^ STATES["alert"].keys()) == []
    assert sorted(kinds ^ ADVICE.keys()) == []
    pages = {name.partition(".")[2] for name, view in app.view_functions.items() if audience_of(view) == "console"}
    assert [kind for kind, advice in ADVICE.items() if advice.view and advice.view not in pages] == []


def test_every_invariant_has_a_title_and_says_what_its_breach_means() -> None:
    assert {one.rule for one in INVARIANTS} == TOLD.keys()
    unsaid = [rule for rule, told in TOLD.items() if not CHINESE.search(told.title) or not told.breach.endswith("。")]
    assert unsaid == []
    assert len({told.title for told in TOLD.values()}) == len(TOLD)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("difference", Difference), ("resolution", Resolution), ("payee", PayeeKind), ("operator", OperatorKind),
        ("bearer", Bearer), ("checked", Subject), ("outbox_kind", LETTERS),
    ],
)  # fmt: skip
def test_every_value_of_a_kind_has_words(kind: str, values: list[str]) -> None:
    assert [str(value) for value in values if not CHINESE.search(word(str(value), kind))] == []


def test_every_account_party_and_reason_has_words() -> None:
    assert [name for name in Account if not CHINESE.search(account(name))] == []
    assert [who for who, said in WHO.items() if not CHINESE.search(said)] == []
    assert [code for code in (*CancelReason, *Astray) if code not in REASONS] == []
    assert [how for how in LeaseEnd if not CHINESE.search(event(how, "desk_lease"))] == []


def test_what_the_product_noted_is_said_in_chinese_and_what_a_person_wrote_stays() -> None:
    assert reason("Refused 40003") == "对方拒绝（40003）"
    assert reason("not_fetched") == "逾期未取"
    assert reason("顾客打电话说不要了") == "顾客打电话说不要了"
    assert reason("") == "—"


def test_every_sweep_has_words(app: Flask) -> None:
    assert [job.name for job in app.extensions["lintuan-schedule"] if job.name not in STATES["job"]] == []


def test_every_entry_of_the_menu_is_a_page_and_every_act_says_that_it_was_done(app: Flask) -> None:
    views = {
        name.partition(".")[2]: view for name, view in app.view_functions.items() if audience_of(view) == "console"
    }
    assert [view for _, some in NAV for view, _ in some if view not in views] == []
    acts = {
        rule.endpoint.partition(".")[2]
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and "POST" in (rule.methods or ())
    }
    assert sorted(DONE.keys() - acts) == []

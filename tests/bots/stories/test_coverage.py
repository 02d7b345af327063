"""Together the stories hold all that the bot has: every command, button, refusal and fixed sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import bots
from bots.channels.card_shape import template_card
from bots.channels.registry import CHANNELS
from bots.messages import Card
from bots.parsing import Command, read
from bots.router import COMMANDS
from services.words import _WITH_FACTS, REFUSALS
from tests.bots.stories.reading import ANY, stories

TOLD = [story for story in stories() if not story.fails]
HEARD = "\n".join(line for story in TOLD for line in story.heard).replace("\n  ", "\n")
LEAST = {"stories": 40, "turns": 6, "speakers": 2}
NOT_IN_A_CHAT = {
    "address_needed": "the chat sends people to the page before an order without an address is tried",
    "already_paid": "paying is done on the page", "too_late_to_pay": "paying is done on the page",
    "after_sales_over": "complaints are made on the page", "claim_open": "complaints are made on the page",
    "nothing_to_give_back": "complaints are made on the page",
    "balance_too_low": "withdrawals are made on the page", "payout_too_small": "withdrawals are made on the page",
    "real_name_missing": "withdrawals are made on the page",
    "below_delivery_minimum": "goods that are brought are ordered on the page",
    "broken_limit_reached": "broken goods are refused at the desk", "no_shift": "cash is taken at the desk",
    "undo_too_late": "a hand-over is undone at the desk",
    "busy": "the platform is asked to come again; nothing is answered",
    "consent_needed": "asked for where a setting says so; there the chat says it like any refusal",
    "gateway_down": "the chat never calls the gateway",
    "key_missing": "of HTTP requests", "key_reused": "of HTTP requests",
    "login_refused": "people log in in the mini-program", "phone_taken": "a phone is bound in the mini-program",
    "not_all_counted": "shortages are shared out on the page", "plan_changed": "shortages are shared out on the page",
    "not_finished": "an account is deleted in the mini-program",
    "no_chinese_font": "posters are drawn for the page", "paper_too_long": "papers are printed from the page",
    "not_ready": "no code is issued before the goods stand at the point",
    "pass_over": "a pass is shown at the desk",
    "plan_is_stale": "of operators", "same_person": "of operators",
    "share_over": "a shared card is opened in the mini-program",
    "lease_taken": "the offline lease is taken at the desk",
    "still_to_come": "a parcel is sent from the page; at the desk the sentence belongs to payments",
    "too_late_to_send": "of operators",
    "unauthenticated": "whoever is unknown is told how to become known before",
}  # fmt: skip
CANNOT_BE_SAID = {
    "这个团还没有自提点，请联系团长。": "a campaign is not written down without a point, and keeps its points",
    "这份接龙已经导入过了。": "told to the second of two confirmations at one moment alone",
}


_FILLED_IN = re.compile(r"\{\w+\}")
_PATTERN = re.compile(r"\(\?|\||^一二三")


def actions() -> set[str]:
    """What buttons can be pressed on a card, a draft's too."""

    def card(*, draft: bool) -> Card:
        return Card("cmp_x", 1, "t", "1 人", "", datetime(2026, 11, 26, tzinfo=UTC), (), (), True, (1,), "", "",
                    draft=draft)  # fmt: skip

    return {
        button["text"] for draft in (True, False) for button in template_card(card(draft=draft), "t")["button_list"]
    }


def sentences(path: Path) -> Iterator[tuple[str, str]]:
    """Each Chinese sentence a module can say, with a pattern in which what is filled in is any text."""
    tree = _spoken(ast.parse(path.read_text()))
    composed = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    parts_of = {id(part) for whole in composed for part in whole.values}
    for node in ast.walk(tree):
        if id(node) in parts_of:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            words = "".join(str(part) if part is not None else ANY for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value
        else:
            continue
        words = _FILLED_IN.sub(ANY, words)
        if len(re.findall(r"[\u4e00-\u9fff]", words)) >= 4 and not _PATTERN.search(words):
            yield words, ".*".join(re.escape(part) for part in words.strip("\n").split(ANY) if part)


def _spoken(tree: ast.Module) -> ast.Module:
    """Without what is never said: docstrings, and sets of words that are listened for."""

    class Silent(ast.NodeTransformer):
        def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
            return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

        def visit_Set(self, node: ast.Set) -> ast.AST:
            return ast.Constant(value=0)

    return ast.fix_missing_locations(Silent().visit(tree))


def speaking() -> list[Path]:
    """The modules that speak."""
    home = Path(bots.__file__).parent
    more = ("answers", "router", "turn", "cards", "drafts/missing", "drafts/moments", "jielong/words",
            "jielong/entries", "parsing/questions", "sending/lines", "sending/pace", "sending/groups")  # fmt: skip
    return [*sorted((home / "commands").glob("*.py")), *(home / f"{name}.py" for name in more)]


def test_there_are_enough_stories_and_each_is_a_conversation() -> None:
    assert len(TOLD) >= LEAST["stories"]
    short = {
        story.name: (len(story.said), sorted({act.who for act in story.said}))
        for story in TOLD
        if len(story.said) < LEAST["turns"] or len({act.who for act in story.said}) < LEAST["speakers"]
    }
    assert short == {}


def test_every_command_is_spoken() -> None:
    read_as = (read(act.text.removeprefix("@小邻 "), ()) for story in TOLD for act in story.said)
    spoken = {intent.name for intent in read_as if isinstance(intent, Command)}
    assert set(COMMANDS) - spoken == set()


def test_every_button_is_pressed() -> None:
    pressed = {found[1] for story in TOLD for act in story.said if (found := re.match(r"\[([^\] ]+)", act.text))}
    assert actions() == {"接龙", "看详情", "进度", "开团"}
    assert actions() - pressed == set()


def test_every_refusal_is_heard_or_cannot_be() -> None:
    heard = {code for code in REFUSALS if _is_refused(code)}
    assert set(REFUSALS) - heard - set(NOT_IN_A_CHAT) == set()
    assert heard & set(NOT_IN_A_CHAT) == set()


def test_every_fixed_sentence_is_heard_or_cannot_be() -> None:
    missing = {words for path in speaking() for words, pattern in sentences(path) if not re.search(pattern, HEARD)}
    assert missing == set(CANNOT_BE_SAID)


def test_every_channel_in_which_people_speak_has_stories() -> None:
    opened = {act.text.split()[-1] for story in TOLD for act in story.acts if re.match(r"(新|店员)?群 ", act.text)}
    in_service = {"customer" for story in TOLD for act in story.said if act.place == "客服"}
    assert set(CHANNELS) - opened - in_service == {"wxgroup"}  # nobody speaks to the bot in a neighbours' own group


def test_a_sentence_that_no_story_holds_would_be_seen() -> None:
    assert not re.search(".*".join(map(re.escape, "这句话…没有人说过".split(ANY))), HEARD)


def _is_refused(code: str) -> bool:
    with_facts, _ = _WITH_FACTS.get(code, ("", ()))
    spoken = [REFUSALS[code], *([with_facts] if with_facts else [])]
    return any(re.search(re.sub(r"\\{\w+\\}", ".*", re.escape(words)), HEARD) for words in spoken)

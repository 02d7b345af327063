"""Every message of the vector files is read as written there."""

from collections import Counter

import pytest

from bots.parsing import Ask, OfferName, read
from tests.bots.parsing.notation import CAMPAIGNS, spell, vectors


@pytest.mark.parametrize(("campaign", "text", "expected"), vectors())
def test_message_is_read_as_its_vector_says(campaign: str, text: str, expected: str) -> None:
    assert spell(read(text, CAMPAIGNS[campaign])) == expected


def test_no_vector_stands_in_the_files_twice() -> None:
    assert [row for row, times in Counter((c, t) for c, t, _ in vectors()).items() if times > 1] == []


def test_question_that_asks_back_shows_the_offers_and_an_example() -> None:
    asked = read("2份", CAMPAIGNS["letters"])
    assert asked == Ask("which_offer", "要哪一样？请这样回复：A款2份 B款2份。本团有：A款、B款")


def test_question_that_asks_back_never_repeats_the_words_of_the_person() -> None:
    asked = read("老王家的榴莲2份 13800001111", CAMPAIGNS["three"])
    assert isinstance(asked, Ask)
    assert "榴莲" not in asked.question
    assert "138" not in asked.question


def test_mention_without_blank_is_taken_out_when_the_name_of_the_bot_is_known() -> None:
    assert spell(read("@小邻2份", CAMPAIGNS["one"], bot_name="小邻")) == "set crab=2"
    assert spell(read("@小邻2份", CAMPAIGNS["one"])) == "nothing"


def test_two_offers_of_the_same_name_are_never_chosen_between() -> None:
    twins = (OfferName("early", "大闸蟹"), OfferName("late", "大闸蟹"))
    assert spell(read("大闸蟹2只", twins)) == "ask which_offer"


def test_short_name_one_slip_away_is_asked_back_because_it_may_be_another_fruit() -> None:
    offers = CAMPAIGNS["three"][:2]
    assert spell(read("蓝莓2盒", offers)) == "ask unknown_offer"

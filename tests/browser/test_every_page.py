"""Each page of the mini-program opens for a person who may see it, and says nothing bad in the console."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPhone
from tests.browser.every_page import holder, opened, paths, ready
from tests.browser.town import Town


@pytest.mark.parametrize("person", sorted({holder(path) for path in paths()}))
def test_every_page_opens_without_an_error_in_the_console(phone: OpenPhone, town: Town, person: str) -> None:
    walked, said = ready(phone(person)), {}
    for path in (path for path in paths() if holder(path) == person):
        walked.go(opened(path, town)).settle()
        if walked.console:
            said[path] = [*walked.console]
            walked.console.clear()
    assert said == {}

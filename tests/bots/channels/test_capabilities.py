"""What each channel declares is what its platform allows, written out."""

from __future__ import annotations

from bots.channels.registry import CHANNELS
from tests.bots.channels.drivers import DRIVERS
from tests.bots.channels.table import ALL, TABLE, cases

OWN_SUITE = {"wxgroup"}  # a person posts there: tests of the shared card


@cases("capabilities")
def test_a_channel_declares_what_its_platform_allows(kind: str) -> None:
    assert TABLE[kind] == CHANNELS[kind].CAPABILITIES


def test_no_channel_is_without_its_row_and_its_driver() -> None:
    assert set(CHANNELS) - OWN_SUITE == set(ALL) == set(DRIVERS)


@cases("capabilities")
def test_only_who_may_be_repeated_says_so(kind: str) -> None:
    """An idempotency handle exists where the bridge's rules are ours; no platform of the table has one for pushes."""
    assert CHANNELS[kind].CAPABILITIES.sends_once == (kind in ("http", "sandbox"))

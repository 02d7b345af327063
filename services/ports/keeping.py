"""What the core asks of storage beside the database: files, pictures, workbooks, counters and the vault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from domain.errors import NoChineseFont


class FileStore(Protocol):
    """Pictures and other files by key; keys are ours, never the uploader's file name."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store `content` under `key` (idempotent)."""

    def get(self, key: str) -> tuple[bytes, str] | None:
        """Content and content type, or None."""

    def drop(self, key: str) -> None:
        """Let the content under `key` go; content when there is none."""


class PictureGate(Protocol):
    """Judges an uploaded picture by its content and draws it anew, so that nothing else travels along."""

    def __call__(self, content: bytes) -> tuple[bytes, str]:
        """The clean picture and its content type.

        Raises ValueError whose text is too_large, too_many_pixels or not_a_picture.
        """


def no_pictures(content: bytes) -> tuple[bytes, str]:
    """The gate that lets nothing in, for processes that take no uploads."""
    raise ValueError("not_a_picture")


@dataclass(frozen=True)
class PosterFacts:
    """What a campaign's poster says, each as a line for people."""

    title: str
    price: str
    tiers: tuple[str, ...]
    closes: str
    points: tuple[str, ...]
    leader: str
    hint: str


class PosterPainter(Protocol):
    """Draws posters."""

    def __call__(self, facts: PosterFacts, code: bytes, picture: bytes | None = None) -> bytes:
        """A PNG with the code on it; `code` and `picture` are image files. Raises `NoChineseFont`."""


def no_posters(facts: PosterFacts, code: bytes, picture: bytes | None = None) -> bytes:
    """The painter of processes that draw nothing."""
    raise NoChineseFont


Cell = str | int | float | date | None


class Workbooks(Protocol):
    """Spreadsheets (xlsx) out and in: sheets by name, each a list of rows."""

    def write(self, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
        """A workbook; every text stays a text, never a formula or a link. Raises ValueError for a bad sheet name."""

    def read(self, content: bytes) -> dict[str, list[list[Any]]]:
        """The cells (str, int, float, bool, date, datetime or None) without trailing empty rows and cells.

        Formulas are read as the values last saved with them. Raises ValueError whose text is too_large or
        not_a_workbook.
        """


class NoWorkbooks:
    """The port in processes that neither write nor read spreadsheets."""

    def write(self, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
        """Refuses."""
        raise ValueError("not_a_workbook")

    def read(self, content: bytes) -> dict[str, list[list[Any]]]:
        """Refuses."""
        raise ValueError("not_a_workbook")


class Counters(Protocol):
    """Short-lived counters for limits; memory or a Redis-protocol server. Never the truth of anything."""

    def hit(self, key: str, window_seconds: int) -> int:
        """Count one event under `key` in the current window and return how many there are now."""

    def clear(self, key: str) -> None:
        """Forget `key`."""


class Vault(Protocol):
    """Keeps secrets readable only to us: encryption at rest, keyed hashes, signatures."""

    def encrypt(self, text: str) -> str:
        """`text` sealed (authenticated, fresh nonce), at most 4/3 of its size plus 60 characters."""

    def decrypt(self, sealed: str) -> str:
        """What was sealed; raises ValueError when it was altered or sealed with another key."""

    def digest(self, purpose: str, text: str) -> str:
        """A keyed hash, 64 hex characters, different for each purpose."""

    def sign(self, purpose: str, text: str) -> str:
        """A short signature over `text` (URL-safe, 22 characters or more) with a key of its own per purpose."""

    def derive(self, purpose: str) -> bytes:
        """A key of 32 bytes of its own per purpose, that may leave the house."""

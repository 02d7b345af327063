"""Where one sandbox lives: its folder, its port, the product it calls back and the mini-program it shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MINI_PROGRAM = Path(__file__).parents[1] / "miniprogram"


@dataclass(frozen=True)
class Config:
    """`product_url` is the product's base address without a trailing slash, "" when none is called back.

    `live_url` is the address of the process that streams live counts, "" where the product itself is asked.
    """

    data_dir: Path
    port: int
    product_url: str = ""
    live_url: str = ""
    miniprogram: Path = MINI_PROGRAM

    @property
    def base_url(self) -> str:
        """The sandbox's own base address, as the product reaches it."""
        return f"http://127.0.0.1:{self.port}"

"""Where one sandbox lives: its folder, its port and the product it calls back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Config:
    """`product_url` is the product's base address without a trailing slash, "" when none is called back."""

    data_dir: Path
    port: int
    product_url: str = ""

    @property
    def base_url(self) -> str:
        """The sandbox's own base address, as the product reaches it."""
        return f"http://127.0.0.1:{self.port}"

"""The data folder of one stack: its secrets, made once, and the environment of the product's processes."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

AS_INSTALLED = {"LINTUAN_CONSENT": "true", "LINTUAN_POLICY_CONTENT_SAFETY": "true"}
"""What a real installation asks of people: agreement first, and what they write is checked before it is shown."""
SECRETS = ("LINTUAN_SECRET_KEY", "LINTUAN_PII_KEY", "OPERATOR_PASSWORD")


def read_lines(path: Path) -> dict[str, str]:
    """KEY=VALUE lines of a file, an empty dict when there is none."""
    if not path.exists():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, _, value in pairs}


def own_secrets(folder: Path) -> dict[str, str]:
    """The product's own secrets, made at the first start and kept (readable to the owner only)."""
    path = folder / "secrets.env"
    if not path.exists():
        text = "".join(f"{name}={secrets.token_urlsafe(32)}\n" for name in SECRETS)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
    return read_lines(path)


def environment(folder: Path, product_url: str) -> dict[str, str]:
    """What the product's processes are told: development, this folder, the sandbox's keys and addresses."""
    return {
        "LINTUAN_ENV": "development",
        "LINTUAN_DATA_DIR": str(folder / "product"),
        "LINTUAN_PUBLIC_URL": product_url,
        "LINTUAN_PAGE_KEEP_MS": "0",  # a story reads at once what it did; one person is no rush
        **own_secrets(folder),
        **read_lines(folder / "sandbox" / "product.env"),
    }

"""Settings are read with their types, every problem is named at once, and production refuses what is unsafe."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.safety import KEY_LENGTHS, NEEDED
from config.settings import SettingsError, from_environment

KEYS = {
    "LINTUAN_SECRET_KEY": "a-secret-key-of-enough-length-0123456789",
    "LINTUAN_PII_KEY": "another-key-of-enough-length-9876543210",
}


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """An environment that production accepts."""
    named = {f"LINTUAN_{name.upper()}": "x" for name in NEEDED}
    named |= {f"LINTUAN_{name.upper()}": ("0123456789abcdef" * 3)[:length] for name, length in KEY_LENGTHS.items()}
    addresses = {f"LINTUAN_{name}_BASE_URL": "https://api.example.com" for name in ("WXA", "PAY", "WECOM")}
    public = {"LINTUAN_ENV": "production", "LINTUAN_PUBLIC_URL": "https://tuan.example.com"}
    checked = {"LINTUAN_POLICY_CONTENT_SAFETY": "true"}
    return {**KEYS, **named, **addresses, **public, **checked, "LINTUAN_DATA_DIR": str(tmp_path)}


def problems(environ: dict[str, str]) -> list[str]:
    """What is wrong with an environment."""
    with pytest.raises(SettingsError) as refused:
        from_environment(environ)
    return str(refused.value).splitlines()[1:]


def test_values_are_read_with_their_types() -> None:
    settings = from_environment({**KEYS, "LINTUAN_PORT": "8100", "LINTUAN_DATA_DIR": "x", "LINTUAN_DEBUG": "true"})
    assert (settings.port, settings.data_dir, settings.debug) == (8100, Path("x"), True)


def test_a_number_of_the_rules_is_a_setting() -> None:
    settings = from_environment({**KEYS, "LINTUAN_POLICY_HOLD_MINUTES": "45"})
    assert (settings.policy.hold_minutes, settings.policy.pay_grace_minutes) == (45, 3)


def test_every_problem_is_named_at_once() -> None:
    found = problems({
        "LINTUAN_ENV": "prod", "LINTUAN_PORT": "many", "LINTUAN_DEBUG": "perhaps", "LINTUAN_POLICY_PICKUP_DAYS": "-1",
        "LINTUAN_TYPO": "x",
    })  # fmt: skip
    for name in ("ENV", "PORT", "DEBUG", "POLICY_PICKUP_DAYS", "TYPO", "SECRET_KEY", "PII_KEY"):
        assert any(f"LINTUAN_{name}" in line for line in found), name


def test_values_of_the_sandbox_stand_in_for_absent_ones_outside_production(tmp_path: Path) -> None:
    (tmp_path / "product.env").write_text("# made\nLINTUAN_WXA_APPID=wx1\nLINTUAN_WXA_SECRET=a=b\n")
    environ = {**KEYS, "LINTUAN_DATA_DIR": str(tmp_path), "LINTUAN_WXA_APPID": "mine"}
    settings = from_environment(environ)
    assert (settings.wxa_appid, settings.wxa_secret) == ("mine", "a=b")
    assert any("WXA_SECRET is missing" in line for line in problems({**environ, "LINTUAN_ENV": "production"}))


def test_secrets_do_not_show_in_a_traceback() -> None:
    secrets = {**KEYS, "LINTUAN_DATABASE_URL": "postgresql+psycopg://lintuan:its-password@db/lintuan"}
    shown = repr(from_environment(secrets))
    assert KEYS["LINTUAN_SECRET_KEY"] not in shown and "its-password" not in shown


def test_production_starts_with_safe_values(production: dict[str, str]) -> None:
    assert from_environment(production).production


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 40),
        ("PII_KEY", KEYS["LINTUAN_SECRET_KEY"]),
        ("PUBLIC_URL", "http://tuan.example.com"),
        ("PAY_BASE_URL", "https://127.0.0.1:9000"),
        ("WXA_BASE_URL", "https://localhost"),
        ("WECOM_BASE_URL", "https://[::1]"),
        ("WECOM_BASE_URL", "https://10.0.0.5"),
        ("PAY_APIV3_KEY", ""),
        ("PAY_APIV3_KEY", "short"),
        ("AIBOT_AES_KEY", "a" * 43),
        ("PUBLIC_URL", "https://localhost."),
        ("SANDBOX_CHAT_URL", "https://chat.example.com"),
        ("TELEGRAM_BASE_URL", "http://api.telegram.org"),
        ("DEBUG", "true"),
    ],
)
def test_production_refuses(production: dict[str, str], name: str, value: str) -> None:
    [line] = problems({**production, f"LINTUAN_{name}": value})
    assert name.removesuffix("_URL") in line


@pytest.mark.parametrize(
    ("channel", "secret"), [("HTTP_CHAT_URL", "HTTP_CHAT_SECRET"), ("TELEGRAM_TOKEN", "TELEGRAM_HOOK_SECRET")]
)
def test_a_chat_that_is_set_up_needs_a_long_secret(production: dict[str, str], channel: str, secret: str) -> None:
    set_up = {**production, f"LINTUAN_{channel}": "https://chat.example.com"}
    for short in ("", "x" * 31):
        [line] = problems({**set_up, f"LINTUAN_{secret}": short})
        assert secret in line
    assert from_environment({**set_up, f"LINTUAN_{secret}": "x" * 32}).production


def test_production_refuses_a_shifted_clock(production: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "clock-offset").write_text("60")
    [line] = problems(production)
    assert "shifts the clock" in line

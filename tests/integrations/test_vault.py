"""What is sealed opens with the same key only; hashes and signatures differ by purpose."""

from __future__ import annotations

import pytest

from integrations.vault import KeyVault

VAULT = KeyVault("pii-key-of-enough-length-0123456789", "secret-key-of-enough-length-012345")
OTHER = KeyVault("another-pii-key-of-enough-length-01", "another-secret-key-of-enough-lengt")


@pytest.mark.parametrize("text", ["", "13800001234", "幸福里1号楼" * 100])
def test_what_was_sealed_opens_and_is_never_sealed_alike(text: str) -> None:
    first, second = VAULT.encrypt(text), VAULT.encrypt(text)
    assert first != second
    assert VAULT.decrypt(first) == VAULT.decrypt(second) == text
    assert len(first) <= len(text.encode()) * 4 / 3 + 60


def test_an_altered_or_foreign_seal_does_not_open() -> None:
    sealed = VAULT.encrypt("13800001234")
    altered = sealed[:-2] + ("AA" if not sealed.endswith("AA") else "BB")
    for wrong in (altered, sealed[3:], "v1.", "v1.x", "", OTHER.encrypt("13800001234")):
        with pytest.raises(ValueError, match="not sealed by this vault"):
            VAULT.decrypt(wrong)


def test_a_digest_is_the_same_for_the_same_text_key_and_purpose_only() -> None:
    assert VAULT.digest("phone", "138") == VAULT.digest("phone", "138")
    others = {VAULT.digest("phone_tail", "138"), VAULT.digest("phone", "139"), OTHER.digest("phone", "138")}
    assert len({VAULT.digest("phone", "138"), *others}) == 4
    assert len(VAULT.digest("phone", "138")) == 64


def test_a_signature_is_short_url_safe_and_its_own_per_purpose() -> None:
    signed = VAULT.sign("qr", "pkc_1")
    assert len(signed) == 22
    assert set(signed) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert len({signed, VAULT.sign("cursor", "pkc_1"), VAULT.sign("qr", "pkc_2"), OTHER.sign("qr", "pkc_1")}) == 4

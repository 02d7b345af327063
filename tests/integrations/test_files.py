"""Files in a folder: whole or not at all, and never outside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.files import FolderFiles
from services.ports import FileStore


def test_a_file_is_kept_with_its_type(tmp_path: Path) -> None:
    files: FileStore = FolderFiles(tmp_path / "files")
    assert files.get("pictures/pic_01m7") is None
    files.put("pictures/pic_01m7", b"a\nb\x00", "image/jpeg")
    assert files.get("pictures/pic_01m7") == (b"a\nb\x00", "image/jpeg")


def test_putting_again_replaces_and_leaves_no_drafts(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    files.put("a/b", b"1", "image/png")
    files.put("a/b", b"2", "image/webp")
    assert files.get("a/b") == (b"2", "image/webp")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_a_write_that_breaks_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = FolderFiles(tmp_path)
    files.put("a", b"old", "image/png")

    def full(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="disk full"):
        files.put("a", b"new", "image/png")
    assert files.get("a") == (b"old", "image/png")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../a", "a/../b", "a//b", ".a", "a.png", "A", "a\x00", "a" * 129, "图"]
)
def test_an_unsafe_key_is_no_file(tmp_path: Path, key: str) -> None:
    files = FolderFiles(tmp_path)
    with pytest.raises(ValueError, match="key"):
        files.put(key, b"x", "image/png")
    assert files.get(key) is None
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    files.put("a/b", b"x", "image/png")
    assert files.get("a") is None
    assert files.get("a/b/c") is None


def test_a_type_with_a_line_break_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="type"):
        FolderFiles(tmp_path).put("a", b"x", "image/png\nx: y")

"""Files are written whole or not at all, and folders are found fit before they are needed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograd.support.files import check_writable, make_writable_folder, remove_empty, write_whole


def _old(folder: Path) -> Path:
    path = folder / "data.csv"
    path.write_text("old")
    return path


def test_a_file_is_replaced_whole_and_keeps_the_users_permissions(tmp_path: Path) -> None:
    path = _old(tmp_path)
    write_whole(path, "new\r\n")
    assert path.read_bytes() == b"new\r\n"
    fresh = tmp_path / "fresh"
    write_whole(fresh, b"x")
    plain = tmp_path / "plain"
    plain.touch()
    assert fresh.stat().st_mode == plain.stat().st_mode
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data.csv", "fresh", "plain"]


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    path = tmp_path / ("速" * 85)  # 255 bytes
    write_whole(path, "new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_file_stays_when_the_new_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _old(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match=r"cannot write .*data\.csv: no space left on device"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["data.csv"]


def test_a_link_stays_a_link_and_a_folder_is_no_file(tmp_path: Path) -> None:
    real = _old(tmp_path)
    link = tmp_path / "link.csv"
    link.symlink_to(real)
    write_whole(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    with pytest.raises(OSError, match=r"cannot write .*: is a directory"):
        write_whole(tmp_path, "x")


def test_a_device_is_written_to_not_replaced() -> None:
    write_whole("/dev/null", "x")
    assert not Path("/dev/null").is_file()


def test_folders_are_made_with_those_above_or_not_at_all(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    assert make_writable_folder(deep) == [str(deep), str(tmp_path / "a")]
    assert make_writable_folder(deep) == []
    assert list(deep.iterdir()) == []
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OSError, match=r"cannot write to the folder .*taken: it is a file, not a folder"):
        make_writable_folder(tmp_path / "taken")
    with pytest.raises(OSError, match=r"cannot write to the folder .*deeper"):
        make_writable_folder(tmp_path / "taken" / "deeper")
    assert (tmp_path / "taken").read_text() == "a file"


def test_only_empty_folders_are_removed(tmp_path: Path) -> None:
    made = make_writable_folder(tmp_path / "a" / "b")
    (tmp_path / "a" / "file").touch()
    remove_empty(made)
    assert [p.name for p in tmp_path.rglob("*")] == ["a", "file"]


def test_a_check_finds_what_writing_would_run_into_and_leaves_nothing(tmp_path: Path) -> None:
    path = _old(tmp_path)
    for good in (path, tmp_path / "new", Path(os.devnull)):
        check_writable(good)
    for bad, problem in (
        (tmp_path, "is a directory"),
        (path / "x", "not a directory"),
        (tmp_path / "no/x", "no such"),
    ):
        with pytest.raises(OSError, match=f"^cannot write .*: {problem}"):
            check_writable(bad)
    assert [p.name for p in tmp_path.iterdir()] == ["data.csv"]
    assert path.read_text() == "old"


def test_a_check_finds_a_folder_that_is_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)  # root, who may run the tests, may write anywhere
    with pytest.raises(PermissionError, match=r"^cannot write .*film\.gif: permission denied"):
        check_writable(tmp_path / "film.gif")

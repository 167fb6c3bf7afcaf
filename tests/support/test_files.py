"""Files are written whole or not at all, and folders are found fit before they are needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from autograd.support import files
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


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_file_that_is_replaced_hands_down_its_permissions(tmp_path: Path) -> None:
    path = _old(tmp_path)
    for mode in (0o600, 0o640, 0o755):
        path.chmod(mode)
        write_whole(path, "new")
        assert path.stat().st_mode & 0o777 == mode


def test_a_file_that_may_only_be_read_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _old(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_: False)  # root, who may run the tests, may write anything
    with pytest.raises(PermissionError, match=r"data\.csv: it is there, and may only be read"):
        write_whole(path, "new")
    with pytest.raises(PermissionError, match=r"data\.csv: it is there, and may only be read"):
        check_writable(path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["data.csv"]


def test_what_a_killed_run_has_left_is_cleared_away(tmp_path: Path) -> None:
    path = tmp_path / "data[1].csv"
    killed = """
import os, sys
from autograd.support import files
files._hand_down = lambda *_: os._exit(9)
files.write_whole(sys.argv[1], "half")
"""
    assert subprocess.run([sys.executable, "-c", killed, path], check=False).returncode == 9
    other = tmp_path / ".other.csv.1.2.tmp"
    other.touch()
    assert len([*tmp_path.iterdir()]) == 2
    write_whole(path, "new")
    assert sorted(tmp_path.iterdir()) == [other, path]
    assert path.read_text() == "new"


@pytest.mark.skipif(os.name == "nt", reason="Windows protects open files itself")
def test_what_another_one_is_writing_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    temporary = tmp_path / ".data.csv.1.2.tmp"
    with files._locked(str(temporary)):
        write_whole(path, "new")
        assert temporary.exists()
    write_whole(path, "newer")
    assert [p.name for p in tmp_path.iterdir()] == ["data.csv"]


@pytest.mark.skipif(os.name == "nt", reason="Windows protects open files itself")
def test_a_file_that_is_cleared_away_before_it_is_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    lock = fcntl.flock
    cleared: list[str] = []

    def late(file: BinaryIO, how: int) -> None:
        if not cleared:
            cleared.append(file.name)
            os.remove(file.name)
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", late)
    write_whole(tmp_path / "data.csv", "new")
    assert (tmp_path / "data.csv").read_text() == "new"
    assert len(cleared) == 1


def test_a_temporary_file_is_made_by_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    (tmp_path / "elsewhere").mkdir()
    secret = _old(tmp_path / "elsewhere")
    Path(files._temporary(str(path))).symlink_to(secret)
    write_whole(path, "new")  # the link was left by somebody, and is cleared away
    assert secret.read_text() == "old"
    assert path.read_text() == "new"


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


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device on this system")
def test_a_file_without_end_is_not_read_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OSError, match="it has more than 256 MiB, or no end: '/dev/zero'"):
        files.read_whole("/dev/zero")
    monkeypatch.setattr(files, "LARGEST", 5)
    path = tmp_path / "data.csv"
    for data in (b"", b"1", b"12345"):
        path.write_bytes(data)
        assert files.read_whole(path) == data
    path.write_bytes(b"123456")
    with pytest.raises(OSError, match="it has more than 0 MiB"):
        files.read_whole(path)


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

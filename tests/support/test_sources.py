"""Tracebacks in a notebook show the source of compiled modules, as they do that of others."""

from __future__ import annotations

import linecache
import subprocess
import sys
from pathlib import Path

import pytest

from autograd import compiled
from autograd.support.sources import show_sources

ERRORS = ["Value('a')", "Value(1.0) + 'a'", "1.0 / Value(0.0)", "Value(-1.0).log()"]
NOTEBOOK = f"""
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("colors", "nocolor")
shell.run_cell("from autograd import Value")
for cell in {ERRORS!r}:
    shell.run_cell(cell)
"""


def test_a_notebook_shows_no_frame_without_its_source(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NOTEBOOK],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,  # from which compiled code's name of its source is no path
    )
    assert done.stdout.count("Traceback (most recent call last)") == len(ERRORS)
    assert "Could not get source" not in done.stdout
    assert "engine/value.py" in done.stdout


def fake_package(folder: Path) -> Path:
    package = folder / "autograd"
    for room in ("derivatives", "engine", "support"):
        (package / room).mkdir(parents=True)
    (package / "engine" / "value.cpython-311-x86_64-linux-gnu.so").touch()
    (package / "engine" / "value.py").write_text("first = 'é'\nsecond = 2\n", encoding="utf-8")
    (package / "engine" / "sums.pyd").touch()  # without its source
    return package


def test_the_lines_of_compiled_modules_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path.parent)  # the names are no paths from here
    monkeypatch.setattr(linecache, "cache", {})
    monkeypatch.setitem(sys.modules, "IPython", pytest)
    assert show_sources(str(fake_package(tmp_path))) == [
        "autograd/engine/sums.py",
        "autograd/engine/value.py",
    ]
    linecache.checkcache()
    assert linecache.getline("autograd/engine/value.py", 2) == "second = 2\n"
    linecache.checkcache()
    assert linecache.getlines("autograd/engine/value.py")[0] == "first = 'é'\n"
    assert linecache.getlines("autograd/engine/sums.py") == []


def test_nothing_is_done_where_no_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linecache, "cache", {})
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert show_sources(str(fake_package(tmp_path))) == []
    assert linecache.cache == {}


def test_plain_python_has_no_such_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "IPython", pytest)
    assert bool(show_sources()) == compiled

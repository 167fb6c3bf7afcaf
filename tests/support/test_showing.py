"""Walks and live pages show themselves: in a cell of Jupyter, elsewhere in the browser."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from autograd import Value, play, walk


@pytest.mark.parametrize("made", [walk, play])
def test_outside_of_jupyter_the_browser_gets_the_page(
    made: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setitem(sys.modules, "IPython", None)
    thing = made(Value(2.0, label="x") * 3.0)
    path = Path(thing.show())
    assert opened == [path.as_uri()]
    assert path.is_relative_to(tmp_path)
    thing.save(tmp_path / "saved.html")
    assert path.read_text("utf-8") == (tmp_path / "saved.html").read_text("utf-8")


@pytest.mark.parametrize("made", [walk, play])
def test_in_jupyter_the_cell_shows_it(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    display = ModuleType("IPython.display")
    display.display = shown.append  # type: ignore[attr-defined]
    package = ModuleType("IPython")
    package.get_ipython = lambda: SimpleNamespace(kernel=object())  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", package)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    thing = made(Value(2.0, label="x") * 3.0)
    assert thing.show() == ""
    assert shown == [thing]


def test_a_walk_that_is_too_large_for_the_player_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", pytest.fail)
    total = Value(0.0)
    for _ in range(600):
        total = total + 1.0
    with pytest.raises(ValueError, match="500"):
        walk(total).show()

"""A walk: what it is made of, where it is saved, and what Jupyter gets of it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograd import Value, explain, no_grad, walk
from autograd.steps.player import LIMIT


def neuron() -> Value:
    w, x, b = Value(-3.0, label="w"), Value(2.0, label="x"), Value(6.9, label="b")
    return (w * x + b).tanh()


def chain(length: int) -> Value:
    value = Value(1.0)
    for _ in range(length - 1):
        value = value + 0.5
    return value


@pytest.mark.parametrize("thing", [1.0, "x", None, [Value(1.0)]])
def test_only_a_value_is_walked(thing: object) -> None:
    with pytest.raises(TypeError, match=r"walk\(\) takes a Value"):
        walk(thing)  # type: ignore[arg-type]


def test_jupyter_gets_what_it_asks_for() -> None:
    steps = walk(neuron())
    assert set(steps._repr_mimebundle_(include=["image/png"])) == {"image/png"}
    assert set(steps._repr_mimebundle_(exclude=["image/png"])) == {"text/plain", "text/html"}


def test_save_writes_all_steps_as_text(tmp_path: Path) -> None:
    value = sum((Value(float(i)) for i in range(1000)), Value(0.0))
    steps = walk(value)
    steps.save(tmp_path / "steps.TXT")
    lines = (tmp_path / "steps.TXT").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(steps) + 2  # the names of the phases


@pytest.mark.parametrize("name", ["steps", "steps.png", "steps.html.gz"])
def test_save_refuses_another_suffix_and_says_which_there_are(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.html for the player, \.svg .*, or \.txt for the table"):
        walk(neuron()).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_save_to_a_folder_that_is_not_there_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"cannot write .*steps\.html"):
        walk(neuron()).save(tmp_path / "missing" / "steps.html")


def test_a_graph_too_large_for_the_player_is_refused_with_what_to_do(tmp_path: Path) -> None:
    steps = walk(chain(LIMIT + 1))
    with pytest.raises(ValueError, match=r"501 Values, more than the 500 .*\.table\(40\)"):
        steps.save(tmp_path / "steps.html")
    bundle = steps._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert all("table(40)" in text for text in bundle.values())
    assert list(tmp_path.iterdir()) == []


def test_a_graph_of_a_hundred_thousand_nodes_is_refused_at_once() -> None:
    steps = walk(chain(100_000))
    start = time.process_time()
    bundle = steps._repr_mimebundle_()
    assert time.process_time() - start < 1.0
    assert "100000 Values" in bundle["text/html"]


def test_a_walk_that_is_not_shown_imports_no_player() -> None:
    code = (
        "import sys, autograd.steps as s, autograd as a; str(s.walk(a.Value(1.0)));"
        "print([m for m in sys.modules if 'player' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_what_was_computed_in_no_grad_is_not_walked_through() -> None:
    x = Value(3.0, label="x")
    with no_grad():
        y = x * x
    for tell in (lambda: walk(y), lambda: explain(y, x)):
        with pytest.raises(RuntimeError, match=r"^an explanation of 9\.0, .* inside no_grad\(\)"):
            tell()
    assert walk(y * x).forward == 3

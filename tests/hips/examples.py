"""HIPS autograd's examples, run with both libraries: does this one run them, and print the same numbers?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Mapping, Sequence
from math import isclose
from pathlib import Path
from typing import NamedTuple

from .suite import FAILED, NOT_OFFERED, PASSED, ROOT

RUNNER = Path(__file__).with_name("run_example.py")
LEFT_OUT = {
    "__init__": "",
    "data": "",
    "data_mnist": "",
    "convnet": "downloads images",
    "generative_adversarial_net": "downloads images",
    "neural_net": "downloads images",
    "variational_autoencoder": "downloads images",
}
"""What is not run, and why; nothing is said of files that are no examples."""

_RECURRENT = {"sequence_length=30": "sequence_length=8", "max_lines=60": "max_lines=16"}
SMALLER = {
    "hmm_em": {"max_lines=60": "max_lines=16", "num_states = 20": "num_states = 5"},
    "lstm": {**_RECURRENT, "state_size=40": "state_size=5"},
    "rnn": {**_RECURRENT, "state_size=40": "state_size=10"},
}
"""What is made smaller, for both libraries, where arrays have too many numbers to be as many Values."""

SECONDS = 300
DIGITS = 1e-6
"""How far the numbers may lie apart, as a part of them."""


class Result(NamedTuple):
    """An example: how it went, its seconds here and there, and what there is to say."""

    name: str
    outcome: str
    seconds: float = 0.0
    theirs: float = 0.0
    note: str = ""


def environment(folder: Path, version: str) -> str:
    """Return a Python that has HIPS autograd, and what its examples need."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python")
    packages = [f"autograd=={version}", "scipy", "matplotlib"]
    subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
    return python


def run(source: Path, folder: Path, python: str, steps: int, only: Sequence[str] = ()) -> list[Result]:
    """Run all examples, or those that are named, with a Python that has HIPS autograd and with this one."""
    results = []
    shutil.copytree(source / "examples", folder / "examples")
    for name, sizes in SMALLER.items():
        _resize(folder / "examples" / f"{name}.py", sizes)
    for file in sorted((folder / "examples").glob("*.py")):
        if only and file.stem not in only:
            continue
        if file.stem in LEFT_OUT:
            if LEFT_OUT[file.stem]:
                results.append(Result(file.stem, "left out", note=LEFT_OUT[file.stem]))
            continue
        ours, error, seconds = _printed(sys.executable, file, steps, folder, {"PYTHONPATH": str(ROOT)})
        theirs, _, there = _printed(python, file, steps, folder, {})
        result = _result(file.stem, ours, theirs, error, seconds, there)
        smaller = ", ".join(SMALLER.get(file.stem, {}).values())
        results.append(result._replace(note=f"{result.note}; with {smaller}") if smaller else result)
        print(*results[-1], file=sys.stderr, flush=True)
    return results


def _resize(file: Path, sizes: Mapping[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in sizes.items():
        if old not in text:
            raise ValueError(f"{file.name} has no {old}")
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def _printed(
    python: str, file: Path, steps: int, folder: Path, extra: dict[str, str]
) -> tuple[str, str, float]:
    """Return what an example printed, its error, and the seconds that it took."""
    variables = {key: x for key, x in os.environ.items() if key != "PYTHONPATH"} | extra
    command = [python, "-W", "ignore", str(RUNNER), str(file), str(steps)]
    started = time.perf_counter()
    try:
        done = subprocess.run(
            command, cwd=folder, env=variables, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "", f"took more than {SECONDS} seconds", float(SECONDS)
    lines = done.stderr.strip().splitlines() or ["it failed"]
    return done.stdout, lines[-1] if done.returncode else "", time.perf_counter() - started


def _result(name: str, ours: str, theirs: str, error: str, seconds: float, there: float) -> Result:
    if error:
        offered = re.search(r"(autograd\.[\w.]+)(?:, a part of HIPS autograd, is not offered| has no)", error)
        outcome = NOT_OFFERED if offered else FAILED
        return Result(name, outcome, seconds, there, offered[1] if offered else error)
    numbers, expected = [[float(x) for x in _NUMBER.findall(text)] for text in (ours, theirs)]
    if len(numbers) != len(expected):
        return Result(name, FAILED, seconds, there, f"{len(numbers)} numbers, there {len(expected)}")
    apart = [
        (x, y)
        for x, y in zip(numbers, expected, strict=True)
        if not isclose(x, y, rel_tol=DIGITS, abs_tol=1e-9)
    ]
    if apart:
        return Result(name, FAILED, seconds, there, f"{apart[0][0]!r}, there {apart[0][1]!r}")
    note = f"{len(numbers)} numbers as there" if numbers else "it prints no numbers"
    return Result(name, PASSED, seconds, there, note)


_NUMBER = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")


def table(results: list[Result]) -> str:
    """Return how the examples went as a table of Markdown."""
    lines = ["| example | outcome | seconds | seconds there | |", "|---|---|---|---|---|"]
    for x in results:
        times = f"{x.seconds:.1f} | {x.theirs:.1f}" if x.seconds else " | "
        lines.append(f"| `{x.name}` | {x.outcome} | {times} | {x.note} |")
    return "\n".join(lines)

"""Texts in C, compiled and called."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable, Sequence
from typing import Any

import pytest

COMPILERS = ("cc", "gcc", "clang")
COMPILER = next((path for path in map(shutil.which, COMPILERS) if path), None)
FLAGS = "-std=c99 -O2 -Wall -Wextra -Wpedantic -Werror -ffp-contract=off".split()

Build = Callable[..., ctypes.CDLL]


def builder(folders: pytest.TempPathFactory) -> Build:
    """A function that compiles texts, all as one file, and loads the result; skips without a compiler."""
    if COMPILER is None:
        pytest.skip(f"no C compiler is found: neither {' nor '.join(COMPILERS)}")

    def built(*texts: str) -> ctypes.CDLL:
        directory = folders.mktemp("c")
        source, library = directory / "source.c", directory / "library.so"
        source.write_text("\n".join(texts), encoding="utf-8")
        command = [str(COMPILER), *FLAGS, "-shared", "-fPIC", "-o", str(library), str(source), "-lm"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return ctypes.CDLL(str(library))

    return built


def called(function: Any, inputs: Sequence[float], count: int) -> list[float] | None:
    """The outputs of a function in C; None where it says that there are none, and leaves them as they are."""
    x = (ctypes.c_double * (len(inputs) + 1))(*inputs)
    y = (ctypes.c_double * (count + 1))(*[99.0] * (count + 1))
    answer = function(x, y)
    assert answer in (0, 1)
    assert list(y) == [99.0] * (count + 1) or answer == 0
    assert y[count] == 99.0
    return None if answer else list(y)[:count]

"""Loops of which each lane has its own number of turns, held against `LoopProgram.run`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from open_loop_programs import (
    CASES,
    assert_as_meant,
    opened,
    points,
    program_of,
    results,
    waiting,
)

from autograd.program.llvm import kernel as machine_code
from autograd.program.llvm.kernel import LlvmKernel

WAYS: dict[str, dict[str, int]] = {
    "as they are": {},
    "in pieces of five operations": {"part": 5, "body": 5},
    "two points at once": {"lanes": 2},
    "sixteen points at once": {"lanes": 16},
    "not optimised": {"LONG_WITH_LOOPS": 0},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("f", "mode"), CASES)
def test_lanes_give_what_is_meant(
    f: Callable[..., Any], mode: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = dict(WAYS[way])
    if "LONG_WITH_LOOPS" in options:
        monkeypatch.setattr(machine_code, "LONG_WITH_LOOPS", options.pop("LONG_WITH_LOOPS"))
    program, rows = program_of(opened(f), mode), points()
    assert_as_meant(results(LlvmKernel(program, **options), program, rows), program, rows)


def test_what_a_point_that_waits_has_put_beside_stays() -> None:
    program = waiting()
    rows = np.random.default_rng(3).uniform(0.1, 400.0, (50, 1)) ** 2 % 300.0
    assert_as_meant(results(LlvmKernel(program), program, rows), program, rows)

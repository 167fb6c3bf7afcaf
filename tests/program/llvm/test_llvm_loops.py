"""Programs with loops as machine code, held against `LoopProgram.run`, which says what they mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from loop_programs import RandomLoops, holding
from straight_lines import uniform

from autograd.program.kernels import Batch
from autograd.program.llvm import kernel as machine_code
from autograd.program.llvm.kernel import LlvmKernel
from autograd.program.straight_line.program import Program


def results(program: Program, points: Any, **options: int) -> tuple[Any, Any, Any]:
    """The outputs of a program as machine code, where its guards hold, and where it is suspect."""
    count = len(points)
    out, valid, suspect = (
        np.full((count, len(program.outputs)), 99.0),
        np.zeros(count, bool),
        np.ones(count, bool),
    )
    LlvmKernel(program, **options)(Batch(count, [points], [out], [False], valid, suspect))
    return out, valid, suspect


WAYS = {
    "as they are": {},
    "in pieces of five operations": {"part": 5, "body": 5},
    "in pieces of one": {"part": 1, "body": 1},
    "two points at once": {"lanes": 2},
    "not optimised": {"LONG_WITH_LOOPS": 0},
    "not optimised, in pieces": {"part": 20, "body": 1, "LONG_WITH_LOOPS": 0},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(12))
def test_random_loops_give_what_they_mean(seed: int, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = dict(WAYS[way])
    if "LONG_WITH_LOOPS" in options:
        monkeypatch.setattr(machine_code, "LONG_WITH_LOOPS", options.pop("LONG_WITH_LOOPS"))
    program = RandomLoops(seed, (3, 12, 40)[seed % 3]).program
    points = np.vstack([np.linspace(-0.3, 0.3, 35), uniform(9, 35) / 3.0])
    holding(program, points[0].tolist())
    expected = [program.run(point.tolist()) for point in points]
    out, valid, _ = results(program, points, **options)
    assert valid.tolist() == [run is not None for run in expected]
    for row, run in zip(out, expected, strict=True):
        assert run is None or [*map(float.hex, row.tolist())] == [float(x).hex() for x in run]

"""Programs with an open loop on arrays, held against `LoopProgram.run`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from loop_writers import path_of
from open_loop_programs import (
    CASES,
    assert_as_meant,
    carrying,
    opened,
    points,
    program_of,
    results,
    waiting,
)

from autograd.program.kernels import Batch
from autograd.program.llvm.kernel import build as machine_code
from autograd.program.numpy import kernel as array_code


@pytest.mark.parametrize("length", [4096, 7, 1])
@pytest.mark.parametrize(("f", "mode"), CASES)
def test_arrays_give_what_is_meant(
    f: Callable[..., Any], mode: str, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(array_code, "_length", lambda rows: length)
    program, rows = program_of(opened(f), mode), points()
    assert_as_meant(results(array_code.build(program), program, rows), program, rows)


def test_inputs_that_are_the_same_at_all_points_and_sums() -> None:
    program, rows = program_of(opened(carrying), "value_and_grad"), points()
    out, good = results(array_code.build(program), program, rows)
    count = len(rows)
    values, sums = np.zeros((count, 1)), np.full((1, 1), 5.0)
    valid, suspect = np.ones(count, bool), np.zeros(count, bool)
    inputs = [rows[:, :1], np.array([[0.5]])]
    array_code.build(program)(Batch(count, inputs, [values, sums], [False, True], valid, suspect))
    assert (valid & ~suspect).tolist() == good.tolist()
    assert values[good, 0].tolist() == out[good, 0].tolist()
    assert sums[0] == pytest.approx(5.0 + out[valid, 1:].sum(axis=0), rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("kind", [machine_code, array_code.build])
def test_numbers_of_turns_that_become_known_later_count_at_once(kind: Any) -> None:
    path = opened(carrying)
    program, rows = program_of(path, "value_and_grad"), points()
    kernel = kind(program)
    before = results(kernel, program, rows)
    assert_as_meant(before, program, rows)
    assert path.takes_in(path_of(carrying, 1.3, 0.5))
    after = results(kernel, program, rows)
    assert_as_meant(after, program, rows)
    assert after[1].sum() > before[1].sum()


def test_what_a_point_that_waits_has_put_beside_stays() -> None:
    program = waiting()
    rows = np.random.default_rng(3).uniform(0.1, 400.0, (50, 1)) ** 2 % 300.0
    assert_as_meant(results(array_code.build(program), program, rows), program, rows)

"""Twenty models as their people write them: they give what other systems give, compiled and not."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd

from . import NAMES
from .telling import Uncompiled, told

WITHIN = 1e-8
EITHER = pytest.mark.parametrize("made", [Uncompiled, autograd.compile], ids=["uncompiled", "compiled"])


def model(name: str) -> Any:
    return importlib.import_module(f"{__package__}.{name}")


def close(found: Any, wanted: Any, within: float = WITHIN) -> Any:
    """Return whether numbers are near others, in proportion to each; those near 0, to the largest."""
    return np.asarray(found) == pytest.approx(
        np.asarray(wanted), rel=within, abs=1e-10 * np.max(np.abs(wanted))
    )


def test_each_file_is_a_model() -> None:
    helpers = {"__init__", "by_differences", "data", "telling", "test_by_hand", "test_models"}
    assert {file.stem for file in Path(__file__).parent.glob("*.py")} - helpers == set(NAMES)
    assert len(NAMES) == 20


@EITHER
@pytest.mark.parametrize("name", NAMES)
def test_derivatives_are_those_of_another_system(name: str, made: Callable[..., Any]) -> None:
    call = model(name).derivative(made)
    for _ in range(2 if made is autograd.compile else 1):  # recorded, and run
        assert close(told(call()), model(name).DERIVATIVE)


@EITHER
@pytest.mark.parametrize("name", NAMES)
def test_what_is_fitted_or_solved_is_what_is_known(name: str, made: Callable[..., Any]) -> None:
    assert close(model(name).answer(made), model(name).ANSWER)

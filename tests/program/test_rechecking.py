"""`recheck` finds what a program does not follow: every so many calls are compared with the function."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from autograd import CompileError, compile, math, vmap
from autograd.program.rechecking import agree

HIDDEN = {"k": 2.0}


def hidden(x: Any) -> Any:
    return x * x * eval("HIDDEN['k']", globals())


@pytest.fixture(autouse=True)
def hidden_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HIDDEN, "k", 2.0)


@pytest.mark.parametrize("mode", ["value", "value_and_grad", "grad", "jacobian", "hessian", "hvp"])
def test_every_nth_call_of_every_mode_is_compared(mode: str) -> None:
    fast = compile(hidden, recheck=3)
    call: Any = fast if mode == "value" else getattr(fast, mode)
    args = (3.0, 1.0) if mode == "hvp" else (3.0,)
    before = call(*args)
    for _ in range(4):
        call(*args)
    HIDDEN["k"] = 5.0
    with pytest.raises(CompileError, match=r"hidden called with \(3\.0.*\) gives .* but its program gives"):
        call(*args)
    assert (call(*args), call(*args)) == (before, before)
    with pytest.raises(CompileError, match="not followed"):
        call(*args)


def test_the_message_names_the_arguments_and_both_results() -> None:
    fast = compile(lambda x, *, scale: hidden(x) * scale, recheck=1)
    assert fast(3.0, scale=2.0) == 36.0
    HIDDEN["k"] = 5.0
    with pytest.raises(CompileError, match=r"\(3\.0, scale=2\.0\) gives 90\.0 now, .* gives 36\.0"):
        fast(3.0, scale=2.0)


def test_without_recheck_nothing_is_compared() -> None:
    fast = compile(hidden)
    fast(3.0)
    HIDDEN["k"] = 5.0
    assert [fast(3.0) for _ in range(50)] == [18.0] * 50


def test_of_a_batch_one_point_after_the_other_is_compared() -> None:
    def f(x: Any) -> Any:
        return x * eval("HIDDEN['k']", globals()) if x > 1.5 else x

    fast = vmap(compile(f, recheck=1))
    points = np.array([0.5, 1.0, 2.0, 1.25])
    assert fast(points).tolist() == [0.5, 1.0, 4.0, 1.25]
    HIDDEN["k"] = 5.0
    failures = []
    for _ in range(8):
        try:
            fast.grad(points)
        except CompileError as error:
            failures.append(str(error))
    assert ["called with (2.0)" in text for text in failures] == [True, True]  # of four points one is another


def test_points_where_the_function_raises_agree() -> None:
    fast = vmap(compile(lambda x: math.log(x), recheck=1))
    points = np.array([-1.0, 1.0])
    for _ in range(4):
        assert np.isnan(fast(points)).tolist() == [True, False]
    vector = np.array([1.0, 1.0])
    assert fast.hvp(points, vector)[1] == -1.0


def test_an_error_that_the_function_raises_now_is_found() -> None:
    fast = compile(lambda x: x / eval("HIDDEN['k']", globals()), recheck=1)
    assert fast(3.0) == 1.5
    HIDDEN["k"] = 0.0
    with pytest.raises(CompileError, match=r"gives an error, ZeroDivisionError"):
        fast(3.0)


def test_what_agrees_goes_on() -> None:
    fast = compile(lambda p, n: {"a": math.sin(p["a"]) * p["b"] @ p["b"], "n": [n, None]}, recheck=1)
    p = {"a": 1.0, "b": np.array([1.0, 2.0])}
    for _ in range(3):
        assert fast(p, 3)["n"] == [3, None]
    text = pickle.loads(pickle.dumps(compile(hidden, recheck=1)))
    assert text.hessian(3.0) == 4.0


@pytest.mark.parametrize(
    ("mine", "its", "answer"),
    [
        (1.0, 1.0 + 1e-9, True),
        (1.0, 1.0 + 1e-4, False),
        (0.0, 1e-17, True),
        (0.0, 1e-9, False),
        (float("nan"), float("nan"), True),
        (float("inf"), float("inf"), True),
        (float("inf"), 1.0, False),
        ([1.0, 1e-12], [1.0, 0.0], True),
        ([1.0, 1e-3], [1.0, 0.0], False),
        ([1.0], (1.0,), False),
        ([1.0], [1.0, 2.0], False),
        ({"a": 1.0}, {"b": 1.0}, False),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0]), True),
        (np.array([1.0, 2.0]), np.array([[1.0, 2.0]]), False),
        (1, 1.0, True),
        ("a", "b", False),
        (None, 0.0, False),
        (True, True, True),
    ],
)
def test_results_agree_but_for_rounding(mine: Any, its: Any, answer: bool) -> None:
    assert agree(mine, its) is answer


def test_recheck_is_a_whole_number() -> None:
    with pytest.raises(TypeError, match=r"recheck is a whole number, not 0\.5"):
        compile(hidden, recheck=0.5)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="recheck is a whole number, not True"):
        compile(hidden, recheck=True)
    with pytest.raises(ValueError, match="recheck must be at least 1, not 0"):
        compile(hidden, recheck=0)

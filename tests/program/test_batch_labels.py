"""Batches of flags, labels, text and whole numbers, and results that are none of floats."""

from __future__ import annotations

import math as stdmath
from typing import Any

import numpy as np
import pytest
from batches import close

from autograd import compile, math, vmap


def test_results_that_are_no_numbers_come_back_as_what_they_are(backend: str) -> None:
    def f(x: Any) -> Any:
        return {
            "flag": x > 0.0,
            "text": "big" if x > 1.0 else "small",
            "count": 3 if x > 1.0 else 2,
            "whole or not": 0 if x < 0.0 else x,
            "none": None,
            "flags": np.array([True, x > 1.0]),
            "counts": np.array([1, 2]),
            "x": [x, (x,)],
        }

    for order in ([], [2.0], [-2.0, 2.0, 0.5]):
        compiled = compile(f, backend=backend)
        for x in order:
            assert {k: str(v) for k, v in compiled(x).items()} == {k: str(v) for k, v in f(x).items()}
        found = vmap(compiled)(np.array([2.0, -2.0, 0.5]))
        assert found["flag"].tolist() == [True, False, True]
        assert found["text"] == ["big", "small", "small"]
        assert found["count"].tolist() == [3, 2, 2]
        assert found["count"].dtype == np.int64
        assert found["whole or not"].tolist() == [2.0, 0.0, 0.5]
        assert found["none"] == [None, None, None]
        assert found["flags"].tolist() == [[True, True], [True, False], [True, False]]
        assert found["counts"].tolist() == [[1, 2]] * 3
        assert found["x"][0].tolist() == found["x"][1][0].tolist() == [2.0, -2.0, 0.5]
    bad = vmap(compile(lambda x: (math.log(x) > 0.0, "text", 3), backend=backend))(np.array([2.0, -2.0]))
    assert bad[0] == [True, None]
    assert bad[1] == ["text", None]
    np.testing.assert_array_equal(bad[2], [3.0, np.nan])


def test_whole_numbers_that_are_returned_stay_whole() -> None:
    fast = compile(lambda x: (3, 2**60 + 1, x, np.array([1, 2])))
    for _ in range(2):
        found = fast(1.0)
        assert found[:3] == (3, 2**60 + 1, 1.0)
        assert [type(x) for x in found[:3]] == [int, int, float]
        assert found[3].dtype == np.array([1]).dtype
        found[3][:] = 7  # it is a copy
    assert compile(lambda x: 3).grad(2.0) == 0.0


def test_batches_of_flags_labels_and_text_are_divided_by_their_values(backend: str) -> None:
    def f(p: Any, ended: Any, label: Any, kind: Any) -> Any:
        return (p * p if ended else p) * [1.0, 10.0, 100.0][label] + (0.5 if kind == "a" else 0.0)

    ended, labels = np.array([True, False, True, True]), np.array([2, 0, 0, 2])
    kinds = np.array(["a", "b", "a", "a"])
    compiled = compile(f, backend=backend)
    fast = vmap(compiled, (None, 0, 0, 0))
    close(fast(3.0, ended, labels, kinds), [900.5, 3.0, 9.5, 900.5])
    close(fast.grad(3.0, ended, labels, kinds), 600.0 + 1.0 + 6.0 + 600.0)
    rows = vmap(compiled, (None, 0, 0, 0), reduce=None)
    close(rows.grad(3.0, ended, labels, kinds), [600.0, 1.0, 6.0, 600.0])
    assert len(compiled._recordings.signatures) == 3
    points = np.array([1.0, 2.0, 3.0, 4.0])
    close(vmap(compiled).grad(points, ended, labels, kinds), [200.0, 1.0, 6.0, 800.0])
    close(
        vmap(compile(lambda x, i: x[i[0]] * x[i[1]], backend=backend), (None, 0))(
            points, np.array([[0, 1], [2, 3], [0, 1]])
        ),
        [2.0, 12.0, 2.0],
    )


def test_too_many_values_are_an_error_that_says_what_to_give() -> None:
    with pytest.raises(ValueError, match=r"k has 100 different values.*k\.astype\(float\)"):
        vmap(lambda x, k: x * (k // 2), (None, 0))(2.0, np.arange(100))
    close(vmap(lambda x, k: x * k, (None, 0))(2.0, np.arange(100.0)), np.arange(100.0) * 2.0)


def test_whole_numbers_are_inputs_where_the_function_lets_them(backend: str) -> None:
    calls = []

    def f(x: Any, n: Any, flag: Any) -> Any:
        calls.append(1)
        return (x * n if n > 3 else x + n) if flag else math.log(x) * n

    n, flags = np.arange(-200, 200), np.arange(400) % 2 == 0
    compiled = compile(f, backend=backend)
    each = [f(2.0, int(k), bool(flag)) for k, flag in zip(n, flags, strict=True)]
    calls.clear()
    close(vmap(compiled, (None, 0, 0))(2.0, n, flags), each)
    close(vmap(compiled, (None, 0, 0))(2.0, n[::-1], flags[::-1]), each[::-1])
    assert len(calls) <= 12
    xs = np.array([-1.0, 2.0, 3.0])
    np.testing.assert_allclose(
        vmap(compiled)(xs, np.array([1, 5, 6]), np.array([False, True, False])),
        [np.nan, 10.0, 6.0 * stdmath.log(3.0)],
    )
    large = vmap(compile(lambda x, n: x * n, backend=backend), (None, 0))
    close(large(1.0, np.array([2**60, 3])), [2.0**60, 3.0])


def test_points_are_counted_through_all_values(backend: str) -> None:
    f = lambda x, flag: math.sqrt(x) if flag else math.log(x)  # noqa: E731
    xs, flags = np.array([4.0, 0.0, -1.0, 1.0]), np.array([True, False, True, False])
    np.testing.assert_array_equal(vmap(compile(f, backend=backend))(xs, flags), [2.0, np.nan, np.nan, 0.0])
    with pytest.raises(ValueError, match=r"math domain error|expected a positive input") as caught:
        vmap(compile(f, backend=backend, errors="raise"))(xs, flags)
    assert caught.value.__notes__ == ["at point 1 of the batch, counted from 0"]

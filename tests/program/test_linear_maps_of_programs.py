"""`vjp`, `jvp` and `linearize` of compiled functions: what they are of plain ones, and by programs."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd import Value, compile, fori_loop, grad, gradients, jvp, linearize, math, vjp, vmap

every_backend = pytest.mark.parametrize("backend", [None, "python", "numpy", "llvm"])


class Point(NamedTuple):
    x: float
    y: float


def mixed(point: Point, table: Any, n: Any, flag: bool) -> Any:
    """Return a structure of what a number, an array and a flag give."""
    s = math.sin(point.x) * point.y**2
    return {"s": s, "table": table * s + n if flag else table @ table, "pair": (point.x, 3.0)}


MIXED = (Point(0.5, 1.5), np.array([1.0, 2.0, 3.0]), 2.0, True)
TANGENTS = (Point(1.0, -0.5), np.array([0.25, 0.0, -1.0]), 1.0, None)
GRADIENT = {"s": 2.0, "table": np.array([1.0, -1.0, 0.5]), "pair": (0.25, 1.0)}


def flattened(thing: Any) -> list[Any]:
    """Return the numbers in a structure, and what else there is, in order."""
    if isinstance(thing, dict):
        return [[*thing], *flattened([*thing.values()])]
    if isinstance(thing, (list, tuple)):
        return [type(thing), *[x for part in thing for x in flattened(part)]]
    return thing.ravel().tolist() if isinstance(thing, np.ndarray) else [thing]


def assert_alike(got: Any, wanted: Any) -> None:
    a, b = flattened(got), flattened(wanted)
    assert [type(x) for x in a] == [type(x) for x in b]
    for x, y in zip(a, b, strict=True):
        assert x == (pytest.approx(y, rel=1e-13) if isinstance(y, float) else y)


@every_backend
def test_they_give_what_they_give_for_the_plain_function(backend: str | None) -> None:
    f = compile(mixed, backend=backend)
    for _ in range(3):
        value, pull_back = vjp(f, *MIXED)
        plain_value, plain_pull_back = vjp(mixed, *MIXED)
        assert_alike(value, plain_value)
        assert_alike(pull_back(GRADIENT), plain_pull_back(GRADIENT))
        assert_alike(jvp(f, MIXED, TANGENTS), jvp(mixed, MIXED, TANGENTS))
        value, push_forward = linearize(f, *MIXED)
        assert_alike(value, plain_value)
        assert_alike(push_forward(*TANGENTS), jvp(mixed, MIXED, TANGENTS)[1])
    assert_alike(f.vjp(*MIXED)[1](GRADIENT), plain_pull_back(GRADIENT))
    assert_alike(f.jvp([*MIXED], TANGENTS), jvp(mixed, MIXED, TANGENTS))
    assert_alike(f.linearize(*MIXED)[1](*TANGENTS), jvp(mixed, MIXED, TANGENTS)[1])


def test_single_results_have_the_bits_of_the_plain_function() -> None:
    def f(x: Any) -> Any:
        return np.sum(np.exp(np.sin(x)) * x[::-1] ** 2)

    x, v = np.linspace(0.1, 2.0, 9), np.linspace(-1.0, 1.0, 9)
    assert vjp(compile(f), x)[1](0.3)[0].tolist() == vjp(f, x)[1](0.3)[0].tolist()
    assert jvp(compile(f), (x,), (v,)) == jvp(f, (x,), (v,))
    assert linearize(compile(f), x)[1](v) == linearize(f, x)[1](v)


def test_all_arguments_are_differentiated_by_whatever_argnums_says() -> None:
    f = compile(lambda x, y: x * y, argnums=1)
    assert f.vjp(3.0, 4.0)[1](1.0) == (4.0, 3.0)
    assert f.jvp((3.0, 4.0), (1.0, 0.0)) == (12.0, 4.0)


def test_the_function_is_called_to_record_and_no_more() -> None:
    calls: list[int] = []

    @compile
    def f(x: Any) -> Any:
        calls.append(1)
        return [x * x if x > 0.0 else -x, x]

    def all_three(x: float) -> list[Any]:
        value, pull_back = f.vjp(x)
        _, push_forward = f.linearize(x)
        return [value, pull_back([1.0, 2.0]), f.jvp((x,), (0.5,))[1], push_forward(2.0)]

    assert all_three(3.0) == [[9.0, 3.0], (8.0,), [3.0, 0.5], [12.0, 2.0]]
    recorded = len(calls)
    assert all_three(4.0) == [[16.0, 4.0], (10.0,), [4.0, 0.5], [16.0, 2.0]]
    assert len(calls) == recorded
    assert all_three(-4.0) == [[4.0, -4.0], (1.0,), [-0.5, 0.5], [-2.0, 2.0]]  # another path
    recorded = len(calls)
    assert all_three(-5.0) == [[5.0, -5.0], (1.0,), [-0.5, 0.5], [-2.0, 2.0]]
    assert len(calls) == recorded


def test_whole_numbers_are_numbers_in_points_gradients_and_directions() -> None:
    f = compile(lambda x, y: (x * y, x))
    assert f.vjp(3, 4)[1]((1, 0)) == (4.0, 3.0)
    assert f.vjp(3, 4)[1]((2, 1)) == (9.0, 6.0)
    assert f.jvp((3, 4), (1, 0)) == ((12, 3), (4.0, 1.0))
    assert [f.linearize(3, 4)[1](i, 0) for i in range(3)] == [(4.0 * i, 1.0 * i) for i in range(3)]


def test_aux_and_keywords_are_handed_on() -> None:
    def f(x: Any, scale: float = 1.0) -> Any:
        return scale * x * x, {"x": x}

    compiled = compile(f)
    for g in (f, compiled):
        value, pull_back, aux = vjp(g, 3.0, has_aux=True)
        assert (value, pull_back(2.0), aux) == (9.0, (12.0,), {"x": 3.0})
        assert jvp(g, (3.0,), (2.0,), has_aux=True) == (9.0, 12.0, {"x": 3.0})
        value, push_forward, aux = linearize(g, 3.0, has_aux=True)
        assert (value, push_forward(2.0), aux) == (9.0, 12.0, {"x": 3.0})
        assert vjp(g, has_aux=True)(3.0, scale=2.0)[1](1.0) == (12.0,)
        assert jvp(g, has_aux=True)((3.0,), (1.0,), scale=2.0)[1] == 12.0
        assert linearize(g, has_aux=True)(3.0, scale=2.0)[1](1.0) == 12.0
    assert compiled.vjp(3.0, has_aux=True)[1](1.0) == (6.0,)
    assert (
        compiled.linearize(3.0, has_aux=True)[1](1.0) == compiled.jvp((3.0,), (1.0,), has_aux=True)[1] == 6.0
    )


WRONG: list[Callable[[Any], Any]] = [
    lambda f: vjp(f, np.ones(3), 2.0)[1](1.0),
    lambda f: vjp(f, np.ones(3), 2.0)[1](np.ones(2)),
    lambda f: vjp(f, np.ones(3), 2.0)[1]([np.ones(3)]),
    lambda f: jvp(f, (np.ones(3), 2.0), (np.ones(2), 1.0)),
    lambda f: jvp(f, (np.ones(3), 2.0), (np.ones(3),)),
    lambda f: jvp(f, (np.ones(3), 2.0), (np.ones(3), None)),
    lambda f: jvp(f, (np.ones(3), 2.0), 1.0),
    lambda f: linearize(f, np.ones(3), 2.0)[1](np.ones(3)),
    lambda f: linearize(f, np.ones(3), 2.0)[1](np.ones(4), 1.0),
    lambda f: vjp(f, np.ones(3), 2.0, has_aux=True),
    lambda f: linearize(f, np.ones(3), 2.0, has_aux=True),
    lambda f: jvp(f, (np.ones(3), 2.0), (np.ones(3), 2.0), has_aux=True),
]


@pytest.mark.parametrize("place", range(len(WRONG)))
def test_what_does_not_fit_is_the_same_error(place: int) -> None:
    def scaled(x: Any, y: Any) -> Any:
        return x * y

    compiled = compile(scaled)
    assert compiled.vjp(np.ones(3), 2.0)[1](np.ones(3))[1] == 3.0  # so that there are programs already
    messages = []
    for f in (scaled, compiled):
        with pytest.raises(TypeError) as caught:
            WRONG[place](f)
        messages.append(str(caught.value).partition("; it returned")[0])  # Values, or numbers
    assert messages[0] == messages[1]


@pytest.mark.parametrize("result", ["text", {"a": "b"}])
def test_what_is_no_number_has_no_linear_map(result: Any) -> None:
    def f(x: Any) -> Any:
        return (x, result)

    works: list[Callable[[Any], Any]] = [
        lambda g: vjp(g, 1.0), lambda g: linearize(g, 1.0), lambda g: jvp(g, (1.0,), (1.0,)),
    ]  # fmt: skip
    for g in (f, compile(f)):
        for work in works:
            with pytest.raises(TypeError, match="f must return real numbers, or structures of them"):
                work(g)


def test_none_in_a_result_has_none_for_its_gradient() -> None:
    def f(x: Any) -> Any:
        return x * x, None

    for g in (f, compile(f)):
        assert vjp(g, 3.0)[0] == (9.0, None)
        assert vjp(g, 3.0)[1]((2.0, None)) == (12.0,)
        assert jvp(g, (3.0,), (1.0,)) == ((9.0, None), (6.0, None))
        assert linearize(g, 3.0)[1](1.0) == (6.0, None)


def test_without_numbers_it_is_the_plain_function_again() -> None:
    def doubled(text: str, x: Any = None) -> Any:
        return 3.0 if x is None else 2.0 * x

    f = compile(doubled)
    assert vjp(f, "text")[1](1.0) == (None,)
    assert jvp(f, ("text",), (None,)) == (3.0, 0.0)
    assert linearize(f, "text")[1](None) == 0.0
    assert vjp(f, "text", 2.0)[1](1.0) == (None, 2.0)


def test_an_error_of_the_function_comes_through() -> None:
    f = compile(lambda x: 1.0 / x)
    assert f.vjp(2.0)[1](1.0) == (-0.25,)
    with pytest.raises(ZeroDivisionError):
        f.vjp(0.0)
    with pytest.raises(ZeroDivisionError):
        f.linearize(0.0)
    with pytest.raises(ZeroDivisionError):
        f.jvp((0.0,), (1.0,))


# What is outside


def test_a_point_that_is_changed_afterwards_stays_the_point() -> None:
    f = compile(lambda x, pair: x * x * pair[0])
    x, pair = np.array([1.0, 2.0]), [3.0]
    _, pull_back = f.vjp(x, pair)
    _, push_forward = f.linearize(x, pair)
    x[0], pair[0] = 100.0, 100.0
    assert pull_back(np.ones(2))[0].tolist() == [6.0, 12.0]
    assert push_forward(np.ones(2), [0.0]).tolist() == [6.0, 12.0]


SCALE = {"scale": 2.0}


def test_what_the_function_reads_may_change_between_calls_and_not_within_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weight = Value(3.0)
    f = compile(lambda x: SCALE["scale"] * weight * x * x)

    def slopes() -> list[float]:
        return [f.vjp(1.0)[1](1.0)[0], f.linearize(1.0)[1](1.0), f.jvp((1.0,), (1.0,))[1]]

    assert slopes() == [12.0] * 3
    weight.data = 4.0
    assert slopes() == [16.0] * 3
    (_, pull_back), (_, push_forward) = f.vjp(1.0), f.linearize(1.0)
    weight.data = 5.0
    with pytest.raises(RuntimeError, match=r"reads from outside was changed after vjp\(\)"):
        pull_back(1.0)
    with pytest.raises(RuntimeError, match=r"call linearize\(\) again"):
        push_forward(1.0)
    weight.data = 4.0
    assert (pull_back(1.0), push_forward(1.0)) == ((16.0,), 16.0)
    weight.data = math.nan
    assert math.isnan(f.vjp(1.0)[1](1.0)[0])
    weight.data = 4.0
    monkeypatch.setitem(SCALE, "scale", 1.0)
    with pytest.raises(RuntimeError, match="was changed after"):
        pull_back(1.0)
    assert slopes() == [8.0] * 3


def test_values_in_arguments_give_values() -> None:
    f = compile(lambda x, y: x * x * y)
    x, w = Value(3.0), Value(2.0)
    value, pull_back = vjp(f, x, 4.0)
    assert [type(d) for d in (value, *pull_back(1.0))] == [Value] * 3
    assert gradients(pull_back(1.0)[0], x) == 8.0
    assert gradients(vjp(f, 3.0, 4.0)[1](w)[0], w) == 24.0
    assert gradients(jvp(f, (3.0, 4.0), (w, 0.0))[1], w) == 24.0
    assert gradients(linearize(f, 3.0, 4.0)[1](w, 0.0), w) == 24.0
    assert gradients(linearize(f, x, 4.0)[1](1.0, 0.0), x) == 8.0


def test_they_can_be_differentiated_by_what_the_function_reads() -> None:
    def slope(w: Any) -> Any:
        f = compile(lambda x: w * w * x * x)
        return vjp(f, 3.0)[1](1.0)[0] + jvp(f, (3.0,), (1.0,))[1] + linearize(f, 3.0)[1](1.0)

    assert grad(slope)(2.0) == 3 * 24.0


def test_a_batch_of_them_is_one_of_the_function_that_calls_them() -> None:
    f = compile(lambda x: [math.sin(x[0]) * x[1], x[1] ** 2])
    points, vectors = np.linspace(0.1, 2.0, 10).reshape(5, 2), np.linspace(-1.0, 1.0, 10).reshape(5, 2)
    got = vmap(lambda x, v: jvp(f, (x,), (v,))[1])(points, vectors)
    back = vmap(lambda x, v: vjp(f, x)[1]([v[0], v[1]])[0])(points, vectors)
    for i in range(5):
        assert [got[0][i], got[1][i]] == pytest.approx(jvp(f, (points[i],), (vectors[i],))[1], rel=1e-14)
        assert back[i] == pytest.approx(vjp(f, points[i])[1]([*vectors[i]])[0], rel=1e-14)


# Loops, and the life of a function


@pytest.mark.parametrize("as_scan", [False, True])
def test_loops_stay_loops(as_scan: bool) -> None:
    def decay(x: Any, rate: Any) -> Any:
        def step(_: Any, x: Any) -> Any:
            return x - 0.001 * rate * x

        if as_scan:
            return fori_loop(0, 2000, step, x)
        for i in range(2000):
            x = step(i, x)
        return x

    f = compile(decay)
    factor = (1.0 - 0.0005) ** 2000
    by_rate = -0.001 * 2000 * factor / (1.0 - 0.0005) * 2.0
    for _ in range(2):
        value, pull_back = f.vjp(2.0, 0.5)
        assert value == pytest.approx(2.0 * factor, rel=1e-11)
        assert pull_back(3.0) == pytest.approx((3.0 * factor, 3.0 * by_rate), rel=1e-11)
        assert f.jvp((2.0, 0.5), (1.0, 0.25))[1] == pytest.approx(factor + 0.25 * by_rate, rel=1e-11)


def cube(x: Any) -> Any:
    """Return x cubed."""
    return x**3


def test_a_function_can_be_pickled_after_them() -> None:
    f = compile(cube)
    assert f.vjp(2.0)[1](1.0) == (12.0,)
    twin = pickle.loads(pickle.dumps(f))
    assert twin.vjp(2.0)[1](1.0) == (12.0,)
    assert twin.jvp((2.0,), (1.0,)) == (8.0, 12.0)

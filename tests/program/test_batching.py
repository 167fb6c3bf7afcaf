"""`vmap(f)` gives at each point of a batch what `f` gives there, whatever was called before."""

from __future__ import annotations

import itertools
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from batches import XS, P, close, model
from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import Program as RandomProgram
from random_programs import programs

from autograd import CompileError, Value, compile, hessian, jacobian, math, vmap
from autograd.ops import TABLE
from autograd.support.real_numbers import inf, nan


def test_what_was_called_before_changes_nothing(backend: str) -> None:
    norm = lambda x: np.sqrt(np.sum(x * x))  # noqa: E731
    calls: list[Any] = [
        lambda f: f(2.0),
        lambda f: f.grad(np.array([3.0, 4.0])),
        lambda f: f(np.array([[3.0, 4.0]])),
        lambda f: vmap(f)(np.array([1.0, 2.0, 3.0])),
        lambda f: vmap(f).grad(np.array([[3.0, 4.0], [6.0, 8.0]])),
        lambda f: vmap(f, 1)(np.array([[3.0, 4.0], [6.0, 8.0]])),
    ]
    wanted = [2.0, [0.6, 0.8], 5.0, [1.0, 2.0, 3.0], [[0.6, 0.8], [0.6, 0.8]], np.sqrt([45.0, 80.0])]
    # In six of these orders each call comes right after each other one, once (E. J. Williams, 1949).
    orders = [[(first + step) % 6 for step in (0, 1, 5, 2, 4, 3)] for first in range(6)]
    assert len({pair for order in orders for pair in itertools.pairwise(order)}) == 30
    for order in (*orders, *(order[::-1] for order in orders)):
        fast = compile(norm, backend=backend)
        for i in order:
            close(calls[i](fast), wanted[i])


def test_an_error_where_an_array_is_no_argument_names_vmap() -> None:
    for f in (lambda x: x * x if x > 0.0 else x, lambda x: (x, math.exp(float(x)))):
        fast = compile(f)
        fast(2.0) if f.__code__.co_consts[1:2] == (0.0,) else None
        with pytest.raises((TypeError, ValueError)) as caught:
            fast.grad(np.array([1.0, 2.0]))
        assert any("vmap(<lambda>, in_axes=...)" in note for note in caught.value.__notes__)
    with pytest.raises(TypeError, match="must return a real number") as caught:
        compile(lambda x: x * x).record(2.0).grad(np.array([1.0, 2.0]))
    assert any("vmap" in note for note in caught.value.__notes__)


def test_a_function_and_its_batches_share_what_is_recorded(backend: str) -> None:
    calls = []

    def f(x: Any) -> Any:
        calls.append(1)
        return x * x

    fast = compile(f, backend=backend)
    fast(3.0)
    for _ in range(3):
        close(vmap(fast).grad(XS), 2.0 * XS)
    assert len(calls) == 2  # the recording, and its check


def test_an_empty_batch_has_no_results_and_sums_of_zero(backend: str) -> None:
    fast = vmap(compile(model, (0, 1), backend=backend), (None, 0))
    by_p, by_x = fast.grad(P, np.empty(0))
    assert by_p.tolist() == [0.0, 0.0]
    assert by_x.shape == (0,)
    with pytest.raises(ValueError, match="the batch is empty, and model has not been called"):
        fast(P, np.empty(0))
    fast(P, XS)
    assert fast(P, np.empty(0)).shape == (0,)
    flags = vmap(compile(lambda x, flag: x if flag else -x, backend=backend))
    assert flags.grad(np.empty(0), np.empty(0, dtype=bool)).shape == (0,)


@vmap(in_axes=(0, None))
def decorated(x: Any, y: Any) -> Any:
    """Return a product."""
    return x * y


def test_it_bears_the_name_of_the_function_and_can_be_pickled() -> None:
    assert decorated.__name__ == "decorated"
    assert decorated.__doc__ == "Return a product."
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    for mode in ("grad", "value_and_grad", "hessian"):
        again = pickle.loads(pickle.dumps(getattr(decorated, mode)))
        assert str(again(XS, 2.0)) == str(getattr(decorated, mode)(XS, 2.0))
    other = vmap(compile(model, (0, 1)).record(P, 1.0), (None, 0), reduce=None)
    again = pickle.loads(pickle.dumps(other))
    assert len(again._compiled._recordings.signatures) == 1
    for x, y in zip(again.grad(P, XS), other.grad(P, XS), strict=True):
        np.testing.assert_array_equal(x, y)
    assert repr(other) == "<vmap of model>"
    assert repr(other.grad) == "<grad of <vmap of model>>"


def test_what_cannot_be_compiled_says_so() -> None:
    calls = itertools.count()
    with pytest.raises(CompileError):
        vmap(lambda x: x * next(calls))(XS)


@pytest.mark.parametrize("transformation", [jacobian, hessian])
def test_sparse_derivatives_have_no_batches_and_say_so(transformation: Any) -> None:
    mode = transformation.__name__
    with pytest.raises(
        TypeError, match=f"vmap makes no batches of <sparse {mode} of .* leave out sparse=True"
    ):
        vmap(transformation(lambda x: x[0] * x[1], sparse=True))


def test_python_may_end_while_threads_run_machine_code() -> None:
    pytest.importorskip("llvmlite")
    text = (
        "import threading, time, numpy as np\n"
        "from autograd import compile, math, vmap\n"
        "fast = vmap(compile(lambda x: math.sin(x) * x, backend='llvm'))\n"
        "fast.grad(np.ones(3))\n"
        "def work():\n"
        "    while True: fast.grad(np.ones(1000))\n"
        "for _ in range(3): threading.Thread(target=work, daemon=True).start()\n"
        "time.sleep(0.2)\n"
    )
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("backend", ["numpy", "llvm"])
@settings(max_examples=50, deadline=None)
@given(programs(), st.data())
def test_a_batch_is_the_function_point_by_point(backend: str, random: RandomProgram, source: Any) -> None:
    # 12, not 30: the sigmoid of 30 is 1 but for its last digits, which a kernel may round otherwise.
    numbers = st.sampled_from([0.0, -0.0, 1e-300, 0.5, 1.0, -1.0, 2.0, -3.5, 12.0, 800.0, inf, -inf, nan])
    points = [[source.draw(numbers) for _ in random.inputs] for _ in range(6)]
    points.insert(3, list(random.inputs))
    compiled = compile(random, tuple(range(len(random.inputs))), backend=backend)
    columns = np.array(points).T
    for mode in source.draw(st.permutations(["value", "grad"])):
        found = vmap(compiled)(*columns) if mode == "value" else np.array(vmap(compiled).grad(*columns)).T
        for point, there in zip(points, found, strict=True):
            try:  # on Values, for which a power of a negative number is no complex one
                value = random(*map(Value, point)).data
            except (ArithmeticError, ValueError):
                assert np.isnan(there).all()
                continue
            wanted = value if mode == "value" else compiled.grad(*point)
            np.testing.assert_allclose(there, wanted, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("backend", ["numpy", "llvm"])
def test_where_arrays_round_into_nan_a_point_is_what_python_computes(backend: str) -> None:
    def f(x: Any, y: Any) -> Any:  # an exponent that is whole, or a hair beside it
        return TABLE["pow"](x + x, TABLE["acosh"](TABLE["cosh"](x))) * y

    points = np.array([1.0, -1.0, 0.5, -3.0, -1.0])
    fast = vmap(compile(f, (0, 1), backend=backend), in_axes=(0, None))
    wanted = [f(Value(x), 2.0).data for x in points.tolist() if x != -3.0]
    for _ in range(2):
        found = fast(points, 2.0)
        assert found[points != -3.0].tolist() == pytest.approx(wanted, rel=1e-12)
        _, (_, by_y) = fast.value_and_grad(points[points != -3.0], 2.0)
        assert by_y == pytest.approx(sum(wanted) / 2.0, rel=1e-12)  # each point once in the sum
    infinite = vmap(compile(lambda x: x * 2.0, backend=backend))(np.array([1.0, np.inf, np.nan]))
    assert infinite[:2].tolist() == [2.0, np.inf]
    assert np.isnan(infinite[2])

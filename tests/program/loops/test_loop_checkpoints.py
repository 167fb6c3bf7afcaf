"""Loops that keep less and compute more, held to the last bit against those that keep everything."""

from __future__ import annotations

import ctypes
import math as pythons_math
import pickle
import random
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from loop_functions import FUNCTIONS, LISTS, point_of, recorded, with_loops
from loop_programs import NESTED, fibonacci, weighted
from loop_writers import RandomLoops, holding

from autograd import compile, grad, math, vmap
from autograd.program.c.source import to_c
from autograd.program.loops import checkpoints, segments
from autograd.program.loops.checkpoints import checkpointed, kept_by
from autograd.program.loops.program import Element, LoopProgram
from autograd.program.straight_line.program import Node

np = pytest.importorskip("numpy")

pytestmark = pytest.mark.usefixtures("table_as_it_was")

NONE = {"both_ways", "third_order"}
"""Functions whose gradients have no loops, or none that reads turn by turn what others have stored."""

CASES = [(name, "value_and_grad") for name in FUNCTIONS if name not in NONE]
HVP = ("garch", "epidemic", "several", "early_turns", "swapping", "third_order", "pairs")
CASES += [(name, "hvp") for name in HVP]


def both_of(name: str, mode: str, turns: int) -> tuple[LoopProgram, LoopProgram, list[float]]:
    """A program, the same with less that is kept, and a point."""
    made = FUNCTIONS[name](turns)
    program = with_loops(recorded(made), mode)
    assert program is not None
    less = checkpointed(program)
    assert less.is_nested
    assert kept_by(less) < kept_by(program)
    return program, less, point_of(made, mode)


@pytest.mark.parametrize("turns", [130, 131, 300])
@pytest.mark.parametrize(("name", "mode"), CASES)
def test_results_are_the_same_to_the_last_bit(name: str, mode: str, turns: int) -> None:
    program, less, point = both_of(name, mode, turns)
    unrolled = less.unrolled()
    for at in (point, [x * 0.9 + 0.01 for x in point]):
        expected = repr(program.run(at))  # 0.0 differs from -0.0
        assert repr(less.run(at)) == expected
        assert repr(unrolled.run(at)) == expected


@pytest.mark.parametrize("seed", [1, 2, 5, 7, 8, 13, 27, 29, 35, 44, 47, 48, 50, 56, 59])
def test_random_loops_give_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "LEAST", 2)
    monkeypatch.setattr(checkpoints, "kept_by", lambda program: 0 if program.is_nested else 1)
    program = RandomLoops(seed, (6, 12, 40)[seed % 3], mixed=False).program
    draw = random.Random(seed)
    points = [[draw.uniform(-0.3, 0.3) for _ in program.inputs] for _ in range(3)]
    holding(program, points[0])
    less = checkpointed(program)
    assert less.is_nested
    for point in points:
        assert repr(less.run(point)) == repr(program.run(point))


# What is kept


def logistic(turns: int) -> Callable[..., Any]:
    def f(a: Any, b: Any) -> Any:
        x, total = 0.5, 0.0
        for _ in range(turns):
            x = math.tanh(a * x + b)
            total = total + x * x
        return total

    return f


def program_of(f: Callable[..., Any], *args: Any, **options: Any) -> LoopProgram:
    """The program of the value and the gradient of a function."""
    fast = compile(f, tuple(range(len(args))), **options).record(*args)
    program = fast._recordings.latest().paths[0].derived("value_and_grad").program
    assert isinstance(program, LoopProgram)
    return program


def test_memory_grows_as_the_root_of_the_turns() -> None:
    for turns in (1_000, 6_000):
        program = program_of(logistic(turns), 0.9, 0.1)
        less = program_of(logistic(turns), 0.9, 0.1, checkpoint=True)
        assert kept_by(program) == pytest.approx(3 * turns, abs=10)
        assert kept_by(less) < 5.5 * turns**0.5
        assert less.work < 3 * program.work
        assert repr(less.run([0.9, 0.1])) == repr(program.run([0.9, 0.1]))


@pytest.mark.slow
def test_a_loop_of_a_hundred_thousand_turns() -> None:
    f = logistic(100_000)
    program, less = (program_of(f, 0.9, 0.1, checkpoint=option) for option in (False, True))
    assert kept_by(program) > 299_000
    assert kept_by(less) < 2_000
    plain, fast = (compile(f, (0, 1), checkpoint=option, backend="llvm") for option in (False, True))
    for point in ((0.9, 0.1), (0.5, 0.3)):
        assert fast.value_and_grad(*point) == plain.value_and_grad(*point)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_loops_that_are_read_a_few_turns_before_and_after(order: tuple[int, ...]) -> None:
    """What a loop stores is read backwards, beside what was stored a turn before and two after it."""
    turns = 200
    program = LoopProgram("ab")
    program.arrays = [turns + 3]
    nodes, elements = program.nodes, program.elements
    half = program.number(0.5)
    elements[program.add("store", 1)] = Element(0, 0)
    program.add("loop", number=float(turns))
    x = program.add("phi", 0, -1)
    new = program.add("-", program.add("*", x, half), program.add("*", 1, program.add("*", x, x)))
    elements[program.add("store", new)] = Element(0, 1, 1)
    program.add("end")
    nodes[x] = Node("phi", (0, new))
    for i in (1, 2):
        elements[program.add("store", new)] = Element(0, turns + i)
    program.add("loop", number=float(turns))
    total = program.add("phi", new, -1)
    reads = [program.add("element") for _ in range(3)]
    for place, which in zip(reads, order, strict=True):
        elements[place] = Element(0, (turns - 1, turns, turns + 2)[which], -1)
    sums = program.add("+", program.add("*", reads[0], total), program.add("*", reads[1], reads[2]))
    program.add("end")
    nodes[total] = Node("phi", (new, sums))
    program.outputs = (sums, new)
    less = checkpointed(program)
    assert less.is_nested
    assert kept_by(less) < 60
    for point in ([0.5, 0.25], [-0.75, 0.5], [0.3, -0.9]):
        assert repr(less.run(point)) == repr(program.run(point))


def test_what_does_not_have_the_form_stays_as_it_is() -> None:
    for program in (fibonacci(50), weighted(), *[f() for f in NESTED.values()]):
        assert checkpointed(program) is program
    program = LoopProgram("a")
    program.arrays = [90]
    nodes, elements = program.nodes, program.elements
    program.add("loop", number=90.0)
    x = program.add("phi", 0, 3)
    new = program.add("*", x, x)
    nodes[x] = Node("phi", (0, new))
    elements[program.add("store", new)] = Element(0, 0, 1)
    program.add("end")
    program.add("loop", number=45.0)
    total = program.add("phi", 0, -1)
    elements[there := program.add("element")] = Element(0, 88, -2)  # every other one
    nodes[total] = Node("phi", (0, program.add("+", total, there)))
    program.add("end")
    program.outputs = (nodes[total].operands[1],)
    assert checkpointed(program) is program
    elements[there] = Element(0, 88, -1)
    assert checkpointed(program).is_nested
    elements[middle := program.add("element")] = Element(0, 60)  # of a turn that would not be kept
    program.outputs = (*program.outputs, middle)
    assert checkpointed(program) is program


def test_a_function_without_such_loops_is_as_before() -> None:
    def newton(x: Any) -> Any:
        y = 1.0
        while abs(y * y - x) > 1e-9 * x:
            y = 0.5 * (y + x / y)
        return y

    for f, x in ((lambda x: x * x, 3.0), (newton, 2.0), (newton, 50.0)):
        assert compile(f, checkpoint=True).value_and_grad(x) == compile(f).value_and_grad(x)
    compiled = compile(newton, checkpoint=True)
    for x in (1e-3, 1.0, 1e6, 7.0):
        assert compiled.grad(x) == grad(newton)(x)


# Backends


BACKENDS = [
    ("garch", "value_and_grad"), ("guarded", "value_and_grad"), ("epidemic", "hvp"), ("several", "hvp"),
    ("choices", "value_and_grad"), ("early_turns", "hvp"), ("of_lengths", "value_and_grad"),
    ("pairs", "hvp"), ("swapping", "value_and_grad"), ("of_the_users_own", "value_and_grad"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "mode"), BACKENDS)
@pytest.mark.parametrize("backend", ["python", "llvm"])
def test_single_calls(backend: str, name: str, mode: str) -> None:
    f, args = FUNCTIONS[name](300 if name not in ("pairs", "early_turns") else 150)
    more = [tuple(args)] if mode == "hvp" else []
    by = tuple(range(len(args)))
    plain, less = (compile(f, by, backend=backend, checkpoint=option) for option in (False, True))
    assert repr(getattr(less, mode)(*args, *more)) == repr(getattr(plain, mode)(*args, *more))
    program = less._recordings.latest().paths[0].derived(mode).program
    assert isinstance(program, LoopProgram)
    assert program.is_nested


@pytest.mark.parametrize(("name", "mode"), BACKENDS)
@pytest.mark.parametrize("backend", ["numpy", "llvm"])
def test_batches(backend: str, name: str, mode: str) -> None:
    f, args = FUNCTIONS[name](130)
    by = tuple(range(len(args)))
    draw = np.random.default_rng(3)
    columns = [x * (1.0 + 0.01 * draw.normal(size=21)) for x in args]
    more = [tuple(columns)] if mode == "hvp" else []
    found = []
    for option in (False, True):
        batched = vmap(compile(f, by, backend=backend, checkpoint=option), in_axes=0, reduce=None)
        found.append(getattr(batched, mode)(*columns, *more))
    assert repr(found[0]) == repr(found[1])


@pytest.mark.parametrize("name", ["garch", "guarded", "epidemic", "rosenbrock", "choices"])
def test_functions_in_c(name: str, tmp_path: Any) -> None:
    compiler = next((path for path in map(shutil.which, ("cc", "gcc", "clang")) if path), None)
    if compiler is None:
        pytest.skip("no C compiler is found")
    program, less, point = both_of(name, "value_and_grad", 130)
    (tmp_path / "f.c").write_text(f"{to_c(program, 'whole')}\n{to_c(less, 'less')}", encoding="utf-8")
    flags = "-std=c99 -O2 -Wall -Wextra -Wpedantic -Werror -ffp-contract=off -shared -fPIC".split()
    subprocess.run([compiler, *flags, "-o", tmp_path / "f.so", tmp_path / "f.c", "-lm"], check=True)
    library = ctypes.CDLL(str(tmp_path / "f.so"))
    found = []
    for f in (library.whole, library.less):
        y = (ctypes.c_double * len(program.outputs))()
        assert f((ctypes.c_double * len(point))(*point), y) == 0
        found.append([*y])
    assert found[0] == found[1]
    assert all(map(pythons_math.isfinite, found[0]))


# Compiled functions


def test_it_is_an_option_of_compile() -> None:
    f = logistic(700)
    plain, less = compile(f, (0, 1)), compile(f, (0, 1), checkpoint=True)
    value, gradient = less.value_and_grad(0.9, 0.1)
    assert (value, gradient) == plain.value_and_grad(0.9, 0.1)
    assert gradient == pytest.approx(grad(f, (0, 1))(0.9, 0.1), rel=1e-12)
    assert "numbers kept by loops" in less.report()
    assert "kept" not in plain.report()
    names: dict[str, Any] = {}
    exec(less.source, names)
    assert names["f_value_and_grad"](0.9, 0.1) == (value, gradient)
    assert "for turn_" in less.source

    decorated = compile(argnums=(0, 1), checkpoint=True)(f)
    assert decorated.hessian(0.9, 0.1) == compile(f, (0, 1)).hessian(0.9, 0.1)


def test_it_is_pickled() -> None:
    less = compile(rate_of_growth, checkpoint=True)
    expected = less.grad(0.01)
    again = pickle.loads(pickle.dumps(less))
    assert again._options["checkpoint"]
    path = again._recordings.latest().paths[0]
    assert path.checkpoint
    assert again.grad(0.01) == expected
    assert path.derived("grad").program.is_nested
    assert again.value_and_grad(0.02) == compile(rate_of_growth).value_and_grad(0.02)


def rate_of_growth(rate: Any) -> Any:
    size = 1.0
    for _ in range(600):
        size = size + rate * size * (2.0 - size)
    return size


@pytest.mark.parametrize("name", LISTS)
def test_results_that_loops_store(name: str) -> None:
    f, args = LISTS[name](300)
    by = tuple(range(len(args)))
    plain, less = compile(f, by), compile(f, by, checkpoint=True)
    assert less(*args) == plain(*args)

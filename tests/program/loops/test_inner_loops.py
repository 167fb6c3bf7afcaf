"""Loops that are found in the turns of loops, held to the last bit against programs without them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from autograd import compile, grad, math, vmap
from autograd.program.loops.inner import LEAST, with_inner_loops
from autograd.program.loops.program import Element, LoopProgram
from autograd.program.paths import RecordedPath
from autograd.program.straight_line.program import Node

np = pytest.importorskip("numpy")

Function = Callable[..., Any]


def double(rows: int, columns: int) -> Function:
    """A recursion in each turn of a recursion."""

    def f(a: Any, b: Any) -> Any:
        x, total = 0.5, 0.0
        for _ in range(rows):
            y = x
            for _ in range(columns):
                y = math.sin(y * a) + b
                total = total + y * x
            x = y * 0.5
        return total

    return f


def random_double(seed: int) -> tuple[Function, tuple[float, ...]]:
    """Random steps in a loop in a loop, on what both carry, tables of both, and an array."""
    draw = random.Random(seed)
    rows, columns = draw.randint(50, 60), draw.randint(26, 34)
    by_row = [draw.uniform(-0.5, 0.5) for _ in range(rows)]
    by_column = [draw.uniform(-0.5, 0.5) for _ in range(columns)]
    steps = [(draw.randrange(6), draw.randrange(4), draw.randrange(6)) for _ in range(draw.randint(1, 3))]
    anew, back, kept = draw.random() < 0.5, draw.random() < 0.3, draw.random() < 0.5

    def f(a: Any, b: Any, *p: Any) -> Any:
        x, total = a, 0.0
        for i in range(rows):
            y = b if anew else x
            before = a * 0.1
            for j in range(columns):
                numbers = [y, x, before, p[columns - 1 - j if back else j], by_row[i], by_column[j]]
                for kind, k, other in steps:
                    u, v = numbers[k], numbers[other]
                    before = (
                        u * v, u + v * 0.5, math.tanh(u), math.maximum(u, v * 0.5), math.sin(u - v),
                        u - a * v,
                    )[kind]  # fmt: skip
                    numbers[2] = before
                y = y * 0.3 + before * 0.5
                if kept:
                    total = total + y * numbers[3]
            x = x * 0.25 + y + by_row[i]
            total = total + x * x
        return total

    return f, tuple(draw.uniform(-0.5, 0.5) for _ in range(columns + 2))


def path_of(f: Function, *args: Any, **options: Any) -> RecordedPath:
    by = tuple(range(len(args)))
    return compile(f, by, **options).record(*args)._recordings.latest().paths[0]


def test_a_loop_in_a_loop_is_a_few_nodes() -> None:
    sizes = set()
    for rows, columns in ((40, 30), (50, 60), (70, 60)):
        path = path_of(double(rows, columns), 0.9, 0.1)
        program = path.derived("value").program
        assert isinstance(program, LoopProgram)
        assert program.is_nested
        assert program.run([0.9, 0.1]) == [double(rows, columns)(0.9, 0.1)]
        sizes.add(len(program.nodes))
        assert len(path.derived("value_and_grad").program.nodes) < 250
    assert len(sizes) == 1
    assert max(sizes) < 50


@pytest.mark.parametrize("mode", ["value", "value_and_grad"])
def test_it_gives_the_same_to_the_last_bit(mode: str) -> None:
    path = path_of(double(40, 30), 0.9, 0.1)
    program, flat = path.derived(mode).program, path._outer[mode]
    assert isinstance(program, LoopProgram)
    assert len(program.nodes) < len(flat.nodes) / 4
    unrolled = program.unrolled()
    for point in ([0.9, 0.1], [0.5, -0.25], [1.2, 0.0], [-0.0, 3.0]):
        assert repr(program.run(point)) == repr(unrolled.run(point)) == repr(flat.run(point))


@pytest.mark.parametrize("seed", [3, 4, 9, 11])
def test_random_loops_in_loops(seed: int) -> None:
    f, args = random_double(seed)
    path = path_of(f, *args, check=False)
    program = path.derived("value").program
    assert isinstance(program, LoopProgram)
    assert program.is_nested
    for point in (args, [x * 0.9 + 0.01 for x in args]):
        assert repr(program.run(point)) == repr(path._outer["value"].run(point))
        assert program.run(point) == [f(*point)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_gradients_of_random_loops_in_loops(seed: int) -> None:
    f, args = random_double(seed)
    by = tuple(range(len(args)))
    value, gradient = compile(f, by, backend="python").value_and_grad(*args)
    assert value == f(*args)
    assert gradient == pytest.approx(grad(f, by)(*args), rel=1e-9, abs=1e-12)
    for checkpoint in (False, True):
        machine = compile(f, by, backend="llvm", checkpoint=checkpoint)
        assert repr(machine.value_and_grad(*args)) == repr((value, gradient))


@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
@pytest.mark.parametrize("checkpoint", [False, True])
def test_every_backend(backend: str, checkpoint: bool) -> None:
    f = double(40, 30)
    fast = compile(f, (0, 1), backend=backend, checkpoint=checkpoint)
    value, gradient = fast.value_and_grad(0.9, 0.1)
    assert value == f(0.9, 0.1)
    assert gradient == pytest.approx(grad(f, (0, 1))(0.9, 0.1), rel=1e-10)
    a, b = np.linspace(0.5, 0.9, 9), np.linspace(-0.1, 0.1, 9)
    values, (by_a, by_b) = vmap(fast, in_axes=0, reduce=None).value_and_grad(a, b)
    for i in range(9):
        value, gradient = fast.value_and_grad(float(a[i]), float(b[i]))
        assert values[i] == pytest.approx(value, rel=1e-12)
        assert (by_a[i], by_b[i]) == pytest.approx(gradient, rel=1e-9)


# By hand


def written_out(turns: int, inner: int) -> LoopProgram:
    """A loop in whose turn the same comes often, with an array for each time, and one that reads these."""
    program = LoopProgram(["a", "b", *[f"x{i}" for i in range(inner * turns)]])
    program.arrays = [*[turns] * inner, [0.1 * i for i in range(turns)]]
    nodes, elements = program.nodes, program.elements
    half = program.number(0.5)
    numbers = [program.number(0.25 * i) for i in range(inner)]
    program.add("loop", number=float(turns))
    phi = program.add("phi", 0, -1)
    elements[table := program.add("element")] = Element(inner, 0, 1)
    y, middle = phi, -1
    for j in range(inner):
        elements[x := program.add("element")] = Element(-1, 2 + j, inner)
        product = program.add("*", program.add("*", y, half), numbers[j])
        y = program.add("+", product, program.add("*", x, table))
        elements[program.add("store", y)] = Element(j, 0, 1)
        middle = y if j == inner // 2 else middle
    other = program.add("+", middle, 1)
    program.add("end")
    nodes[phi] = Node("phi", (0, other))
    program.add("loop", number=float(turns))
    total = program.add("phi", half, -1)
    z = total
    for j in reversed(range(inner)):
        elements[x := program.add("element")] = Element(j, turns - 1, -1)
        z = program.add("+", program.add("*", z, half), x)
    program.add("end")
    nodes[total] = Node("phi", (half, z))
    program.outputs = (z, y, middle, other)
    return program


def test_arrays_of_each_turn_become_one() -> None:
    program = written_out(7, 40)
    found = with_inner_loops(program)
    assert found.is_nested
    assert [loop.turns for loop in found.loops] == [7, 40, 7, 40]
    assert len(found.nodes) - len(found.inputs) < 75  # with the numbers that became a table
    draw = random.Random(3)
    for _ in range(4):
        point = [draw.uniform(-1.0, 1.0) for _ in program.inputs]
        assert found.run(point) == program.run(point)


def test_what_is_short_or_does_not_repeat_stays() -> None:
    few = written_out(7, LEAST - 2)
    assert with_inner_loops(few) is few
    uneven = written_out(7, 40)
    draw = random.Random(1)
    for place, node in enumerate(uneven.nodes):
        if node.op == "+" and draw.random() < 0.2:
            uneven.nodes[place] = node._replace(op="-")
    assert with_inner_loops(uneven) is uneven


def test_conditions_that_are_kept_are_apart_from_numbers() -> None:
    f, args = random_double(9)  # with maximum, whose derivative needs to know which operand it was
    by = tuple(range(len(args)))
    plain, machine = (
        compile(f, by, backend=backend, check=False, checkpoint=True) for backend in ("python", "llvm")
    )
    assert repr(machine.value_and_grad(*args)) == repr(plain.value_and_grad(*args))
    program = machine._recordings.latest().paths[0].derived("value_and_grad").program
    assert isinstance(program, LoopProgram)
    assert program.is_nested

"""Programs with loops that are written down by hand."""

from __future__ import annotations

from collections.abc import Callable

from autograd.program.loops.program import INPUTS, OUTPUTS, STORED, Element, LoopProgram
from autograd.program.straight_line.program import Node


def fibonacci(turns: int) -> LoopProgram:
    """The numbers of Fibonacci from two inputs on, all of them and the last."""
    program = LoopProgram("ab")
    nodes = program.nodes
    nodes += [
        Node("loop", (), float(turns)), Node("phi", (0, 4)), Node("phi", (1, 5)), Node("+", (3, 4)),
        Node("store", (5,)), Node("end"),
    ]  # fmt: skip
    program.elements[6] = Element(OUTPUTS, 0, 1)
    program.outputs = (*[STORED] * turns, 5)
    return program


def weighted() -> LoopProgram:
    """Products of an array of inputs, from its end, with a table; then sums of neighbours of these."""
    program = LoopProgram(["x0", "x1", "x2", "x3"])
    program.arrays = [[2.0, 3.0, 5.0, 7.0], 5]
    nodes, elements = program.nodes, program.elements
    half = program.number(0.5)
    elements[program.add("store", half)] = Element(1, 0)
    program.add("loop", number=4.0)
    elements[x := program.add("element")] = Element(INPUTS, 3, -1)
    elements[w := program.add("element")] = Element(0, 0, 1)
    product = program.add("*", x, w)
    elements[program.add("store", product)] = Element(1, 1, 1)
    program.add("end")
    program.add("loop", number=4.0)
    total = len(nodes)
    program.add("phi", half, total + 4)
    elements[a := program.add("element")] = Element(1, 0, 1)
    elements[b := program.add("element")] = Element(1, 1, 1)
    both = program.add("+", a, b)
    after = program.add("+", total, both)
    elements[program.add("store", both)] = Element(OUTPUTS, 1, 2)
    program.add("end")
    elements[last := program.add("element")] = Element(1, 4)
    program.outputs = (after, STORED, product, STORED, last, STORED, x, STORED)
    return program


def guarded() -> LoopProgram:
    """The square root, five times, of what is above a half."""
    program = LoopProgram("a")
    half = program.number(0.5)
    program.add("loop", number=5.0)
    program.nodes.append(Node("phi", (0, 5)))
    program.guards[program.add(">", 3, half)] = True
    root = program.add("sqrt", 3)
    program.add("end")
    program.outputs = (root,)
    return program


def going_round() -> LoopProgram:
    """Three numbers that change places, none of which is computed; and a sum of them, weighted."""
    program = LoopProgram("abc")
    nodes = program.nodes
    start = program.number(0.0)
    program.add("loop", number=7.0)
    a, b, c, total = range(len(nodes), len(nodes) + 4)
    nodes += [Node("phi", (0, b)), Node("phi", (1, c)), Node("phi", (2, a)), Node("phi", (start, total + 3))]
    half = program.number(0.5)
    less = program.add("*", total, half)
    program.add("+", less, a)
    program.elements[program.add("store", b)] = Element(OUTPUTS, 0, 1)
    program.add("end")
    program.outputs = (*[STORED] * 7, total + 3, 1)
    return program


def with_old_numbers() -> LoopProgram:
    """Each number is made of those of one and of three turns before; what stays the same is stored too."""
    program = LoopProgram("abc")
    program.arrays = [6, 6, 6]
    nodes, elements = program.nodes, program.elements
    program.add("loop", number=6.0)
    first = len(nodes)
    nodes += [Node("phi", (0, first + 4)), Node("phi", (1, first)), Node("phi", (2, first + 1))]
    product = program.add("*", first, 2)
    new = program.add("-", product, first + 2)
    less = program.add("<", new, 1)
    elements[program.add("store", less)] = Element(0, 0, 1)
    elements[program.add("store", 2)] = Element(1, 5, -1)
    elements[program.add("store", product)] = Element(2, 0, 1)
    program.add("end")
    total = program.add("identity", new)
    program.add("loop", number=6.0)
    before = len(nodes)
    nodes.append(Node("phi", (total, before + 6)))
    for array, start, step in ((0, 5, -1), (1, 0, 1), (2, 3, 0)):
        elements[program.add("element")] = Element(array, start, step)
    chosen = program.add("where", before + 1, before + 2, before + 3)
    ratio = program.add("/", before, chosen)
    program.add("+", ratio, chosen)
    program.add("end")
    program.outputs = (new, before + 6, ratio, product)
    return program


def of_two_loops() -> LoopProgram:
    """A loop of what is the same at all points where the first input is, and one of both."""
    program = LoopProgram("ab")
    program.arrays = [[0.5, -0.25, 1.5, 2.0, -3.0], 5]
    nodes, elements = program.nodes, program.elements
    program.add("loop", number=5.0)
    phi = len(nodes)
    nodes.append(Node("phi", (0, phi + 3)))
    elements[program.add("element")] = Element(0, 4, -1)
    program.add("*", phi, phi + 1)
    following = program.add("+", phi + 2, 0)
    elements[program.add("store", following)] = Element(1, 0, 1)
    elements[program.add("store", phi + 2)] = Element(OUTPUTS, 0, 1)
    program.guards[program.add("<", phi + 2, program.number(1e6))] = True
    program.add("end")
    program.add("loop", number=5.0)
    other = len(nodes)
    nodes.append(Node("phi", (following, other + 3)))
    elements[program.add("element")] = Element(1, 0, 1)
    program.add("log", 1)
    program.add("-", other + 1, other + 2)
    program.add("*", other, other + 3)
    elements[program.add("store", other + 4)] = Element(OUTPUTS, 6, 2)
    elements[program.add("store", other + 1)] = Element(OUTPUTS, 5, 2)
    program.add("end")
    program.outputs = (*[STORED] * 15, following, other + 4)
    return program


BY_HAND: dict[str, Callable[[], LoopProgram]] = {
    "fibonacci": lambda: fibonacci(9),
    **{f.__name__: f for f in (weighted, guarded, going_round, with_old_numbers, of_two_loops)},
}
"""Programs whose loops have what is rare among those that are found."""


def products(rows: int, columns: int) -> LoopProgram:
    """A matrix times a vector, from inputs; the sum of what comes out, and in each row what comes so far."""
    program = LoopProgram([f"x{i}" for i in range(rows * columns + columns)])
    nodes, elements = program.nodes, program.elements
    zero = program.number(0.0)
    program.add("loop", number=float(rows))
    total = program.add("phi", zero, -1)
    program.add("loop", number=float(columns))
    inner = program.add("phi", zero, -1)
    elements[a := program.add("element")] = Element(INPUTS, 0, 1, (columns,))
    elements[x := program.add("element")] = Element(INPUTS, rows * columns + columns - 1, -1)
    new = program.add("+", inner, program.add("*", a, x))
    elements[program.add("store", new)] = Element(OUTPUTS, 1, 1, (columns,))
    program.add("end")
    sum_ = program.add("+", total, new)
    program.add("end")
    nodes[inner] = Node("phi", (zero, new))
    nodes[total] = Node("phi", (zero, sum_))
    program.outputs = (sum_, *[STORED] * (rows * columns), new, a)
    return program


def kept_anew() -> LoopProgram:
    """In each turn a loop stores into an array, which another one reads from its end, after what it had."""
    program = LoopProgram("ab")
    program.arrays = [5, 4, 20, [0.5, -0.25, 1.5, 2.0, -3.0, 0.75, 1.25, -1.5]]
    nodes, elements = program.nodes, program.elements
    half = program.number(0.5)
    program.add("loop", number=4.0)
    first, second = program.add("phi", 0, -1), program.add("phi", 1, -1)
    elements[program.add("store", first)] = Element(1, 3, -1)
    elements[weight := program.add("element")] = Element(3, 7, -2)
    program.add("loop", number=5.0)
    x = program.add("phi", first, -1)
    elements[other := program.add("element")] = Element(3, 0, 1, (1,))
    new = program.add("+", program.add("*", x, half), program.add("*", other, second))
    less = program.add("<", new, weight)
    chosen = program.add("where", less, new, first)
    elements[program.add("store", chosen)] = Element(0, 0, 1)
    elements[program.add("store", x)] = Element(2, 19, -1, (-5,))
    program.add("end")
    between = program.add("*", chosen, weight)
    program.add("loop", number=5.0)
    y = program.add("phi", between, -1)
    elements[back := program.add("element")] = Element(0, 4, -1)
    more = program.add("+", program.add("*", y, half), back)
    elements[program.add("store", more)] = Element(OUTPUTS, 0, 2, (10,))
    program.add("end")
    nodes[x], nodes[y] = Node("phi", (first, chosen)), Node("phi", (between, more))
    # They change places, and what a loop inside gives is carried on.
    nodes[first], nodes[second] = Node("phi", (0, second)), Node("phi", (1, chosen))
    elements[program.add("store", back)] = Element(OUTPUTS, 1, 2)
    program.add("end")
    program.add("loop", number=4.0)
    total = program.add("phi", more, -1)
    elements[kept := program.add("element")] = Element(1, 0, 1)
    elements[other := program.add("element")] = Element(2, 0, 5)
    after = program.add("-", program.add("*", total, half), program.add("*", kept, other))
    nodes[total] = Node("phi", (more, after))
    program.add("end")
    outputs = [STORED if i % 2 == 0 or i < 8 else (chosen, after, weight)[i % 3] for i in range(40)]
    program.outputs = (*outputs, between, back, other)
    return program


def three_deep() -> LoopProgram:
    """A loop in a loop in a loop, each of which carries something, goes through an array, and is guarded."""
    program = LoopProgram(["a", "b", *[f"x{i}" for i in range(24)]])
    program.arrays = [24, 3]
    nodes, elements = program.nodes, program.elements
    large, quarter = program.number(1e6), program.number(0.25)
    program.add("loop", number=3.0)
    u = program.add("phi", 0, -1)
    begun = program.add("*", u, quarter)
    program.add("loop", number=4.0)
    v, old = program.add("phi", begun, -1), program.add("phi", 1, -1)
    elements[outer := program.add("element")] = Element(INPUTS, 2, 2, (8,))
    program.add("loop", number=2.0)
    w = program.add("phi", v, -1)
    elements[x := program.add("element")] = Element(INPUTS, 25, -1, (-2, -8))
    product = program.add("*", program.add("+", w, x), quarter)
    new = program.add("-", product, program.add("*", outer, u))
    elements[program.add("store", new)] = Element(0, 0, 1, (2, 8))
    elements[program.add("store", w)] = Element(OUTPUTS, 0, 1, (2, 8))
    program.guards[program.add("<", new, large)] = True
    program.add("end")
    mixed = program.add("+", new, program.add("*", old, quarter))
    program.add("end")
    elements[program.add("store", mixed)] = Element(1, 2, -1)
    elements[early := program.add("element")] = Element(0, 0, 8)
    last = program.add("+", mixed, early)
    program.add("end")
    nodes[w] = Node("phi", (v, new))
    nodes[v], nodes[old] = Node("phi", (begun, mixed)), Node("phi", (1, v))
    nodes[u] = Node("phi", (0, last))
    elements[there := program.add("element")] = Element(1, 1)
    program.outputs = (*[STORED] * 24, last, new, program.add("+", there, mixed), early, x)
    return program


def all_the_same() -> LoopProgram:
    """Loops of which some are the same at all points, and numbers of these that others use."""
    program = LoopProgram("abc")
    program.arrays = [3, [1.0, 0.5, 0.25, 2.0]]
    nodes, elements = program.nodes, program.elements
    program.add("loop", number=4.0)
    x, y = program.add("phi", 0, -1), program.add("phi", 1, -1)
    elements[scale := program.add("element")] = Element(1, 3, -1)
    squared = program.add("*", scale, scale)
    program.add("loop", number=3.0)
    inner = program.add("phi", x, -1)
    changed = program.add("-", program.add("*", inner, scale), 0)
    elements[program.add("store", changed)] = Element(0, 2, -1)
    program.add("end")
    program.add("loop", number=3.0)
    z = program.add("phi", y, -1)
    elements[w := program.add("element")] = Element(0, 0, 1)
    more = program.add("+", program.add("*", z, squared), program.add("*", program.add("+", w, changed), 2))
    program.add("end")
    program.add("end")
    nodes[inner], nodes[z] = Node("phi", (x, changed)), Node("phi", (y, more))
    nodes[x], nodes[y] = Node("phi", (0, changed)), Node("phi", (1, more))
    program.outputs = (more, changed, squared, w, scale)
    return program


def side_by_side() -> LoopProgram:
    """Powers of two and of three times an input, that two loops put into one array by turns."""
    program = LoopProgram(["x"])
    program.arrays = [6]
    for first, factor in ((0, 2.0), (1, 3.0)):
        number = program.number(factor)
        program.nodes.append(Node("loop", (), 3.0))
        place = len(program.nodes)
        program.nodes += [Node("phi", (0, place + 1)), Node("*", (place, number))]
        program.store(place + 1, Element(0, first, 2))
        program.nodes.append(Node("end"))
    program.outputs = tuple(program.element(Element(0, i)) for i in range(6))
    return program


NESTED: dict[str, Callable[[], LoopProgram]] = {
    "products": lambda: products(4, 3),
    **{f.__name__: f for f in (kept_anew, three_deep, all_the_same, side_by_side)},
}
"""Programs of which arrays are not filled in order: most have loops in loops."""

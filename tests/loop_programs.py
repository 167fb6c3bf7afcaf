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

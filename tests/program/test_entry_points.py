"""Containers as arguments and results: what `grad` takes apart, programs and their entry points do too."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, namedtuple
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import permutations, product
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd import Value, compile, grad, hessian
from autograd.derivatives import calls, trees
from autograd.program import arguments, entry_points
from autograd.program.mode import Mode
from autograd.program.python.source import PythonSource
from autograd.program.straight_line.program import Program


class Floats(list[Any]):
    """A list of a class of its own."""


class Pair(tuple[Any, ...]):
    """A tuple of a class of its own."""


class Point(NamedTuple):
    x: Any
    y: Any


class Place(Point):
    """A named tuple of a class of its own."""


Old = namedtuple("Old", "first second")


class Names(dict[str, Any]):
    """A dict of a class of its own."""


@dataclass
class Record:
    x: Any
    y: Any
    name: str = "record"
    later: float = field(init=False, repr=False)  # which nobody sets


@dataclass(frozen=True, slots=True)
class Frozen:
    x: Any
    y: Any


@dataclass
class Further(Record):
    flag: bool = True


KINDS: list[tuple[Callable[[Any, Any], Any], Callable[[Any], Any]]] = [
    (lambda a, b: [a, b], lambda c: (c[0], c[1])),
    (lambda a, b: (a, b), lambda c: (c[0], c[1])),
    (lambda a, b: Floats([a, b]), lambda c: (c[0], c[1])),
    (lambda a, b: Pair([a, b]), lambda c: (c[0], c[1])),
    (Point, lambda c: (c.x, c.y)),
    (Place, lambda c: (c.x, c.y)),
    (Old, lambda c: (c.first, c.second)),
    (lambda a, b: {"a": a, 1: b}, lambda c: (c["a"], c[1])),
    (lambda a, b: {None: a, 0.5: b}, lambda c: (c[None], c[0.5])),
    (lambda a, b: OrderedDict(b=b, a=a), lambda c: (c["a"], c["b"])),
    (lambda a, b: defaultdict(int, a=a, b=b), lambda c: (c["a"], c["b"])),
    (lambda a, b: Names(a=a, b=b), lambda c: (c["a"], c["b"])),
    (Record, lambda c: (c.x, c.y)),
    (Frozen, lambda c: (c.x, c.y)),
    (Further, lambda c: (c.x, c.y)),
]
"""Every kind of container and subclasses: what makes one of two parts, and what gives these."""


@pytest.fixture
def only_the_short_way(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function after which calls of compiled functions fail where their entry point does."""

    def refuse(*args: Any) -> Any:
        raise AssertionError("the entry point did not take this")

    return lambda: monkeypatch.setattr(Mode, "_slowly", refuse)


def same(container: Any, expected: Any) -> bool:
    """Say whether two containers are of one class and hold the same."""
    return type(container) is type(expected) and repr(container) == repr(expected)


def without_text(container: Any) -> Any:
    """Return a container as it is as a gradient: with None for what is no number in a record."""
    for name in ("name", "flag"):
        if hasattr(container, name):
            setattr(container, name, None)
    return container


@pytest.mark.parametrize(("make", "parts"), KINDS)
def test_every_kind_of_container_goes_all_ways(
    make: Callable[[Any, Any], Any], parts: Callable[[Any], Any], only_the_short_way: Callable[[], None]
) -> None:
    def area(c: Any) -> Any:
        a, b = parts(c)
        return a * a * b

    def turned(c: Any) -> Any:
        a, b = parts(c)
        return make(b, a * 2.0)

    fast, fast_turned = compile(area), compile(turned)
    slope = without_text(make(24.0, 9.0))
    point = make(3.0, 4.0)
    assert same(grad(area)(point), slope)
    assert same(fast.grad(point), slope)
    assert fast(point) == 36.0
    assert same(fast_turned(point), make(4.0, 6.0))
    only_the_short_way()
    for x, y in ((3.0, 4.0), (-1.0, 0.5)):
        assert fast(make(x, y)) == x * x * y
        assert same(fast.grad(make(x, y)), without_text(make(2.0 * x * y, x * x)))
        assert same(fast_turned(make(x, y)), make(y, 2.0 * x))


@pytest.mark.parametrize(("make", "parts"), KINDS)
def test_every_kind_of_container_may_stand_in_every_other(
    make: Callable[[Any, Any], Any], parts: Callable[[Any], Any], only_the_short_way: Callable[[], None]
) -> None:
    recorded = []
    for make_inner, parts_inner in KINDS:

        def form(a: Any, b: Any, c: Any, inner: Any = make_inner) -> Any:
            return make(inner(a, b), c)

        def f(x: Any, parts_inner: Any = parts_inner) -> Any:
            first, c = parts(x)
            a, b = parts_inner(first)
            return a * b - c[1]

        fast = compile(f)
        c = np.array([1.0, 2.0])
        slope = grad(f)(form(3.0, 4.0, c))
        first, _ = parts(slope)
        assert type(first) is type(make_inner(0.0, 0.0))
        assert same(fast.grad(form(3.0, 4.0, c)), slope)
        recorded.append((fast, form, slope, c))
    only_the_short_way()
    for fast, form, slope, c in recorded:
        assert same(fast.grad(form(3.0, 4.0, c)), slope)


def test_no_kind_of_container_is_taken_for_another() -> None:
    ways = {type(make(0.0, 0.0)): parts for make, parts in KINDS}
    makers = {type(make(0.0, 0.0)): make for make, _ in KINDS}

    @compile
    def product_of(c: Any) -> Any:
        a, b = ways[type(c)](c)
        return a * b

    for one, other in permutations(makers, 2):
        for kind in (one, other, one):
            make = makers[kind]
            assert same(product_of.grad(make(3.0, 4.0)), without_text(make(4.0, 3.0)))


def test_other_keys_are_another_form() -> None:
    @compile
    def total(c: dict[Any, Any]) -> Any:
        return sum(c.values())

    kinds: tuple[Any, ...] = (dict, OrderedDict, Names)
    for make, *keys in product(kinds, ("a", "b"), ("c", "d")):
        container = make(zip(keys, (1.0, 2.0), strict=True))
        assert same(total.grad(container), make(zip(keys, (1.0, 1.0), strict=True)))


class Box:
    """No container so far."""

    def __init__(self, inside: Any) -> None:
        self.inside = inside


def test_a_further_kind_is_entered_in_one_place(
    monkeypatch: pytest.MonkeyPatch, only_the_short_way: Callable[[], None]
) -> None:
    kind = trees.Kind(
        lambda box: [("inside", box.inside)], lambda box, keys, parts: Box(*parts), lambda key: "!"
    )
    before = trees.kind_of

    def kind_of(thing: Any) -> trees.Kind | None:
        return kind if isinstance(thing, Box) else before(thing)

    for module in (trees, calls, arguments, entry_points):
        monkeypatch.setattr(module, "kind_of", kind_of)

    def square(box: Box, other: Box) -> Any:
        return Box(box.inside[0] * box.inside[0] * other.inside)

    def number(box: Box, other: Box) -> Any:
        return square(box, other).inside

    fast, fast_number = compile(square), compile(number)
    box, other = Box([3.0]), Box(2.0)
    assert grad(number)(box, other).inside == [12.0]
    assert fast_number.grad(box, other).inside == [12.0]
    assert fast_number.source.startswith("# number")
    assert fast(box, other).inside == 18.0
    assert fast.record(box, other)._recordings.latest().arguments.names == ["box![0]", "other!"]
    only_the_short_way()
    assert fast_number.grad(Box([5.0]), other).inside == [20.0]
    assert fast(Box([5.0]), other).inside == 50.0


class Numbers(list[Any]):
    """A list that looks at what it gets."""

    def __init__(self, parts: Any) -> None:
        super().__init__(parts)
        if not all(isinstance(x, (float, Value)) for x in self):
            raise TypeError("these are no numbers")


def test_a_container_may_refuse_what_is_no_number(only_the_short_way: Callable[[], None]) -> None:
    fast = compile(lambda numbers: numbers[0] * numbers[1])
    assert same(fast.grad(Numbers([3.0, 4.0])), Numbers([4.0, 3.0]))
    only_the_short_way()
    assert same(fast.grad(Numbers([5.0, 6.0])), Numbers([6.0, 5.0]))


@pytest.mark.parametrize("name", ["type", "tuple", "dict", "list", "len", "float", "str", "bool", "key"])
def test_arguments_may_have_the_names_of_what_takes_them_apart(
    name: str, only_the_short_way: Callable[[], None]
) -> None:
    fast = compile(eval(f"lambda {name}, other: {name}[0] * other['a'] if other['b'] else 0.0"))
    assert fast.grad((3.0,), {"a": 4.0, "b": True}) == (4.0,)
    only_the_short_way()
    assert fast.grad((3.0,), {"a": 5.0, "b": True}) == (5.0,)


NESTED: list[tuple[Any, Callable[[Any], Any]]] = [
    ([[2.0], 5.0], lambda v: v[0][0] - 3.0 * v[1]),
    ({"a": {"b": 2.0}, "c": 5.0}, lambda v: v["a"]["b"] - 3.0 * v["c"]),
    ((np.array([2.0, 7.0]), 5.0, [[3.0], 4.0]), lambda v: v[0][0] - 3.0 * v[1] + 5.0 * v[2][0][0] - v[2][1]),
    (Point([2.0], 5.0), lambda v: v.x[0] - 3.0 * v.y),
    (Names(a=[2.0], c=5.0), lambda v: v["a"][0] - 3.0 * v["c"]),
]


@pytest.mark.parametrize(("argument", "f"), NESTED)
def test_a_container_before_a_number_keeps_its_place(argument: Any, f: Callable[[Any], Any]) -> None:
    fast = compile(f)
    for _ in range(3):  # the second call takes the short way
        assert fast(argument) == f(argument)
        assert repr(fast.grad(argument)) == repr(grad(f)(argument))


def test_the_first_call_of_a_mode_has_its_program_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Program] = []
    write = PythonSource.__init__

    def noted(self: PythonSource, program: Program, *others: Any) -> None:
        written.append(program)
        write(self, program, *others)

    monkeypatch.setattr(PythonSource, "__init__", noted)
    f = compile(lambda x: x * x if x > 0.0 else -x)
    assert [f(3.0), f(4.0), f.grad(3.0), f.grad(4.0)] == [9.0, 16.0, 6.0, 8.0]
    assert len(written) == 2  # one for each mode
    assert [f(np.float64(3.0)), f(5.0)] == [9.0, 25.0]  # which the short way leaves to another one
    assert len(written) == 3


@pytest.mark.parametrize("shape", [(0, 0), (2, 0), (0, 3), (0,), (2, 0, 3)])
def test_empty_arrays_keep_their_shapes(shape: tuple[int, ...]) -> None:
    def f(a: Any) -> Any:
        return 2.0 * np.sum(a) + 1.0

    empty = np.ones(shape)
    fast = compile(f)
    for _ in range(3):
        assert fast.grad(empty).shape == compile(grad(f))(empty).shape == grad(f)(empty).shape == shape
        assert fast.hessian(empty).shape == hessian(f)(empty).shape == shape + shape
        assert compile(lambda a: 2.0 * a)(empty).shape == shape

"""Whatever leads to a number outside, its change is noticed."""

from __future__ import annotations

import functools
import operator
from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict, deque, namedtuple
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, compile, nn
from autograd.program.guards import (
    KeptArray,
    KeptContents,
    KeptItems,
    KeptNumber,
    are_few,
    never_changes,
    same,
)
from autograd.program.reads import reads_of


class Thing:
    """Something with attributes."""

    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)

    def read(self) -> Any:
        return self.k  # type: ignore[attr-defined]


def notices(f: Callable[..., Any], *changes: Callable[[], Any], args: tuple[Any, ...] = (3.0,)) -> None:
    """Check that a compiled function is the function before and after changes, each of which changes that."""
    fast = compile(f)
    before = None
    for change in ((lambda: None), *changes):
        change()
        result = f(*args)
        assert fast(*args) == result != before
        assert fast.grad(*args) == autograd.grad(f)(*args)
        before = result


def test_names_that_are_given_in_the_function() -> None:
    o = Thing(p=Thing(q=2.0))

    def f(x: Any) -> Any:
        a = o
        b = a.p  # type: ignore[attr-defined]
        return b.q * x

    notices(f, lambda: setattr(o.p, "q", 5.0), lambda: setattr(o, "p", Thing(q=7.0)))  # type: ignore[attr-defined]


def test_functions_comprehensions_and_classes_inside() -> None:
    k = [2.0]

    def f(x: Any) -> Any:
        class Inside:
            scale = k[0]

        def inner(y: Any) -> Any:
            return sum([k[0] * y * Inside.scale for _ in range(2)])

        return inner(x)

    notices(f, lambda: operator.setitem(k, 0, 5.0))


def test_objects_found_by_a_key() -> None:
    table: Any = {"a": Thing(k=2.0), "b": [Thing(k=3.0)], "f": lambda x: x}
    notices(
        lambda x: table["a"].k * x + table["b"][0].k * x + table["f"](x),
        lambda: setattr(table["a"], "k", 5.0),
        lambda: setattr(table["b"][0], "k", 6.0),
        lambda: operator.setitem(table, "a", Thing(k=7.0)),
        lambda: operator.setitem(table, "f", lambda x: x * 2.0),
        lambda: table["b"].insert(0, Thing(k=9.0)),
    )


class Dynamic:
    def __init__(self) -> None:
        self.inner = {"k": 2.0}

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["inner"][name]
        except KeyError:
            raise AttributeError(name) from None


class Descriptor:
    def __init__(self) -> None:
        self.kept = 2.0

    def __get__(self, thing: Any, kind: Any = None) -> Any:
        return self.kept

    def __set__(self, thing: Any, x: Any) -> None:
        self.kept = x


class Meta(type):
    k = 2.0


class Special(metaclass=Meta):
    described = Descriptor()
    __match_args__ = ("items",)

    def __init__(self) -> None:
        self.items = [2.0]
        self._half = 1.0

    @functools.cached_property
    def cached(self) -> Any:
        return self.items[0] * 2.0

    @property
    def half(self) -> Any:
        return self._half

    @half.setter
    def half(self, x: Any) -> None:
        self._half = x

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __enter__(self) -> Any:
        return self.items[0]

    def __exit__(self, *exception: object) -> None:
        pass


class Mapped(dict[str, Any]):
    def __getattr__(self, name: str) -> Any:
        return self[name]


def test_attributes_that_code_finds() -> None:
    dynamic, special, mapped = Dynamic(), Special(), Mapped(k=2.0)
    notices(lambda x: dynamic.k * x, lambda: dynamic.inner.update(k=5.0))
    notices(lambda x: mapped.k * x, lambda: mapped.update(k=5.0))
    notices(lambda x: special.described * x, lambda: setattr(special, "described", 5.0))
    notices(lambda x: special.half * x, lambda: setattr(special, "half", 5.0))
    notices(lambda x: Special.k * x, lambda: setattr(Meta, "k", 5.0))
    notices(lambda x: special.cached * x, lambda: setattr(special, "cached", 5.0))
    notices(lambda x: sum([item * x for item in special]), lambda: special.items.append(3.0))


def test_a_block_and_patterns() -> None:
    special = Special()

    def block(x: Any) -> Any:
        with special as k:
            return k * x

    def by_name(x: Any) -> Any:
        match special:
            case Special(items=[k]):
                return k * x

    def by_place(x: Any) -> Any:
        match special:
            case Special([k]):
                return k * x

    for f in (block, by_name, by_place):
        special.items[0] = 2.0
        notices(f, lambda: operator.setitem(special.items, 0, 5.0))


def test_getters_and_callbacks() -> None:
    thing, k = Thing(k=2.0), 2.0
    get, call = operator.attrgetter("k"), operator.methodcaller("read")

    def add(a: Any, b: Any) -> Any:
        return a + k * b

    def change() -> None:
        nonlocal k
        k = 5.0

    name = "k"
    notices(lambda x: get(thing) * x, lambda: setattr(thing, "k", 5.0))
    notices(lambda x: call(thing) * x, lambda: setattr(thing, "k", 6.0))
    notices(lambda x: getattr(thing, name) * x, lambda: setattr(thing, "k", 7.0))
    notices(lambda x: thing.__dict__["k"] * x, lambda: setattr(thing, "k", 8.0))
    notices(lambda x: functools.reduce(add, [x, x]), change)


def test_functions_by_the_type_of_their_argument() -> None:
    @functools.singledispatch
    def scale(x: Any) -> float:
        return 2.0

    def more() -> None:
        scale.register(int, lambda x: 5.0)

    notices(lambda x: scale(1) * x, more)


def test_generators_read_when_they_run() -> None:
    rows = [2.0]

    def each() -> Iterator[float]:
        yield from rows

    notices(lambda x: sum([row * x for row in each()]), lambda: rows.append(3.0))


@pytest.mark.parametrize(
    "make",
    [
        dict,
        OrderedDict,
        Counter,
        lambda d: defaultdict(float, d),
        lambda d: ChainMap(d),
        lambda d: MappingProxyType(d),
        UserDict,
    ],
)
def test_whatever_is_like_a_dict(make: Callable[[Any], Any]) -> None:
    inner: dict[Any, Any] = {"k": 2, "thing": 1}
    mapping = make(inner)

    def change(key: str, x: Any) -> Callable[[], None]:
        return lambda: operator.setitem(
            inner if isinstance(mapping, (ChainMap, MappingProxyType)) else mapping, key, x
        )

    notices(lambda x: mapping["k"] * x, change("k", 5))
    change("thing", Thing(k=3.0))()
    notices(lambda x: mapping["thing"].k * x, lambda: setattr(mapping["thing"], "k", 5.0))


def test_objects_in_a_deque_and_in_a_set() -> None:
    first: Any = Thing(k=2.0)
    second: Any = Thing(k=3.0)
    line, bag = deque([first]), {first}
    notices(lambda x: line[0].k * x, lambda: setattr(first, "k", 5.0), lambda: line.appendleft(second))
    notices(lambda x: sum([o.k for o in bag]) * x, lambda: setattr(first, "k", 7.0), lambda: bag.add(second))


def test_arrays_as_attributes_views_and_of_values() -> None:
    thing: Any = Thing(w=np.array([1.0, 2.0]))
    base: Any = np.zeros(10)
    view, values = base[2:4], np.array([Value(1.0), Value(2.0)])
    notices(lambda x: float(thing.w[0]) * x, lambda: operator.setitem(thing.w, 0, 5.0))
    notices(lambda x: (1.0 + float(view[0])) * x, lambda: operator.setitem(base, 2, 5.0))
    fast = compile(lambda x: values @ x)
    x = np.array([1.0, 1.0])
    assert fast(x) == 3.0
    values[0].data = 5.0
    assert fast(x) == 7.0
    values[0] = Value(9.0)
    assert fast(x) == 11.0


class Network(nn.Module):
    def __init__(self) -> None:
        self.layer = nn.Layer(1, 1, seed=0, nonlin=False)
        self.scale = 2.0

    def __call__(self, x: Any) -> Any:
        return self.layer([x]) * self.scale + sum([p * p for p in self.parameters()])


def test_a_network_of_ones_own() -> None:
    net = Network()
    fast = compile(lambda x: net(x))
    changes: list[Callable[[], None]] = [
        lambda: None,
        lambda: setattr(net, "scale", 7.0),
        lambda: setattr(net.layer.neurons[0].w[0], "data", 5.0),
        lambda: setattr(net, "layer", nn.Layer(1, 1, seed=4)),
        lambda: setattr(net, "another", Value(3.0)),
    ]
    for change in changes:
        change()
        assert fast(3.0) == net(3.0).data


# What arguments have besides their parts

SCALE = {"k": 2.0}
CHANGED = 0


@dataclass
class Record:
    k: float = 2.0

    def loss(self) -> Any:
        return self.k * SCALE["k"]


class Pair(namedtuple("Pair", "a b")):
    def loss(self) -> Any:
        return self.a * self.b * SCALE["k"]


@pytest.mark.parametrize("make", [lambda: Record(), lambda: Pair(2.0, 3.0), lambda: [Record(), 1.0]])
def test_methods_of_records_read_from_outside(
    make: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    f: Any = lambda r: (r[0] if isinstance(r, list) else r).loss()  # noqa: E731
    fast = compile(f)
    before = fast(make())
    monkeypatch.setitem(SCALE, "k", 5.0)
    assert fast(make()) == f(make()) == before * 2.5


def test_attributes_of_records_that_are_no_fields() -> None:
    f: Any = lambda r: r.k * getattr(r, "scale", 1.0)  # noqa: E731
    fast = compile(f)
    plain, scaled = Record(), Record()
    scaled.scale = 3.0  # type: ignore[attr-defined]
    for _ in range(2):
        assert [fast(r) for r in (plain, scaled, plain)] == [2.0, 6.0, 2.0]
    scaled.scale = 5.0  # type: ignore[attr-defined]
    assert fast(scaled) == 10.0
    scaled.scale = [1.0]  # type: ignore[attr-defined]
    other: Any = lambda r: r.k * r.scale[0]  # noqa: E731
    fast = compile(other)
    assert fast(scaled) == 2.0
    scaled.scale[0] = 4.0  # type: ignore[attr-defined]
    assert fast(scaled) == 8.0


# Nothing of the user's own is called


class Loud:
    def __getattribute__(self, name: str) -> Any:
        if name == "k":
            raise AssertionError("read")
        return object.__getattribute__(self, name)


def test_to_look_for_guards_calls_nothing() -> None:
    loud, dynamic = Loud(), Mapped()
    f: Any = lambda x: x if x > -1e9 else loud.k * dynamic.k  # noqa: E731
    assert compile(f)(3.0) == 3.0


# Parts


def test_what_code_reads_is_found_in_all_of_it() -> None:
    def f(x: Any) -> Any:
        import json

        global CHANGED
        CHANGED = 1

        def g() -> Any:
            return [CHANGED.attribute, SCALE, hasattr(x, "asked")]  # type: ignore[attr-defined]

        return g, json

    reads = reads_of(f.__code__)
    assert {"SCALE", "hasattr"} <= reads.names
    assert "attribute" in reads.attributes
    assert "asked" in reads.asked
    assert reads.modules == {"json"}
    assert "CHANGED" in reads.stored
    assert not reads.everything
    assert not reads.changes
    assert reads_of((lambda x: vars(x)).__code__).everything
    assert reads_of((lambda x: x.append(1)).__code__).changes


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        (1.0, 1.0, True),
        (1, 1.0, False),
        (1, True, False),
        (0.0, -0.0, False),
        (float("nan"), float("nan"), True),
        ((1, (2.0,)), (1, (2.0,)), True),
        ((1, (2.0,)), (1, (2,)), False),
        (frozenset({1}), frozenset({True}), False),
        (complex(0.0, -0.0), complex(0.0, 0.0), False),
        ("a", "a", True),
    ],
)
def test_sameness_knows_types_and_signs(a: Any, b: Any, answer: bool) -> None:
    assert same(a, b) is answer
    assert KeptNumber(a).holds(b) is answer


def test_few_numbers_are_compared_with_their_types() -> None:
    assert are_few([1.0] * 15)
    assert are_few({"a": [1.0, 2.0], "b": (3.0,)})
    assert not are_few([1.0] * 16)
    assert not are_few([[1.0] * 6, [1.0] * 6, [1.0] * 6])
    assert not KeptContents([1.0, 2.0]).holds([1.0, 2])
    with pytest.raises(ValueError, match="unmarshallable"):
        KeptContents([Thing()])


def test_a_long_list_is_compared_part_by_part() -> None:
    numbers = [float(i) for i in range(100)]
    notices(lambda x: sum([k * x for k in numbers]), lambda: operator.setitem(numbers, 50, -1.0), numbers.pop)
    rows = [[float(i)] for i in range(100)]
    notices(lambda x: sum([k[0] * x for k in rows]), lambda: operator.setitem(rows[50], 0, -1.0), rows.pop)
    table = {i: float(i) for i in range(100)}
    notices(
        lambda x: sum([i * x for i in table]) + next(iter(table)), lambda: table.update({0: table.pop(0)})
    )
    assert (
        KeptItems(numbers).digest() == KeptItems(numbers.copy()).digest() != KeptItems(numbers[1:]).digest()
    )


def test_arrays_are_the_same_by_type_shape_and_numbers() -> None:
    kept = KeptArray(np.array([[1.0, 2.0]]))
    assert kept.holds(np.array([[1.0, 2.0]], order="F"))
    assert not kept.holds(np.array([[1.0], [2.0]]))
    assert not kept.holds(np.array([[1.0, 2.0]], dtype=np.float32))


def test_what_never_changes() -> None:
    assert all(map(never_changes, [None, 1, "a", (1, ("b",)), np.float64(1.0), range(3), frozenset({1})]))
    assert not any(map(never_changes, [[], (1, []), Thing(), len, SimpleNamespace()]))

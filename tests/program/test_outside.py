"""What a compiled function reads besides its arguments is never stale, however it reads it and it changes."""

from __future__ import annotations

import functools
import operator
import pickle
import sys
import threading
from array import array
from collections import UserDict, UserList, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest

import autograd
from autograd import CompileError, Value, compile, math, nn, vmap
from autograd.program import signature, visiting
from autograd.program.compiled import Compiled

MODES = ("value_and_grad", "grad", "jacobian", "hessian")
POINTS = (3.0, -1.25)


def agree(fast: Compiled, f: Callable[..., Any], *rest: Any) -> None:
    """Check that a compiled function is the function, in all modes and at several points."""
    for x in POINTS:
        assert fast(x, *rest) == f(x, *rest), x
        for mode in MODES:
            assert getattr(fast, mode)(x, *rest) == getattr(autograd, mode)(f)(x, *rest), (mode, x)
        assert fast.hvp(x, 2.0, *rest) == autograd.hvp(f)(x, 2.0, *rest)


# A way of reading makes, of what f is to read, f and a function that binds another thing in its place. Of
# what f reads, a number or a container of numbers, it takes the `number`.


def number(k: Any) -> Any:
    """Return a number that says what is in k, and of what type it is."""
    if isinstance(k, (int, float)):
        return k + (0.25 if isinstance(k, int) else 0.0)
    if isinstance(k, dict):
        return sum((i + 1) * number(x) for i, x in enumerate(k.values()))
    if isinstance(k, np.ndarray):
        return sum((i + 1) * float(x) for i, x in enumerate(k.ravel()))
    if isinstance(k, (set, frozenset)):
        return float(sum(k))
    if isinstance(k, (list, tuple, deque, bytearray, array)):
        return sum((i + 1) * number(x) for i, x in enumerate(k))
    return number(k.k)


GLOBAL: Any = None
CONFIGURATION = ModuleType("configuration_of_a_test")
sys.modules[CONFIGURATION.__name__] = CONFIGURATION


def in_a_closure(k: Any) -> tuple[Any, Callable[[Any], None]]:
    def change(other: Any) -> None:
        nonlocal k
        k = other

    return lambda x: number(k) * x * x, change


def in_a_closure_of_a_helper(k: Any) -> tuple[Any, Callable[[Any], None]]:
    helper, change = in_a_closure(k)
    return lambda x: 2.0 * helper(x), change


def in_a_global(k: Any) -> tuple[Any, Callable[[Any], None]]:
    global GLOBAL
    GLOBAL = k

    def change(other: Any) -> None:
        global GLOBAL
        GLOBAL = other

    return lambda x: sum([number(GLOBAL) * x * x for _ in range(2)]), change


def in_a_module(k: Any) -> tuple[Any, Callable[[Any], None]]:
    CONFIGURATION.k = k  # type: ignore[attr-defined]

    def change(other: Any) -> None:
        CONFIGURATION.k = other  # type: ignore[attr-defined]

    return lambda x: number(CONFIGURATION.k) * x * x, change


def in_a_module_imported_inside(k: Any) -> tuple[Any, Callable[[Any], None]]:
    _, change = in_a_module(k)

    def f(x: Any) -> Any:
        from configuration_of_a_test import k  # type: ignore[import-not-found]

        return number(k) * x * x

    return f, change


class Model:
    class_k: ClassVar[Any] = None

    def __init__(self, k: Any) -> None:
        self.k = k

    def loss(self, x: Any) -> Any:
        return number(self.k) * x * x

    @property
    def half(self) -> Any:
        return 0.5 * number(self.k)

    @classmethod
    def of_class(cls, x: Any) -> Any:
        return number(cls.class_k) * x * x

    @staticmethod
    def of_nothing(x: Any) -> Any:
        return number(GLOBAL) * x * x

    def __call__(self, x: Any) -> Any:
        return self.loss(x)

    def __mul__(self, x: Any) -> Any:
        return number(self.k) * x


class Slotted:
    __slots__ = ("k",)

    def __init__(self, k: Any) -> None:
        self.k = k


class Inheriting(Model):
    def loss(self, x: Any) -> Any:
        return super().loss(x) * 3.0


def _of(holder: Any, f: Callable[[Any], Any], name: str = "k") -> tuple[Any, Callable[[Any], None]]:
    return f, lambda other: setattr(holder, name, other)


def in_self(k: Any) -> tuple[Any, Callable[[Any], None]]:
    model = Model(k)
    return _of(model, model.loss)


def in_self_of_a_callable(k: Any) -> tuple[Any, Callable[[Any], None]]:
    model = Model(k)
    return _of(model, model)


def in_self_of_a_base(k: Any) -> tuple[Any, Callable[[Any], None]]:
    model = Inheriting(k)
    return _of(model, lambda x: model.loss(x))


def in_a_property(k: Any) -> tuple[Any, Callable[[Any], None]]:
    model = Model(k)
    return _of(model, lambda x: model.half * x * x)


def in_an_operator(k: Any) -> tuple[Any, Callable[[Any], None]]:
    model = Model(k)
    return _of(model, lambda x: (model * x) * x)


def in_a_class(k: Any) -> tuple[Any, Callable[[Any], None]]:
    Model.class_k = k
    return _of(Model, lambda x: number(Model.class_k) * x * x, "class_k")


def in_a_class_method(k: Any) -> tuple[Any, Callable[[Any], None]]:
    Model.class_k = k
    return _of(Model, lambda x: Model(0.0).of_class(x), "class_k")


def in_a_class_read_from_an_object(k: Any) -> tuple[Any, Callable[[Any], None]]:
    Model.class_k = k
    model = Model(0.0)
    return _of(Model, lambda x: number(model.class_k) * x * x, "class_k")


def in_a_static_method(k: Any) -> tuple[Any, Callable[[Any], None]]:
    _, change = in_a_global(k)
    return lambda x: Model.of_nothing(x), change


def in_a_slot(k: Any) -> tuple[Any, Callable[[Any], None]]:
    slotted = Slotted(k)
    return _of(slotted, lambda x: number(slotted.k) * x * x)


def in_a_namespace(k: Any) -> tuple[Any, Callable[[Any], None]]:
    space = SimpleNamespace(k=k)
    return _of(space, lambda x: number(space.k) * x * x)


def by_getattr(k: Any) -> tuple[Any, Callable[[Any], None]]:
    model = Model(k)
    return _of(model, lambda x: number(getattr(model, "k", 1.0)) * x * x)


def by_vars(k: Any) -> tuple[Any, Callable[[Any], None]]:
    space = SimpleNamespace(k=k)
    return _of(space, lambda x: sum([number(k) for k in vars(space).values()]) * x * x)


def in_an_object_in_a_list(k: Any) -> tuple[Any, Callable[[Any], None]]:
    models = [Model(1.0), Model(k)]
    return _of(models[1], lambda x: models[0].loss(x) + models[1].loss(x))


def in_an_object_in_a_dict(k: Any) -> tuple[Any, Callable[[Any], None]]:
    model = Model(k)
    models = {"a": {"b": (model, None)}}
    return _of(model, lambda x: models["a"]["b"][0].loss(x))


def in_a_partial(k: Any) -> tuple[Any, Callable[[Any], None]]:
    model = Model(k)
    return _of(model, functools.partial(lambda model, x: model.loss(x), model))


def in_a_default(k: Any) -> tuple[Any, Callable[[Any], None]]:
    def helper(x: Any, k: Any = k) -> Any:
        return number(k) * x * x

    def change(other: Any) -> None:
        helper.__defaults__ = (other,)

    return lambda x: helper(x), change


def in_a_keyword_default(k: Any) -> tuple[Any, Callable[[Any], None]]:
    def helper(x: Any, *, k: Any = k) -> Any:
        return number(k) * x * x

    def change(other: Any) -> None:
        assert helper.__kwdefaults__ is not None
        helper.__kwdefaults__["k"] = other

    return lambda x: helper(x), change


def in_an_attribute_of_a_function(k: Any) -> tuple[Any, Callable[[Any], None]]:
    def f(x: Any) -> Any:
        return number(f.k) * x * x  # type: ignore[attr-defined]

    f.k = k  # type: ignore[attr-defined]
    return _of(f, f)


def behind_a_decorator(k: Any) -> tuple[Any, Callable[[Any], None]]:
    helper, change = in_a_closure(k)

    @functools.wraps(helper)
    def decorated(*args: Any) -> Any:
        return helper(*args)

    return lambda x: decorated(x), change


def in_a_transformed_function(k: Any) -> tuple[Any, Callable[[Any], None]]:
    helper, change = in_a_closure(k)
    compiled = compile(helper)
    return lambda x: compiled(x) * 2.0, change


READINGS = [
    in_a_closure, in_a_closure_of_a_helper, in_a_global, in_a_module, in_a_module_imported_inside, in_self,
    in_self_of_a_callable, in_self_of_a_base, in_a_property, in_an_operator, in_a_class, in_a_class_method,
    in_a_class_read_from_an_object, in_a_static_method, in_a_slot, in_a_namespace, by_getattr, by_vars,
    in_an_object_in_a_list, in_an_object_in_a_dict, in_a_partial, in_a_default, in_a_keyword_default,
    in_an_attribute_of_a_function, behind_a_decorator, in_a_transformed_function,
]  # fmt: skip


@pytest.mark.parametrize("reading", READINGS)
def test_what_is_bound_anew_is_noticed(reading: Callable[[Any], tuple[Any, Callable[[Any], None]]]) -> None:
    f, change = reading(2.0)
    fast = compile(f)
    for other in (2.0, 10.0, 10, [1.0, 2.0], (1.0, 2.0), (1, 2.0), {"a": 1.0}, Model(3.0), 2.0, -5.0):
        k = other
        change(k)
        agree(fast, f)


def set_item(k: Any, key: Any, x: Any) -> None:
    k[key] = x


IN_PLACE: list[tuple[Callable[[], Any], Callable[[Any], Any]]] = [
    (lambda: [1.0, 2.0], lambda k: set_item(k, 0, 7.0)),
    (lambda: [1.0, 2.0], lambda k: set_item(k, 0, 1)),
    (lambda: [1.0, 2.0], lambda k: k.append(3.0)),
    (lambda: [1.0, 2.0], lambda k: k.reverse()),
    (lambda: [[1.0], [2.0, 3.0]], lambda k: set_item(k[1], 0, 7.0)),
    (lambda: {"a": 1.0, "b": 2.0}, lambda k: set_item(k, "b", 7.0)),
    (lambda: {"a": 1.0, "b": 2.0}, lambda k: k.update(a=k.pop("a"))),
    (lambda: {"a": [1.0]}, lambda k: k["a"].append(2.0)),
    (lambda: {1.0, 2.0}, lambda k: k.add(3.0)),
    (lambda: deque([1.0, 2.0]), lambda k: k.rotate(1)),
    (lambda: bytearray(b"ab"), lambda k: set_item(k, 0, 7)),
    (lambda: array("d", [1.0, 2.0]), lambda k: set_item(k, 0, 7.0)),
    (lambda: np.array([1.0, 2.0]), lambda k: set_item(k, 0, 7.0)),
    (lambda: np.array([[1, 2], [3, 4]]), lambda k: set_item(k, (1, 0), 7)),
    (lambda: np.arange(20.0)[::2], lambda k: set_item(k, 3, -1.0)),
    (lambda: [np.array([1.0])], lambda k: set_item(k[0], 0, 7.0)),
    (lambda: (1.0, [2.0]), lambda k: set_item(k[1], 0, 7.0)),
    (lambda: Model(1.0), lambda k: setattr(k, "k", 7.0)),
    (lambda: Model([1.0]), lambda k: k.k.append(7.0)),
    (lambda: [Model(1.0), Model(2.0)], lambda k: setattr(k[1], "k", 7.0)),
    (lambda: [Model(1.0), Model(2.0)], lambda k: k.reverse()),
    (lambda: {"a": Model(1.0)}, lambda k: set_item(k, "a", Model(2.0))),
]


@pytest.mark.parametrize("reading", READINGS)
def test_what_changes_in_place_is_noticed(
    reading: Callable[[Any], tuple[Any, Callable[[Any], None]]],
) -> None:
    for make, change_it in IN_PLACE:
        k = make()
        f, _ = reading(k)
        fast = compile(f)
        before = f(3.0)
        assert (fast(3.0), fast.grad(3.0)) == (before, autograd.grad(f)(3.0))
        change_it(k)
        assert (fast(3.0), fast.grad(3.0)) == (f(3.0), autograd.grad(f)(3.0))
        assert f(3.0) != before


def test_what_is_as_it_was_needs_no_new_recording() -> None:
    calls: list[int] = []
    k: Any = 2.0

    def f(x: Any) -> Any:
        calls.append(1)
        return number(k) * x

    fast = compile(f)
    for other in (2.0, 3.0, [1.0, 2.0], 2.0, 3.0, [1.0, 2.0], float("2.0"), float("nan"), float("nan")):
        k = other
        fast(2.0)
        fast.grad(4.0)
    assert len(calls) == 2 * 4


def test_zero_has_a_sign_and_types_differ() -> None:
    k: Any = 0.0
    f: Any = lambda x: math.copysign(x, k) if type(k) is float else x * 3.0  # noqa: E731
    fast = compile(f)
    for other in (0.0, -0.0, 0, False, 0.0):
        k = other
        assert fast(2.0) == f(2.0)


class Shape(Enum):
    ROUND = 1
    SQUARE = 2


@pytest.mark.parametrize(
    ("k", "other"),
    [
        ("a", "b"),
        (None, 1),
        (Shape.ROUND, Shape.SQUARE),
        (np.float64(1.0), np.float64(2.0)),
        (1 + 2j, 1 + 3j),
        (b"a", b"b"),
        (frozenset({1}), frozenset({1.0})),
        (np.array([1.0, 2.0]), np.array([1, 2])),
        (math.tanh, math.sin),
        (float, int),
    ],
)
def test_any_constant_is_noticed(k: Any, other: Any) -> None:
    f: Any = lambda x: x * float(sum(map(ord, repr(k))) % 97)  # noqa: E731
    fast = compile(f)
    agree(fast, f)
    k = other
    agree(fast, f)


# Functions and classes


def test_a_helper_that_is_defined_anew_is_noticed() -> None:
    space: dict[str, Any] = {"__name__": "notebook"}
    exec("def helper(x):\n    return x * x\ndef f(x):\n    return helper(x) + max(x, 1.0)", space)
    fast = compile(space["f"])
    agree(fast, space["f"])
    exec("def helper(x):\n    return x * x * x", space)
    agree(fast, space["f"])
    exec("def max(x, y):\n    return x * y", space)
    agree(fast, space["f"])
    del space["max"]
    agree(fast, space["f"])


def test_a_module_that_is_loaded_anew_is_noticed() -> None:
    module = ModuleType("loaded_by_a_test")
    exec("def helper(x):\n    return x * x", vars(module))
    helper = module.helper
    f: Any = lambda x: helper(x)  # noqa: E731
    fast = compile(f)
    agree(fast, f)
    exec("def helper(x):\n    return x * x * x", vars(module))
    helper.__code__ = module.helper.__code__  # as IPython's autoreload does
    agree(fast, f)


def test_methods_that_are_replaced_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model(2.0)
    f: Any = lambda x: model.loss(x) * model.half  # noqa: E731
    fast = compile(f)
    agree(fast, f)
    monkeypatch.setattr(Model, "loss", lambda self, x: self.k * x * 5.0)
    agree(fast, f)
    monkeypatch.setattr(model, "loss", lambda x: x * 7.0, raising=False)
    agree(fast, f)
    monkeypatch.setattr(Model, "half", property(lambda self: 3.0))
    agree(fast, f)


def test_an_attribute_that_appears_is_noticed() -> None:
    model = Model(2.0)
    f: Any = lambda x: getattr(model, "scale", 1.0) * (2.0 if hasattr(model, "twice") else 1.0) * x  # noqa: E731
    fast = compile(f)
    agree(fast, f)
    model.scale = 4.0  # type: ignore[attr-defined]
    agree(fast, f)
    model.twice = None  # type: ignore[attr-defined]
    agree(fast, f)
    del model.scale  # type: ignore[attr-defined]
    agree(fast, f)


def test_an_object_hides_what_its_class_has() -> None:
    Model.class_k = 2.0
    model = Model(0.0)
    f: Any = lambda x: model.class_k * x  # noqa: E731
    fast = compile(f)
    agree(fast, f)
    model.class_k = 5.0  # type: ignore[misc]
    agree(fast, f)


def test_a_variable_that_is_deleted_raises_as_the_function_does() -> None:
    space: dict[str, Any] = {"__name__": "notebook", "k": 2.0}
    exec("def f(x):\n    return k * x", space)
    fast = compile(space["f"])
    assert fast(3.0) == 6.0
    del space["k"]
    with pytest.raises(NameError, match="'k' is not defined"):
        fast(3.0)
    space["k"] = 4.0
    assert fast(3.0) == 12.0


# Values and networks


def test_another_value_in_the_place_of_a_value_is_noticed() -> None:
    w = Value(2.0)
    model = Model(Value(3.0))
    rows = [Value(1.0), Value(4.0)]
    f: Any = lambda x: w * x * model.k + rows[0] * x + rows[1]  # noqa: E731
    plain: Any = lambda x: (w.data * x * model.k.data + rows[0].data * x) + rows[1].data  # noqa: E731
    fast = compile(f)
    changes: list[Callable[[], Any]] = [
        lambda: None,
        lambda: setattr(w, "data", 5.0),
        lambda: setattr(model, "k", Value(7.0)),
        lambda: setattr(model.k, "data", 8.0),
        lambda: set_item(rows, 0, Value(9.0)),
        lambda: set_item(rows, 1, Value(4.0)),  # the same number, at first
        lambda: setattr(rows[1], "data", 6.0),
    ]
    for change in changes:
        change()
        assert fast(3.0) == plain(3.0)
        assert fast.grad(3.0) == w.data * model.k.data + rows[0].data
    w = Value(-1.0)
    assert fast(3.0) == plain(3.0)


def test_a_network_that_is_trained_is_not_recorded_anew() -> None:
    net = nn.MLP(2, [3, 1], seed=0)
    fast = compile(lambda x: net(x))
    for _ in range(3):
        assert fast([0.5, -0.25]) == net([0.5, -0.25]).data
        for parameter in net.parameters():
            parameter.data += 0.125
    assert len(fast._recordings.signatures) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda net: setattr(net.layers[0].neurons[1], "b", Value(7.0)),
        lambda net: set_item(net.layers[0].neurons[1].w, 0, Value(7.0)),
        lambda net: setattr(net.layers[0].neurons[1], "activation", "tanh"),
        lambda net: vars(net.layers[0].neurons[1]).update(nonlin=False),
        lambda net: net.layers.append(nn.Layer(1, 1, seed=3)),
        lambda net: net.layers[0].neurons.reverse(),
        lambda net: set_item(net.layers, 1, nn.Layer(3, 1, seed=5)),
    ],
)
def test_a_network_that_is_built_otherwise_is_noticed(change: Callable[[Any], None]) -> None:
    net = nn.MLP(2, [3, 1], seed=0)
    fast = compile(lambda x: net(x))
    x = [0.5, 0.75]
    before = fast(x)
    assert before == net(x).data
    change(net)
    assert fast(x) == net(x).data != before


# What the function changes itself


def test_what_the_function_counts_does_not_make_it_record_for_ever() -> None:
    calls = 0
    history: list[float] = []
    space = SimpleNamespace(counted=0)
    table = {"turns": 0, "latest": 0}

    def f(x: Any) -> Any:
        nonlocal calls
        calls += 1
        space.counted += 1
        table["turns"] += 1
        table["latest"] = calls_of(x)
        history.append(1.0)
        return x * x if x > 0.0 else -x

    fast = compile(f)
    for _ in range(5):
        assert (fast(3.0), fast(-3.0), fast.grad(2.0)) == (9.0, 3.0, 4.0)
    assert calls == len(history) == space.counted == table["turns"] == 4  # two paths, each called twice


def counted(space: Any) -> int:
    space.n += 1
    return int(space.n)


def calls_of(x: Any) -> int:
    """Return another number at every call."""
    return id(x)


@pytest.mark.parametrize(
    "change_and_read",
    [
        counted,
        lambda space: space.calls.append(1) or len(space.calls),
        lambda space: space.calls.append(1) or sum(space.calls),
        lambda space: operator.setitem(space.table, "n", space.table["n"] + 1) or space.table["n"],
    ],
)
def test_what_every_call_changes_and_reads_is_an_error(change_and_read: Callable[[Any], int]) -> None:
    space = SimpleNamespace(n=0, calls=[], table={"n": 0})
    f: Any = lambda x: x if change_and_read(space) < 100 else 2.0 * x  # noqa: E731
    with pytest.raises(
        CompileError, match=r"every call changes the attribute '\w+' of SimpleNamespace, which"
    ):
        compile(f)(3.0)
    assert compile(f, check=False)(3.0) == 3.0


def test_what_the_function_changes_and_returns_is_an_error_that_names_it() -> None:
    count = 0

    def f(x: Any) -> Any:
        nonlocal count
        count += 1
        return x * count

    with pytest.raises(CompileError, match=r"changes itself: the variable 'count' of f"):
        compile(f)(3.0)


def test_what_the_first_call_sets_up_is_guarded_too() -> None:
    model = Model(None)

    def f(x: Any) -> Any:
        if model.k is None:
            model.k = 2.0
        return model.k * x

    fast = compile(f)
    assert fast(3.0) == 6.0
    model.k = 5.0
    assert fast(3.0) == 15.0
    model.k = None
    assert fast(3.0) == 6.0


def test_a_number_that_changes_at_every_call_is_no_error_and_is_let_go() -> None:
    k = 0.0
    fast = compile(lambda x: k * x)
    rows = vmap(fast)
    for i in range(4 * signature.STATES):
        k = float(i)
        assert fast.grad(3.0) == k
        assert rows(np.array([1.0, 2.0])).tolist() == [k, 2.0 * k]
        assert len(fast._recordings.signatures) == min(i + 1, signature.STATES)


def test_the_states_used_most_recently_are_kept() -> None:
    k, calls = 0.0, 0

    def f(x: Any) -> Any:
        nonlocal calls
        calls += 1
        return k * x

    fast = compile(f)
    for i in (*range(signature.STATES), 0, signature.STATES):
        k = float(i)
        assert fast(3.0) == 3.0 * k
    for i, times in ((0, 0), (signature.STATES, 0), (2, 0), (1, 2)):
        k, calls = float(i), 0
        assert fast(3.0) == 3.0 * k
        assert calls == times


def test_forms_are_bounded_apart_from_their_states() -> None:
    k = 0.0
    fast = compile(lambda x, flag: k * x if flag else k + x, max_forms=1)
    for i in range(3):
        k = float(i)
        assert fast(3.0, True) == 3.0 * k
    assert len(fast._recordings.signatures) == 3
    assert fast(3.0, False) == 5.0
    assert len(fast._recordings.signatures) == 1
    k = 1.0
    assert (fast(3.0, True), fast(3.0, False)) == (3.0, 4.0)


def test_a_path_that_raises_is_passed_over_in_every_state() -> None:
    k = 1.0

    def f(x: Any) -> Any:
        try:
            return k / x
        except ZeroDivisionError:
            return -k

    fast = compile(f)
    for other in (1.0, 2.0, 1.0, 3.0):
        k = other
        for x in (2.0, 0.0, 4.0, 0.0):
            assert fast(x) == f(x)
    assert [len(s.paths) for s in fast._recordings.signatures] == [2, 2, 2]


def test_whole_numbers_are_inputs_in_every_state() -> None:
    k = 1.0
    fast = compile(lambda x, n: x * n + k)
    for other in (1.0, 2.0, 1.0):
        k = other
        for n in range(1, 6):
            assert fast(3.0, n) == 3.0 * n + k
    assert len(fast._recordings.signatures) <= 4


def test_a_whole_number_that_is_kept_outside_is_an_input() -> None:
    calls: list[Any] = []

    def f(x: Any, n: Any) -> Any:
        calls.append((x, n))
        return x * n

    fast = compile(f)
    for n in range(2, 20):
        assert fast(3.0, n) == 3.0 * n
    assert len(calls) <= 8


def times_length(x: Any, s: set[int]) -> Any:
    return x * len(s)


def test_a_kept_set_is_the_one_that_was_given() -> None:
    s = {1}
    fast = compile(times_length)
    assert fast(3.0, s) == 3.0
    s.add(2)
    again = pickle.loads(pickle.dumps(fast))
    assert len(again._recordings.signatures[0].paths) == 1
    assert (fast(3.0, s), again(3.0, s), again(3.0, {1})) == (6.0, 6.0, 3.0)


# Arguments


def test_an_attribute_of_an_argument_is_noticed() -> None:
    f: Any = lambda x, model: model.loss(x)  # noqa: E731
    fast = compile(f)
    model = Model(2.0)
    agree(fast, f, model)
    model.k = [1.0, 3.0]
    agree(fast, f, model)
    model.k.append(5.0)
    agree(fast, f, model)
    agree(fast, f, Model(7.0))
    agree(fast, f, model)


@dataclass
class Settings:
    model: Model
    scale: float = 2.0
    kinds: list[str] = field(default_factory=list)


def test_objects_in_containers_in_arguments_are_noticed() -> None:
    def f(x: Any, settings: Settings) -> Any:
        return settings.model.loss(x) * settings.scale * float(len(settings.kinds))

    fast = compile(f)
    settings = Settings(Model(2.0), 3.0, ["a"])
    agree(fast, f, settings)
    settings.model.k = 5.0
    agree(fast, f, settings)
    settings.kinds.append("b")
    agree(fast, f, settings)


class Equal:
    def __init__(self, name: str, k: float) -> None:
        self.name, self.k = name, k

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Equal) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


def test_objects_that_call_themselves_equal_are_compared_attribute_by_attribute() -> None:
    f: Any = lambda x, thing: thing.k * x  # noqa: E731
    fast = compile(f)
    agree(fast, f, Equal("a", 2.0))
    agree(fast, f, Equal("a", 5.0))
    agree(fast, f, Equal("a", 2.0))
    assert len(fast._recordings.signatures) == 2


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (lambda: np.array([1, 0, 1]), lambda k: set_item(k, 1, 5)),
        (lambda: np.array([True, False]), lambda k: set_item(k, 1, True)),
        (lambda: np.array([1, 2], dtype=object), lambda k: set_item(k, 1, 5)),
        (lambda: {1, 2}, lambda k: k.add(3)),
        (lambda: deque([1, 2]), lambda k: k.append(3)),
        (lambda: bytearray(b"ab"), lambda k: k.append(3)),
        (lambda: array("i", [1, 2]), lambda k: k.append(3)),
        (lambda: [1, np.array([2])], lambda k: set_item(k[1], 0, 7)),
        (lambda: {"a": {1, 2}}, lambda k: k["a"].add(5)),
        (lambda: UserList([1, 2]), lambda k: k.append(3)),
        (lambda: UserDict(a=1), lambda k: k.update(b=3)),
    ],
)
def test_an_argument_that_changes_in_place_is_noticed(
    make: Callable[[], Any], change: Callable[[Any], Any]
) -> None:
    def total(k: Any) -> int:
        if isinstance(k, (dict, UserDict)):
            return sum(total(x) for x in k.values())
        return (
            int(k)
            if isinstance(k, (int, np.integer, np.bool_))
            else sum((i + 2) * total(x) for i, x in enumerate(k))
        )

    f: Any = lambda x, k: x * total(k) if x > 0.0 else x - total(k)  # noqa: E731
    fast = compile(f)
    k = make()
    agree(fast, f, k)
    change(k)
    agree(fast, f, k)
    fast = compile(f)
    other = make()
    assert fast(2.0, other) == f(2.0, other)
    change(other)  # and then another path of what was recorded before
    assert fast(-2.0, make()) == f(-2.0, make())
    assert fast(-2.0, other) == f(-2.0, other)


def test_what_the_function_does_to_its_argument_is_done_to_a_copy() -> None:
    def f(x: Any, k: Any) -> Any:
        first = int(k[0])
        k[0] = 99
        return x * first

    fast = compile(f)
    for x in (1.0, -2.0):
        assert fast(x, np.array([3, 4])) == x * 3


# Backends, batches, threads, pickles


@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
def test_every_backend_asks_the_guards(backend: str) -> None:
    pytest.importorskip("llvmlite") if backend == "llvm" else None
    k = 2.0
    f: Any = lambda x: math.sin(x * k) * k  # noqa: E731
    fast = compile(f, backend=backend).record(1.0)
    rows, points = vmap(fast), np.array([0.5, 1.0, 2.0])
    for other in (2.0, 3.0, 2.0, 4.0):
        k = other
        for _ in range(2):
            assert fast(0.5) == pytest.approx(f(0.5), rel=1e-14)
            assert rows.grad(points) == pytest.approx([autograd.grad(f)(float(x)) for x in points], rel=1e-14)


def test_batches_with_many_paths_ask_the_guards() -> None:
    k = 2.0
    f: Any = lambda x: k * x if x > k else x * x  # noqa: E731
    fast = compile(f).record(1.0)
    rows, points = vmap(fast), np.array([0.5, 2.5, 5.0])
    for other in (2.0, 3.0, 2.0, 1.0):
        k = other
        assert rows(points).tolist() == [f(x) for x in points.tolist()]
        assert rows.grad(points).tolist() == [autograd.grad(f)(x) for x in points.tolist()]


@pytest.mark.parametrize("in_axes", [0, (0, None), (None, 0)])
def test_batches_of_functions_that_are_mapped_ask_the_guards(in_axes: Any) -> None:
    k = 2.0
    inner = vmap(lambda x, y: x * y * k, in_axes=in_axes)
    given: list[Any] = [np.array([1.0, 2.0]) if axis == 0 else 3.0 for axis in in_axes or (0, 0)]
    x, y = given
    fast = compile(lambda c: c * inner(x, y).sum())
    for other in (2.0, 5.0, 2.0):
        k = other
        assert inner(x, y).tolist() == (x * y * k).tolist()
        assert fast(3.0) == 3.0 * (x * y * k).sum()


def test_threads_record_states_at_once() -> None:
    class Local(threading.local):
        k = 1.0

    models = [Model(float(i)) for i in range(4)]
    fast = compile(lambda x, model: model.loss(x))
    failures: list[Any] = []

    def work(model: Model) -> None:
        for i in range(60):
            model.k = float(i % 5)
            result = fast.grad(3.0, model)
            if result != 6.0 * model.k:
                failures.append((result, model.k))

    threads = [threading.Thread(target=work, args=(model,)) for model in models]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


SCALE = 2.0
TABLE = np.array([1.0, 2.0])


def of_this_module(x: Any) -> Any:
    return SCALE * x * x + float(TABLE[1]) * Model(3.0).loss(x)


def test_a_pickle_goes_on_where_all_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = compile(of_this_module)
    agree(fast, of_this_module)
    copy = pickle.loads(pickle.dumps(fast))
    assert len(copy._recordings.signatures[0].paths) == 1
    monkeypatch.setattr(autograd.program.signature, "record", None)  # so that nothing is recorded anew
    assert copy(3.0) == of_this_module(3.0)
    monkeypatch.undo()
    monkeypatch.setitem(globals(), "SCALE", 5.0)
    agree(copy, of_this_module)
    agree(pickle.loads(pickle.dumps(fast)), of_this_module)


@pytest.mark.parametrize(
    ("name", "other"), [("SCALE", 5.0), ("TABLE", np.array([1.0, 4.0])), ("number", len)]
)
def test_a_pickle_from_another_state_is_recorded_anew(
    name: str, other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = compile(of_this_module)
    fast(3.0)
    data = pickle.dumps(fast)
    monkeypatch.setitem(globals(), name, (lambda k: 4.0) if name == "number" else other)
    copy = pickle.loads(data)
    agree(copy, of_this_module)


def test_pickles_that_come_again_and_again_are_kept_once() -> None:
    fast = compile(of_this_module)
    fast(3.0)
    recorded = fast._recordings.portable()
    for _ in range(3):
        fast._recordings.add(pickle.loads(pickle.dumps(recorded)))
    assert len(fast._recordings.signatures) == 1


# What it costs, and what is not guarded


def test_a_function_that_reads_nothing_has_no_guards() -> None:
    fast = compile(lambda x: math.sin(x) * np.pi * x)
    fast(2.0)
    assert fast._recordings.signatures[0].state.guards == []


def test_very_much_is_guarded_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "MOST", 20)
    models = [Model(1.0) for _ in range(50)]
    fast = compile(lambda x: sum([model.loss(x) for model in models]))
    assert fast(3.0) == 450.0
    assert len(fast._recordings.signatures[0].state.guards) <= 25


def test_a_large_array_is_compared_in_part() -> None:
    table = np.zeros(1_000_000)
    f: Any = lambda x: x * float(table[0])  # noqa: E731
    fast = compile(f)
    assert fast(3.0) == 0.0
    table += 2.0
    assert fast(3.0) == 6.0

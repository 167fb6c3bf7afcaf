"""What a compiled function reads besides its arguments is never stale, however it reads it and it changes."""

from __future__ import annotations

from array import array
from collections import OrderedDict, deque
from collections.abc import Callable
from enum import Enum
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest
from ways_of_reading import READINGS, Model, agree, number, set_item

import autograd
from autograd import Value, compile, math, nn, vmap
from autograd.program.outside import Outside, Watch


@pytest.mark.parametrize("reading", READINGS)
def test_what_is_bound_anew_is_noticed(reading: Callable[[Any], tuple[Any, Callable[[Any], None]]]) -> None:
    f, change = reading(2.0)
    fast = compile(f)
    for other in (2.0, 10.0, 10, [1.0, 2.0], (1.0, 2.0), (1, 2.0), {"a": 1.0}, Model(3.0), 2.0, -5.0):
        k = other
        change(k)
        agree(fast, f)


@pytest.mark.parametrize("reading", READINGS)
def test_what_is_bound_anew_is_noticed_by_machine_code(
    reading: Callable[[Any], tuple[Any, Callable[[Any], None]]],
) -> None:
    pytest.importorskip("llvmlite")
    f, change = reading(2.0)
    fast = compile(f, backend="llvm")
    for other in (2.0, 10.0, 10, [1.0, 2.0], [1.0, 3.0], Model(3.0), 2.0, -5.0):
        k = other
        change(k)
        for _ in range(2):
            assert (fast(3.0), fast.grad(3.0)) == (f(3.0), autograd.grad(f)(3.0))


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


def test_what_a_bound_method_of_a_container_reads_is_noticed() -> None:
    table, row, queue = {"a": 1.0}, [1.0, 2.0, 3.0], deque([1.0, 4.0])
    get, item, count = table.get, row.__getitem__, queue.__len__
    fast = compile(lambda x: x * get("a") + item(1) + count())
    assert fast(2.0) == 6.0
    table["a"] = 3.0
    assert fast(2.0) == 10.0
    row[1] = -1.0
    assert (fast(2.0), fast.grad(2.0)) == (7.0, 3.0)
    queue.append(0.0)
    assert fast(2.0) == 8.0


@pytest.mark.parametrize("made", [compile, lambda g: lambda z: vmap(g)(np.array([z, z]))[1]])
@pytest.mark.parametrize("of", [lambda x: x, lambda x: x * x])
def test_numbers_of_a_transformation_around_are_differentiated_by(made: Any, of: Any) -> None:
    def f(x: Any) -> Any:
        y = of(x)
        total = made(lambda z: math.sin(z * y))(0.1) * x
        return total + made(lambda z: z * y if z > 0.2 else z / y)(0.3)

    def plain(x: Any) -> Any:
        return math.sin(0.1 * of(x)) * x + 0.3 * of(x)

    fast = compile(f)
    for x in (0.9, -0.4):
        assert f(x) == pytest.approx(plain(x), rel=1e-15)
        assert autograd.grad(f)(x) == pytest.approx(autograd.grad(plain)(x), rel=1e-14)
        assert autograd.hessian(f)(x) == pytest.approx(autograd.hessian(plain)(x), rel=1e-13)
        assert autograd.jvp(f, (x,), (1.0,))[1] == pytest.approx(autograd.grad(plain)(x), rel=1e-14)
        assert fast(x) == pytest.approx(plain(x), rel=1e-15)
        assert fast.grad(x) == pytest.approx(autograd.grad(plain)(x), rel=1e-14)


def test_a_derivative_inside_by_what_is_compiled_reads_the_numbers_around() -> None:
    def f(x: Any) -> Any:
        return compile(lambda z: z * z * x).grad(2.0) + compile(lambda z: z * x).value_and_grad(1.0)[1]

    assert autograd.grad(f)(0.7) == 5.0


def test_a_model_at_many_points_is_differentiated_by_what_it_captures() -> None:
    features, targets = np.array([[0.1, 0.2], [0.3, -0.4], [1.0, 0.5]]), np.array([1.0, 0.0, 1.0])

    def error(parameters: Any, x: Any, y: Any) -> Any:
        return (np.tanh(parameters["w"] @ x + parameters["b"]) - y) ** 2

    def loss(parameters: Any) -> Any:
        return vmap(lambda x, y: error(parameters, x, y))(features, targets).sum()

    def plain(parameters: Any) -> Any:
        return sum(error(parameters, x, y) for x, y in zip(features, targets, strict=True))

    point = {"w": np.array([0.3, -0.2]), "b": 0.1}
    wanted = autograd.grad(plain)(point)
    for found in (autograd.grad(loss)(point), compile(loss).grad(point)):
        assert found["w"] == pytest.approx(wanted["w"], rel=1e-13)
        assert found["b"] == pytest.approx(wanted["b"], rel=1e-13)


def test_calls_with_numbers_of_a_transformation_around_are_rechecked() -> None:
    def f(x: Any) -> Any:
        fast = compile(lambda z: z * x, recheck=1)
        return fast(2.0) + vmap(fast)(np.array([1.0, 2.0])).sum()

    assert autograd.grad(f)(0.5) == compile(f).grad(0.5) == 5.0


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


class Held:
    """An object in a container, of which only its place there matters."""


class Same:
    """All objects of it are equal."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same)

    def __hash__(self) -> int:
        return 0


@pytest.mark.parametrize("kind", [Held, Same])
@pytest.mark.parametrize(
    ("container", "add", "remove"),
    [
        (list, list.append, list.pop),
        (set, set.add, set.pop),
        (deque, deque.append, deque.pop),
        (lambda things: dict.fromkeys(things, 1.0), lambda k, x: k.update({x: 1.0}), dict.popitem),
        (
            lambda things: OrderedDict.fromkeys(things, 1.0),
            lambda k, x: k.update({x: 1.0}),
            OrderedDict.popitem,
        ),
    ],
)
def test_a_container_of_objects_that_grows_or_shrinks_is_noticed(
    container: Any, add: Any, remove: Any, kind: type
) -> None:
    things = container([kind() for _ in range(3)])
    fast = compile(lambda x: x * len(things))
    assert fast(2.0) == 2.0 * len(things)
    add(things, kind())
    assert fast(2.0) == 2.0 * len(things)
    while things:
        remove(things)
        assert fast(2.0) == 2.0 * len(things)


def test_globals_whose_names_python_could_not_write_are_guarded_too() -> None:
    """As pytest makes some, for the `assert` of a test."""
    names: dict[str, Any] = {"@scale": 3.0, "other": 1.0}
    code = (lambda x: scale * x + other).__code__  # type: ignore[name-defined]  # noqa: F821
    renamed = code.replace(co_names=tuple(f"@{x}" if x == "scale" else x for x in code.co_names))
    f = compile(FunctionType(renamed, names))
    assert f(2.0) == 7.0
    assert f.grad(2.0) == 3.0
    names["@scale"] = 5.0
    assert f(2.0) == 11.0
    assert f.grad(2.0) == 5.0


def test_what_another_thread_changes_when_a_recording_ends_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scales = np.ones(2)
    calls: list[None] = []
    state = Outside.state

    def changed(self: Any, arguments: Any) -> Any:
        calls.append(None)
        if len(calls) == 2:  # the first is before the function is called
            scales[0] = 5.0
        return state(self, arguments)

    monkeypatch.setattr(Outside, "state", changed)
    fast = compile(lambda x: x * scales[0])
    assert fast(1.0) == 5.0
    assert fast(2.0) == 10.0
    assert len(calls) == 2


def test_no_program_is_kept_of_what_another_thread_changed_in_each_of_its_recordings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scales = np.ones(2)
    calls: list[None] = []
    called = Watch.called

    def changed(self: Any) -> None:
        calls.append(None)
        if len(calls) <= 6 and len(calls) % 2 == 0:  # after the last call of each recording
            scales[0] += 1.0
        called(self)

    monkeypatch.setattr(Watch, "called", changed)
    fast = compile(lambda x: x * scales[0])
    assert fast(1.0) == 4.0
    assert fast(1.0) == 4.0
    assert fast.grad(1.0) == 4.0
    assert len(calls) > 6

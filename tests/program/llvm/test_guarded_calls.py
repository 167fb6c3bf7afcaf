"""What a function read from outside is asked for in machine code: nothing that changes is missed."""

from __future__ import annotations

import builtins
import gc
import sys
from collections.abc import Callable
from types import CellType, ModuleType, SimpleNamespace
from typing import Any
from weakref import ref

import pytest
from machine_code import chain_of, leaks

from autograd import compile
from autograd.program.guards import Guard, KeptArray, KeptNumber
from autograd.program.llvm import guarded_calls, python_interface
from autograd.program.llvm.guard_code import code_that_asks
from autograd.program.llvm.machine_calls import machine_call

SCALE = 2.0
OTHER = ModuleType("other_of_a_test")
OTHER.scale = 2.0  # type: ignore[attr-defined]


class Model:
    """Something whose attributes and methods are read."""

    of_class = 2.0

    def __init__(self) -> None:
        self.scale = 2.0

    def method(self, x: Any) -> Any:
        return x * self.scale

    def value(self, x: Any) -> Any:
        return x * self.scale * self.of_class

    def by_method(self, x: Any) -> Any:
        return self.method(x) * 2.0


@pytest.fixture(params=["with tags", "without"])
def tags(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "without":
        monkeypatch.setattr(guarded_calls, "has_tags", lambda: False)


def ways_to_change() -> dict[str, tuple[Callable[[Any], Any], Any, str]]:
    """A function that reads something, what holds that, and under which name."""
    model, kept = Model(), SimpleNamespace(scale=2.0)

    def by_default(x: Any, scale: Any = 2.0) -> Any:
        return x * scale

    return {
        "a global": (lambda x: x * SCALE, sys.modules[__name__], "SCALE"),
        "a builtin": (lambda x: x * len(oct(9)), builtins, "oct"),
        "a builtin, covered": (lambda x: x * len(oct(9)), sys.modules[__name__], "oct"),
        "of a module": (lambda x: x * OTHER.scale, OTHER, "scale"),
        "of an object": (lambda x: x * kept.scale, kept, "scale"),
        "of self": (model.value, model, "scale"),
        "of a class": (Model().value, Model, "of_class"),
        "a method": (Model().by_method, Model, "method"),
        "a default": (by_default, by_default, "__defaults__"),
        "a list": (lambda x: x * LIST[0] * SCALE, sys.modules[__name__], "LIST"),
    }


LIST = [2.0]
NEW: dict[str, Any] = {
    "oct": lambda n: "ninety", "method": lambda self, x: x * 7.0, "__defaults__": (7.0,), "LIST": [7.0],
}  # fmt: skip


@pytest.mark.usefixtures("tags")
@pytest.mark.parametrize("kind", ways_to_change())
def test_what_is_bound_anew_is_noticed_and_what_is_bound_back_too(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    f, holder, name = ways_to_change()[kind]
    fast = compile(f, backend="llvm")
    before = f(3.0)
    assert fast(3.0) == before
    first = chain_of(fast, "value")
    assert first(3.0) == first(3.0) == before
    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(holder, name, NEW.get(name, 7.0), raising=False)
            now = f(3.0)
            assert now != before
            assert first(3.0) is None
            assert fast(3.0) == fast(3.0) == now
        assert first(3.0) == first(3.0) == before
        assert fast(3.0) == before


@pytest.mark.usefixtures("tags")
def test_a_variable_of_a_closure_is_asked_for_even_if_it_has_no_value() -> None:
    scale: Any = 2.0

    def change(other: Any) -> None:
        nonlocal scale
        scale = other

    def remove() -> None:
        nonlocal scale
        del scale

    fast = compile(lambda x: x * scale, backend="llvm")
    assert fast(3.0) == 6.0
    first = chain_of(fast, "value")
    change(float("2.0"))  # as good as it was
    assert first(3.0) == 6.0
    change(2)
    assert first(3.0) is None
    assert fast(3.0) == 6.0
    remove()
    assert first(3.0) is None
    with pytest.raises(NameError):
        fast(3.0)
    change(5.0)
    assert fast(3.0) == 15.0


@pytest.mark.usefixtures("tags")
def test_other_names_may_change_at_every_call() -> None:
    space: dict[str, Any] = {"scale": 2.0}
    exec("def f(x): return max(x * scale, x)", space)
    fast = compile(space["f"], backend="llvm")
    assert fast(3.0) == 6.0
    first = chain_of(fast, "value")
    for i in range(10):
        space["i"] = i
        assert first(3.0) == 6.0
    del space["i"]
    assert first(3.0) == 6.0
    space["max"] = min
    assert first(3.0) is None
    assert fast(3.0) == 3.0
    del space["max"]
    space["scale"] = 4.0
    assert fast(3.0) == 12.0
    del space["scale"]
    assert first(3.0) is None


def test_many_dicts_are_read_without_their_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded_calls, "MOST_TAGS", 1)
    modules = [ModuleType(f"number_{i}_of_a_test") for i in range(3)]
    for module in modules:
        vars(module)["scale"] = 2.0
    a, b, c = modules
    fast = compile(lambda x: x * a.scale * b.scale * c.scale, backend="llvm")
    assert fast(1.0) == 8.0
    for module in modules:
        vars(module)["scale"] = 4.0
    assert fast(1.0) == 64.0


def test_a_module_may_become_one_of_another_class() -> None:
    class Odd(ModuleType):
        def __getattribute__(self, name: str) -> Any:
            return 7.0 if name == "scale" else super().__getattribute__(name)

    module = ModuleType("odd_of_a_test")
    vars(module)["scale"] = 2.0
    fast = compile(lambda x: x * module.scale, backend="llvm")
    assert fast(3.0) == 6.0
    first = chain_of(fast, "value")
    assert first(3.0) == 6.0
    module.__class__ = Odd
    assert first(3.0) is None


def test_many_attributes_are_asked_for_by_python() -> None:
    objects = [SimpleNamespace(scale=1.0 + i) for i in range(2 * guarded_calls.MOST_ATTRIBUTES)]
    fast = compile(lambda x: x * sum(each.scale for each in objects), backend="llvm")
    expected = sum(each.scale for each in objects)
    assert fast(1.0) == expected
    first = chain_of(fast, "value")
    for each in objects:
        each.scale += 100.0
        assert first(1.0) is None
        expected += 100.0
        assert fast(1.0) == expected
        first = chain_of(fast, "value")
        assert first(1.0) == expected


class Interrupted:
    """An object of which an attribute cannot be read at some time, once."""

    scale: Any = 2.0
    error: type[BaseException] | None = None

    def __getattribute__(self, name: str) -> Any:
        error = type(self).error
        if name == "scale" and error is not None:
            type(self).error = None
            raise error
        return super().__getattribute__(name)


@pytest.mark.parametrize("asked", [False, True], ids=["by machine code", "by Python"])
def test_an_interrupt_while_the_outside_is_asked_for_reaches_the_caller(
    asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if asked:
        monkeypatch.setattr(guarded_calls, "MOST_ATTRIBUTES", 0)
    fast = compile(lambda x: x * x, backend="llvm")
    path = fast.record(1.0)._recordings.latest().paths[0]
    code = machine_call(path, "value", well=False)
    assert code is not None
    thing = type("Own", (Interrupted,), {})()
    state: Any = fast._recordings.latest().state
    guard = Guard("attribute", thing, "scale", "Own", KeptNumber(2.0))
    monkeypatch.setattr(state, "guards", [guard])
    monkeypatch.setattr(guard.kept, "kept", Interrupted.scale)
    address, link = guarded_calls.guarded(state, code.entry, lambda x: "other", None)
    function = code.of(link, address)
    assert function(3.0) == 9.0
    type(thing).error = AttributeError
    assert function(3.0) == ("other" if asked else 9.0)  # machine code asks Python, which may find it
    type(thing).error = KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        function(3.0)


@pytest.mark.usefixtures("tags")
def test_to_ask_leaves_nothing_behind() -> None:
    model, kept = Model(), SimpleNamespace(scale=2.0)
    fast = compile(lambda x: model.by_method(x) * kept.scale * SCALE * LIST[0], backend="llvm")
    fast(1.0)
    first = chain_of(fast, "value")
    watched = [model, kept, Model.method, 2.0, kept.scale, LIST, len]
    before = [*map(sys.getrefcount, watched)]
    assert leaks(lambda: first(1.5)) < 100
    kept.scale = float("2.0")
    assert leaks(lambda: first(1.5)) < 100
    after = [*map(sys.getrefcount, watched)]
    assert max(abs(x - y) for x, y in zip(before, after, strict=True)) < 200


def arrays() -> dict[str, tuple[Any, str]]:
    """Arrays of other layouts, and ways to change each, as lines of code that know it as `a`."""
    import numpy as np

    numbers = np.linspace(1.0, 20.0, 20)
    return {
        "side by side": (numbers.copy(), "a[0] = 7.0; a[19] = 7.0; a[16] = 7.0"),
        "few": (numbers[:3].copy(), "a[2] = 7.0"),
        "with a zero": (np.array([2.0, 0.0]), "a[1] = -0.0"),
        "with gaps": (numbers[::2], "a[0] = 7.0; a[9] = 7.0"),
        "backwards": (numbers[::-1], "a[0] = 7.0; a[19] = 7.0"),
        "of rows": (numbers.reshape(4, 5).copy(), "a[3, 4] = 7.0"),
        "of rows, transposed": (
            numbers.reshape(4, 5).copy().T,
            "a[0, 0] = 7.0; a[4, 3] = 7.0; a[2, 1] = 7.0",
        ),
        "of rows, in pieces": (np.array(numbers.reshape(2, 10) + 1j).real, "a[1, 9] = 7.0; a[0, 1] = 7.0"),
        "of rows with gaps": (numbers.reshape(4, 5)[1:, ::3], "a[2, 1] = 7.0; a[0, 0] = 7.0"),
        "of many rows with gaps": (np.ones((300, 4))[:, ::2], "a[299, 1] = 7.0"),
        "of whole numbers": (np.arange(1, 20), "a[1] = 7"),
        "of shorter ones": (np.arange(1, 20, dtype=np.int16), "a[1] = 7"),
        "of flags": (np.array([True] * 8), "a[7] = False"),
        "of none": (np.zeros((3, 0)), ""),
    }


@pytest.mark.usefixtures("tags")
@pytest.mark.parametrize("kind", arrays())
@pytest.mark.parametrize("where", ["global", "cell", "attribute"])
def test_numbers_of_an_array_are_compared_where_they_are(
    kind: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import numpy as np

    array, changes = arrays()[kind]
    kept = SimpleNamespace(array=array)
    monkeypatch.setattr(sys.modules[__name__], "ARRAY", array, raising=False)
    f: Any = {
        "global": lambda x: x * np.copysign(1.0, ARRAY).sum() + ARRAY.sum(),  # type: ignore[name-defined]  # noqa: F821
        "cell": lambda x: x * np.copysign(1.0, array).sum() + array.sum(),
        "attribute": lambda x: x * np.copysign(1.0, kept.array).sum() + kept.array.sum(),
    }[where]
    fast = compile(f, backend="llvm")
    before = f(3.0)
    assert fast(3.0) == before
    first = chain_of(fast, "value")
    assert first(3.0) == before
    for change in filter(None, changes.split("; ")):
        numbers = array.copy()
        exec(change, {"a": array})
        assert first(3.0) is None
        assert fast(3.0) == f(3.0)
        array[...] = numbers
        assert first(3.0) == before


@pytest.mark.usefixtures("tags")
@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ("a.shape = (4, 6)", False),
        ("a.shape = (24,)", False),
        ("a.shape = (3, 8); a.shape = (6, 4)", True),
        ("a.resize((3, 4), refcheck=False)", False),
        ("a.resize((400, 400), refcheck=False)", False),
        ("a.dtype = '>f8'", False),
        ("a.dtype = np.dtype([('x', 'f8')])", False),
        ("a.dtype = np.dtype('f8', copy=True)", True),
        ("setattr(module, 'SHAPED', a.copy())", True),
        ("setattr(module, 'SHAPED', np.asfortranarray(a))", True),
        ("setattr(module, 'SHAPED', a.view(type('Other', (np.ndarray,), {'__module__': 'm'})))", False),
        ("setattr(module, 'SHAPED', a.tolist())", False),
    ],
)
@pytest.mark.filterwarnings("ignore:Setting the (shape|dtype|strides) on a NumPy array:DeprecationWarning")
def test_arrays_are_asked_what_they_are(change: str, holds: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    array, module = np.arange(24.0).reshape(6, 4).copy(), sys.modules[__name__]
    monkeypatch.setattr(module, "SHAPED", array, raising=False)

    def f(x: Any) -> Any:
        return x * np.asarray(SHAPED, dtype=float).size + np.shape(SHAPED)[0]  # type: ignore[name-defined]  # noqa: F821

    fast = compile(f, backend="llvm")
    assert fast(2.0) == f(2.0)
    first = chain_of(fast, "value")
    assert first(2.0) == f(2.0)
    exec(change, {"a": array, "np": np, "module": module})
    assert (first(2.0) is not None) == holds
    if "dtype" not in change:
        assert fast(2.0) == f(2.0)


def test_arrays_are_asked_without_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those with few gaps; what is in others is asked of Python."""
    for kind, (array, _) in arrays().items():
        guard = Guard("cell", CellType(array), "array", "f", KeptArray(array))
        slow = {"of many rows with gaps", "of shorter ones", "of none"}
        assert guarded_calls._Table().takes(guard) == (kind not in slow), kind
    array = arrays()["few"][0]
    guard = Guard("cell", CellType(array), "array", "f", KeptArray(array))
    array[0] = 7.0
    assert not guarded_calls._Table().takes(guard)  # it is not as it was


def test_arrays_that_are_asked_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    array, others = arrays()["side by side"][0], arrays()["with gaps"][0]
    fast = compile(lambda x: x * array.sum() * others.sum(), backend="llvm")
    fast(1.0)
    first = chain_of(fast, "value")
    before = sys.getrefcount(array), sys.getrefcount(others)
    assert leaks(lambda: first(1.5)) < 100
    assert (sys.getrefcount(array), sys.getrefcount(others)) == before


def test_tags_are_looked_at_before_they_are_relied_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert python_interface.has_tags() == (sys.version_info < (3, 13))
    monkeypatch.setattr(python_interface, "TAG", python_interface.TYPE)
    assert not python_interface.has_tags.__wrapped__()
    monkeypatch.setattr(python_interface, "is_locked", lambda: False)
    assert not python_interface.has_tags.__wrapped__()


def test_the_code_that_asks_lives_as_long_as_what_calls_it() -> None:
    """Of threads that ask for it first at the same time, each makes its own, and one remains."""
    code_that_asks.cache_clear()
    fast = compile(lambda x: x * SCALE, backend="llvm")
    assert fast(3.0) == 6.0
    first = chain_of(fast, "value")
    code = ref(code_that_asks())
    code_that_asks.cache_clear()
    gc.collect()
    assert code() is not None
    assert first(3.0) == 6.0

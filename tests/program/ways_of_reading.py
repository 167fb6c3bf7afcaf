"""Ways in which functions read what is no argument, and the check that a compiled one is not fooled."""

from __future__ import annotations

import functools
import sys
from array import array
from collections import deque
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import numpy as np

import autograd
from autograd import compile
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


def set_item(k: Any, key: Any, x: Any) -> None:
    k[key] = x

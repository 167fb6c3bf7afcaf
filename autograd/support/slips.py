"""Names that people know from another library, answered with what to write here.

Each room keeps a table of its own: the name, and what to write. That of the front door is here. What is in no
table is likened to the names that there are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

_VALUE = "write Value(2.0); there are no tensors, and arrays of Values are NumPy's"
_NETWORK = "write from autograd import nn; nn.MLP(2, [16, 1])"
_JACOBIAN = "write jacobian(f)"
_NO_GRAD = "write with no_grad():"
_ARRAYS = "NumPy itself works on array arguments and on arrays of Values: import numpy as np"

FRONT_DOOR = {
    **dict.fromkeys(("Tensor", "tensor", "Variable", "variable", "Scalar", "Parameter"), _VALUE),
    **dict.fromkeys(("MLP", "Layer", "Neuron", "Linear", "Module", "Sequential"), _NETWORK),
    **dict.fromkeys(("SGD", "Adam", "AdamW"), "write from autograd import optim"),
    **dict.fromkeys(("jacfwd", "jacrev"), _JACOBIAN),
    **dict.fromkeys(("enable_grad", "set_grad_enabled", "inference_mode"), _NO_GRAD),
    "np": "write import autograd.numpy as np",
    "from_numpy": _ARRAYS,
    **dict.fromkeys(("draw_dot", "draw_graph", "plot", "make_dot"), "write draw(y)"),
    **dict.fromkeys(("sin", "cos", "exp", "log", "tanh", "sqrt", "relu"), "write from autograd import math"),
    "jit": "write compile(f)",
    "pmap": "write vmap(f)",
    "value_and_gradient": "write value_and_grad(f)",
    "multigrad": "write grad(f, argnums=(0, 1))",
    "holomorphic_grad": "numbers are real; write the real and the imaginary part as two",
    "primitive": "write custom_gradient or custom_vjp for a function, or see autograd.ops.unary and "
    "autograd.ops.binary; HIPS autograd's is in autograd.extend",
    **dict.fromkeys(("core", "tracer"), "there are no boxes: what is recorded are Values"),
    "jet": "write taylor(f, x, order)",
    "Function": "write custom_gradient",
    "backward": "write y.backward()",
    "stop_gradient": "write x.detach()",
    "manual_seed": "networks take a seed: nn.MLP(2, [16, 1], seed=0)",
    "random": "networks take a seed: nn.MLP(2, [16, 1], seed=0)",
    "train": "in the shell write autograd train; in Python see autograd.training",
    "remat": "write checkpoint(f)",
    "lax": "write scan, fori_loop and while_loop, which are in autograd itself; for cond, if and else",
    "cond": "write if and else, which are followed as they run",
    "switch": "write if, elif and else, which are followed as they run",
}
"""What to write for names of other libraries that people look for in `autograd`."""

KEYWORDS = {
    "retain_graph": "a graph is kept as long as a name leads to it; leave it out",
    "create_graph": "for second derivatives write gradients(y, x, create_graph=True), or grad(grad(f))",
    "inputs": "for derivatives by some Values write gradients(y, x)",
    "grad_tensors": "write y.backward(2.0)",
    "dtype": "numbers are Python's floats, of 64 bits",
    "device": "numbers are where Python's floats are; leave it out",
    "learning_rate": "write lr=",
    "alpha": "write lr=",
    "beta1": "write betas=(0.9, 0.999)",
    "beta2": "write betas=(0.9, 0.999)",
    "epsilon": "write eps=",
    "l2": "write weight_decay=",
    "foreach": "leave it out",
    "fused": "leave it out",
    "set_to_none": "a gradient is a number and never None; leave it out",
    "argnum": "write argnums=",
    "wrt": "write argnums=",
    "nonlin": "write activation=, 'linear' for none",
    "nonlinearity": "write activation=",
    "act": "write activation=",
    "bias": "a neuron always has a bias; set it to 0 and leave it out of what the optimiser is given",
    "hidden": "write the sizes of all layers in a list: nn.MLP(2, [16, 1])",
    "random_state": "write seed=",
    "unroll": "a loop is followed as it runs; leave it out",
    "policy": "what takes less memory is kept; leave it out",
    "prevent_cse": "leave it out",
    "static_argnums": "flags and text among arguments need no mark; leave it out",
}
"""What to write for keywords of other libraries."""

NO_REQUIRES_GRAD = (
    "Value() takes a number and a label; every Value is differentiated, so there is no requires_grad, and "
    "operations record their operands themselves"
)
"""What is said of a third argument of a Value."""

TOO_LARGE = "floats end at 1.8e308; where parameters run away in a training, lower the learning rate"
"""What is said of a number that is too large for a float."""

P = ParamSpec("P")
R = TypeVar("R")


def message(owner: str, name: str, advice: Mapping[str, str], known: Iterable[str]) -> str:
    """Return what to say of a name that is not there.

    Args:
        owner: what was asked for it, as a sentence begins.
        name: the name.
        advice: what to write instead, by name.
        known: the names that there are.

    >>> message("autograd.math", "ln", {"ln": "write log(x)"}, ["log"])
    "autograd.math has no 'ln'; write log(x)"
    >>> message("autograd.math", "sqtr", {}, ["sin", "sqrt"])
    "autograd.math has no 'sqtr'; did you mean 'sqrt'?"
    """
    problem = f"{owner} has no {name!r}"
    if name in advice:
        return f"{problem}; {advice[name]}"
    if name.startswith("__"):  # which Python and its tools look for
        return problem
    from difflib import get_close_matches

    similar = get_close_matches(name, [x for x in known if not x.startswith("_")], 1)
    return f"{problem}; did you mean {similar[0]!r}?" if similar else problem


def asking(module: str, advice: Mapping[str, str], depth: int = 1) -> Callable[[str], Any]:
    """Return a function for a module to call for names that it lacks, as its `__getattr__`.

    Where it is `from module import name`, Python would give its own message for an AttributeError; so that
    is an ImportError.

    Args:
        module: its name.
        advice: what to write instead, by name.
        depth: how many frames up the one is that asks for a name.
    """

    def __getattr__(name: str) -> Any:  # noqa: N807 (Python calls it so)
        text = message(module, name, advice, sys.modules[module].__all__)
        if is_import(sys._getframe(depth)):
            raise ImportError(text, name=module)
        raise AttributeError(text, name=name)

    return __getattr__


def answer(module: str, advice: Mapping[str, str]) -> None:
    """Let a module, that is being imported, answer for names that it lacks.

    Its `__getattr__` is set here, out of sight of type checkers, which else would believe in any name.

    Args:
        module: its name.
        advice: what to write instead, by name.
    """
    vars(sys.modules[module])["__getattr__"] = asking(module, advice)


def is_import(frame: Any) -> bool:
    """Say whether a frame is just doing `from ... import ...`."""
    from opcode import opname

    return bool(opname[frame.f_code.co_code[frame.f_lasti]] == "IMPORT_FROM")


def is_assignment() -> bool:
    """Say whether the code that called this package is just assigning to an item, as in `y[0] = x`."""
    from opcode import opname

    frame: Any = sys._getframe(1)
    package = __name__.partition(".")[0]
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        frame = frame.f_back
    return frame is not None and opname[frame.f_code.co_code[frame.f_lasti]] in (
        "STORE_SUBSCR",
        "STORE_SLICE",
    )


def keyword_error(function: str, given: Iterable[str], known: Iterable[str] = ()) -> TypeError:
    """Return the error of a call with keywords that the function does not take.

    Args:
        function: its name, as messages have it.
        given: the keywords that it does not take.
        known: those that it takes.

    >>> print(keyword_error("SGD", ["learning_rate"]))
    SGD() takes no keyword 'learning_rate'; write lr=
    """
    first = next(iter(given))
    return TypeError(
        message(f"{function}()", first, KEYWORDS, known).replace("has no", "takes no keyword", 1)
    )


def call_error(
    function: str, known: Sequence[str], excess: Sequence[Any], unknown: Mapping[str, Any]
) -> TypeError:
    """Return the error of a call with more than a function takes, by its place or by a keyword."""
    if unknown:
        return keyword_error(function, unknown, known)
    given = len(known) + len(excess)
    return TypeError(f"{function}() takes {len(known)} at most, {' and '.join(known)}; {given} were given")


def advised(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function say what to write where it is called with what it does not take."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is None:
                raise _misuse(function, kwargs, error) from None
            raise

    return called


def _misuse(function: Callable[..., Any], kwargs: Mapping[str, Any], error: TypeError) -> TypeError:
    from inspect import Signature, signature

    name = function.__qualname__.removesuffix(".__init__")
    parameters = [x for x in signature(function).parameters.values() if x.name != "self"]
    known = [x.name for x in parameters]
    if unknown := [keyword for keyword in kwargs if keyword not in known]:
        return keyword_error(name, unknown, known)
    shown = Signature([x.replace(annotation=x.empty) for x in parameters])
    return TypeError(f"{error}; it is {name}{shown}")


class Slip:
    """An attribute that objects of a class lack: to read it is an error that says what to write.

    A subclass, or an object that can have attributes of its own, may have it as any other.

    Args:
        owner: what messages call an object of the class.
        name: the attribute.
        advice: what to write.
    """

    def __init__(self, owner: str, name: str, advice: str) -> None:
        self._name = name
        self._message = f"{owner} has no {name!r}; {advice}"

    def __get__(self, instance: Any, kind: type | None = None) -> Any:
        own = getattr(instance, "__dict__", {})
        if instance is not None and self._name in own:
            return own[self._name]
        raise AttributeError(self._message)


class SlipOfSlots(Slip):
    """The same for a class with slots, whose objects can have no other attributes: to set it is an error."""

    def __set__(self, instance: Any, x: Any) -> None:
        if not hasattr(instance, "__dict__"):
            raise AttributeError(self._message)
        vars(instance)[self._name] = x  # a subclass without slots


def put(kind: type, owner: str, advice: Mapping[str, str], slip: type[Slip] = Slip) -> None:
    """Give a class the attributes that its objects lack, which `dir` does not list.

    Args:
        kind: the class.
        owner: what messages call an object of it.
        advice: what to write instead, by name.
        slip: how.
    """
    for name, what in advice.items():
        setattr(kind, name, slip(owner, name, what))

    def __dir__(self: Any) -> list[str]:  # noqa: N807 (Python calls it so)
        return [name for name in object.__dir__(self) if not isinstance(_member(type(self), name), Slip)]

    kind.__dir__ = __dir__  # type: ignore[method-assign, assignment]


def _member(kind: type, name: str) -> Any:
    return next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None)

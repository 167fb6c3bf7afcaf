"""Each way of computing knows every primitive of the table, or it is said here why it does not.

A primitive that is new fails here until the tables of all backends have it, or it is named as an exception;
so does an exception that is none any more.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, grad, math, ops, topological_order, vmap
from autograd.arrays import ValueArray
from autograd.ops import TABLE
from autograd.ops.primitive import is_ours
from autograd.program.python.reading import entry_of
from autograd.program.straight_line.program import Program

OURS = {name for name, primitive in TABLE.items() if is_ours(primitive)}
SPECIAL = {name for name in OURS if TABLE[name].home == ops.special.__name__}

MANY = "its instructions would be many, and it is rare"
GAMMA = "SciPy's versions for arrays lose digits near the poles"
ROUNDED = "it is rounded once, by Python's own algorithm"
DERIVATIVE = "it is a part of derivatives"
SHORT = {"ndtr", "ndtr′", "log_ndtr", "erfcx", "erfinv", "xlogy", "xlog1py", "entr"}
LOOPS = "its value is loops or choices; SciPy's versions for arrays are less exact"
SPECIALS = "it is one of SciPy's ufuncs, or a part of derivatives of these"
SCALAR = "Python's math or the field has it, NumPy has no ufunc for it"

EXCEPTIONS = {
    "python": {},
    "c": {},
    "js": {},
    "numpy": {
        **dict.fromkeys(SPECIAL, LOOPS),
        **dict.fromkeys(["gamma", "lgamma", "digamma", "polygamma"], GAMMA),
        "erfc": "SciPy's loses nine bits of the tail",
        "identity": "a program has none: what follows takes the operand itself",
        "remainder": "NumPy has no remainder of the nearest multiple",
        "round_to": ROUNDED,
    },
    "llvm": {
        **dict.fromkeys(SPECIAL, LOOPS),
        **dict.fromkeys(["gamma", "lgamma", "digamma", "polygamma"], MANY),
        "ldexp": "it raises where the exponent is not whole",
        "remainder": "Python has an algorithm of its own for it",
        "round_to": ROUNDED,
    },
    "machine_calls": {
        **dict.fromkeys(SPECIAL - SHORT, LOOPS),
        **dict.fromkeys(["gamma", "lgamma", "remainder", "round_to"], "Python has an algorithm of its own"),
        **dict.fromkeys(["digamma", "polygamma"], MANY),
        "ldexp": "it raises where the exponent is not whole",
    },
    "ufunc": {
        **dict.fromkeys(SPECIAL, SPECIALS),
        **dict.fromkeys(["asin′", "acosh′", "atan′", "atan2′", "atanh′", "sech"], DERIVATIVE),
        **dict.fromkeys(["erf′", "hypot′", "sigmoid′", "silu′", "gelu′"], DERIVATIVE),
        **dict.fromkeys(["erf", "erfc", "gamma", "lgamma", "digamma", "polygamma", "remainder"], SCALAR),
        **dict.fromkeys(["relu", "leaky_relu", "elu", "sigmoid", "logsigmoid", "softplus"], SCALAR),
        **dict.fromkeys(["silu", "gelu", "round_to", "fsum"], SCALAR),
        "identity": "+x is x",
        "root": "np.linalg.norm and np.std end with it",
        "pow": "a ufunc records **, of the same value",
    },
}  # fmt: skip


def in_python(op: str) -> bool:
    return bool(entry_of(TABLE[op]).variable)


def in_c(op: str) -> bool:
    from autograd.program.c.source import to_c

    count = len(TABLE[op].derivatives)
    program = Program([f"x{i}" for i in range(count)])
    program.outputs = (program.add(op, *range(count)),)
    try:
        return bool(to_c(program))
    except TypeError:
        return False


def in_js(op: str) -> bool:
    from autograd.program.js.source import to_js

    count = len(TABLE[op].derivatives)
    program = Program([f"x{i}" for i in range(count)])
    program.outputs = (program.add(op, *range(count)),)
    try:
        return bool(to_js(program))
    except TypeError:
        return False


def in_numpy(op: str) -> bool:
    """Say whether it is computed on whole arrays; erf is where there is SciPy."""
    if op == "erf":
        pytest.importorskip("scipy")
    from autograd.program.numpy.functions import array_function

    return "_elementwise" not in getattr(array_function(op), "__qualname__", "ufunc")


def in_llvm(op: str) -> bool:
    pytest.importorskip("llvmlite")
    return op in importlib.import_module("autograd.program.llvm.operations").KNOWN


def in_machine_calls(op: str) -> bool:
    """Say whether single calls compute it without Python; with FMA, as nearly all processors have it."""
    pytest.importorskip("llvmlite")
    if (
        op in ("hypot", "hypot′", "atan2′")
        and not importlib.import_module("autograd.program.llvm.machine").has_fma()
    ):
        return True
    return not importlib.import_module("autograd.program.llvm.scalar_operations").left_to_python(op)


def in_ufunc(op: str) -> bool:
    return op in RECORDED


def recorded_by_ufuncs() -> set[str]:
    """The primitives that ufuncs of NumPy record on arrays of Values."""
    found: set[str] = set()
    ufuncs = {thing for thing in vars(np).values() if isinstance(thing, np.ufunc)}
    of_floats = [(x, x.nin) for x in ufuncs if any(kind.startswith("d" * x.nin + "->") for kind in x.types)]
    functions: list[tuple[Callable[..., Any], int]] = [*of_floats, (np.clip, 3)]  # which has its ufunc inside
    for function, count in functions:
        for numbers in [(0.3, 0.5, 0.7), (1.5, 2.0, 2.5)]:
            operands = [np.array([Value(x)]).view(ValueArray) for x in numbers[:count]]
            try:
                with np.errstate(all="ignore"):
                    results = function(*operands)
            except (TypeError, ValueError, AttributeError):  # one of truths, or not defined there
                continue
            values = [x for x in np.ravel(results) if isinstance(x, Value)]
            found |= {str(node.op) for value in values for node in topological_order(value)}
    return found


RECORDED = recorded_by_ufuncs()


@pytest.mark.parametrize(
    "backend", [in_python, in_c, in_js, in_numpy, in_llvm, in_machine_calls, in_ufunc], ids=list(EXCEPTIONS)
)
def test_a_backend_knows_every_primitive_but_the_exceptions(backend: Callable[[str], bool]) -> None:
    exceptions = EXCEPTIONS[backend.__name__.removeprefix("in_")]
    missing = {op for op in OURS if not backend(op)}
    unnamed, outdated = sorted(missing - {*exceptions}), sorted({*exceptions} - missing)
    assert not unnamed, f"{backend.__name__} lacks {unnamed}: enter them there, or give the reason here"
    assert not outdated, f"{backend.__name__} knows {outdated} by now: they are no exceptions any more"


CANCELLING: list[tuple[Callable[[Any], Any], float, float]] = [
    (lambda x: math.hypot(x, 3.0), 1e8, 9e-24),  # y**2 / r**3
    (lambda x: math.hypot(x, 3.0, 4.0), 1e8, 25e-24),
    (math.sigmoid, 1e-9, -1.25e-10),  # -x / 8
    (math.atanh, 1e-17, 2e-17),  # 2 x
    (math.atan, 1e100, -2e-300),  # -2 / x**3
    (math.acosh, 1e120, -1e-240),  # -1 / x**2
    (lambda x: math.atan2(x, 1e8), 1.0, -2e-24),  # -2 x y / r**4
    (math.erf, 1e200, 0.0),
    (lambda x: math.gelu(x), 0.0, 0.7978845608028654),  # 2 / sqrt(2 pi)
    (lambda x: math.silu(x), 0.0, 0.5),
    (lambda x: math.fmod(7.0, x), 1.1, 0.0),
]


@pytest.mark.parametrize(("f", "x", "expected"), CANCELLING)
@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
def test_a_second_derivative_keeps_its_digits(
    backend: str, f: Callable[[Any], Any], x: float, expected: float
) -> None:
    if backend == "llvm":
        pytest.importorskip("llvmlite")
    close = pytest.approx(expected, rel=1e-14, abs=1e-320)
    fast, nested = compile(f, backend=backend), compile(grad(grad(f)), backend=backend)
    assert fast.hessian(x) == close
    assert nested(x) == close
    xs = np.array([x, x, x])
    assert vmap(fast).hessian(xs).tolist() == [close] * 3
    assert vmap(nested)(xs).tolist() == [close] * 3


@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
def test_the_third_derivative_of_softplus_keeps_its_digits(backend: str) -> None:
    if backend == "llvm":
        pytest.importorskip("llvmlite")
    third = compile(grad(grad(grad(math.softplus))), backend=backend)
    assert vmap(third)(np.array([1e-9, -2e-9])).tolist() == pytest.approx([-1.25e-10, 2.5e-10], rel=1e-14)

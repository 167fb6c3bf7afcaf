"""Random Python functions, and compiled ones held against them: `python random_functions.py --count 1000`.

A function is drawn as source text, with whatever people write: branches, early returns, loops whose length
the data decide, recursion, caught errors, derivatives inside, containers, sorting, text, flags, integers,
indices, and a number from outside that changes. It is then called at points in random order, compiled
and not, in every mode, and at all of them as a batch. What is compiled must return the same numbers or raise
the same error, or refuse with a CompileError.
"""

from __future__ import annotations

import argparse
import math as python_math
import random
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import autograd
from autograd import CompileError, Value, compile, derivative, grad, hvp, jvp, math, vmap

BACKENDS = ("python", "numpy", "llvm", None)
MODES = ("value", "grad", "value_and_grad", "hessian", "jacobian")
POINTS = 6
TOLERANCE = 1e-7
EPSILON = 4.0 * sys.float_info.epsilon

_SMOOTH = ["math.sin({})", "math.tanh({})", "math.exp(-abs({}))", "math.sigmoid({})", "abs({})", "-{}"]
_RISKY = [
    "math.sqrt({})",
    "math.log({})",
    "1.0 / ({})",
    "math.exp(40.0 * ({}))",
    "math.pow({}, -1.5)",
    "math.asin({})",
]
_TWO = [
    "({} + {})", "({} - {})", "({} * {})", "({} * {} + 0.25)", "max({}, {})", "min({}, {})",
    "math.maximum({}, {})", "math.hypot({}, {})", "math.where({0} < {1}, {0}, {1})", "({} if flag else {})",
    "sorted([{0}, {1}, 0.5])[1]", "math.sort([{0}, {1}, 0.25])[0]", "sum([{}, {}])",
    "math.fsum([{}, {}, 1.0])",
    "float_of({0}, {1})", "pair({0}, {1})['b']", "rec({0}, {1}, n)",
    "picked({0}, {1}, n)",
]  # fmt: skip
_ERRORS = (
    "ValueError",
    "ZeroDivisionError",
    "OverflowError",
    "ArithmeticError",
    "(ValueError, ArithmeticError)",
)

PREAMBLE = """
outside = {"k": 1.5}
def pair(a, b): return {"a": a, "b": b * 0.5 + a}
def rec(a, b, n): return a if n <= 0 or a > 4.0 else rec(a * 0.5 + b, b, n - 1)
def picked(a, b, n):
    found = grad(lambda v: v[n] * v[n] * v[1 - n] * a)(np.array([b, 0.5, b - a, 1.5]))[n - 1]
    return found if isinstance(found, Value) else float(found)
def float_of(a, b): return a + b * len([z for z in (a, b) if z > 0.0])
"""


class Drawn:
    """A function that was drawn.

    Attributes:
        text: its source.
        f: the function `f(x, y, term, n, flag)`, which is differentiated by x.
        outside: the dictionary with the number "k" that it reads.
    """

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        body = "\n".join(f"    {line}" for line in self._block(3))
        self.text = (
            f"{PREAMBLE}def f(x, y, term, n, flag):\n    total = x\n{body}\n    return {self._number(2)}\n"
        )
        scope: dict[str, Any] = {
            "math": math, "np": np, "Value": Value, "grad": grad, "derivative": derivative, "jvp": jvp,
            "hvp": hvp,
        }  # fmt: skip
        exec(self.text, scope)
        self.f: Callable[..., Any] = scope["f"]
        self.outside: dict[str, float] = scope["outside"]

    def _number(self, depth: int, names: tuple[str, ...] = ("x", "y", "total", "term")) -> str:
        rng = self._rng
        kind = rng.random()
        if depth == 0 or kind < 0.2:
            return rng.choice([*names, *names, f"{rng.uniform(-2, 2):.2f}", "outside['k']", "n"])
        if kind < 0.45:
            return rng.choice(_SMOOTH).format(self._number(depth - 1, names))
        if kind < 0.52:
            return rng.choice(_RISKY).format(self._number(depth - 1, names))
        if kind < 0.6 and "t" not in names:
            inner = self._number(depth - 1, (*names, "t", "t"))
            at = self._number(0, names)
            return rng.choice(
                [
                    f"grad(lambda t: t * t * {inner})({at} * 1.0)",
                    f"derivative(lambda t: {inner} * t)({at} + 0.5)",
                    f"jvp(lambda t: {inner} + t, ({at} * 1.0,), (1.0,))[1]",
                    f"hvp(lambda t, s: {inner} * t * s)({at} * 1.0, 2.0, y)",
                ]
            )  # fmt: skip
        return rng.choice(_TWO).format(self._number(depth - 1, names), self._number(depth - 1, names))

    def _condition(self) -> str:
        relation = self._rng.choice(["<", ">", "<=", ">="])
        return self._rng.choice(
            [f"{self._number(1)} {relation} {self._number(1)}", "flag", "n > 1", f"total {relation} 0.5"]
        )

    def _block(self, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self._rng.randint(1, 3)):
            lines += self._statement(depth)
        return lines

    def _statement(self, depth: int) -> list[str]:
        rng = self._rng
        kind = rng.random()
        inner = [f"    {line}" for line in self._block(depth - 1)] if depth else ["    total = total + 0.5"]
        if not depth or kind < 0.3:
            return [f"total = {self._number(2)}"]
        if kind < 0.5:
            rest = [f"    {line}" for line in self._block(depth - 1)]
            return [f"if {self._condition()}:", *inner, *(["else:", *rest] if rng.random() < 0.5 else [])]
        if kind < 0.58:
            return [f"if {self._condition()}:", f"    return {self._number(1)}"]
        if kind < 0.68:
            return [f"for i in range({rng.choice(['2', 'n', 'n + 1'])}):", *inner]
        if kind < 0.76:
            return ["turns = 0", f"while total < {rng.uniform(-1, 3):.2f} and turns < 4:", "    turns += 1",
                    f"    total = total + {rng.uniform(0.2, 1):.2f} + abs({self._number(1)})"]  # fmt: skip
        if kind < 0.9:
            risky = rng.choice(_RISKY).format(self._number(1))
            return ["try:", f"    total = {risky}", *inner, f"except {rng.choice(_ERRORS)}:",
                    f"    total = {self._number(1)}"]  # fmt: skip
        return rng.choice(
            [
                ["total = total * {'0': 1.5, '1': 2.0}.get(f'{term:.0f}', 0.5)"],
                [f"total = total + {{True: 1.0, False: 2.0}}[{self._condition()}]"],
                ["total = total * int(term)"],
                [f"total = total + [1.0, 2.0, 3.0][n % 3] * {self._number(1)}"],
                [f"things = [{self._number(1)} for _ in range(2)]", "total = total + things[0] * things[-1]"],
                ["total = -total" if rng.random() < 0.8 else "total = total if str(total) < '1' else -total"],
            ]
        )  # fmt: skip


def arguments(rng: random.Random) -> tuple[float, float, float, int, bool]:
    """Return a point."""
    x, y = (rng.choice([rng.uniform(-3, 3), rng.uniform(-3, 3), 0.0, 1.0]) for _ in range(2))
    return x, y, rng.choice([0.4, 1.3, -0.7, 2.0]), rng.randint(0, 3), rng.random() < 0.5


def outcome(call: Callable[[], Any]) -> Any:
    """Return the numbers that a call returns, or the name of the error that it raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = call()
    except CompileError as error:
        return error
    except Exception as error:
        return type(error).__name__
    parts = result if isinstance(result, tuple) else (result,)
    return [x.data if isinstance(x, Value) else float(x) for x in parts]


def plain(f: Callable[..., Any], mode: str) -> Callable[..., Any]:
    """Return what a mode of the compiled function must give."""
    return f if mode == "value" else getattr(autograd, mode)(f)


def alike(x: Any, y: Any) -> bool:
    """Say whether two outcomes are the same but for rounding."""
    if isinstance(x, str) or isinstance(y, str) or len(x) != len(y):
        return bool(x == y)
    return all(
        a == b or (a != a and b != b) or python_math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        for a, b in zip(x, y, strict=True)
    )


def decided_by_rounding(f: Callable[..., Any], mode: str, point: Any) -> bool:
    """Say whether plain calls differ where only the last digits of numbers do, as sin(1e20) does."""
    near = []
    for by in (0.0, EPSILON, -EPSILON):
        f.__globals__["math"] = Rounded(by)
        near.append(outcome(partial(plain(f, mode), *nudged(point, by))))
    f.__globals__["math"] = math
    return not (alike(near[0], near[1]) and alike(near[0], near[2]))


class Rounded:
    """The functions of `math`, of which each result is changed by so much of it."""

    def __init__(self, by: float) -> None:
        self._by = by

    def __getattr__(self, name: str) -> Any:
        function = getattr(math, name)

        def rounded(*args: Any) -> Any:
            found = function(*args)
            return found * (1.0 + self._by) if isinstance(found, (float, Value)) else found

        return rounded


def nudged(point: Any, by: float) -> list[Any]:
    """Return the arguments with each float changed by so much of it."""
    return [x * (1.0 + by) if type(x) is float else x for x in point]


class DifferenceError(AssertionError):
    """A compiled function that is not the function."""


def check(seed: int, tally: Counter[str]) -> None:
    """Draw a function, and compare.

    Raises:
        DifferenceError: something differs.
    """
    drawn = Drawn(seed)
    rng = random.Random(seed + 0.5)
    points = [arguments(rng) for _ in range(POINTS)]
    backend = rng.choice(BACKENDS)
    fast = compile(drawn.f, backend=backend)
    for _ in range(2 * POINTS):
        if rng.random() < 0.15:
            drawn.outside["k"] = round(rng.uniform(-2, 2), 2)
        point, mode = rng.choice(points), rng.choice(MODES)
        wanted = outcome(lambda: plain(drawn.f, mode)(*point))  # noqa: B023
        got = outcome(lambda: (fast if mode == "value" else getattr(fast, mode))(*point))  # noqa: B023
        if isinstance(wanted, CompileError) or isinstance(got, CompileError):
            tally["refused"] += 1
            continue
        tally["error" if isinstance(wanted, str) else "number"] += 1
        if not alike(wanted, got):
            if decided_by_rounding(drawn.f, mode, point):
                tally["decided by rounding"] += 1
                continue
            raise DifferenceError(
                f"seed {seed}, {backend}, {mode} at {point}, k = {drawn.outside['k']}: {got} for {wanted}"
            )
    _check_batch(seed, drawn, fast, points, rng, tally)


def _check_batch(
    seed: int, drawn: Drawn, fast: Any, points: list[Any], rng: random.Random, tally: Counter[str]
) -> None:
    mode = rng.choice(MODES[:3])
    many = vmap(fast)
    columns = [np.array(column) for column in zip(*points, strict=True)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = (many if mode == "value" else getattr(many, mode))(*columns)
    except CompileError:
        tally["refused"] += 1
        return
    parts = result if isinstance(result, tuple) else (result,)
    for i, point in enumerate(points):
        wanted = outcome(lambda: plain(drawn.f, mode)(*point))  # noqa: B023
        if isinstance(wanted, CompileError):
            continue
        got = [float("nan") if part[i] is None else float(part[i]) for part in parts]
        if isinstance(wanted, str):
            wanted = [float("nan")] * len(parts)
        tally["of a batch"] += 1
        if not alike(wanted, got):
            if decided_by_rounding(drawn.f, mode, point):
                tally["decided by rounding"] += 1
                continue
            where = f"{mode} of a batch at {point}, k = {drawn.outside['k']}"
            raise DifferenceError(f"seed {seed}, {fast._options['backend']}, {where}: {got} for {wanted}")


def main() -> int:
    """Check many functions, and print what was compared and every difference."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=1000, help="how many functions (1000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--show", action="store_true", help="print the source of the first seed, and no more")
    options = parser.parse_args()
    if options.show:
        print(Drawn(options.first).text)
        return 0
    tally: Counter[str] = Counter()
    differences = 0
    for seed in range(options.first, options.first + options.count):
        try:
            check(seed, tally)
        except DifferenceError as difference:
            differences += 1
            print(difference, flush=True)
        except Exception as error:
            differences += 1
            print(f"seed {seed}: {type(error).__name__}: {error}".splitlines()[0], flush=True)
    compared = ", ".join(f"{count} {what}" for what, count in sorted(tally.items()))
    print(f"{options.count} functions from seed {options.first}: {compared}; {differences} with differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())

"""Functions with loops for tests: each is made for a number of turns, with arguments to call it with."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from autograd import grad, math, no_grad, ops
from autograd.derivatives.variables import variable
from autograd.ops import TABLE
from autograd.program.loops.family import Family
from autograd.program.loops.growing import grown
from autograd.program.loops.listing import Unsuitable
from autograd.program.loops.program import LoopProgram
from autograd.program.straight_line.program import Program
from autograd.program.straight_line.simplify import simplified
from autograd.program.straight_line.sweeps import with_gradient, with_jacobian, with_product
from autograd.program.tracing import Trace

_draw = random.Random(1)
RETURNS = [_draw.gauss(0.0, 1.0) for _ in range(20_000)]
ROWS = [[_draw.gauss(0.0, 1.0) for _ in range(3)] for _ in range(2000)]

Made = tuple[Callable[..., Any], tuple[float, ...]]
"""A function, and arguments for it."""


def numbers(count: int, seed: int = 3) -> tuple[float, ...]:
    """Some numbers, the same each time."""
    draw = random.Random(seed)
    return tuple([draw.gauss(0.0, 1.0) for _ in range(count)])


def garch(n: int) -> Made:
    """The likelihood of a series whose variance is carried on."""

    def f(omega: Any, alpha: Any, beta: Any, mu: Any) -> Any:
        h = omega / (1 - alpha - beta)
        likelihood = 0.0
        for t in range(n):
            e = RETURNS[t] - mu
            likelihood = likelihood + math.log(h) + e * e / h
            h = omega + alpha * e * e + beta * h
        return likelihood * 0.5

    return f, (0.1, 0.1, 0.8, 0.05)


def guarded(n: int) -> Made:
    """The same, with a guard in each turn."""

    def f(omega: Any, alpha: Any, beta: Any) -> Any:
        h = omega
        likelihood = 0.0
        for t in range(n):
            h = omega + alpha * RETURNS[t] * RETURNS[t] + beta * h
            if h < 0:
                raise ValueError("a variance below 0")
            likelihood += math.log(h) + RETURNS[t] ** 2 / h
        return likelihood

    return f, (0.1, 0.1, 0.8)


def epidemic(n: int) -> Made:
    """An epidemic by the rule of Runge and Kutta: three numbers are carried."""

    def f(beta: Any, gamma: Any) -> Any:
        s, i, r = 0.99, 0.01, 0.0
        dt = 0.01

        def d(s: Any, i: Any) -> Any:
            x = beta * s * i
            y = gamma * i
            return -x, x - y, y

        for _ in range(n):
            k1 = d(s, i)
            k2 = d(s + dt / 2 * k1[0], i + dt / 2 * k1[1])
            k3 = d(s + dt / 2 * k2[0], i + dt / 2 * k2[1])
            k4 = d(s + dt * k3[0], i + dt * k3[1])
            s = s + dt / 6 * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0])
            i = i + dt / 6 * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1])
            r = r + dt / 6 * (k1[2] + 2 * k2[2] + 2 * k3[2] + k4[2])
        return r

    return f, (0.5, 0.1)


def rosenbrock(n: int) -> Made:
    """A loop through an array, at two places of it a turn."""

    def f(*x: Any) -> Any:
        return sum(100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(n))

    return f, numbers(n + 1)


def swapping(n: int) -> Made:
    """Two numbers that change places each turn."""

    def f(a: Any, b: Any) -> Any:
        x, y = a, b
        for _ in range(n):
            x, y = y, math.sin(x) + y * 0.5
        return x * y

    return f, (0.3, 0.4)


def autoregression(n: int) -> Made:
    """Errors of a forecast from the last two of a series of constants."""

    def f(a: Any, b: Any, s: Any) -> Any:
        likelihood = 0.0
        for t in range(2, n):
            e = RETURNS[t] - a * RETURNS[t - 1] - b * RETURNS[t - 2]
            likelihood = likelihood + e * e / (2 * s * s) + math.log(s)
        return likelihood

    return f, (0.3, 0.2, 1.1)


def third_order(n: int) -> Made:
    """A number that is carried for three turns."""

    def f(a: Any, b: Any, c: Any) -> Any:
        x = [a, b, c]
        for t in range(n):
            x.append(0.4 * x[-1] - a * x[-2] + 0.1 * math.tanh(x[-3]) + 0.1 * RETURNS[t])
        return x[-1] * x[-2] + sum(x)

    return f, (0.3, 0.2, 0.5)


def several(n: int) -> Made:
    """Three loops, of which the last two go through the results of the first."""

    def f(a: Any, b: Any) -> Any:
        xs = [a * RETURNS[t] for t in range(n)]
        mean = sum(xs) / n
        variance = sum((x - mean) ** 2 for x in xs) / (n - 1)
        return b * variance + mean

    return f, (0.3, 0.2)


def of_lengths(n: int) -> Made:
    """Two loops of different lengths, one after the other."""

    def f(a: Any, b: Any) -> Any:
        x = a
        for t in range(n):
            x = x + 0.1 * math.sin(b * x) + RETURNS[t]
        y = b
        for t in range(n // 2):
            y = y * 0.9 + x * ROWS[t][0]
        return x * y

    return f, (0.3, 0.2)


def two_arrays(n: int) -> Made:
    """A sum over products of the numbers of two arrays, with both their neighbours."""

    def f(*both: Any) -> Any:
        x, y = both[:n], both[n:]
        total = 0.0
        for t in range(n - 1):
            total = total + x[t] * y[t + 1] - math.exp(x[t + 1] * 0.1) / (1.0 + y[t] * y[t])
        return total

    return f, numbers(2 * n)


def of_rows(n: int) -> Made:
    """A logistic regression on a list of lists."""

    def f(a: Any, b: Any, c: Any, d: Any) -> Any:
        loss = 0.0
        for row, r in zip(ROWS[:n], RETURNS[:n], strict=True):
            z = a * row[0] + b * row[1] + c * row[2] + d
            loss = loss + math.softplus(z) - z * (r > 0.0)
        return loss / n

    return f, (0.1, -0.2, 0.3, 0.05)


def ends_differ(n: int) -> Made:
    """The first and the last turn do something else."""

    def f(a: Any, b: Any) -> Any:
        x = a * b
        for t in range(n):
            if t == 0:
                x = math.sqrt(x)
            elif t == n - 1:
                x = x * math.exp(-b)
            else:
                x = x + a * math.cos(x) * RETURNS[t]
        return x

    return f, (0.9, 0.2)


def early_turns(n: int) -> Made:
    """The first turns are uneven: a window that fills."""

    def f(a: Any, b: Any) -> Any:
        xs: list[Any] = []
        total = 0.0
        for t in range(n):
            xs.append(a * RETURNS[t] + b)
            window = xs[-4:]
            total = total + math.tanh(sum(window) / len(window))
        return total

    return f, (0.9, 0.2)


def even_and_odd(n: int) -> Made:
    """Even turns differ from odd ones."""

    def f(a: Any, b: Any) -> Any:
        x = a
        for t in range(n):
            x = math.sin(x + b * RETURNS[t]) if t % 2 else x * b + a
        return x

    return f, (0.9, 0.2)


def nested(n: int) -> Made:
    """An inner loop of three turns."""

    def f(a: Any, b: Any, c: Any) -> Any:
        w = [a, b, c]
        total = 0.0
        for t in range(n):
            z = 0.0
            for i in range(3):
                z = z + w[i] * ROWS[t][i]
            total = total + math.tanh(z) * total * 0.1 + z
        return total

    return f, (0.9, 0.2, -0.3)


def whole_sums(n: int) -> Made:
    """Sums rounded once, and distances, in a loop."""

    def f(a: Any, b: Any) -> Any:
        x = a
        for t in range(n):
            x = math.fsum([x * 0.5, b, RETURNS[t]]) + math.hypot(x, b, 1.0) * 0.01
            x = x - math.hypot(x, b) * 0.02
        return x

    return f, (0.9, 0.2)


def powers(n: int) -> Made:
    """Powers, with whole exponents and others."""

    def f(a: Any, b: Any) -> Any:
        x = a
        for t in range(n):
            x = 1.0 + 0.1 * x**b + 0.01 * x**3 + 0.1 * abs(RETURNS[t]) ** b
        return x

    return f, (0.9, 0.7)


def choices(n: int) -> Made:
    """Choices among numbers in a loop."""

    def f(a: Any, b: Any) -> Any:
        x = a
        for t in range(n):
            y = x * b + RETURNS[t]
            x = math.where(y > -100.0, y * 0.5, x * 0.9) + math.relu(y) * 0.1 + math.maximum(x, y) * 0.01
            x = math.clip(x, -2.0, 2.0) + math.minimum(x, a)
        return x

    return f, (0.9, 0.2)


def detached(n: int) -> Made:
    """A part without derivative in each turn."""

    def f(a: Any, b: Any) -> Any:
        x = a
        for t in range(n):
            with no_grad():
                scale = math.sqrt(1.0 + x * x)
            x = x * b / scale + RETURNS[t]
        return x

    return f, (0.9, 0.2)


def inner_derivative(n: int) -> Made:
    """A derivative in each turn, as in Newton's method."""

    def f(a: Any, b: Any) -> Any:
        x = b
        for t in range(n):
            x = x - 0.01 * grad(lambda z: math.sin(a * z) + z * z * RETURNS[t % 7])(x)  # noqa: B023
        return x

    return f, (0.9, 0.2)


def of_the_users_own(n: int) -> Made:
    """A primitive that is not the package's own, in a loop; for tests that leave the table as it was."""
    twisted = TABLE.get("twisted in tests") or ops.unary(
        "twisted in tests",
        lambda x: x * abs(x) * 0.1 + x,
        lambda x, out: 0.2 * abs(x) + 1.0,
        "Return a twist.",
        c="{0} * fabs({0}) * 0.1 + {0}",
    )

    def f(a: Any, b: Any) -> Any:
        x = a
        for t in range(n):
            x = twisted(x * b) * 0.5 + RETURNS[t]
        return x

    return f, (0.9, 0.2)


def unused(n: int) -> Made:
    """What may raise and is not used; its first turn is the inputs'."""

    def f(a: Any, b: Any) -> Any:
        x = a
        for _ in range(n):
            math.log(x * x + b)
            x = x / (1.0 + b)
        return x

    return f, (0.9, 0.2)


def backwards(n: int) -> Made:
    """A loop through an array from its end."""

    def f(*x: Any) -> Any:
        y = 0.0
        for t in reversed(range(n)):
            y = y * x[0] + x[t]
        return y

    return f, tuple([0.01 * x for x in numbers(n)])


def both_ways(n: int) -> Made:
    """Filtered forward, smoothed backward."""

    def f(a: Any, b: Any) -> Any:
        xs = [a]
        for t in range(n):
            xs.append(b * xs[-1] + (1.0 - b) * RETURNS[t])
        y = xs[-1]
        total = y
        for x in reversed(xs):
            y = 0.5 * y + 0.5 * x
            total = total + (y - x) ** 2
        return total

    return f, (0.9, 0.2)


def pairs(n: int) -> Made:
    """Two numbers of an array a turn."""

    def f(*x: Any) -> Any:
        total = 0.0
        for t in range(n):
            total = total + math.sin(x[2 * t]) * x[2 * t + 1]
        return total

    return f, numbers(2 * n)


def signs(n: int) -> Made:
    """A number of the last turn is one of two arrays that derivatives read."""

    def f(x: Any) -> Any:
        total = 0.0
        for t in range(n):
            total = total + x * (1.0 if t % 5 in (0, 2, 4) else -1.0)
            x = -math.sin(x)
        return total * x

    return f, (0.7,)


FUNCTIONS: dict[str, Callable[[int], Made]] = {
    f.__name__: f
    for f in (
        garch, guarded, epidemic, rosenbrock, swapping, autoregression, third_order, several, of_lengths,
        two_arrays, of_rows, ends_differ, early_turns, even_and_odd, nested, whole_sums, powers, choices,
        detached, inner_derivative, of_the_users_own, unused, backwards, both_ways, pairs,
        signs,
    )
}  # fmt: skip
"""Functions of numbers that return a number."""


def filtered(n: int) -> Made:
    """A list with a number for each turn."""

    def f(a: Any, b: Any) -> Any:
        xs = [a]
        for t in range(n):
            xs.append(xs[-1] * b + RETURNS[t])
        return xs

    return f, (0.9, 0.2)


def each_squared(n: int) -> Made:
    """A result for each number of an array, and their sum."""

    def f(*x: Any) -> Any:
        return [math.exp(-each * each) for each in x] + [sum(x)]

    return f, numbers(n)


LISTS: dict[str, Callable[[int], Made]] = {f.__name__: f for f in (filtered, each_squared)}
"""Functions of numbers that return a list with a number for each turn."""

Derive = Callable[[Program, list[int]], Program]


def _value(program: Program, by: list[int]) -> Program:
    return simplified(program)


def _value_and_grad(program: Program, by: list[int]) -> Program:
    return simplified(with_gradient(program, by))


def _hessian(program: Program, by: list[int]) -> Program:
    return simplified(with_jacobian(with_gradient(program, by, keep=False), by))


def _hvp(program: Program, by: list[int]) -> Program:
    names = [f"vector_{program.inputs[i]}" for i in by]
    return simplified(with_product(with_gradient(program, by, keep=False), by, names))


MODES: dict[str, Derive] = {
    "value": _value, "value_and_grad": _value_and_grad, "hessian": _hessian, "hvp": _hvp,
}  # fmt: skip
"""How the programs of modes are made."""


def recorded(made: Made) -> Program:
    """The program of a function, as it was recorded."""
    f, arguments = made
    variables: list[Any] = [variable(x) for x in arguments]
    trace = Trace(f, variables, lambda: f(*variables))
    return trace.program([f"x{i}" for i in range(len(arguments))], [])


def derived(program: Program, mode: str) -> Program:
    """The program of a mode as straight lines."""
    return MODES[mode](program, [*range(len(program.inputs))])


def with_loops(program: Program, mode: str) -> LoopProgram | None:
    """The program of a mode with loops; None where no loops are found."""
    by = [*range(len(program.inputs))]
    inputs = [*program.inputs]
    if mode == "hvp":
        inputs += [f"vector_{x}" for x in program.inputs]
    try:
        return grown(Family(program), MODES[mode], by, inputs)
    except Unsuitable:
        return None


def point_of(made: Made, mode: str) -> list[float]:
    """Inputs for the program of a mode."""
    _, arguments = made
    return [*arguments, *(numbers(len(arguments), 5) if mode == "hvp" else ())]

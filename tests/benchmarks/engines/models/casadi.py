"""CasADi: one turn of a loop as a graph of scalars (SX), the loop as a fold of it.

By option "gcc" the whole, gradient included, is compiled by gcc; without, CasADi's virtual machine runs it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...models import bodies, epidemic, garch, shooting, straight
from ...works import Cannot, Task, flat
from ..c import compiler
from ..casadi import buffered, ca, versions
from .first import task


def function(option: str, inputs: list[Any], outputs: list[Any]) -> Any:
    flags = {"compiler": compiler(), "flags": ["-O3", "-march=native"]} if option == "gcc" else {}
    jit = {"jit": True, "compiler": "shell", "jit_options": flags} if option == "gcc" else {}
    return ca.Function("model", inputs, outputs, jit)


def called(made: Any, arguments: list[Any], results: list[Any]) -> Callable[[], list[Any]]:
    """Return a call of the function on arrays, which gives the arrays of its results."""
    run = buffered(made, arguments, results)

    def call() -> list[Any]:
        run()
        return results

    return call


def parts(vector: Any) -> list[Any]:
    return [vector[i] for i in range(vector.numel())]


def garch_gradient_of(returns: Any, option: str) -> Any:
    """Return the loss and its gradient, as a function of parameters and returns."""
    size = len(returns)
    state, x, p = ca.SX.sym("state", 2), ca.SX.sym("x"), ca.SX.sym("p", 3)
    variance, total = parts(state)
    after = p[0] + p[1] * x * x + p[2] * variance, total + ca.log(variance) + x * x / variance
    turn = ca.Function("turn", [state, x, p], [ca.vertcat(*after)])
    parameters, every = ca.MX.sym("parameters", 3), ca.MX.sym("returns", 1, size)
    start = ca.vertcat(parameters[0] / (1.0 - parameters[1] - parameters[2]), 0.0)
    loss = 0.5 * turn.fold(size)(start, every, ca.repmat(parameters, 1, size))[1]
    return function(option, [parameters, every], [loss, ca.gradient(loss, parameters)])


def garch_gradient(size: int, option: str) -> Task:
    returns = garch.simulated(size)

    def start() -> Callable[[], Any]:
        made = garch_gradient_of(returns, option)
        return called(made, [np.array(garch.PARAMETERS), returns], [np.empty(1), np.empty(3)])

    return task(start, numbers)


def garch_fit(size: int, option: str) -> Task:
    returns = garch.simulated(size)

    def start() -> Callable[[], Any]:
        at = np.empty(3)
        once = called(garch_gradient_of(returns, option), [at, returns], [np.empty(1), np.empty(3)])

        def gradient(parameters: list[float]) -> Any:
            at[:] = parameters
            return once()

        return lambda: garch.fitted(gradient, size)

    return task(start, numbers, name="")


def numbers(found: Any) -> list[float]:
    value, slope = found
    return flat((value.item(), slope))


def sir(size: int, option: str) -> Task:
    def start() -> Callable[[], Any]:
        state, p = ca.SX.sym("state", 3), ca.SX.sym("p", 2)
        after = epidemic.step(parts(state), parts(p), epidemic.DAYS / size)
        turn = ca.Function("turn", [state, p], [ca.vertcat(*after)])
        rates = ca.MX.sym("rates", 2)
        value = turn.fold(size)(ca.DM(epidemic.START), ca.repmat(rates, 1, size))[2]
        made = function(option, [rates], [value, ca.gradient(value, rates)])
        return called(made, [np.array(epidemic.RATES)], [np.empty(1), np.empty(2)])

    return task(start, numbers)


def three_bodies(size: int, option: str) -> Task:
    def start() -> Callable[[], Any]:
        state = ca.SX.sym("state", 12)
        turn = ca.Function("turn", [state], [ca.vertcat(*bodies.step(parts(state), bodies.TIME / size))])
        first = ca.MX.sym("first", 12)
        made = function(option, [first], [ca.densify(ca.jacobian(turn.fold(size)(first), first))])
        return called(made, [np.array(bodies.START)], [np.empty((12, 12))])

    return task(start, lambda found: bodies.told(found[0].T))  # a matrix is stored by columns


def shooting_hessian(size: int, option: str) -> Task:
    if option == "gcc":
        raise Cannot("not its work")  # gcc takes minutes for it

    def start() -> Callable[[], Any]:
        controls = ca.SX.sym("controls", size)
        hessian, _ = ca.hessian(shooting.cost(parts(controls), size), controls)
        made = function(option, [controls], [ca.densify(hessian)])
        return called(made, [np.array(shooting.controls(size))], [np.empty((size, size))])

    return task(start, lambda found: shooting.told(found[0]))


def straight_gradient(size: int, option: str) -> Task:
    lines = straight.lines(size)

    def start() -> Callable[[], Any]:
        x = ca.SX.sym("x", straight.INPUTS)
        value = straight.result(parts(x), lines, ca)
        made = function(option, [x], [value, ca.gradient(value, x)])
        return called(made, [np.array(straight.point())], [np.empty(1), np.empty(straight.INPUTS)])

    return task(start, numbers, name="", nodes=size)


WORKS: dict[str, Callable[[int, str], Task]] = {
    "garch": garch_gradient,
    "garch fit": garch_fit,
    "long garch": garch_gradient,
    "sir": sir,
    "bodies": three_bodies,
    "shooting": shooting_hessian,
    **{f"straight {size}": straight_gradient for size in (1_000, 10_000, 100_000, 1_000_000)},
}

__all__ = ["WORKS", "versions"]

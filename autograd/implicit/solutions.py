"""The solution of a system of equations as a map of what it depends on, with the derivatives of that.

Of equations F(x, a) = 0 that are solved for x, with the Jacobian J by x, a change da of a moves the solution
by dx = -J⁻¹ F_a da (the implicit function theorem). A gradient g with respect to x goes back as the solution
of Jᵀ l = g does: -F_aᵀ l. Both are written with Values too, in which x is a solution again: so derivatives of
any order are known.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ..derivatives.calls import Call
from ..derivatives.maps import Form, Map, NumericMap, apply_map, plain_number
from ..derivatives.trees import Structure, is_array, is_number, kind_of
from ..engine import Value, data_of
from ..engine.recording import is_followed
from ..support.messages import name_of, shown
from .closures import kept
from .compiled_residuals import OFTEN, CompiledResidual, are_floats
from .linear_systems import LinearSystem, is_number_to_divide_by, product

MANY = 10_000
"""How many numbers are remembered at most, of solutions whose derivatives a program asks for after them."""

NEAR = 2.0**-12
"""How far beside a solution equations are looked at, in parts of each number and of 1."""

if TYPE_CHECKING:
    from ..derivatives.local_derivatives import Number

    Equations = Callable[[Sequence[Number], Sequence[Number]], list[Number]]
    """Takes the unknowns and the numbers they depend on; returns as many numbers, which shall be 0."""

    Solver = Callable[[Sequence[float], Sequence[float]], list[float]]
    """Takes numbers to start from, and those that the unknowns depend on; returns the unknowns."""


class Solution(Map):
    """The unknowns of equations, as a map of the numbers that are started from and of those they depend on.

    Args:
        name: what is said to be solved.
        equations: the equations.
        solver: finds the unknowns.
        start: from how many numbers it starts, on which they do not depend.
        given: on how many numbers they depend.
        unknowns: how many there are.
        check: called with these and what they depend on before they are differentiated, to raise an error.
        problem: whose equations they are.
        is_of_one_call: whether they are solved once, not by a program in each of its calls.
    """

    def __init__(
        self,
        name: str,
        equations: Any,
        solver: Any,
        start: int,
        given: int,
        unknowns: int,
        check: Any,
        problem: Problem | None = None,
        is_of_one_call: bool = False,
    ) -> None:
        self.name = name
        self.inputs = start + given
        self.results = unknowns
        self.start = start
        self.is_of_one_call = is_of_one_call
        self._equations: Equations = equations
        self._solver: Solver = solver
        self._check = check
        self._problem = problem
        self._runs = 0
        self._known: dict[bytes, tuple[list[float], bytes]] = {}

    def __call__(self, numbers: Sequence[float]) -> list[float]:
        self._runs += 1
        if self._runs == OFTEN and self._problem is not None:
            self._problem.compile()
        found = self._solver(numbers[: self.start], numbers[self.start :])
        if len(self._known) * (self.inputs + self.results) >= MANY:
            self._known = {}  # another, for one that several threads use is not made smaller
        self._known[array("d", numbers).tobytes()] = [*found], self._residuals(found, numbers)
        return found

    def again(self, numbers: Sequence[float]) -> list[float]:
        """Return the unknowns for numbers for which they may have been found before.

        The equations may use what has changed since. So what was found is taken only where they leave the
        same, to the last bit, of it. A program solves anew otherwise. Those of a single call must leave the
        same of numbers beside it, too: others may have that solution, and other derivatives.

        Raises:
            RuntimeError: otherwise, where there is one solution, that of a single call.
        """
        found, residuals = self._known.get(array("d", numbers).tobytes(), ([], b""))
        if found and self._residuals(found, numbers) == residuals:
            return [*found]
        if found and self.is_of_one_call:
            raise RuntimeError(
                f"the equations of {self.name} have changed since they were solved, before the solution was "
                "differentiated: what they use and what changes must be an argument, or a copy"
            )
        return self(numbers)

    def _residuals(self, unknowns: Sequence[float], numbers: Sequence[float]) -> bytes:
        """Return what the equations leave of a solution and, those of one call, beside it where they can."""
        given = numbers[self.start :]
        left = [*self._equations(unknowns, given)]
        if self.is_of_one_call:
            with suppress(Exception), _no_warnings():
                left += self._equations([*map(_beside, unknowns)], [*map(_beside, given)])
        return array("d", [plain_number(x, self.name) for x in left]).tobytes()

    def remembering(self, numbers: Sequence[float]) -> tuple[list[float], Any]:
        found = self.again(numbers)
        return found, found

    def solved(self, numbers: Sequence[Number]) -> list[Number]:
        """Return the unknowns for floats and Values, as `again` does for floats."""
        floats = [x for x in numbers if not isinstance(x, Value)]
        return [*self.again(floats)] if len(floats) == len(numbers) else apply_map(self, numbers)

    def pull_back(self, numbers: Sequence[float], gradients: Sequence[float], memory: Any) -> list[float]:
        if self.is_of_one_call:
            memory = self.again(numbers)
        pulled = self.carried_back(memory, numbers[self.start :], gradients)
        return [plain_number(x, f"the derivative of {self.name}") for x in pulled]

    def carried_back(
        self, unknowns: Sequence[Number], given: Sequence[Number], gradients: Sequence[Number]
    ) -> list[Number]:
        """Return gradients with respect to all numbers, given those with respect to the unknowns."""
        by_unknowns, by_given = self._derivatives(unknowns, given)
        columns = [x for column in zip(*by_unknowns, strict=True) for x in column]
        weights = self._solved(unknowns, columns, gradients)
        pulled: list[Number] = [-product(weights, column) for column in zip(*by_given, strict=True)]
        return [0.0] * self.start + (pulled if by_given and by_given[0] else [])

    def carried_ahead(
        self, unknowns: Sequence[Number], given: Sequence[Number], direction: Sequence[Number]
    ) -> list[Number]:
        """Return the direction of the unknowns, given that of the numbers they depend on."""
        by_unknowns, by_given = self._derivatives(unknowns, given)
        right = [-product(row, direction) for row in by_given]
        return self._solved(unknowns, [x for row in by_unknowns for x in row], right)

    def _derivatives(
        self, unknowns: Sequence[Number], given: Sequence[Number]
    ) -> tuple[list[list[Number]], list[list[Number]]]:
        """Return the derivatives of each of the equations by the unknowns, and by what these depend on."""
        if self._check is not None:
            self._check(unknowns, given)
        count, numbers = len(unknowns), [*unknowns, *given]
        rows: list[list[Number]]
        if self._problem is not None and (known := self._problem.slopes(unknowns, given)):
            rows = [[*row] for row in known]
        elif count == 1:
            only = Call(lambda xs: self._equations(xs[:1], xs[1:])[0], 0, (numbers,), {}, scalar=True)
            rows = [only.gradients([1.0])]
        else:
            call = Call(lambda xs: self._equations(xs[:count], xs[count:]), 0, (numbers,), {})
            rows = [call.gradients_of(x) for x in call.results]
        return [row[:count] for row in rows], [row[count:] for row in rows]

    def _solved(
        self, unknowns: Sequence[Number], matrix: Sequence[Number], right: Sequence[Number]
    ) -> list[Number]:
        """Return the solution of the linear system with a matrix, row by row, and a right side."""
        if len(unknowns) == 1 and is_number_to_divide_by(matrix[0]) and type(right[0]) is float:
            return [right[0] / matrix[0]]
        what = f"{self.name}: the Jacobian of the equations by the unknowns"
        system = LinearSystem(len(unknowns), what, [data_of(x) for x in unknowns])
        return apply_map(system, [*matrix, *right])

    def pulled(self) -> Map:
        return _Back(self)

    def pushed(self) -> Map:
        return _Ahead(self)


def _beside(x: float) -> float:
    return x + NEAR * (1.0 + abs(x))


def _no_warnings() -> AbstractContextManager[None]:
    """Return what keeps NumPy, if it is there, from warning of numbers at which nobody wanted to compute."""
    numpy = sys.modules.get("numpy")
    return numpy.errstate(all="ignore") if numpy else nullcontext()


class _Back(NumericMap):
    """What carries gradients back through a solution."""

    def __init__(self, of: Solution) -> None:
        super().__init__(f"{of.name}′", of.inputs + of.results, of.inputs)
        self._of = of

    def of_numbers(self, numbers: list[Number]) -> Sequence[Number]:
        of = self._of
        unknowns = of.solved(numbers[: of.inputs])
        return of.carried_back(unknowns, numbers[of.start : of.inputs], numbers[of.inputs :])


class _Ahead(NumericMap):
    """What carries directions forward through a solution."""

    def __init__(self, of: Solution) -> None:
        super().__init__(f"{of.name}′", 2 * of.inputs, of.results)
        self._of = of

    def of_numbers(self, numbers: list[Number]) -> Sequence[Number]:
        of = self._of
        unknowns = of.solved(numbers[: of.inputs])
        return of.carried_ahead(unknowns, numbers[of.start : of.inputs], numbers[of.inputs + of.start :])


class Problem:
    """A function of unknowns and of arguments, whose unknowns are asked for.

    Attributes:
        name: how messages call it.
        f: the function, with the variables around it as they are bound now.
        others: the other functions, likewise.
        start: the numbers to start from, some of them Values.
        given: the numbers in the arguments, some of them Values.
        is_number: whether there is one unknown, a number.
        is_equation: whether the equation is one of the function, not of its derivatives.
        change: makes derivatives of the equations of those of the function, row by row, where they are
            others; None where they are that the function is 0.

    Args:
        f: the function.
        x0: the structure of the unknowns, with numbers to start from.
        args: the arguments, structures of numbers and of anything else.
        others: functions that are called with it.

    Raises:
        TypeError: f is no function, or x0 is not made of numbers.
    """

    def __init__(self, of: str, f: Any, x0: Any, args: tuple[Any, ...], others: Sequence[Any] = ()) -> None:
        if not callable(f):
            raise TypeError(f"implicit.{of} takes a function first, not {shown(f)}")
        [self.f, *self.others] = kept([f, *others])
        name = name_of(f)
        self.name = of if name == "<lambda>" else f"{of} of {name}"
        unknowns = Structure(x0, f"x0 of implicit.{of}")
        if not unknowns.leaves or not unknowns.numbers:
            raise TypeError(f"x0 of implicit.{of} holds the numbers to start from; {shown(x0)} has none")
        self.start = unknowns.numbers
        self.unknowns = Form(unknowns.put_together([data_of(x) for x in self.start], others=True), False)
        structure = Structure(args, values_only=True)
        self.given = structure.numbers
        places = [Value(x._number) if isinstance(x, Value) else x for x in self.given]
        self.arguments = Form(structure.put_together(places, others=True), True)
        self.is_number = is_number(x0)
        self._are_flat = all(isinstance(x, Value) or not (is_array(x) or kind_of(x)) for x in args)
        self.is_equation = True
        self._program: CompiledResidual | None = None
        self.change: Callable[[list[list[float]]], list[list[float]]] | None = None
        self._values = [i for i, x in enumerate(args) if isinstance(x, Value)]
        self._only_values = len(self._values) == len(args)

    def called(self, f: Any, x: Sequence[Number], given: Sequence[Number]) -> list[Number]:
        """Call a function of the unknowns and the arguments, and return the numbers of its result.

        Raises:
            TypeError: something in that is no number.
        """
        args = self._filled(given) if self._are_flat else self.arguments(given)
        if self._program is not None and f is self.f and are_floats(x) and are_floats(given):
            numbers = self._program.value([*x], args)  # type: ignore[list-item]  # which are floats
            if numbers is not None:
                return [*numbers]
        out = f(x[0] if self.is_number else self.unknowns(x), *args)
        if type(out) is Value:
            return [out]
        if isinstance(out, float):
            return [float(out)]
        result = Structure(out, f"the result of {name_of(f)}")
        if out is None or result.others:
            raise TypeError(f"{name_of(f)} must return numbers, not {shown(out)}")
        return result.numbers

    def height(
        self, given: Sequence[float], equations: Callable[[Sequence[Any], Sequence[float]], list[Any]]
    ) -> Callable[[float], float]:
        """Return the left side of an equation that the function of a number is 0, as a function of a float.

        It is for solvers, which call it many times: the arguments are put together once.

        Args:
            given: the numbers in the arguments.
            equations: the same as equations, which are asked where the function returns no float.
        """
        f = self.f
        args = self._filled(given) if self._are_flat else None

        def height(x: float) -> float:
            if self.is_number and args is not None:
                out = f(x, *args)
                if isinstance(out, float):
                    return float(out)
            return plain_number(equations([x], given)[0], name_of(f))

        if self._program is not None and self.change is None:
            return self._program.height(args if args is not None else self.arguments(given), height)
        return height

    def _filled(self, given: Sequence[Number]) -> list[Any]:
        """Return arguments of which, as most are, each is a number itself or has none."""
        if self._only_values:
            return [*given]
        args = [*self.arguments.thing]
        for i, number in zip(self._values, given, strict=True):
            args[i] = number
        return args

    def compile(self) -> None:
        """Have the function compiled, for its equations are solved often."""
        if self.is_equation:
            unknowns = itemgetter(0) if self.is_number else self.unknowns
            self._program = CompiledResidual(self.f, unknowns, self.arguments.thing)

    def slopes(self, x: Sequence[Number], given: Sequence[Number]) -> list[list[float]] | None:
        """Return for each equation its derivatives by all numbers; None where it is to be recorded."""
        if self._program is None or not (are_floats(x) and are_floats(given)):
            return None
        args = self._filled(given) if self._are_flat else self.arguments(given)
        found = self._program.derivatives([*x], args)  # type: ignore[list-item]  # which are floats
        if found is None or len(found) != len(x):
            return None
        return found if self.change is None else self.change(found)

    def solution(self, equations: Any, solver: Any, unknowns: int, check: Any = None) -> list[Number]:
        """Return the unknowns of equations.

        Args:
            equations, solver, unknowns, check: as for `Solution`.
        """
        numbers = [*self.start, *self.given]
        if not any(isinstance(x, Value) for x in numbers):
            return [*solver(self.start, self.given)]
        start, given = len(self.start), len(self.given)
        once = not is_followed()
        solution = Solution(self.name, equations, solver, start, given, unknowns, check, self, once)
        return apply_map(solution, numbers)

"""Random straight-line programs over the primitives of the table, and their derivatives to many digits.

A `Program` is a list of instructions, each a primitive applied to earlier results and constants. It runs on
whatever brings arithmetic: floats, Values, and mpmath's numbers through `oracle.oracle`. `programs` draws
them; `Reference` has their derivatives from difference quotients, without any rule of differentiation, and
how far rounding may carry a computation in floats away from these.
"""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from hypothesis import strategies as st
from mpmath import mp, mpf
from oracle import oracle

from autograd import Value
from autograd.ops import TABLE, Primitive
from autograd.ops.table import ANY, add, multiply, sigmoid

# IEEE 754 leaves open which sign a NaN has, and copysign tells of it.
PRIMITIVES = tuple([x for x in TABLE.values() if x.home == "autograd.ops.table" and x.name != "copysign"])
LONGEST = 300  # operations

OPERATORS: dict[str, tuple[str, Callable[..., Any]]] = {
    "+": ("{} + {}", operator.add),
    "-": ("{} - {}", operator.sub),
    "*": ("{} * {}", operator.mul),
    "/": ("{} / {}", operator.truediv),
    "**": ("{} ** {}", operator.pow),
    "//": ("{} // {}", operator.floordiv),
    "%": ("{} % {}", operator.mod),
    "neg": ("-{}", operator.neg),
    "abs": ("abs({})", abs),
    "relu": ("{}.relu()", lambda x: x.relu() if isinstance(x, Value) else TABLE["relu"](x)),
}
"""How the arithmetic of Python writes a primitive: as text, and as a function."""


@dataclass(frozen=True)
class Instruction:
    """A primitive applied to the results of earlier instructions, by their numbers, and to constants."""

    primitive: Primitive
    operands: tuple[int | float, ...]
    by_name: bool  # although Python may have an operator for it

    def __call__(self, nodes: Sequence[Any]) -> Any:
        operands = [nodes[x] if type(x) is int else x for x in self.operands]
        if not self.by_name and self.primitive.name in OPERATORS:
            return OPERATORS[self.primitive.name][1](*operands)
        return self.primitive(*operands)

    def __str__(self) -> str:
        operands = [f"t{x}" if type(x) is int else repr(x) if x >= 0.0 else f"({x!r})" for x in self.operands]
        name = self.primitive.name
        if not self.by_name and name in OPERATORS:
            return OPERATORS[name][0].format(*operands)
        return f"TABLE[{name!r}]({', '.join(operands)})"


@dataclass(frozen=True, repr=False)
class Program:
    """Instructions, of which the last gives the result, and the numbers at which they are differentiated."""

    inputs: tuple[float, ...]
    instructions: tuple[Instruction, ...]

    def nodes(self, *inputs: Any) -> list[Any]:
        """Return the inputs and the result of each instruction."""
        nodes = list(inputs)
        for instruction in self.instructions:
            nodes.append(instruction(nodes))
        return nodes

    def __call__(self, *inputs: Any) -> Any:
        return self.nodes(*inputs)[-1]

    def __repr__(self) -> str:
        """Return the program as text of Python, to be pasted and run."""
        names = [f"t{i}" for i in range(len(self.inputs))]
        lines = [
            "from autograd import Value",
            "from autograd.ops import TABLE",
            f"def program({', '.join(names)}):",
            *[f"    t{i} = {line}" for i, line in enumerate(self.instructions, start=len(names))],
            f"    return t{len(names) + len(self.instructions) - 1}",
            f"program(*map(Value, {self.inputs!r}))",
        ]
        return "\n".join(["", *lines, ""])


# Drawing


@dataclass(frozen=True)
class Step:
    """What is drawn for an instruction: anything at all is a step, which `assemble` makes sense of."""

    primitive: Primitive
    operands: tuple[int | float, int | float]  # how far back to go, or a constant between 0 and 1
    place: float  # between 0 and 1: where in the domain to put an operand that lies outside
    squashed: bool  # whether it gets there through a sigmoid, or through a linear function
    roaming: bool  # whether to try operands beyond the primitive's domain
    by_name: bool


def steps(primitives: Sequence[Primitive] = PRIMITIVES) -> st.SearchStrategy[Step]:
    fraction = st.floats(0.0, 1.0)
    back = st.integers(0, LONGEST)
    operand = st.one_of(back, back, fraction)
    flag = st.booleans()
    return st.builds(
        Step, st.sampled_from(primitives), st.tuples(operand, operand), fraction, flag, flag, flag
    )


def programs(
    through: Sequence[Primitive] = PRIMITIVES, least: int = 0, most: int = 12
) -> st.SearchStrategy[Program]:
    """Draw a program.

    Args:
        through: one of these is in it for certain.
        least: how many further steps to draw at least; a step makes up to ten instructions.
        most: how many at most.
    """
    inputs = st.lists(st.floats(-4.0, 4.0, allow_subnormal=False), min_size=1, max_size=4).map(tuple)
    before = st.lists(steps(), min_size=least // 2, max_size=most // 2)
    after = st.lists(steps(), min_size=least - least // 2, max_size=most - most // 2)
    drawn = st.tuples(inputs, before, steps(through), after).map(lambda parts: assemble(*parts))
    return drawn.filter(lambda program: any(x.primitive in through for x in program.instructions))


def assemble(inputs: tuple[float, ...], before: list[Step], through: Step, after: list[Step]) -> Program:
    """Return the program of some steps, in which every operation is smooth where it is evaluated."""
    assembly = Assembly([x if x == 0.0 or abs(x) > 1e-3 else 0.0 for x in inputs])
    for step in [*before, through, *after]:
        assembly.take(step)
    return assembly.program()


class Assembly:
    """A program that is being put together, with the value of each of its nodes in floats."""

    def __init__(self, inputs: Sequence[float]) -> None:
        self.inputs = tuple(inputs)
        self.values = list(inputs)
        self.instructions: list[Instruction] = []
        self.unused: dict[int, None] = {}  # results that no instruction takes yet, in order

    def take(self, step: Step) -> None:
        """Add the instructions of a step, unless the program is long enough or the result out of range."""
        if len(self.instructions) + 3 * len(self.unused) + 24 > LONGEST:
            return
        primitive = step.primitive
        if step.roaming:
            operands = self._operands(step, (ANY,) * len(primitive.domain))
            if self._append(primitive, operands, step.by_name, beyond=True):
                return
        self._append(primitive, self._operands(step, primitive.domain), step.by_name)

    def program(self) -> Program:
        """Return the program, whose result is the sum of all that is not used yet, each scaled to about 1."""
        terms = [self._scaled(x, 0.5, 2.0) for x in list(self.unused)] or [self._emit(add, (0, 1.0))]
        total = terms[0]
        for term in terms[1:]:
            total = self._emit(add, (total, term))
        return Program(self.inputs, tuple(self.instructions))

    def _operands(self, step: Step, domain: Iterable[tuple[float, float]]) -> tuple[int | float, ...]:
        operands: list[int | float] = []
        references = 0
        for x, (low, high), derivative in zip(
            step.operands, domain, step.primitive.derivatives, strict=False
        ):
            if derivative is None:  # a whole number, as the tests of each primitive have it
                low, high = step.primitive.domain[len(operands)]
                first, last = math.ceil(low), math.floor(high)
                fraction = x if type(x) is float else x / LONGEST
                operands.append(float(first + min(int(fraction * (last - first + 1)), last - first)))
                continue
            margin = 1e-3 * min(1.0, high - low)
            low, high = low + margin, high - margin
            last_chance = references == 0 and not any(
                d for d in step.primitive.derivatives[len(operands) + 1 :]
            )
            if type(x) is float and not last_chance:
                operands.append(low + (high - low) * x)
                continue
            back = x if type(x) is int else int(x * LONGEST)
            references += 1
            operands.append(self._moved(len(self.values) - 1 - back % len(self.values), low, high, step))
        return tuple(operands)

    def _moved(self, node: int, low: float, high: float, step: Step) -> int:
        """Return the node, or one computed from it whose value lies within limits."""
        if low <= self.values[node] <= high:
            return node
        if step.squashed:
            squashed = self._emit(sigmoid, (self._scaled(node, 0.0, 2.0),))
            return self._emit(add, (self._emit(multiply, (squashed, high - low)), low))
        target = low + (0.1 + 0.8 * step.place) * (high - low)
        small = self._scaled(node, 0.0, 0.1 * (high - low))
        return self._emit(add, (small, target - self.values[small]))

    def _scaled(self, node: int, low: float, high: float) -> int:
        """Return the node, or it times a power of 2 so that its magnitude lies within limits."""
        magnitude = abs(self.values[node])
        if low <= magnitude <= high or magnitude == 0.0:
            return node
        limit = high if magnitude > high else low
        exponent = round(math.log2(limit / magnitude) + (-0.5 if magnitude > high else 0.5))
        return self._emit(multiply, (node, 2.0**exponent))

    def _append(
        self, primitive: Primitive, operands: tuple[int | float, ...], by_name: bool, beyond: bool = False
    ) -> bool:
        numbers = [self.values[x] if type(x) is int else x for x in operands]
        try:
            value = primitive(*numbers)
        except (ArithmeticError, ValueError):
            return False
        nodes = [i for i, x in enumerate(operands) if type(x) is int]
        if not (value == 0.0 or 1e-100 < abs(value) < 1e100):  # products of a few of these are still in range
            return False
        if beyond and not smooth(primitive, numbers, nodes):
            return False
        self._emit(primitive, operands, by_name)
        return True

    def _emit(self, primitive: Primitive, operands: tuple[int | float, ...], by_name: bool = False) -> int:
        instruction = Instruction(primitive, operands, by_name)
        self.values.append(instruction(self.values))
        self.instructions.append(instruction)
        for x in operands:
            if type(x) is int:
                self.unused.pop(x, None)
        node = len(self.values) - 1
        self.unused[node] = None
        return node


def smooth(primitive: Primitive, numbers: Sequence[float], moving: Sequence[int]) -> bool:
    """Return whether a primitive has no jump, kink or pole near a point, to judge by second differences.

    Where one lies within two steps h, second differences vary by 1 (a jump), by h (a kink) or by h**2 (a jump
    in the second derivative), elsewhere by h**3. Lines beside the point are looked at too, for through
    the point itself those of copysign(x, y) at (0, 0) are straight.

    Args:
        primitive: the primitive.
        numbers: the point.
        moving: by which operands it is differentiated.
    """
    function = oracle(primitive)
    h = mpf(10) ** -5
    for index, beside in product(moving, (-1, 0, 1) if len(moving) > 1 else (0,)):
        line = []
        with mp.workdps(40):
            for k in range(-2, 3):
                steps = [k if i == index else beside if i in moving else 0 for i in range(len(numbers))]
                try:
                    line.append(
                        function(*[mpf(x) + step * h for x, step in zip(numbers, steps, strict=True)])
                    )
                except (ArithmeticError, ValueError):
                    return False
            if not all(isinstance(x, mpf) and mp.isfinite(x) for x in line):
                return False
            seconds = [line[i] - 2 * line[i + 1] + line[i + 2] for i in range(3)]
            if max(seconds) - min(seconds) > h**2 * (1 + abs(line[2])) / 100:
                return False
    return True


# Derivatives to many digits

DIGITS = 140
STEP = -35  # of the differences, as a power of 10
UNIT = 2.0**-53  # the unit roundoff of floats
TOLERANCE = 1e-12  # times the condition, relative
LEFT_OVER = 1e-55  # what the differences leave of a number that is 0


class Reference:
    """Value, gradient and Hessian of a program by difference quotients at 140 digits, and their condition.

    Central differences with a step of 1e-35 leave an error of about 1e-70, from the length of the step and
    in second derivatives from the digits, which is nothing beside the rounding of floats.

    **The condition.** In floats, each operation sees its operands and hands on its derivatives with rounding
    errors. As a model, let every operand of every operation, and the result of the whole, pass through
    a function that is nearly the identity. Where the operand has the value a, it takes a + t to

        a (1 + d0) + t (1 + d1) + t**2 d2 / (2 max(1, |a|)),

    which has the relative errors d0 in the value, d1 in the local derivative and d2 in the second one.
    The errors of all operands are independent of one another, so that terms which cancel do not keep the
    same error. Any derivative D of the whole then depends on the errors d, and its condition is

        1 + |D(d) - D(0)| / (u |D(0)|)        with u = 2**-53, the unit roundoff,

    the larger one of two draws of errors of random sign and of magnitude u/2 to u. This samples, and is less
    than, the sum over all errors of |dD/dd| / |D|, the usual condition number. It comes from the
    program in mpmath's numbers alone, whatever the library computes. Floats may be away from D by `TOLERANCE`
    times the condition, relative to D. That is ten thousand times what rounding is expected to do, so
    it does not matter that two draws are few, nor that some functions round by more than u.

    Attributes:
        value, gradient, hessian: mpf numbers.
        value_bound, gradient_bound, hessian_bound: how far floats may be away from each.
        sensitivity: the greatest condition of the value of any node.
    """

    def __init__(self, program: Program) -> None:
        n = range(len(program.inputs))
        with mp.workdps(DIGITS):
            exact = _Differences(program)
            errors = random.Random(1)
            samples = [exact, *[_Differences(program, exact.centres, errors) for _ in range(2)]]
            self.value = exact.value
            self.gradient = [exact.first(i) for i in n]
            self.hessian = [[exact.second(i, j) for j in n] for i in n]
            self.value_bound = _bound([x.value for x in samples])
            self.gradient_bound = [_bound([x.first(i) for x in samples]) for i in n]
            self.hessian_bound = [[_bound([x.second(i, j) for x in samples]) for j in n] for i in n]
            nodes = zip(*[x.centres for x in samples], strict=True)
            self.sensitivity = max(_bound([*node]) / _bound([node[0]]) for node in nodes)


def _bound(samples: Sequence[Any]) -> float:
    exact, *perturbed = samples
    spread = max((abs(x - exact) for x in perturbed), default=0.0) / UNIT
    return float(TOLERANCE * (abs(exact) + spread)) + LEFT_OVER


class _Differences:
    """A program evaluated at its inputs and at small steps away from them, in mpmath's numbers."""

    def __init__(self, program: Program, centres: Sequence[Any] = (), errors: random.Random | None = None):
        """Evaluate a program, with rounding errors if the values of its nodes are given."""
        self._h = h = mpf(10) ** STEP
        n = len(program.inputs)
        shifts: list[dict[int, int]] = [{}]
        shifts += [{i: sign} for i in range(n) for sign in (1, -1)]
        shifts += [{i: sign, j: sign} for i, j in combinations(range(n), 2) for sign in (1, -1)]
        self._at = {tuple(shift.items()): k for k, shift in enumerate(shifts)}

        def error() -> Any:
            assert errors is not None
            return mpf(errors.choice((1, -1)) * errors.uniform(0.5, 1.0) * UNIT)

        def rounded(distinct: list[Any], centre: Any) -> list[Any]:
            value, slope, curvature = centre * (1 + error()), 1 + error(), error() / (2 * max(1, abs(centre)))
            return [value + t * (slope + t * curvature) for t in (a - centre for a in distinct)]

        # Many points agree in what a node depends on: it is computed once for each distinct set of operands.
        nodes: list[tuple[list[Any], list[int]]] = [
            ([mpf(x), mpf(x) + h, mpf(x) - h], [shift.get(i, 0) % 3 for shift in shifts])
            for i, x in enumerate(program.inputs)
        ]
        for instruction in program.instructions:
            function = oracle(instruction.primitive)
            operands = []
            for x in instruction.operands:
                distinct, which = nodes[x] if type(x) is int else ([mpf(x)], [0] * len(shifts))
                if centres and type(x) is int:
                    distinct = rounded(distinct, centres[x])
                operands.append((distinct, which))
            keys = list(zip(*[which for _, which in operands], strict=True))
            numbers = {key: k for k, key in enumerate(dict.fromkeys(keys))}
            results = [
                function(*[distinct[k] for k, (distinct, _) in zip(key, operands, strict=True)])
                for key in numbers
            ]
            nodes.append((results, [numbers[key] for key in keys]))
        self.centres = [distinct[which[0]] for distinct, which in nodes]
        distinct, which = nodes[-1]
        if centres:
            distinct = rounded(distinct, centres[-1])
        self._results = [distinct[k] for k in which]
        self.value = self._results[0]

    def _f(self, *shift: tuple[int, int]) -> Any:
        return self._results[self._at[shift]]

    def first(self, i: int) -> Any:
        return (self._f((i, 1)) - self._f((i, -1))) / (2 * self._h)

    def second(self, i: int, j: int) -> Any:
        if i == j:
            return (self._f((i, 1)) - 2 * self.value + self._f((i, -1))) / self._h**2
        i, j = min(i, j), max(i, j)
        both = self._f((i, 1), (j, 1)) + self._f((i, -1), (j, -1))
        singly = sum(self._f((k, sign)) for k in (i, j) for sign in (1, -1))
        return (both - singly + 2 * self.value) / (2 * self._h**2)

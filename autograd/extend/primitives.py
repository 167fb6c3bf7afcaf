"""Functions that are not looked into where they are differentiated, for their derivatives are given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MethodType
from typing import Any

from ..derivatives.calls import Call
from ..derivatives.maps import Form, Map, NumericMap, apply_map
from ..derivatives.trees import Structure
from ..derivatives.vjp_rules import VjpMap
from ..derivatives.wrapped import Wrapped
from ..engine import Value
from ..support.messages import name_of, shown

Function = Callable[..., Any]
Rule = Callable[[Sequence[int], Any, tuple[Any, ...], Mapping[str, Any]], Function]
"""Called with the positions of arguments, the result, the arguments, and those by keyword; returns what takes
the gradient with respect to the result and returns those with respect to the arguments, in order."""
ForwardRule = Callable[[Sequence[int], Sequence[Any], Any, tuple[Any, ...], Mapping[str, Any]], Any]
"""Called with the positions of arguments, their directions, and as `Rule`; returns that of the result."""


def primitive(f_raw: Function) -> Primitive:
    """Return a function as one that is not looked into where it is differentiated.

    It is called with plain numbers and arrays, whatever it is made of. Its derivatives are given by `defvjp`
    for sweeps in reverse, and by `defjvp` for those forward; without the latter they come of the former.

    Args:
        f_raw: a function of numbers, arrays, structures of these, and of other things, that returns numbers,
            arrays or structures of these. By its arguments by keyword it is not differentiated.

    Raises:
        TypeError: it is no function.
        NotImplementedError: when it is differentiated, if it was given no derivative by that argument.

    >>> import numpy
    >>> from autograd import grad
    >>> @primitive
    ... def logsumexp(x):
    ...     largest = numpy.max(x)
    ...     return largest + numpy.log(numpy.sum(numpy.exp(x - largest)))
    >>> from autograd.extend import defvjp
    >>> defvjp(logsumexp, lambda ans, x: lambda g: g * numpy.exp(x - ans))
    >>> grad(logsumexp)(numpy.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    if not callable(f_raw):
        raise TypeError(f"primitive decorates a function, not {shown(f_raw)}")
    return Primitive(f_raw)


class Primitive(Wrapped):
    """A function with given derivatives.

    Attributes:
        function: the function.
        rule: how gradients are carried back, once that is told.
        forward_rule: how directions are carried forward, once that is told.
    """

    def __init__(self, function: Function) -> None:
        super().__init__(function)
        self.function = function
        self.rule: Rule | None = None
        self.forward_rule: ForwardRule | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if Structure(kwargs, values_only=True).leaves:
            raise TypeError(
                f"{name_of(self)}: by an argument with a keyword it cannot be differentiated; give Values by "
                "position"
            )
        structure = Structure(args, values_only=True)
        if not structure.leaves:
            return self.function(*args, **kwargs)
        numbers = structure.numbers
        places = [Value(x._number) if isinstance(x, Value) else x for x in numbers]
        point = structure.put_together(places, others=True)
        called = PrimitiveMap(Bound(self, kwargs, args), Form(point, True), len(numbers))
        out = apply_map(called, numbers)
        assert called.form is not None
        return called.form(out)

    def __get__(self, instance: Any, kind: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<primitive {name_of(self)}>"

    def _made_by(self) -> tuple[Any, ...]:
        return _made, (self.function, self.rule, self.forward_rule)


def _made(function: Function, rule: Rule | None, forward_rule: ForwardRule | None) -> Primitive:
    made = Primitive(function)
    made.rule, made.forward_rule = rule, forward_rule
    return made


class Bound(Wrapped):
    """A primitive with its arguments by keyword, and the positions of those it is differentiated by."""

    def __init__(self, primitive: Primitive, kwargs: Mapping[str, Any], args: Sequence[Any]) -> None:
        super().__init__(primitive.function)
        self._primitive = primitive
        self._kwargs = kwargs
        self.count = len(args)
        self.argnums = [i for i, x in enumerate(args) if Structure(x, values_only=True).leaves]

    def _f(self, *args: Any) -> Any:
        return self._primitive.function(*args, **self._kwargs)

    def forward(self, *args: Any) -> tuple[Any, Any]:
        """Return the result, a Value where there is one among the arguments, and it with the arguments."""
        ans = self._primitive(*args, **self._kwargs)
        return ans, (ans, args)

    def backward(self, residuals: Any, gradient: Any) -> tuple[Any, ...]:
        """Return the gradients with respect to all arguments, None for those that have none."""
        rule, (ans, args) = self._primitive.rule, residuals
        if rule is None:
            raise NotImplementedError(self.missing("defvjp", self.argnums))
        answers: list[Any] = [None] * self.count
        given = rule(self.argnums, ans, args, self._kwargs)(gradient)
        for i, answer in zip(self.argnums, given, strict=True):
            answers[i] = answer
        return tuple(answers)

    def ahead(self, args: tuple[Any, ...], directions: tuple[Any, ...]) -> Any:
        """Return the direction of the result, by the rule for that."""
        rule = self._primitive.forward_rule
        assert rule is not None
        ans = self._primitive(*args, **self._kwargs)
        return rule(self.argnums, [directions[i] for i in self.argnums], ans, args, self._kwargs)

    @property
    def goes_ahead(self) -> bool:
        """Whether there is a rule for directions."""
        return self._primitive.forward_rule is not None

    def missing(self, how: str, argnums: Sequence[int]) -> str:
        """Return the message that no derivative is known by some arguments."""
        name = name_of(self._primitive)
        which = ", ".join(map(str, argnums))
        return f"{name} has no derivative by argument {which} yet; give it one with {how}({name}, ...)"

    def _made_by(self) -> tuple[Any, ...]:
        return _bound, (self._primitive, self._kwargs, self.count, self.argnums)


def _bound(primitive: Primitive, kwargs: Mapping[str, Any], count: int, argnums: list[int]) -> Bound:
    made = Bound(primitive, kwargs, [None] * count)
    made.argnums = argnums
    return made


class PrimitiveMap(VjpMap):
    """A primitive as a map of the numbers in its arguments.

    Args:
        bound: the primitive.
        arguments: its arguments, into which numbers are put.
        inputs: how many numbers.
    """

    function: Any

    def __init__(self, bound: Bound, arguments: Form, inputs: int) -> None:
        super().__init__(bound, arguments, inputs, [])  # type: ignore[arg-type]

    def pushed(self) -> Map:
        return Ahead(self)

    def by_rule(self, numbers: list[Any]) -> list[Any]:
        """Return what a direction becomes, by the rule for that."""
        args = self.arguments(numbers[: self.inputs])
        directions = _with_zeros(args, self.arguments.structure, iter(numbers[self.inputs :]))
        answer = Structure(self.function.ahead(args, directions))
        assert self.form is not None
        wanted, given = [[leaf.shape or () for leaf in x.leaves] for x in (self.form.structure, answer)]
        if wanted != given:
            raise TypeError(
                f"the derivative forward of {self.name} must have the shapes of its result, {wanted}, not "
                f"{given}"
            )
        return answer.numbers

    def by_pulling_back(self, numbers: list[Any]) -> list[Any]:
        """Return what a direction becomes: what carries gradients back is linear in them, and its own
        transpose carries directions forward."""
        residuals = self.forward(numbers[: self.inputs])[1]

        def pulled(gradients: list[Any]) -> list[Any]:
            return self.backward(residuals, gradients)

        return Call(pulled, 0, ([0.0] * self.results,), {}).gradients(numbers[self.inputs :])


class Ahead(NumericMap):
    """What carries directions forward, as a map of the numbers in the arguments and of their directions."""

    def __init__(self, of: PrimitiveMap) -> None:
        super().__init__(f"{of.name}′", 2 * of.inputs, of.results)
        self._of = of

    def of_numbers(self, numbers: list[Any]) -> list[Any]:
        of = self._of
        of.check_kept()
        return of.by_rule(numbers) if of.function.goes_ahead else of.by_pulling_back(numbers)


def _with_zeros(args: Any, structure: Structure, numbers: Iterator[Any]) -> Any:
    """Return the directions of arguments: these numbers in the places of the structure, 0 in all others."""
    varied = {leaf.path for leaf in structure.leaves}
    whole = Structure(args)
    return whole.put_together(
        [next(numbers) if leaf.path in varied else 0.0 for leaf in whole.leaves for _ in leaf.numbers], True
    )

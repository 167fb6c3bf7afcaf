"""Rules of the table written down as functions of Python, with the derivatives of what they compute."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from ..ops import Primitive, named
from ..ops.reader import Comparisons, Operators
from .interactions import Pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class Unwritable(Exception):  # noqa: N818 (it never leaves this room)
    """A rule that does something else than to compute, as to decide by `if`."""


class WrittenRules:
    """The local derivatives of a primitive by some operands, as lines of a function.

    Args:
        primitive: the primitive.
        active: which of its operands are differentiated by.
    """

    def __init__(self, primitive: Primitive, active: Sequence[bool]) -> None:
        self._primitive = primitive
        self._assigned: dict[str, str] = {}
        self._names: dict[str, Any] = {}
        self._rows: dict[int, _Text] = {}
        self._operands = [
            _Text(self, f"x{i}", {i: "1.0"} if is_active else {}) for i, is_active in enumerate(active)
        ]
        plain, slopes = [x.constant() for x in self._operands], dict[int, str]()
        for i, expression in enumerate(primitive.derivatives):
            if active[i]:
                if expression is None:
                    raise Unwritable
                slopes[i] = self.text(self._read(partial(expression, *plain, _Text(self, "out", {}))))
        self._out = _Text(self, "out", slopes)

    def add(self, index: int, rule: Callable[..., Any]) -> None:
        """Write the local derivative by an operand, as `rule` reads it.

        Raises:
            Unwritable: that cannot be written.
        """
        local = self._read(lambda: rule(self._primitive, index, self._operands, self._out))
        self._rows[index] = local if isinstance(local, _Text) else _Text(self, self.text(local), {})

    def function(self, pairs: Pairs) -> Callable[..., Any]:
        """Return a function of lists: the operands and results of some operations.

        It returns lists of what was added, one for each operand, and of the second derivatives, one for each
        of the pairs.

        Args:
            pairs: the pairs of operands by which these are.
        """
        slopes = {i: x.slopes for i, x in self._rows.items()}
        found = [slopes[i].get(j, slopes[j].get(i, "0.0")) for i, j in pairs]
        texts = [*[x.name for x in self._rows.values()], *found]
        names = [f"r{i}" for i in range(len(texts))]
        given = [*[x.name for x in self._operands], "out"]
        lines = [
            f"def second({', '.join(f'{x}s' for x in given)}):",
            *[f" {name} = []" for name in names],
            f" for {', '.join(given)} in zip({', '.join(f'{x}s' for x in given)}, strict=True):",
            *[f"  {line}" for line in self._lines_for(texts)],
            *[f"  {name}.append({text})" for name, text in zip(names, texts, strict=True)],
            f" return [{', '.join(names[: -len(pairs)])}], [{', '.join(names[-len(pairs) :])}]",
        ]
        exec("\n".join(lines), self._names)
        function: Callable[..., Any] = self._names["second"]
        return function

    def _lines_for(self, texts: Iterable[str]) -> list[str]:
        """Return the lines on which some texts depend."""
        needed = {*texts}
        lines = []
        for expression, name in reversed(self._assigned.items()):
            if name in needed:
                needed.update(re.findall(r"\w+", expression))
                lines.append(f"{name} = {expression}")
        return lines[::-1]

    def _read(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except Exception as error:
            raise Unwritable from error

    def assign(self, expression: str) -> str:
        """Write an expression, if it is new, and return the name that its value has."""
        return self._assigned.setdefault(expression, f"t{len(self._assigned)}")

    def text(self, x: Any) -> str:
        """Return the text that stands for an operand."""
        if isinstance(x, _Text):
            return x.name
        return self.object(float(x))

    def object(self, x: Any) -> str:
        """Return a name for an object."""
        if type(x) is float and abs(x) < 1e16:
            return repr(x) if x > 0.0 else f"({x!r})"
        for name, thing in self._names.items():
            if thing is x:
                return name
        name = f"c{len(self._names)}"
        self._names[name] = x
        return name


_OPERATORS = {"+": "{} + {}", "-": "{} - {}", "*": "{} * {}", "/": "{} / {}", "neg": "-{}", "abs": "abs({})"}


class _Text(Operators, Comparisons):
    """A number in the function that is written.

    Attributes:
        name: the text that stands for it.
        slopes: the texts of its derivatives, by the places of operands; those that are not there are 0.
    """

    __slots__ = ("name", "rules", "slopes")

    def __init__(self, rules: WrittenRules, name: str, slopes: dict[int, str]) -> None:
        self.rules = rules
        self.name = name
        self.slopes = slopes

    def constant(self) -> _Text:
        """Return the number without its derivatives."""
        return _Text(self.rules, self.name, {})

    def _operation(self, name: str, *operands: Any) -> _Text:
        return self._apply(named(name), operands)

    def _apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> _Text:
        rules = self.rules
        texts = [rules.text(x) for x in operands]
        form = (
            _OPERATORS.get(primitive.name)
            or f"{rules.object(primitive.value)}({', '.join(['{}'] * len(texts))})"
        )
        out = rules.assign(form.format(*texts))
        plain = [x.constant() if isinstance(x, _Text) else float(x) for x in operands]
        slopes: dict[int, str] = {}
        for i, x in enumerate(operands):
            if isinstance(x, _Text) and x.slopes:
                expression = primitive.derivatives[i]
                if expression is None:
                    raise Unwritable
                local = rules.text(expression(*plain, _Text(rules, out, {})))
                for j, slope in x.slopes.items():
                    term = local if slope == "1.0" else rules.assign(f"{local} * {slope}")
                    slopes[j] = rules.assign(f"{slopes[j]} + {term}") if j in slopes else term
        return _Text(rules, out, slopes)

    def _comparison(self, relation: str, other: Any) -> _Condition:
        return _Condition(self.rules, f"{self.name} {relation} {self.rules.text(other)}")

    def __bool__(self) -> bool:
        raise Unwritable


class _Condition:
    """The outcome of a comparison in the function that is written."""

    __slots__ = ("name", "rules")

    def __init__(self, rules: WrittenRules, expression: str) -> None:
        self.rules = rules
        self.name = rules.assign(expression)

    def _where(self, x: Any, y: Any) -> _Text:
        def chosen(one: str, other: str) -> str:
            return one if one == other else self.rules.assign(f"{one} if {self.name} else {other}")

        name = chosen(self.rules.text(x), self.rules.text(y))
        its, others = [z.slopes if isinstance(z, _Text) else {} for z in (x, y)]
        places = {**its, **others}
        return _Text(self.rules, name, {j: chosen(its.get(j, "0.0"), others.get(j, "0.0")) for j in places})

    def __bool__(self) -> bool:
        raise Unwritable

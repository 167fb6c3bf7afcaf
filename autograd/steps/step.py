"""What one step of a walk through a graph tells: a small record of names and numbers, and its mathematics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..formulas import (
    DIGITS,
    Applied,
    Call,
    Derivative,
    Formula,
    Number,
    Related,
    Symbol,
    Text,
    derivative_of,
    rule_of,
    textbook_form,
    tidied,
    value_of,
)
from ..ops import TABLE, Primitive

__all__ = ["BACKWARD", "FORWARD", "Operand", "Step"]

FORWARD, BACKWARD = "forward", "backward"


class Operand(NamedTuple):
    """What an operation was applied to.

    Attributes:
        node: the id of the node; None for a constant.
        name: its name; empty for a constant.
        data: its number.
    """

    node: int | None
    name: str
    data: float

    @property
    def symbol(self) -> Formula:
        """The operand as it stands in a formula: its name, or a constant as the number it is."""
        return Number(self.data) if self.node is None else Symbol(self.name)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a walk; it holds numbers and names only, no part of the graph.

    The id of a node is its place in `topological_order(y)`, from 0; pictures have it as `v0`, `v1`, ...

    Attributes:
        phase: "forward" or "backward".
        index: the place of the step in the walk, from 0.
        node: the id of the node that is computed, or from which gradient flows.
        name: the name of that node.
        operation: what it is, such as "*" or "tanh"; empty for a leaf.
        operands: what the operation was applied to, in order.
        data: the number of the node.
        output: the name of the result that is differentiated.
        operand: backward: along which operand gradient flows, 0 or 1; None for the first step, which starts
            with the derivative of the result with respect to itself, 1, and on the way forward.
        target: backward: the id of the node to whose gradient is added.
        local: backward: the local derivative of the node with respect to that operand.
        upstream: backward: the gradient of the node.
        contribution: backward: what is added, local times upstream.
        before: backward: the gradient of the target before.
        after: backward: the gradient of the target after.
        custom: whether the operation is a function with a derivative of its own (`custom_gradient`), or one
            under `checkpoint`, about which the table of rules says nothing, even if it has an entry of that
            name.
    """

    phase: str
    index: int
    node: int
    name: str
    operation: str
    operands: tuple[Operand, ...]
    data: float
    output: str
    operand: int | None = None
    target: int | None = None
    local: float | None = None
    upstream: float | None = None
    contribution: float | None = None
    before: float | None = None
    after: float | None = None
    custom: bool = False

    @property
    def target_name(self) -> str:
        """The name of the node to whose gradient is added."""
        return self.name if self.operand is None else self.operands[self.operand].name

    @property
    def rule(self) -> Related:
        """The rule in symbols: forward `p = x · y`, backward `∂p/∂x = y`.

        Like the other formulas of a step it has a `.text`, a `.latex` and a `.mathml`.
        """
        if self.phase == FORWARD:
            computed = self._value([operand.symbol for operand in self.operands])
            return _equation(Symbol(self.name), Number(self.data) if computed is None else computed)
        if self.operand is None:
            return _equation(Derivative(self.output, self.output), Number(1.0))
        primitive = self._primitive
        derivative = Derivative(self.name, self.target_name)
        if primitive is None or primitive.derivatives[self.operand] is None:
            return _equation(derivative, Number(_known(self.local)))
        symbols = [operand.symbol for operand in self.operands]
        rule = derivative_of(primitive, self.operand, *symbols, out=Symbol(self.name))
        return _equation(derivative, rule)

    @property
    def numbers(self) -> Related:
        """The rule with the numbers put in: forward `p = 2 · 5 = 10`, backward `∂p/∂x = 5`."""
        if self.phase == FORWARD:
            computed = self._value([Number(operand.data) for operand in self.operands], put_in=True)
            return _equation(Symbol(self.name), *([] if computed is None else [computed]), Number(self.data))
        if self.operand is None:
            return self.rule
        derivative, number = Derivative(self.name, self.target_name), Number(_known(self.local))
        primitive = self._primitive
        if primitive is None or primitive.derivatives[self.operand] is None:
            return _equation(derivative, number)
        meanings = dict(zip("xy", [operand.data for operand in self.operands], strict=False))
        rule = textbook_form(self.operation, self.operand)
        if rule is None or not self._tells(rule, meanings):
            rule = rule_of(primitive, self.operand)
        put_in = tidied(rule.put({**meanings, "out": self.data}))
        return _equation(derivative, put_in, number)

    @property
    def update(self) -> Related | None:
        """The chain rule in symbols, `∂L/∂x ← ∂L/∂x + ∂p/∂x · ∂L/∂p`.

        It is None on the way forward and for the start.
        """
        if self.operand is None:
            return None
        gradient = Derivative(self.output, self.target_name)
        product = Derivative(self.name, self.target_name) * Derivative(self.output, self.name)
        return Related((gradient, gradient + product), "←")

    @property
    def update_numbers(self) -> Related | None:
        """The chain rule in numbers, `∂L/∂x = 0 + 5 · 1 = 5`; None where `update` is."""
        if self.operand is None:
            return None
        product = Number(_known(self.local)) * Number(_known(self.upstream))
        added = Number(_known(self.before)) + product
        return _equation(Derivative(self.output, self.target_name), added, Number(_known(self.after)))

    def __str__(self) -> str:
        """The step in one line."""
        return "  ".join(self.cells)

    @property
    def cells(self) -> tuple[str, str, str]:
        """The step as a row of the table: its number, what happens to what, and the numbers."""
        return self.row()

    def row(self, lang: str = "en") -> tuple[str, str, str]:
        """Return the step as a row of the table in a language.

        Args:
            lang: the language of the few words in formulas, "en" or "zh".
        """
        write = Text(lang).write
        update, rule = self.update_numbers, write(self.rule)
        if self.phase == FORWARD:
            numbers = write(self.numbers).partition(" = ")[2] if self.operation else ""
            return f"{self.index}", rule, f"= {numbers}" if numbers else ""
        return f"{self.index}", rule, "" if update is None else write(update)

    def _tells(self, rule: Formula, meanings: Mapping[str, float]) -> bool:
        """Say whether a textbook's rule gives the derivative for numbers as they are written.

        Near its limits the function is written as 1, and 1 − 1² is not 1.7e-15, which the derivative is.
        """
        shown = {name: float(f"{x:.{DIGITS}g}") for name, x in {**meanings, "out": self.data}.items()}
        local = _known(self.local)
        try:
            return bool(abs(rule.evaluate(shown) - local) <= 1e-3 * abs(local))
        except (ArithmeticError, ValueError):  # 1/(1 − 1²)
            return False

    @property
    def _primitive(self) -> Primitive | None:
        return None if self.custom else TABLE.get(self.operation)

    def _value(self, operands: Sequence[Formula], put_in: bool = False) -> Formula | None:
        if not self.operation:
            return None
        primitive = self._primitive
        if primitive is not None and not put_in:
            return value_of(primitive, *operands)
        return (Applied if primitive is not None else Call)(self.operation, tuple(operands))


def _equation(*members: Formula) -> Related:
    """Return members as equal, each once where two in a row are written alike."""
    kept = [member for i, member in enumerate(members) if not i or not member.same(members[i - 1])]
    return Related(tuple(kept), "=")


def _known(x: float | None) -> float:
    assert x is not None
    return x

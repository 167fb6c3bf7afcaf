"""The operations of a program as text of LLVM's language: a few instructions each, or a call of a function.

What they compute says `llvm_math`. Each is written once and then repeated, with other names, wherever it
occurs, which takes far less time than to build it anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from llvmlite import ir

from .llvm_machine import has_fma
from .llvm_math import LIBM, LONG, POWERS, SHORT, VectorMath

KNOWN = {*SHORT, *LONG, *LIBM, *POWERS, "fma…"}
"""Operations that need no function of Python."""

_SAME_IN_ALL_LANES = re.compile(r"<((?:double|i64) [^,<>]+)(?:, \1)+>")
_NAME = re.compile(r'%"([^"]+)"')


class Functions:
    """The operations that a program needs.

    Args:
        lanes: how many points are worked on at once.
    """

    def __init__(self, lanes: int) -> None:
        self._module = ir.Module()
        self._math = VectorMath(self._module, lanes, fma=has_fma())
        self._patterns: dict[tuple[str, float | None], str] = {}

    def instructions(
        self, op: str, result: str, operands: Sequence[str], exponent: float | None = None
    ) -> str:
        """Return instructions that apply an operation.

        Args:
            op: the name of one of KNOWN.
            result: the name of the result, with which the names of what leads to it begin.
            operands: the names of the operands.
            exponent: for a power, the exponent if it is the same number at all points.
        """
        pattern = self._patterns.get((op, exponent))
        if pattern is None:
            pattern = self._patterns[op, exponent] = self._pattern(op, len(operands), exponent)
        return pattern.format(*operands, r=result)

    def text(self) -> str:
        """Return the functions that the instructions call."""
        return _shortened(str(self._module))

    def _pattern(self, op: str, count: int, exponent: float | None) -> str:
        draft = ir.Module()
        vector = self._math.type
        function = ir.Function(draft, ir.FunctionType(vector, [vector] * count), "draft")
        builder = ir.IRBuilder(function.append_basic_block())
        operands: list[Any] = list(function.args)
        names = {x.name: f"{{{i}}}" for i, x in enumerate(operands)}
        if op == "fma…":
            kind = ir.FunctionType(vector, [vector] * count)
            fma = draft.declare_intrinsic(f"llvm.fma.v{vector.count}f64", fnty=kind)
            result = builder.call(fma, operands)
        else:
            known = operands[1:] if exponent is None else [exponent]
            result = self._math.call(builder, op, operands[0], *known)
        if not isinstance(result, ir.Instruction):  # an operand or a number
            return _named(f"{{r}} = bitcast {vector} {result.get_reference()} to {vector}", names)
        for used in draft.globals.values():
            if used is not function and used.name not in self._module.globals:
                ir.Function(self._module, used.function_type, used.name)  # one that LLVM itself knows
        names = {x.name: f"{{{i}}}" for i, x in enumerate(function.args)} | {result.name: "{r}"}
        (block,) = function.blocks  # there are no branches where there is no call
        return "\n".join(
            [
                _NAME.sub(lambda name: names.get(name[1], f"{{r}}{name[1]}"), _shortened(str(line).strip()))
                for line in block.instructions
            ]
        )


def _named(text: str, names: dict[str, str]) -> str:
    """Return a line with other names: those given, or else what they are behind the name of the result."""
    return _NAME.sub(lambda name: names.get(name[1], f"{{r}}{name[1]}"), _shortened(text))


def _shortened(text: str) -> str:
    """Return text in which vectors of one number are written with that number once."""
    return _SAME_IN_ALL_LANES.sub(r"splat (\1)", text)

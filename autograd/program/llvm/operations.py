"""The operations of a program as text of LLVM's language: a few instructions each, or a call of a function.

What they compute says `vector_math`. Each is written once and then repeated, with other names, wherever it
occurs, which takes far less time than to build it anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from llvmlite import ir

from ...ops import named
from .machine import MachineCode, has_fma
from .vector_math import LIBM, LONG, POWERS, SHORT, VectorMath

KNOWN = {*SHORT, *LONG, *LIBM, *POWERS, "fma…"}
"""Operations that need no function of Python."""

_SAME_IN_ALL_LANES = re.compile(r"<((?:double|i64) [^,<>]+)(?:, \1)+>")
_NAME = re.compile(r'%"([^"]+)"')


class Functions:
    """The operations that a program needs.

    Attributes:
        codes: the machine code of the functions that are called, to be kept as long as what calls them.

    Args:
        lanes: how many points are worked on at once.
    """

    def __init__(self, lanes: int) -> None:
        self.codes: list[MachineCode] = []
        self._lanes = lanes
        self._patterns: dict[tuple[str, float | None], str] = {}
        self._declarations: dict[str, str] = {}

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

    def declarations(self) -> str:
        """Return the lines that declare what LLVM itself knows and the instructions need."""
        return "\n".join(self._declarations.values())

    def _pattern(self, op: str, count: int, exponent: float | None) -> str:
        draft, functions = ir.Module(), ir.Module()
        math = VectorMath(functions, self._lanes, fma=has_fma())
        vector = math.type
        kind = ir.FunctionType(vector, [vector] * count)
        function = ir.Function(draft, kind, "draft")
        builder = ir.IRBuilder(function.append_basic_block())
        operands: list[Any] = list(function.args)
        names = {x.name: f"{{{i}}}" for i, x in enumerate(operands)}
        if op == "fma…":
            fma = draft.declare_intrinsic(f"llvm.fma.v{self._lanes}f64", fnty=kind)
            result = builder.call(fma, operands)
        else:
            known = operands[1:] if exponent is None else [exponent]
            result = math.call(builder, op, operands[0], *known)
        if functions.globals:
            address, code = _ready(op, self._lanes)
            self.codes.append(code)
            values = ", ".join([f"{vector} {{{i}}}" for i in range(count)])
            return f"{{r}} = call {vector} inttoptr (i64 {address} to ptr)({values})"
        if not isinstance(result, ir.Instruction):  # an operand or a number
            return _named(f"{{r}} = bitcast {vector} {result.get_reference()} to {vector}", names)
        for used in draft.globals.values():
            if used is not function:
                self._declarations[used.name] = str(used).strip()
        names[result.name] = "{r}"
        return "\n".join([_named(str(line).strip(), names) for line in builder.block.instructions])


@cache
def _ready(op: str, lanes: int) -> tuple[int, MachineCode]:
    """Return the address of a function, and its code, which all programs share."""
    module = ir.Module()
    math = VectorMath(module, lanes, fma=has_fma())
    count = len(named(op).derivatives)
    kind = ir.FunctionType(math.type, [math.type] * count)
    draft = ir.Function(ir.Module(), kind, "draft")
    function = math.call(ir.IRBuilder(draft.append_basic_block()), op, *draft.args).callee
    function.name, function.linkage = "ready", ""
    code = MachineCode(str(module))
    return code.address("ready"), code


def _named(text: str, names: dict[str, str]) -> str:
    """Return a line with other names: those given, or else what they are behind the name of the result."""
    return _NAME.sub(lambda name: names.get(name[1], f"{{r}}{name[1]}"), _shortened(text))


def _shortened(text: str) -> str:
    """Return text in which vectors of one number are written with that number once."""
    return _SAME_IN_ALL_LANES.sub(r"splat (\1)", text)

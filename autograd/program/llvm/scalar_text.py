"""Text of LLVM's language for numbers one at a time: instructions, and what they doubt."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

MANY = 12
"""How many doubts are looked at together: each is a comparison whose outcome waits until then."""


class Text:
    """Instructions of a function, one after the other.

    Where something turns out that the instructions cannot go on with, as where Python raises an error, the
    function goes to its label `fail`.

    Attributes:
        lines: the instructions.
        block: the label of the block that is being written.
        objects: the Python objects whose addresses stand in the text.
        functions: the functions that the instructions call, by name.
        handed: to how many numbers at once a function of Python is applied, at most.

    Args:
        first: the label of the first block.
        functions: those that there are already.
    """

    def __init__(self, first: str = "entry", functions: dict[str, str] | None = None) -> None:
        self.lines: list[str] = []
        self.block = first
        self.objects: list[Any] = []
        self.functions: dict[str, str] = {} if functions is None else functions
        self.handed = 0
        self._count = 0
        self._doubts: list[str] = []
        self._watched = ""
        self._depth = 0
        self._made: dict[str, str] = {}
        self._numbers: dict[str, float] = {}

    def number(self, x: float) -> str:
        """Return a number as an operand."""
        name = f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016x}"
        self._numbers[name] = x
        return name

    def known(self, name: str) -> float | None:
        """Return the number that an operand is, if it is the same at every call."""
        return self._numbers.get(name)

    def new(self, instruction: str) -> str:
        """Return the name of the result of an instruction that depends on its operands alone."""
        name = self._made.get(instruction)
        if name is None:
            name = self.changing(instruction)
            if not self._depth:  # else it is there in some blocks only
                self._made[instruction] = name
        return name

    def changing(self, instruction: str) -> str:
        """Return the name of the result of an instruction that may give another one when repeated."""
        self._count += 1
        name = f"%v{self._count}"
        self.lines.append(f"{name} = {instruction}")
        return name

    def remembered(self) -> dict[str, str]:
        """Return what was made, so that it is not made again, by instruction."""
        return dict(self._made)

    def remember(self, made: dict[str, str]) -> None:
        """Forget what was made but this, because it is not there in the blocks that come."""
        self._made = dict(made)

    def add(self, line: str) -> None:
        """Append an instruction without a result."""
        self.lines.append(line)

    def fresh(self) -> str:
        """Return a label that nothing has."""
        self._count += 1
        return f"b{self._count}"

    def begin(self, label: str) -> None:
        """Begin a block."""
        self.lines.append(f"{label}:")
        self.block = label

    def branch(self, condition: str, yes: str, no: str) -> None:
        """Go to one of two blocks."""
        self.lines.append(f"br i1 {condition}, label %{yes}, label %{no}")

    def go(self, label: str) -> None:
        """Go to a block."""
        self.lines.append(f"br label %{label}")

    # Doubts

    def doubt(self, condition: str) -> None:
        """Fail, sooner or later, if a condition is true."""
        if condition not in self._doubts:
            self._doubts.append(condition)
        if len(self._doubts) >= MANY:
            self.settle()

    def settle(self, fail: str = "fail") -> None:
        """Fail now if a condition that was doubted is true."""
        if self._watched:
            self._doubts.append(self.changing(f"fcmp uno double {self._watched}, {self._watched}"))
            self._watched = ""
        if not self._doubts:
            return
        together = self._doubts[0]
        for condition in self._doubts[1:]:
            together = self.changing(f"or i1 {together}, {condition}")
        self._doubts = []
        following = self.fresh()
        self.branch(together, fail, following)
        self.begin(following)

    def watch(self, number: str) -> None:
        """Fail, sooner or later, if a number is infinite or NaN."""
        rest = self.new(f"fsub double {number}, {number}")  # 0.0, or else NaN
        self._watched = rest if not self._watched else self.changing(f"fadd double {self._watched}, {rest}")

    def choose(self, condition: str, yes: Callable[[], str], no: Callable[[], str]) -> str:
        """Return one of two numbers, of which only that one is computed; nothing is doubted meanwhile."""
        labels, after = [self.fresh(), self.fresh()], self.fresh()
        self.branch(condition, *labels)
        ways = []
        for label, write in zip(labels, (yes, no), strict=True):
            self.begin(label)
            self._depth += 1
            result = write()
            self._depth -= 1
            ways.append(f"[ {result}, %{self.block} ]")
            self.go(after)
        self.begin(after)
        return self.changing(f"phi double {', '.join(ways)}")

"""The memory of a call: numbers side by side, on the stack or asked for, and given back on every way out."""

from __future__ import annotations

from .python_interface import call

ON_STACK = 1 << 13
"""Up to how many numbers a call keeps on the stack."""

NAME = "%slots"
"""The name of the address of the memory in the text of a call."""


class Memory:
    """The slots of a call, a number each: none, on the stack, or asked for.

    Attributes:
        slots: how many there are.
    """

    def __init__(self) -> None:
        self.slots = 0

    def take(self, count: int) -> int:
        """Return where some more slots begin, in bytes behind the address of the first one."""
        before = self.slots
        self.slots += count
        return 8 * before

    def taken(self) -> str:
        """Return the instructions that get them, or give a null pointer."""
        if not self.slots:
            return f"  {NAME} = getelementptr i8, ptr %handed, i64 0"
        if self.slots <= ON_STACK:
            return f"  {NAME} = alloca [{self.slots} x double], align 16"
        return f"  {NAME} = {call('ptr', 'PyMem_Malloc', f'i64 {8 * self.slots}')}"

    def given_back(self) -> list[str]:
        """Return the instructions that give them back, line by line."""
        return [call("void", "PyMem_Free", f"ptr {NAME}")] if self.slots > ON_STACK else []

    def text(self) -> str:
        """Return the same as a text."""
        return "\n".join(self.given_back())

"""One path through a function: the program that was recorded on it, and the programs of its derivatives."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from ..derivatives.trees import Structure, array_of, is_array
from ..derivatives.wrapped import Function
from ..engine import Value
from .arguments import Arguments
from .derivation import MODES, Derivation, DerivedProgram
from .entries import SPARSE, Entries
from .kernels import Kernel
from .loops.alignment import suits_batches
from .loops.checkpoints import checkpointed
from .loops.inner import with_inner_loops
from .loops.program import LoopProgram
from .python.pieces import function_of
from .returned import Returned
from .straight_line.program import Program
from .straight_line.simplify import for_batches

LONG = 3000
"""From how many nodes on a program is not worth a function of Python to find out whether it holds."""


class RecordedPath:
    """One path through a function.

    Attributes:
        name: the name of the function.
        arguments: those it was recorded with.
        program: what was recorded.
        captured: the Values from outside whose numbers are inputs too, after those of the arguments.
        result: what the function returned, with numbers in it.
        structure, returned: the same, taken apart: with its numbers as leaves, and with all that is in it.
        single: whether one argument is differentiated, and no tuple of derivatives is wanted.
        caught: whether an operation raised an error on this path, which was caught.
        entries: for modes, functions of the arguments as they are, counted or not; see `entry_points`.
        ticks: for modes, what runs out when the entries that are counted were called often.
        machine: for modes, machine code of the arguments as they are; None where there cannot be any.
        for_python: for modes, whether programs call functions of Python.
        compressed: for modes of SPARSE, the products that they are made of, if they are.
        products: for "hessian" and "jacobian", the mode of the products that they are made of, if they are.
        held: whether it is for one number of a float that is not differentiated by.
        checkpoint: whether its programs keep less, and compute more.
        calls: how often a large program of it was run on numbers.
    """

    def __init__(
        self,
        name: str,
        arguments: Arguments,
        program: Program,
        captured: list[Value],
        result: Any,
        single: bool,
        caught: bool = False,
        checkpoint: bool = False,
    ) -> None:
        self.name = name
        self.arguments = arguments
        self.program = program
        self.captured = captured
        self.result = result
        self.single = single
        self.caught = caught
        self.structure = Structure(result)
        self._derivation = Derivation(name, arguments, program, self.structure, result)
        self.returned = Returned(result)
        self._derived: dict[str, DerivedProgram] = {}
        self._without_loops: set[str] = set()
        self.compressed: dict[str, Any] = {}
        self.products: dict[str, str | None] = {}
        self._outer: dict[str, Program] = {}  # those whose inner loops are straight lines
        self._functions: dict[str, Function] = {}
        self._kernels: dict[tuple[str, str], Kernel] = {}
        self._orders: dict[str, Any] = {}
        self.entries: dict[tuple[str, bool], Any] = {}
        self.ticks: dict[str, Any] = {}
        self.machine: dict[str, Any] = {}
        self.for_python: dict[str, bool] = {}
        self.calls, self.held = 0, False
        self.checkpoint = checkpoint
        self._token = os.urandom(16)

    def __reduce__(self) -> Any:
        made_of: tuple[Any, ...] = (self.name, self.arguments, self.program, [], self.result)
        return _received, (self._token, *made_of, self.single, self.caught, self.checkpoint)

    # Programs

    def derived(self, mode: str) -> DerivedProgram:
        """Return the program of a mode, one of MODES.

        Raises:
            TypeError: the function does not return one number, and the mode needs that.
        """
        found = self._derived.get(mode)
        if found is None:
            known = mode in self._without_loops
            derive = self._derivation.in_straight_lines if known else self._derivation.program
            found = self._kept(mode, derive(mode))
        return found

    def _kept(self, mode: str, found: DerivedProgram) -> DerivedProgram:
        if isinstance(found.program, LoopProgram):
            outer = checkpointed(found.program) if self.checkpoint else found.program
            found = found._replace(program=with_inner_loops(outer))
            self._outer[mode] = outer
        self._derived[mode] = found
        return found

    def is_in_loops(self, mode: str, soon: bool = False) -> bool:
        """Say whether the program of a mode has loops; where it has none, it is not made for that.

        Args:
            mode: the mode.
            soon: whether to look no further than at the fewest turns that show it.
        """
        if mode not in self._derived and mode not in self._without_loops:
            found = self._derivation.in_loops(mode, soon)
            if found is None:
                self._without_loops.add(mode)
            else:
                self._kept(mode, found)
        return mode in self._derived and isinstance(self._derived[mode].program, LoopProgram)

    def sparse_entries(self, mode: str) -> Entries:
        """Return the entries that a mode of SPARSE gives."""
        return self._derivation.entries(mode)

    @property
    def recorded(self) -> Program:
        """What was recorded, as straight lines."""
        return self._derivation.straight

    def straight(self, mode: str) -> Program:
        """Return the program of a mode as straight lines."""
        program = self.derived(mode).program
        return program.unrolled() if isinstance(program, LoopProgram) else program

    def closed(self, mode: str) -> list[Program]:
        """Return the program of a mode for each number of turns that a loop which a guard ends may have."""
        program = self.derived(mode).program
        if not isinstance(program, LoopProgram) or program.open is None:
            return [program]
        most = program.open.fewer + int(program.nodes[program.open.loop].number)
        return [program.unrolled(most - turns) for turns in sorted(program.open.known)]

    def takes_in(self, other: RecordedPath) -> bool:
        """Say whether another path is this one with fewer turns of a loop, and allow these."""
        return self._is_like(other) and self._derivation.takes_in(other._derivation)

    def covers(self, other: RecordedPath) -> bool:
        """Say whether this is the path for all that another one is for, in all modes that it was used in."""
        turns = self._derivation.covers(other._derivation) if self._is_like(other) else None
        if turns is None:
            return False
        for mode in [*other._derived]:
            mine, its = (_known(path.derived(mode).program) for path in (self, other))
            if not mine >= (its or {turns}):
                return False
        return True

    @property
    def opens(self) -> bool:
        """Whether a guard ends one of its loops, which may have any number of turns."""
        return self._derivation.opens

    def _is_like(self, other: RecordedPath) -> bool:
        of_numbers = self.returned.whole == other.returned.whole and self.returned.form == other.returned.form
        captured = [*map(id, self.captured)] == [*map(id, other.captured)]  # == would compare their numbers
        same = captured and (self.caught, self.held) == (other.caught, other.held)
        patterns = any([*self.compressed.values(), *other.compressed.values()])  # of so many turns alone
        return same and of_numbers and not self.returned.whole and not patterns

    @property
    def by(self) -> list[int]:
        """The places, among the inputs, of what is differentiated by."""
        return self._derivation.by

    @property
    def outputs(self) -> int:
        """How many numbers the function returns."""
        return len(self.program.outputs)

    @property
    def has_loops(self) -> bool:
        """Whether loops were found in what was recorded."""
        return self._derivation.has_loops

    @property
    def operations_of_turns(self) -> int:
        """How many operations a turn of each loop has that was found in what was recorded, in all."""
        return self._derivation.operations_of_turns

    # Running

    def function(self, mode: str) -> Function:
        """Return the Python function of a mode: numbers in, the tuple of outputs or None out."""
        function = self._functions.get(mode)
        if function is None:
            function = self._functions[mode] = function_of(self.derived(mode).program)
        return function

    def holds(self, numbers: Sequence[float]) -> bool:
        """Say whether this is the path in Python's arithmetic: all guards hold, and no operation raises."""
        program = self.derived("value").program
        large = len(program.nodes) > LONG
        run = program.run if large else lambda x: self.function("value")(*x)
        try:
            return run([*numbers, *self.captured_numbers()]) is not None
        except Exception:
            return False

    def kernel(self, mode: str, backend: str) -> Kernel:
        """Return the kernel of a mode.

        Args:
            mode: one of MODES.
            backend: "numpy" or "llvm".

        Raises:
            ImportError: the backend is not installed.
        """
        kernel = self._kernels.get((mode, backend))
        if kernel is None:
            program = self._for_kernels(mode)
            if program.calls:
                from .numpy.calls import build as code_with_calls_of

                kernel = code_with_calls_of(program)
            elif backend == "llvm":  # each backend needs packages of its own
                from .llvm.kernel import build as machine_code_of

                kernel = machine_code_of(program)
            else:
                from .numpy.kernel import build as array_code_of

                kernel = array_code_of(self._outer.get(mode, program) if program.loops else program)
            self._kernels[mode, backend] = kernel
        return kernel

    def _for_kernels(self, mode: str) -> Program:
        program = self.derived(mode).program
        if isinstance(program, LoopProgram) and program.open is not None and not suits_batches(program):
            program = program.unrolled()
        return for_batches(program)

    @property
    def programs(self) -> dict[str, DerivedProgram]:
        """The programs that there are, by mode."""
        return {mode: self._derived[mode] for mode in (*MODES, *SPARSE) if mode in self._derived}

    def backends(self, mode: str) -> list[str]:
        """Return the backends that the program of a mode has been made ready for."""
        python = mode in self._functions or any(of == mode for of, _ in self.entries)
        kernels = [backend for of, backend in self._kernels if of == mode]
        machine = self.machine.get(mode) is not None and "llvm" not in kernels
        return [*["python"] * python, *["llvm"] * machine, *kernels]

    def captured_numbers(self) -> list[float]:
        """Return the numbers, as they are now, of the Values from outside."""
        return [x._number for x in self.captured]

    def assembled(self, mode: str, parts: Sequence[Any]) -> Any:
        """Return the result of a mode.

        Args:
            mode: one of MODES.
            parts: what each cell became, a number or an array.
        """
        if mode == "value":
            if self.returned.whole:
                parts = [_again(self.returned.whole.get(i, part)) for i, part in enumerate(parts)]
            return self.structure.with_leaves(parts, others=True)
        if mode in SPARSE:
            return parts[0], self.sparse_entries(mode).number
        if mode == "value_and_grad":
            return parts[0], self.arguments.in_form(parts[1:], self.single)
        if mode in ("grad", "hvp"):
            return self.arguments.in_form(parts, self.single)
        width = len(self.arguments.differentiated)
        rows = [
            self.arguments.in_form(parts[i : i + width], self.single) for i in range(0, len(parts), width)
        ]
        return (
            self.arguments.in_form(rows, self.single)
            if mode == "hessian"
            else self.structure.with_leaves(rows)
        )

    def of_numbers(self, mode: str, outputs: Sequence[float], by_rows: bool = False) -> Any:
        """Return the result of a mode from the outputs of its program at one point.

        Args:
            mode: one of MODES.
            outputs: the numbers.
            by_rows: whether they are derivatives row by row, in whatever order the program has them.
        """
        parts = []
        start = 0
        cells, order = self._derivation.cells(mode)
        if by_rows and order is not None:
            outputs = [outputs[i] for i in order]
        for cell in cells:
            stop = start + cell.size
            parts.append(outputs[start] if cell.shape is None else array_of(outputs[start:stop], cell.shape))
            start = stop
        return self.assembled(mode, parts)

    def of_rows(self, mode: str, rows: Any) -> Any:
        """Return the result of a mode from an array of its derivatives, row by row, that nothing else holds.

        Args:
            mode: "hessian" or "jacobian".
            rows: what would be in the order of the mode's outputs, if it had a program.
        """
        cells, order = self._derivation.cells(mode)
        if order is None and len(cells) == 1 and rows.shape == cells[0].shape:
            return self.assembled(mode, [rows])
        outputs, parts, start = rows.ravel(), [], 0
        if order is not None:
            outputs = outputs[self._order_of(mode, order)]
        for cell in cells:
            part = outputs[start : start + cell.size]
            parts.append(float(part[0]) if cell.shape is None else part.reshape(cell.shape).copy())
            start += cell.size
        return self.assembled(mode, parts)

    def _order_of(self, mode: str, order: list[int]) -> Any:
        import numpy as np

        if mode not in self._orders:
            self._orders[mode] = np.array(order, dtype=np.intp)
        return self._orders[mode]


def _known(program: Program) -> set[int]:
    """Return how many turns the open loop of a program may have; none where it has no such loop."""
    return program.open.known if isinstance(program, LoopProgram) and program.open is not None else set()


def _again(thing: Any) -> Any:
    """Return a thing, or a copy of what could be changed in place."""
    return thing.copy() if is_array(thing) else thing


# Pickles

_KEPT: OrderedDict[bytes, RecordedPath] = OrderedDict()
_MOST = 64  # paths that are kept


def _received(token: bytes, *made_of: Any) -> RecordedPath:
    """Return a path out of a pickle.

    A cluster, or a pool of processes, sends a function with every task. The path that came first is kept for
    those that come later, and with it the programs and the machine code that have been made of it.
    """
    path = _KEPT.pop(token, None)
    if path is None:
        path = RecordedPath(*made_of)
        path._token = token
    _KEPT[token] = path  # the last to be dropped
    while len(_KEPT) > _MOST:
        _KEPT.popitem(last=False)
    return path

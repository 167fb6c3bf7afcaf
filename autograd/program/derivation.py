"""The programs of a path: of its value and its derivatives, with loops where there are such."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, NamedTuple

from ..derivatives.calls import returned
from ..derivatives.trees import Structure
from ..sparse import check_result
from ..support.messages import shown
from .arguments import Arguments, size_of
from .entries import HOW, SPARSE, Entries
from .loops.families import Families
from .loops.family import Family
from .loops.growing import SIZES, grown
from .loops.growing_entries import grown_entries
from .loops.listing import Unsuitable
from .loops.opening import is_for, is_longer
from .loops.program import LoopProgram
from .loops.samples import MOST, Derive, Effort, derived_at
from .loops.scans import without_passing
from .straight_line.program import Program
from .straight_line.simplify import simplified
from .straight_line.sweeps import in_direction, with_gradient, with_jacobian, with_product

MODES = ("value", "value_and_grad", "grad", "jacobian", "hessian", "hvp")


class Cell(NamedTuple):
    """Outputs of a program that belong together.

    Attributes:
        size: how many there are.
        shape: that of the array they make; None for a number.
        leaves: the leaves of the arguments that they are derivatives by; None for values.
    """

    size: int
    shape: tuple[int, ...] | None
    leaves: tuple[int, ...] | None


class DerivedProgram(NamedTuple):
    """The program of a mode of a path.

    Attributes:
        program: the simplified program.
        cells: what its outputs are.
    """

    program: Program
    cells: list[Cell]


_How = tuple[Callable[[Program, Sequence[int]], Program], list[Cell], list[int] | None]


def _derivers(how: Callable[[Program, Sequence[int]], Program], family: Family, outputs: int) -> list[Derive]:
    """Return what derives the program of a mode, and what tries it again.

    What only the value needs of the last turn is left out of the program of a derivative. A loop that a guard
    ends has another turn before its end then. So it is tried again with the value, as one more output.
    """

    def derive(program: Program, by: Sequence[int]) -> Program:
        return simplified(how(program, by))

    def with_value(program: Program, by: Sequence[int]) -> Program:
        found, inputs = how(program, by), len(program.inputs)
        value = program.outputs[0]
        more = len(found.inputs) - inputs  # which come before all that is computed
        found.outputs = (*found.outputs, value if value < inputs else value + more)
        return simplified(found)

    return [derive, with_value] if family.open >= 0 and outputs == 1 else [derive]


class Derivation:
    """Derives the programs of modes from what was recorded.

    Args:
        name: the name of the function.
        arguments: its arguments.
        program: what was recorded.
        structure: what it returned, taken apart.
        result: the same as it is.
    """

    def __init__(
        self, name: str, arguments: Arguments, program: Program, structure: Structure, result: Any
    ) -> None:
        self._name = name
        self._arguments = arguments
        self._program = program
        self._structure = structure
        self._result = result
        self._cells_of: dict[str, Any] = {}
        self._open: dict[str, tuple[LoopProgram, Derive, list[int]]] = {}
        self._closed: set[str] = set()  # modes whose programs are for one number of turns
        self._covered: list[Derivation] = []
        self._entries: dict[str, Entries] = {}
        self._families = Families(program)

    def program(self, mode: str) -> DerivedProgram:
        """Return the program of a mode, one of MODES.

        Raises:
            TypeError: the function does not return one number, and the mode needs that.
        """
        return self.in_loops(mode) or self.in_straight_lines(mode)

    def in_loops(self, mode: str, soon: bool = False) -> DerivedProgram | None:
        """Return the program of a mode with loops; None where it has none.

        Args:
            mode: the mode.
            soon: whether to look no further than at the fewest turns that show it.
        """
        how, cells, order = self._how(mode)
        places = self.by
        size = sum(cell.size for cell in cells)
        inputs = list(self._program.inputs)
        if mode in ("jvp", "vjp"):
            inputs += [f"weight_{i}" for i in range(len(self._program.outputs))]
        if mode in ("hvp", "jvp"):
            inputs += [f"vector_{inputs[i]}" for i in places]
        effort = Effort(len(self._program.nodes), MOST / 2 if soon else MOST)
        tried = order is None and (size or mode not in SPARSE)  # of no entries there is no program to grow
        for family, sizes in self._tries(mode, soon) if tried else ():
            for derive in _derivers(how, family, len(self._program.outputs)):
                with suppress(Unsuitable):
                    if mode in SPARSE:
                        grew = grown_entries(family, derive, places, inputs, self._program.work)
                    else:
                        grew = grown(family, derive, places, inputs, sizes, effort)
                    if mode in SPARSE and len(grew.outputs) != size:
                        continue
                    grew.outputs = grew.outputs[:size]
                    if grew.open is not None:
                        self._open[mode] = grew, derive, places
                        self._allow_known(mode, family)
                    else:
                        self._closed.add(mode)
                    return DerivedProgram(grew, cells)
        return None

    def _tries(self, mode: str, soon: bool) -> Iterator[tuple[Family, Sequence[tuple[int, int]]]]:
        """Yield the families to be tried, and with which of SIZES: with the first one all of them first."""
        if mode in SPARSE:
            # With more turns there are more entries, so their number must be known.
            yield from ((family, SIZES) for family in self._families if family.open < 0)
            return
        for sizes in (SIZES[:1],) if soon else (SIZES[:1], SIZES[1:]):
            yield from ((family, sizes) for family in self._families)

    def in_straight_lines(self, mode: str) -> DerivedProgram:
        """Return the program of a mode without loops."""
        how, cells, order = self._how(mode)
        self._closed.add(mode)
        program = how(self.straight, self.by)
        if order is not None:
            program.outputs = tuple([program.outputs[i] for i in order])
        return DerivedProgram(simplified(program), cells)

    def cells(self, mode: str) -> tuple[list[Cell], list[int] | None]:
        """Return what the outputs of a mode are, and their order if that is not row by row."""
        if mode not in self._cells_of:
            _, *self._cells_of[mode] = self._how(mode)
        cells, order = self._cells_of[mode]
        return cells, order

    def _how(self, mode: str) -> _How:
        how: _How = self._entries_alone(mode) if mode in SPARSE else getattr(self, f"_{mode}")()
        return how

    def entries(self, mode: str) -> Entries:
        """Return the entries that a mode of SPARSE gives."""
        if mode not in self._entries:
            self._entries[mode] = Entries(mode, self.straight, self.by, self._arguments)
        return self._entries[mode]

    def _entries_alone(self, mode: str) -> _How:
        if mode == "sparse_hessian":
            self._check_scalar()
        else:
            check_result(self._name, self._result)
        size = self.entries(mode).count
        return HOW[mode], [Cell(size, (size,), tuple(self._arguments.differentiated))], None

    @property
    def by(self) -> list[int]:
        """The places, among the inputs, of what is differentiated by."""
        return [i for leaf in self._arguments.differentiated for i in self._arguments.places(leaf)]

    @property
    def has_loops(self) -> bool:
        """Whether loops were found in what was recorded."""
        return bool(self._families)

    @property
    def operations_of_turns(self) -> int:
        """How many operations a turn of each of these has, in all."""
        return next((family.operations for family in self._families), 0)

    @cached_property
    def straight(self) -> Program:
        """What was recorded, as straight lines."""
        program = self._program
        return without_passing(program.unrolled()) if isinstance(program, LoopProgram) else program

    # Loops that may have any number of turns

    @property
    def opens(self) -> bool:
        """Whether a guard ends a loop, which may have any number of turns."""
        return self._families.open is not None

    def takes_in(self, other: Derivation) -> bool:
        """Say whether what was recorded as another one is this with fewer turns, and allow these.

        What is known already is not taken in, for then it is not enough.
        """
        if self._closed or not self._returns_the_same(other):
            return False
        family = self._families.open
        turns = family.turns_of(other._program) if family is not None else None
        if family is None or turns is None or turns in family.known:
            return False
        if False in [self._allow(mode, turns) for mode in [*self._open]]:
            return False
        family.known.add(turns)
        return True

    def covers(self, other: Derivation) -> int | None:
        """Return with how many turns of a loop another one is this one, and take over what is known of it.

        None if it is another one.
        """
        mine, its = self._families.open, other._families.open
        if mine is None or not self._returns_the_same(other):
            return None
        turns = mine.turns_of(other._program)
        if turns is None or (its is not None and not mine.covers(its)):
            return None
        mine.known.add(turns)
        self._covered.append(other)
        other._covered = []
        for mode in self._open:
            self._allow_known(mode, mine)
        return turns

    def _allow_known(self, mode: str, family: Family) -> None:
        """Allow all numbers of turns that are known of a family, in the program of a mode."""
        program, _, _ = self._open[mode]
        assert program.open is not None
        for other in self._covered:
            if mode in other._open and is_longer(program, shorter := other._open[mode][0]):
                program.open.known.update(shorter.open.known if shorter.open is not None else ())
        for turns in family.known - program.open.known:
            self._allow(mode, turns)

    def _allow(self, mode: str, turns: int) -> bool:
        """Allow a number of turns in the program of a mode, if it is for as many."""
        program, derive, places = self._open[mode]
        family = self._families.open
        assert family is not None
        exact = derived_at(family, derive, places, family.of_turns(turns))
        allowed = is_for(program, family.turns[family.open] - turns, exact)
        if allowed and program.open is not None:
            program.open.known.add(turns)
        return allowed

    def _returns_the_same(self, other: Derivation) -> bool:
        """Say whether results are alike but for their numbers."""
        mine, its = self._structure, other._structure
        shapes = [[(leaf.path, leaf.shape) for leaf in x.leaves] for x in (mine, its)]
        plain_ = [x is None or isinstance(x, (str, bool)) for x in mine.others]
        return shapes[0] == shapes[1] and all(plain_) and mine.others == its.others

    # For each mode: how its program is derived, what its outputs are, and their order if it is another one.

    def _value(self) -> _How:
        cells = [Cell(size_of(leaf.shape), leaf.shape, None) for leaf in self._structure.leaves]
        return (lambda program, by: program), cells, None

    def _grad(self) -> _How:
        self._check_scalar()
        return (lambda program, by: with_gradient(program, by, keep=False)), self._cells(), None

    def _value_and_grad(self) -> _How:
        self._check_scalar()
        return with_gradient, [Cell(1, self._structure.leaves[0].shape or None, None), *self._cells()], None

    def _jacobian(self) -> _How:
        if self._result is None or any(other is not None for other in self._structure.others):
            raise TypeError(
                f"{self._name} must return real numbers, or structures of them, but returned "
                f"{shown(self._result)}"
            )
        cells, order = self._all_by_all([(leaf.shape, ()) for leaf in self._structure.leaves])
        return with_jacobian, cells, order

    def _hessian(self) -> _How:
        self._check_scalar()
        shapes = self._arguments.shapes
        cells, order = self._all_by_all([(shapes[i], (i,)) for i in self._arguments.differentiated])
        return (lambda program, by: with_jacobian(with_gradient(program, by, keep=False), by)), cells, order

    def _all_by_all(
        self, rows: Sequence[tuple[tuple[int, ...] | None, tuple[int, ...]]]
    ) -> tuple[list[Cell], list[int] | None]:
        """Return a cell for each leaf by each leaf, and the order that outputs, row by row, are brought into.

        Args:
            rows: for each leaf of what is differentiated its shape, and what it is a derivative by itself.
        """
        width = sum(size_of(self._arguments.shapes[leaf]) for leaf in self._arguments.differentiated)
        order: list[int] = []
        cells: list[Cell] = []
        row = 0
        for shape, leaves in rows:
            start = 0
            for leaf in self._arguments.differentiated:
                other = self._arguments.shapes[leaf]
                count, columns = size_of(shape), size_of(other)
                for i in range(row, row + count):
                    order += range(i * width + start, i * width + start + columns)
                both = None if shape is None and other is None else (shape or ()) + (other or ())
                cells.append(Cell(count * columns, both, (*leaves, leaf)))
                start += columns
            row += size_of(shape)
        return cells, None if order == [*range(len(order))] else order

    def _hvp(self) -> _How:
        self._check_scalar()

        def product(program: Program, by: Sequence[int]) -> Program:
            names = [f"vector_{program.inputs[i]}" for i in by]
            return with_product(with_gradient(program, by, keep=False), by, names)

        return product, self._cells(), None

    def _vjp(self) -> _How:
        """The derivatives of a weighted sum of all outputs, a row of Jacobians; no mode for users."""

        def product(program: Program, by: Sequence[int]) -> Program:
            return with_product(program, by, [f"weight_{i}" for i in range(len(program.outputs))])

        return product, self._cells(), None

    def _jvp(self) -> _How:
        """The derivatives of all outputs in a direction, a column of Jacobians; no mode for users."""

        def product(program: Program, by: Sequence[int]) -> Program:
            weights = [f"weight_{i}" for i in range(len(program.outputs))]
            return in_direction(program, by, [*weights, *[f"vector_{program.inputs[i]}" for i in by]])

        return product, self._value()[1], None

    def _cells(self) -> list[Cell]:
        shapes = self._arguments.shapes
        return [Cell(size_of(shapes[i]), shapes[i], (i,)) for i in self._arguments.differentiated]

    def _check_scalar(self) -> None:
        leaves = self._structure.leaves
        if self._structure.others or [(leaf.path, size_of(leaf.shape)) for leaf in leaves] != [("", 1)]:
            raise TypeError(
                f"{self._name} must return a real number to have a gradient, but {returned(self._result)}"
            )

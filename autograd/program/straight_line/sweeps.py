"""The reverse sweep as a program: the chain rule written down, node by node, after what it differentiates.

The sweep visits the nodes in the order in which `backward()` visits those of the graph, and adds in that
order, so that the numbers come out alike to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .order import active_edges, depth_first
from .program import CHOICES, ITEM, CallOp, Program
from .rules import local_derivative

Term = int | float
"""The place of a node, as an int, or a number, as a float."""


class Sweeps:
    """Reverse sweeps over the nodes that a program has now; what they append can be swept over again.

    Args:
        program: the program, to which the sweeps are appended.
        by: the places of what is differentiated by.
    """

    def __init__(self, program: Program, by: Sequence[int]) -> None:
        self.program = program
        self.by = by
        self._edges = active_edges(program, by)
        self.leads = bytearray(map(bool, self._edges))
        for place in by:
            self.leads[place] = 1
        self._locals: dict[tuple[int, int], Term] = {}

    def gradient(self, seeds: Mapping[int, Term], by: Sequence[int] | None = None) -> list[int]:
        """Append a sweep.

        Args:
            seeds: the places of what is differentiated, each with its weight.
            by: of which of `self.by` the derivatives are wanted; None for all.

        Returns:
            The places of the derivatives, with respect to each of `by`, of the weighted sum.

        Raises:
            TypeError: a primitive lacks a derivative that is needed.
        """
        program, edges = self.program, self._edges
        total: dict[int, Term] = dict(seeds)
        # `where` computes both of its branches, and what is infinite in the one that is not chosen must not
        # meet the 0.0 that comes down to it. So each node that the sweep reaches through `where` alone has a
        # number that is 1.0 where it is chosen, and 0.0 elsewhere. So it is with a gather.
        chosen: dict[int, int | None] = dict.fromkeys(seeds)
        halves: dict[int, tuple[int, int, Term, int | None]] = {}  # what `_joined` takes, of single terms
        nodes, leads, locals_, calls = program.nodes, self.leads, self._locals, _Calls(self)
        for place in depth_first(edges, [place for place in seeds if edges[place]]):
            upstream = total.get(place)
            if upstream is None or not edges[place]:
                continue
            op, operands = nodes[place].edges
            if op == ITEM or type(op) is CallOp:
                calls.goes_through(place, total, chosen, halves)
                continue
            choice, here = op in CHOICES, chosen[place]
            for index, operand in enumerate(operands):
                if not leads[operand] or (choice and index == 0):
                    continue
                its = here
                if not choice:
                    local = locals_.get((place, index))
                    if local is None:
                        local = locals_[place, index] = local_derivative(program, place, index)
                    term = self._product(local, upstream, here)
                elif op == "gather…":
                    term, its = self._gathered(place, index, upstream, here)
                elif operands[1] == operands[2]:
                    if index == 2:
                        continue
                    term = upstream
                else:
                    half, other = (operands[0], index, upstream, here), halves.pop(operand, None)
                    if other is not None and other[:2] == (operands[0], 3 - index):
                        total[operand], chosen[operand] = self._joined(half, other)
                        continue
                    term = self._chosen(operands[0], index, upstream)
                    its = self._chosen(operands[0], index, 1.0 if here is None else here)
                    if operand not in total:
                        halves[operand] = half
                before = total.get(operand)
                if before is None:
                    total[operand], chosen[operand] = term, its
                else:
                    halves.pop(operand, None)
                    total[operand] = self.sum(before, term)
                    chosen[operand] = self.either(chosen[operand], its)
        return self._results(total, self.by if by is None else by)

    def _results(self, total: Mapping[int, Term], wanted: Sequence[int]) -> list[int]:
        """Append the sums with 0.0, which turn a derivative of -0.0 into 0.0, and return their places."""
        program = self.program
        zero = program.number(0.0)
        results = []
        for by in wanted:
            term = total.get(by, 0.0)
            if isinstance(term, float):
                results.append(program.number(term + 0.0))
            else:
                results.append(program.add("+", term, zero, ieee=True))
        return results

    def _gathered(self, place: int, index: int, upstream: Term, here: int | None) -> tuple[Term, int | None]:
        """Return what comes down to an operand of a gather, and what says that it is chosen."""
        _, operands = self.program.nodes[place].edges
        condition = self.program.add("==", operands[0], self.program.number(index - 1), ieee=True)
        term = self._chosen(condition, 1, upstream)
        if not self._edges[operands[index]]:
            return term, None
        return term, self._chosen(condition, 1, 1.0 if here is None else here)

    def _chosen(self, condition: int, index: int, upstream: Term) -> int:
        zero = self.program.number(0.0)
        branches = (self.place(upstream), zero) if index == 1 else (zero, self.place(upstream))
        return self.program.add("where", condition, *branches, ieee=True)

    def _joined(self, *halves: tuple[int, int, Term, int | None]) -> tuple[int, int | None]:
        """Return the sum of the terms of both branches of a condition, and what says that one is chosen.

        Where two numbers are exchanged each is a branch of two choices. One where is in their place here.

        Args:
            halves: the condition, the branch (1 or 2), what comes down, and what says that it is chosen.
        """
        (condition, _, x, x_chosen), (_, _, y, y_chosen) = sorted(halves, key=lambda half: half[1])
        both = self.program.add("where", condition, self.place(x), self.place(y), ieee=True)
        if x_chosen is None and y_chosen is None:
            return both, None
        x, y = [1.0 if flag is None else flag for flag in (x_chosen, y_chosen)]
        return both, self.program.add("where", condition, self.place(x), self.place(y), ieee=True)

    def either(self, x: int | None, y: int | None) -> int | None:
        """Return what says that one of two is chosen; None stands for what always is."""
        if x is None or y is None or x == y:
            return x if x == y else None
        return self.program.add("max", x, y, ieee=True)

    def _product(self, local: Term, upstream: Term, chosen: int | None = None) -> Term:
        """Append a product, which is 0.0 where its node is not chosen: there, `local` may be infinite."""
        if chosen is not None and not isinstance(local, float):
            condition = self.program.add("==", chosen, self.program.number(1.0), ieee=True)
            return self._chosen(condition, 1, self.place(self._product(local, upstream)))
        if isinstance(local, float):
            if local == 1.0:
                return upstream
            if local == -1.0:
                return self._negative(upstream)
            if isinstance(upstream, float):
                return local * upstream
        elif isinstance(upstream, float):
            if upstream == 1.0:
                return local
            if upstream == -1.0:
                return self._negative(local)
        return self.program.add("*", self.place(local), self.place(upstream), ieee=True)

    def _negative(self, term: Term) -> Term:
        return -term if isinstance(term, float) else self.program.add("neg", term, ieee=True)

    def sum(self, x: Term, y: Term) -> Term:
        """Append the sum of two terms."""
        if isinstance(x, float) and isinstance(y, float):
            return x + y
        return self.program.add("+", self.place(x), self.place(y), ieee=True)

    def place(self, term: Term) -> int:
        """Return the place of a term, which is appended if it is a number."""
        return self.program.number(term) if isinstance(term, float) else term


class _Calls:
    """The part of a sweep that goes through calls: each is asked for all gradients at once.

    Args:
        sweeps: what sweeps.
    """

    def __init__(self, sweeps: Sweeps) -> None:
        self._sweeps = sweeps
        self._of_results: dict[int, dict[int, Term]] = {}
        self._chosen: dict[int, list[int | None]] = {}

    def goes_through(
        self, place: int, total: dict[int, Term], chosen: dict[int, int | None], halves: dict[int, Any]
    ) -> None:
        """Go through a call, or one of its results.

        Args:
            place: the node.
            total: what comes down to each node.
            chosen: what says that it is chosen, as a sweep has it.
            halves: single terms of choices, as a sweep has them.
        """
        sweeps, (op, operands) = self._sweeps, self._sweeps.program.nodes[place].edges
        if type(op) is not CallOp:
            self._note(operands, total[place], chosen[place])
            total[operands[0]], chosen[operands[0]] = 0.0, None  # so that the sweep comes to the call
            return
        for operand, term, its in self._terms(place, op, operands):
            before = total.get(operand)
            halves.pop(operand, None)
            total[operand] = term if before is None else sweeps.sum(before, term)
            chosen[operand] = its if before is None else sweeps.either(chosen[operand], its)

    def _note(self, operands: Sequence[int], upstream: Term, chosen: int | None) -> None:
        call, which = operands
        found = self._of_results.setdefault(call, {})
        i = int(self._sweeps.program.nodes[which].number)
        found[i] = self._sweeps.sum(found[i], upstream) if i in found else upstream
        self._chosen.setdefault(call, []).append(chosen)

    def _terms(
        self, place: int, op: CallOp, operands: Sequence[int]
    ) -> Iterator[tuple[int, Term, int | None]]:
        """Append what carries gradients back; yield what comes down to each operand, and if it is chosen."""
        sweeps, program = self._sweeps, self._sweeps.program
        found, chosen = self._of_results.pop(place), self._chosen.pop(place)
        its = chosen[0]
        for other in chosen[1:]:
            its = sweeps.either(its, other)
        gradients = [sweeps.place(found.get(i, 0.0)) for i in range(op.map.results)]
        pulled = program.add(CallOp.of(op.map.pulled()), *operands, *gradients, ieee=True)
        for i, operand in enumerate(operands):
            if not sweeps.leads[operand]:
                continue
            term = program.add(ITEM, pulled, program.number(i), ieee=True)
            if its is not None:
                condition = program.add("==", its, program.number(1.0), ieee=True)
                term = program.add("where", condition, term, program.number(0.0), ieee=True)
            yield operand, term, its


def with_gradient(program: Program, by: Sequence[int], keep: bool = True) -> Program:
    """Return the program of the derivatives of the one output, after that output itself if it is kept."""
    new = program.copy()
    (output,) = program.outputs
    gradient = Sweeps(new, by).gradient({output: 1.0})
    new.outputs = (*program.outputs, *gradient) if keep else tuple(gradient)
    return new


def with_jacobian(program: Program, by: Sequence[int]) -> Program:
    """Return the program of the derivatives of all outputs: those of the first one, of the second one, ..."""
    new = program.copy()
    sweeps = Sweeps(new, by)
    new.outputs = tuple([place for output in program.outputs for place in sweeps.gradient({output: 1.0})])
    return new


def with_product(program: Program, by: Sequence[int], names: Sequence[str]) -> Program:
    """Return the program of the product of a vector, given by new inputs of those names, and the Jacobian."""
    new = with_inputs(program, names)
    first = len(program.inputs)
    shifted = [place if place < first else place + len(names) for place in by]
    seeds: dict[int, Term] = {}
    sweeps = Sweeps(new, shifted)
    for vector, output in enumerate(new.outputs, first):
        output = without_zero(new, output)  # as the engine, which has no node for that sum
        before = seeds.get(output)
        seeds[output] = vector if before is None else sweeps.sum(before, vector)
    new.outputs = tuple(sweeps.gradient(seeds))
    return new


def in_direction(program: Program, by: Sequence[int], names: Sequence[str]) -> Program:
    """Return the program of the derivatives of all outputs in a direction.

    The product of weights of the outputs and the Jacobian is linear in the weights: its derivative by these,
    in the direction, is the product of the Jacobian and the direction.

    Args:
        program: the program.
        by: the places of what is differentiated by.
        names: those of new inputs: first the weights, of which nothing depends, then the direction.

    Raises:
        TypeError: it calls a function that has no derivative forward.
    """
    for op in program.calls:
        op.map.pushed()
    new = with_inputs(program, names)
    first, count = len(program.inputs), len(program.outputs)
    weights: dict[int, Term] = {}
    sweeps = Sweeps(new, by)
    for weight, output in enumerate(new.outputs, first):
        before = weights.get(output)
        weights[output] = weight if before is None else sweeps.sum(before, weight)
    gradient = sweeps.gradient(weights)
    again = Sweeps(new, range(first, first + count))
    seeds: dict[int, Term] = {}
    for direction, place in enumerate(gradient, first + count):
        place = without_zero(new, place)
        before = seeds.get(place)
        seeds[place] = direction if before is None else again.sum(before, direction)
    new.outputs = tuple(again.gradient(seeds))
    return new


def without_zero(program: Program, place: int) -> int:
    """Return what a derivative adds 0.0 to, which turns -0.0 into 0.0; elsewhere the place itself."""
    node = program.nodes[place]
    if node.op == "+" and node.ieee:
        for x, y in (node.operands, node.operands[::-1]):
            if program.nodes[y].op == "number" and program.nodes[y].number == 0.0:
                return x
    return place


def with_inputs(program: Program, names: Sequence[str]) -> Program:
    """Return the program with more inputs, which nothing uses yet, after its own."""
    first, count = len(program.inputs), len(names)

    def moved(place: int) -> int:
        return place if place < first else place + count

    new = Program([*program.inputs, *names])
    for node in program.nodes[first:]:
        last = node.last and (node.last[0], *[moved(i) for i in node.last[1:]])
        new.nodes.append(node._replace(operands=tuple([moved(i) for i in node.operands]), last=last))
    new.guards = {moved(place): outcome for place, outcome in program.guards.items()}
    new.outputs = tuple([moved(place) for place in program.outputs])
    return new

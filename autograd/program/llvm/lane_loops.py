"""Loops of which each point has its own number of turns: those of a program with an open loop.

The points in the lanes of a vector go through such a loop together, until the last of them is done. A lane
that is done, or has not begun, computes along, and what it carries stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..loops.program import Loop, LoopProgram
from .layout import Layout
from .writer import FunctionWriter


class _Ways(NamedTuple):
    """How a loop is gone through.

    Attributes:
        is_open: whether it is the open one.
        begin: the name of its first turn; lanes wait where that is not the number 0.
        end: the name of the turn after its last one.
        latch: the block in which a turn ends.
        out: the block from which the loop is left, besides that one.
    """

    is_open: bool
    begin: str
    end: str
    latch: str
    out: str


class LaneWriter(FunctionWriter):
    """Writes the functions of a program with an open loop.

    Args:
        layout: where numbers are.
        known: the address of a byte for each number of turns of the open loop, 1 where it may have so many.
        others: what else a `FunctionWriter` takes.
    """

    def __init__(self, layout: Layout, known: int, *others: Any) -> None:
        super().__init__(layout, *others)
        program = layout.program
        assert isinstance(program, LoopProgram)
        assert program.open is not None
        self._program = program
        self._opened = program.open
        self._most = int(program.nodes[program.open.loop].number)
        self._known_turns = known
        self._fewer = ""  # the name of how many turns fewer each lane has than the most
        self._active = ""  # the name of which lanes take part in the turn, in a loop of this kind
        self._waits = False  # whether lanes wait in that loop

    # Loops

    def loop(self, loop: Loop, body: Callable[[], None], needed: Sequence[int] = ()) -> None:
        """Write a loop; after it, the numbers of each lane are what they were in its last turn."""
        if loop.start not in self._layout.by_lanes:
            super().loop(loop, body, needed)
            return
        phis = self._layout.phis(loop)
        firsts = {place: self.operand(self._nodes[place].operands[0]) for place in phis}
        self._lines[:0] = ["entry:"]
        ways = self._entered(loop)
        self._lines.append("body:")
        head = len(self._lines)
        for place in phis:
            self._known[place] = f"%t{place}"
        if not ways.is_open:
            self._take_part(loop)
        body()
        carried = [f"%turn = phi i64 [{ways.begin}, %entry], [%next, %{ways.latch}]"]
        carried += self._carried(firsts, ways)
        after = self._last_ones(firsts, needed, carried, ways)
        if ways.is_open:
            after += self._counted(carried)
        after += self._flags_of_each_lane(carried, ways)
        self._lines[head:head] = carried
        self._lines.append(
            f"%next = add i64 %turn, 1\n%more = icmp slt i64 %next, {ways.end}\n"
            "br i1 %more, label %body, label %after\nafter:"
        )
        self._lines += after
        self._active, self._waits = "", False
        if ways.is_open:
            self._count()

    def _entered(self, loop: Loop) -> _Ways:
        """Write what comes before the first turn."""
        if loop.start == self._opened.loop:
            there = self._slot(self._layout.flags)
            self._lines.append(
                f"%flagged = load {self._bytes}, ptr {there}\n"
                f"%start = icmp ne {self._bytes} %flagged, zeroinitializer\nbr label %body"
            )
            self._active = "%active"
            return _Ways(True, "0", str(loop.turns), "go", "body")
        wait, by = self._layout.alignment.waits[loop.start], self._program.moved(loop.start)
        there = self._slot(self._layout.flags + 3)
        self._lines.append(
            f"%reached = load i64, ptr {there}\n%unused = sub i64 {self._most}, %reached\n"
            f"%gone = mul i64 %unused, {by}\n%left = sub i64 {loop.turns}, %gone\n"
            f"%outside = mul {self._bits} {self._turns_fewer()}, splat (i64 {by})"
        )
        self._waits = wait > 0
        if not self._waits:
            self._lines.append(f"%inside = sub {self._bits} splat (i64 {loop.turns}), %outside")
        self._lines.append("%some = icmp sgt i64 %left, 0\nbr i1 %some, label %body, label %after")
        both = ("%gone", str(loop.turns)) if self._waits else ("0", "%left")
        return _Ways(False, *both, "body", "entry")

    def _take_part(self, loop: Loop) -> None:
        """Write which lanes take part in a turn of a loop that depends on the open one."""
        self._lines.append(self._spread("i64", "%turn", "%now"))
        test = "sge <> %now, %outside" if self._waits else "slt <> %now, %inside"
        self._lines.append(f"%active = icmp {test.replace('<>', self._bits)}")
        self._active = "%active"

    def _carried(self, firsts: dict[int, str], ways: _Ways) -> list[str]:
        """Write what is carried to the next turn where lanes take part, and return how a turn begins."""
        kind, begin = self._vector, []
        following = {place: self.operand(self._nodes[place].operands[1]) for place in firsts}
        for place, first in firsts.items():
            self._lines.append(
                f"%t{place}next = select {self._truths} {self._active}, {kind} {following[place]}, "
                f"{kind} %t{place}"
            )
            begin.append(f"%t{place} = phi {kind} [{first}, %entry], [%t{place}next, %{ways.latch}]")
        return begin

    def _last_ones(
        self, firsts: dict[int, str], needed: Sequence[int], carried: list[str], ways: _Ways
    ) -> list[str]:
        """Write what keeps the numbers of each lane's last turn, and return what they are after the loop."""
        kind, same, after = self._vector, self._layout.same, []
        carriers = {same[self._nodes[phi].operands[1]]: phi for phi in firsts}
        for place in needed:
            now = self.operand(place)
            phi = carriers.get(place)
            if phi is not None:
                before = f"%t{phi}" if ways.is_open else firsts[phi]
                last = f"%t{phi}next"
            elif self._waits:
                before, last = "zeroinitializer", now
            else:
                before, last = f"%last{place}", f"%last{place}next"
                carried.append(f"{before} = phi {kind} [zeroinitializer, %entry], [{last}, %{ways.latch}]")
                self._lines.append(
                    f"{last} = select {self._truths} {self._active}, {kind} {now}, {kind} {before}"
                )
                before = before if ways.is_open else "zeroinitializer"
            after.append(f"%after{place} = phi {kind} [{before}, %{ways.out}], [{last}, %{ways.latch}]")
            self._known[place] = f"%after{place}"
        return after

    def _flags_of_each_lane(self, carried: list[str], ways: _Ways) -> list[str]:
        """Write what joins the flags of a turn, where lanes take part, with those of turns before."""
        after: list[str] = []
        bits = self._bits
        if not (self._valid or self._suspect):
            return after
        self._lines.append(f"%part = sext {self._truths} {self._active} to {bits}")
        if self._valid:
            self._lines.append(
                f"%fails = xor {self._truths} {self._valid}, splat (i1 true)\n"
                f"%failsbits = sext {self._truths} %fails to {bits}\n"
                f"%failshere = and {bits} %failsbits, %part\n%failed = or {bits} %failedbefore, %failshere"
            )
        if self._suspect:
            self._lines.append(
                f"%oddhere = and {bits} {self._suspect}, %part\n%odd = or {bits} %oddbefore, %oddhere"
            )
        for name, there in (("failed", self._valid), ("odd", self._suspect)):
            if there:
                before = f"%{name}before" if ways.is_open else "zeroinitializer"
                carried.append(
                    f"%{name}before = phi {bits} [zeroinitializer, %entry], [%{name}, %{ways.latch}]"
                )
                after.append(f"%{name}after = phi {bits} [{before}, %{ways.out}], [%{name}, %{ways.latch}]")
        self._suspect = self._suspect and "%oddafter"
        if self._valid:
            self._valid = "%allheld"
            # The phis of a block come before its other instructions.
            after.append(f"%allheld = icmp eq {bits} %failedafter, zeroinitializer")
        return after

    # The open loop

    def _guard(self, place: int) -> None:
        if place != self._opened.exit:
            super()._guard(place)
            return
        valid, self._valid = self._valid, ""
        super()._guard(place)
        goes_on, self._valid = self._valid, valid
        lanes = self._layout.lanes
        self._lines.append(
            f"%going = and {self._truths} %active, {goes_on}\n"
            f"%goingbits = bitcast {self._truths} %going to i{lanes}\n"
            f"%any = icmp ne i{lanes} %goingbits, 0\nbr i1 %any, label %go, label %after\ngo:"
        )
        self._active = "%going"

    def _counted(self, carried: list[str]) -> list[str]:
        """Write what counts the turns of each lane, and return what they are after the loop."""
        bits = self._bits
        carried += [
            f"%active = phi {self._truths} [%start, %entry], [%going, %go]",
            f"%count = phi {bits} [zeroinitializer, %entry], [%counted, %go]",
        ]
        self._lines.append(f"%one = sext {self._truths} %going to {bits}\n%counted = sub {bits} %count, %one")
        return [
            f"%counts = phi {bits} [%count, %body], [%counted, %go]",
            "%reached = phi i64 [%turn, %body], [%next, %go]",
        ]

    def _count(self) -> None:
        """Write what keeps how many turns there were, and says which lanes may have so many."""
        bits, lanes = self._bits, self._layout.lanes
        before = "undef"
        for lane in range(lanes):
            name = f"%k{lane}"
            after = f"%k{lane}in" if lane < lanes - 1 else "%known"
            self._lines.append(
                f"{name}n = extractelement {bits} %counts, i32 {lane}\n"
                f"{name}p = getelementptr i8, ptr inttoptr (i64 {self._known_turns} to ptr), i64 {name}n\n"
                f"{name} = load i8, ptr {name}p\n"
                f"{after} = insertelement {self._bytes} {before}, i8 {name}, i32 {lane}"
            )
            before = after
        fewer, reached = (self._slot(self._layout.flags + i) for i in (2, 3))
        self._lines.append(
            f"%may = icmp ne {self._bytes} %known, zeroinitializer\n"
            f"%under = sub {bits} splat (i64 {self._most}), %counts\n"
            # Of others nobody wants to know, and those places in arrays are there.
            f"%fewer = select {self._truths} %may, {bits} %under, {bits} zeroinitializer\n"
            f"store {bits} %fewer, ptr {fewer}, {self._aligned}\nstore i64 %reached, ptr {reached}"
        )
        self._valid = self._joined(self._valid, "and", self._truths, "%may")

    # Elements of arrays

    def _turns_fewer(self) -> str:
        if not self._fewer:
            self._fewer = "%fewerturns"
            there = self._slot(self._layout.flags + 2)
            self._lines.append(f"{self._fewer} = load {self._bits}, ptr {there}, {self._aligned}")
        return self._fewer

    def _node(self, place: int) -> None:
        node = self._nodes[place]
        if node.op != "store":
            super()._node(place)
        elif self._drifts(place):
            self._scatter(place, self.operand(node.operands[0]))
        elif self._waits:
            name, there = self.operand(node.operands[0]), self._element(place)
            kind = self._vector
            self._lines.append(
                f"%s{place}old = load {kind}, ptr {there}, {self._aligned}\n"
                f"%s{place} = select {self._truths} {self._active}, {kind} {name}, {kind} %s{place}old\n"
                f"store {kind} %s{place}, ptr {there}, {self._aligned}"
            )
        else:
            super()._node(place)

    def _drifts(self, place: int) -> int:
        """Return how much further on what a lane takes is, for each turn fewer."""
        return self._layout.alignment.drift[place]

    def _loaded(self, place: int, name: str) -> str:
        if not self._drifts(place):
            return super()._loaded(place, name)
        lines, before = [], "undef"
        lanes = self._layout.lanes
        for lane, there in enumerate(self._each(place)):
            after = f"{name}v{lane}" if lane < lanes - 1 else name
            lines.append(
                f"{name}l{lane} = load double, ptr {there}, align 8\n"
                f"{after} = insertelement {self._vector} {before}, double {name}l{lane}, i32 {lane}"
            )
            before = after
        return "\n".join(lines)

    def _scatter(self, place: int, value: str) -> None:
        """Write what stores the number of each lane where it belongs; not in a loop of this kind."""
        for lane, there in enumerate(self._each(place)):
            name = f"%s{place}l{lane}"
            self._lines.append(
                f"{name} = extractelement {self._vector} {value}, i32 {lane}\n"
                f"store double {name}, ptr {there}, align 8"
            )

    def _each(self, place: int) -> list[str]:
        """Return the addresses, one for each lane, of what an `element` or a `store` is of."""
        bits, lanes = self._bits, self._layout.lanes
        array, start, step, _ = self._layout.elements[place]
        first, count = self._layout.whole_array(array)
        name, fewer = f"%e{place}", self._turns_fewer()
        self._lines.append(
            f"{name}d = mul {bits} {fewer}, splat (i64 {self._drifts(place)})\n"
            f"{name}s = add {bits} {name}d, splat (i64 {start})"
        )
        if self._turns and step:
            self._lines.append(f"{name}t = mul i64 %turn, {step}")
            self._lines.append(self._spread("i64", f"{name}t", f"{name}m"))
            self._lines.append(f"{name}w = add {bits} {name}s, {name}m")
        inside = f"{name}w" if self._turns and step else f"{name}s"
        self._lines.append(  # lanes that take no part may be beyond the array
            f"{name}n = icmp sgt {bits} {inside}, zeroinitializer\n"
            f"{name}o = select {self._truths} {name}n, {bits} {inside}, {bits} zeroinitializer\n"
            f"{name}x = icmp slt {bits} {name}o, splat (i64 {count - 1})\n"
            f"{name}i = select {self._truths} {name}x, {bits} {name}o, {bits} splat (i64 {count - 1})\n"
            f"{name}b = mul {bits} {name}i, splat (i64 {8 * lanes})"
        )
        base, addresses = self._slot(first), []
        for lane in range(lanes):
            self._lines.append(f"{name}b{lane} = extractelement {bits} {name}b, i32 {lane}")
            addresses.append(self._behind(self._behind(base, f"{name}b{lane}"), 8 * lane))
        return addresses

    def _spread(self, kind: str, x: str, name: str) -> str:
        """Return what makes a vector of one number in all lanes."""
        lanes = self._layout.lanes
        return (
            f"{name}one = insertelement <{lanes} x {kind}> undef, {kind} {x}, i32 0\n"
            f"{name} = shufflevector <{lanes} x {kind}> {name}one, <{lanes} x {kind}> undef, "
            f"<{lanes} x i32> zeroinitializer"
        )

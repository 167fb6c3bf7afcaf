"""Results as Markdown: a table for each kind of work, and how far the goals are reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .contenders import COMPILED, OURS, PURE, REPLAYED
from .measuring import Results
from .works import WORKS

PARTS = ("first", "multiple", "forward", "backward", "free", "bytes", "peak bytes")


TITLES = {"multiple": "as a multiple of uncompiled"}


class Goal(NamedTuple):
    """What is wanted of the best of `ours`: `factor` times the speed of a peer, or a cost at most."""

    line: str
    ours: tuple[str, ...]
    peer: str = ""
    factor: float = 1.0
    at_most: float = 0.0


GOALS = (
    Goal("expression", (COMPILED,), "micrograd", 15),
    Goal("expression", (COMPILED,), "xad, new tape", 10),
    Goal("expression", (COMPILED,), "torch, scalars", 50),
    Goal("step", (COMPILED,), "micrograd", 60),
    Goal("step", (COMPILED,), "xad, new tape", 3),
    Goal("step", (COMPILED,), "torch, scalars", 40),
    Goal("step", (PURE,), "micrograd", 20),
    Goal("chain: bytes", (COMPILED,), at_most=110),
    Goal("products: bytes", (COMPILED,), at_most=110),
    Goal("replayed step", REPLAYED, "JAX, jit", 1),
    Goal("replayed step", REPLAYED, "C", 1 / 3),
    Goal("rosenbrock", REPLAYED, "CasADi, gcc", 2),
    Goal("rosenbrock", REPLAYED, "C", 1 / 2.5),
    Goal("black-scholes", REPLAYED, "numba by hand", 1),
    Goal("black-scholes", REPLAYED, "C", 1 / 1.5),
    Goal("call", REPLAYED, at_most=5e-6),
    Goal("call", REPLAYED, "JAX, jit", 5),
    Goal("ready 100", REPLAYED, at_most=0.1),
    Goal("ready 1000", REPLAYED, at_most=0.5),
    Goal("ready 10000", REPLAYED, at_most=5.0),
    Goal("ready 100000", REPLAYED, at_most=30.0),
)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows, the first of them the heading, as a table in Markdown with its columns in line."""
    widths = [max(3, *map(len, column)) for column in zip(*rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join([first, *others])} |"

    rule = [":" + "-" * (widths[0] - 1), *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(rows[0]), f"| {' | '.join(rule)} |", *map(line, rows[1:])])


def quantity(x: float, line: str) -> str:
    """Return a cost as a person writes it: bytes or seconds in the unit that suits them, or a multiple."""
    if line.endswith("bytes"):
        for unit, scale in (("GB", 1e-9), ("MB", 1e-6), ("kB", 1e-3)):
            if x * scale >= 0.9995:
                return f"{digits(x * scale)} {unit}"
        return f"{x:.0f} B"
    if line.endswith("multiple"):
        return times(x)
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if abs(x) * scale >= 0.9995:
            return f"{digits(x * scale)} {unit}"
    return f"{digits(x * 1e9)} ns"


def digits(x: float) -> str:
    """Return three significant digits, or what is before the point."""
    return f"{x:.0f}" if abs(x) >= 99.95 else f"{x:#.3g}"


def times(ratio: float) -> str:
    return f"{digits(ratio)}×"


def title(line: str, sizes: dict[str, int]) -> str:
    """Return what a line of a table is called."""
    name, _, part = line.partition(": ")
    work = WORKS[name]
    text = f"{work.tag}: {work.title.format(size=sizes.get(name, work.size))}"
    if work.kind == "model" and part:
        return text
    if part:
        text += f", {TITLES.get(part, part)}"
    if name.startswith("straight") and part.endswith("bytes"):
        return f"{text}, per node"
    return f"{text}, per {work.per}" if work.per else text


def comparison(
    results: Results, lines: Sequence[str], contenders: Sequence[str], sizes: dict[str, int]
) -> str:
    """Return a table of costs; in brackets how many times that of the fastest of ours in the row."""
    shown = [c for c in contenders if any((line, c) in results.rounds for line in lines)]
    rows = [["", *shown]]
    for line in lines:
        found = {c: m for c in shown if (m := results.median(line, c)) is not None}
        if not found:
            continue
        base = min([c for c in found if c in OURS] or found, key=lambda c: found[c])
        cells = [title(line, sizes)]
        for c in shown:
            median, ratio = results.median(line, c), results.ratio(line, c, base)
            if median is None:
                cells.append(reason(results, line, c))
            elif line.endswith("multiple"):
                cells.append(quantity(median, line))
            else:
                cells.append(quantity(median, line) + (f" ({times(ratio)})" if ratio and c != base else ""))
        rows.append(cells)
    return table(rows) if len(rows) > 1 else ""


def reason(results: Results, line: str, contender: str) -> str:
    """Return in a word why there is no number."""
    failure = results.failures.get((line.partition(": ")[0], contender), "")
    return "" if failure in ("not its work", "not installed") else failure.partition(":")[0]


def lines_of(results: Results, name: str, only: str | None = None) -> list[str]:
    """Return the lines that a piece of work has in a table, or in that of a part of what is told of it.

    The time of a call is the part "", of a first result "first".
    """
    parts = ["", *PARTS] if only is None else [only]
    if only in ("", "first") and WORKS[name].kind == "ready":
        parts = [""] if only else []  # which is its first result
    lines = [f"{name}: {part}" if part else name for part in parts]
    return [line for line in lines if any(line == known for known, _ in results.rounds)]


def extremes(results: Results, lines: Sequence[str], ours: str, peers: Sequence[str], few: int = 3) -> str:
    """Return the lines in which the quickest peer takes most and least in proportion to ours."""
    found = []
    for line in lines:
        ratios = {c: r for c in peers if (r := results.ratio(line, c, ours)) is not None}
        if ratios:
            quickest = min(ratios, key=lambda c: ratios[c])
            found.append((ratios[quickest], title(line, {}), quickest))
    found.sort(reverse=True)
    shown = found if len(found) <= 2 * few else found[:few] + found[-few:]
    rows = [["", "the quickest other", "times ours"], *([t, c, times(ratio)] for ratio, t, c in shown)]
    return table(rows) if found else ""


def goals(results: Results, sizes: dict[str, int]) -> str:
    """Return the goals, what was measured, and whether that reaches them; without those not measured."""
    rows = [["goal", "wanted", "measured", ""]]
    for goal in GOALS:
        found = {c: m for c in goal.ours if (m := results.median(goal.line, c)) is not None}
        if not found:
            continue
        best = min(found, key=lambda c: found[c])
        name = f"{title(goal.line, sizes)}: {best}"
        if not goal.peer:
            met = found[best] <= goal.at_most
            wanted = f"at most {quantity(goal.at_most, goal.line)}"
            rows.append([name, wanted, quantity(found[best], goal.line), "met" if met else "missed"])
            continue
        ratio = results.ratio(goal.line, goal.peer, best)
        if ratio is None:
            continue
        if goal.factor < 1:
            wanted, measured = f"at most {1 / goal.factor:g}× the time of {goal.peer}", times(1 / ratio)
        else:
            wanted = (
                f"{goal.factor:g}× as fast as {goal.peer}" if goal.factor > 1 else f"as fast as {goal.peer}"
            )
            measured = times(ratio)
        rows.append([name, wanted, measured, "met" if ratio >= goal.factor else "missed"])
    return table(rows) if len(rows) > 1 else ""


def notes(results: Results) -> list[str]:
    """Return a line for each number that is missing for a reason other than that nobody expects it."""
    lines: dict[tuple[str, str], list[str]] = {}
    for (line, contender), why in results.failures.items():
        lines.setdefault((contender, why), []).append(line)
    missing = sorted({c for c, why in lines if why == "not installed"})
    told = [f"not installed: {'; '.join(missing)}"] if missing else []
    return told + [
        f"{contender} ({', '.join(works)}): {why}"
        for (contender, why), works in lines.items()
        if why not in ("not installed", "not its work")
    ]

"""Draw the cost against the size: `python -m tests.benchmarks.scaling`.

On the left the time of a graph against its nodes, on the right that of a batch against its points. Both axes
are logarithmic, so that what grows in proportion is parallel to the dashed line. Engines that are not
installed are left out, and a line ends where an engine would need longer than the limit.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from math import log10
from pathlib import Path
from typing import NamedTuple

from autograd.plots import Plot
from autograd.plots.style import COLORS, DASHES, MARKS, MUTED, plotting_style
from autograd.plots.words import Words

from .contenders import COMPILED, EAGER, PROGRAMS, PURE, Contender
from .measuring import Results, measure
from .peers import DEFAULT
from .tables import quantity, table


class Series(NamedTuple):
    """A line: what a contender takes for each size that it managed, in seconds."""

    name: str
    points: list[tuple[int, float]]

    def growth(self) -> float:
        """Return the factor by which the time grew when the size grew tenfold, on its last such step."""
        (small, before), (large, after) = self.points[-2:]
        return float((after / before) ** (1 / log10(large / small)))


def measured(
    work: str,
    contenders: Sequence[Contender],
    sizes: Sequence[int],
    environments: Path,
    rounds: int,
    limit: float,
    turn: float = 0.1,
) -> list[Series]:
    """Time a piece of work at each size, and leave out from the larger ones who failed at one."""
    series = {c.name: Series(c.name, []) for c in contenders}
    left = list(contenders)
    for size in sizes:
        print(f"{work}, {size:,} ...", file=sys.stderr, flush=True)
        results = Results()
        measure(results, work, left, environments, rounds=rounds, limit=limit, size=size, turn=turn)
        for contender in list(left):
            median = results.median(work, contender.name)
            if median is None:
                why = results.failures.get((work, contender.name), "does no batches")
                print(f"  {contender.name}: {why}", file=sys.stderr)
                left.remove(contender)
            else:
                per = size if work == "black-scholes" else 1
                series[contender.name].points.append((size, median * per))
    return [s for s in series.values() if s.points]


def picture(panels: Sequence[tuple[str, str, Sequence[Series]]]) -> Plot:
    """Return the series as a plot with a panel for each title, name of the horizontal axis, and series."""
    from matplotlib.figure import Figure

    words = Words()
    with plotting_style(words):
        figure = Figure(figsize=(5.2 * len(panels), 5.0), layout="constrained")
        for axes, (title, across, series) in zip(
            figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True
        ):
            for i, line in enumerate(series):
                x, y = zip(*line.points, strict=True)
                axes.plot(
                    x, y, label=line.name, color=COLORS[i % len(COLORS)], marker=MARKS[i % len(MARKS)],
                    linestyle=DASHES[i % len(DASHES)], markersize=4, linewidth=1.4,
                )  # fmt: skip
            if series:
                ends = sorted({size for line in series for size, _ in line.points})
                top = max(cost / size for line in series for size, cost in line.points[-1:])
                axes.plot(
                    [ends[0], ends[-1]], [top * ends[0] * 3, top * ends[-1] * 3],
                    color=MUTED, linestyle="--", linewidth=0.9, label="in proportion",
                )  # fmt: skip
                axes.legend(
                    fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, frameon=False
                )
            axes.set(title=title, xlabel=across, ylabel="time", xscale="log", yscale="log")
            axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
            axes.yaxis.set_major_formatter(
                lambda x, _: quantity(x, "").replace(".00 ", " ").replace(".0 ", " ")
            )
            axes.minorticks_off()
    return Plot(figure, words)


def growths(heading: str, series: Sequence[Series]) -> str:
    """Return a table: the cost at each size, and how it grew with the last tenfold."""
    sizes = sorted({size for line in series for size, _ in line.points})
    rows = [[heading, *(f"{size:,}" for size in sizes), "last tenfold"]]
    for line in series:
        costs = dict(line.points)
        cells = [quantity(costs[size], "") if size in costs else "" for size in sizes]
        rows.append([line.name, *cells, f"{line.growth():.1f}×" if len(costs) > 1 else ""])
    return table(rows)


def main() -> int:
    """Measure, print the numbers and write the picture."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scaling", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("scaling.svg"), help="SVG or PNG (scaling.svg)")
    parser.add_argument("--environments", type=Path, default=DEFAULT, help=f"where the peers are ({DEFAULT})")
    parser.add_argument("--nodes", type=int, default=1_000_000, help="the largest graph (1000000)")
    parser.add_argument("--points", type=int, default=1_000_000, help="the largest batch (1000000)")
    parser.add_argument("--rounds", type=int, default=3, help="how many rounds each is timed in (3)")
    parser.add_argument("--limit", type=float, default=20.0, help="seconds an engine has to be ready (20)")
    options = parser.parse_args()

    common = options.environments, options.rounds, options.limit
    nodes = [10**k for k in range(1, 10) if 10**k <= options.nodes]
    batches = [10**k for k in range(10) if 10**k <= options.points]
    eager = [c for c in EAGER if c.name in (COMPILED, PURE, "micrograd", "xad", "torch, scalars")]
    replaying = [c for c in PROGRAMS if c.engine == "programs" and c.option != "numpy"]
    graphs = measured("graph", eager, nodes, *common)
    replays = measured("replayed graph", replaying, nodes, *common)
    graphs += [Series(f"{line.name}, replayed", line.points) for line in replays]
    points = measured("black-scholes", [c for c in PROGRAMS if c.batches], batches, *common)
    print(growths("a graph and its gradient, by nodes", graphs) + "\n")
    print(growths("Black-Scholes with 5 greeks, by points", points))
    panels = [
        ("A graph and its gradient", "nodes", graphs),
        ("Black-Scholes with 5 greeks", "points", points),
    ]
    picture(panels).save(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())

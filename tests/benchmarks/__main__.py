"""Time this engine beside others: `python -m tests.benchmarks`.

`python -m tests.benchmarks.peers` installs the others; those that are not there are left out. Each engine
works in a process of its own, so that none pays for the other's garbage, with the threads that it takes by
itself; they take turns, so that all meet the same disturbances. A result is checked before it is timed. A
number is the median of the rounds, and so is a ratio, which stands in brackets: to the fastest of ours. What
is printed is Markdown.

A model is told by a call, by its first result in a fresh process, imports of the engine apart, and by how
much more memory the process held until then; a compiler in a process of its own is not counted. --limit is
for what takes longer than half a minute to be ready, --scale for shorter models.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from . import tables
from .contenders import OURS as OWN
from .contenders import REPLAYED, TESTS, WORKED, contenders_of
from .measuring import Results, import_times, measure
from .peers import DEFAULT, OURS, PEERS
from .works import WORKS

TAGS = ("W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9")
GRAPH_ROUNDS = 3  # at most, for what takes seconds each time
FIRST = tuple(name for name in WORKS if name.startswith(("ready", "straight")))
MODEL_WORKS = tuple(name for name, work in WORKS.items() if work.tag == "W8")
WORKED_WORKS = tuple(name for name, work in WORKS.items() if work.tag == "W9")
PROGRAM_WORKS = tuple(
    name
    for name, work in WORKS.items()
    if (work.tag == "W5" or name == "replayed step") and name not in FIRST
)
EAGER_WORKS = tuple(
    name for name in WORKS if name not in (*FIRST, *MODEL_WORKS, *WORKED_WORKS, *PROGRAM_WORKS)
)


WORKED_PEERS = tuple(c.name for c in WORKED if c.name not in OWN)


def machine() -> str:
    """Return what the numbers depend on besides the engines."""
    model = platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = (line for line in information.read_text().splitlines() if line.startswith("model name"))
        model = next(names, model).partition(": ")[2] or model
    return f"CPython {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores of {model}"


def chosen(options: argparse.Namespace) -> list[str]:
    """Return the works that are asked for by their tags, or by their names or first words."""
    if not options.works:
        return [name for name, work in WORKS.items() if work.tag in options.only]
    return [name for name in WORKS if any(is_called(name, word) for word in options.works)]


def is_called(name: str, word: str) -> bool:
    return (name.replace(",", "") + " ").startswith(word + " ")


def names_of(works: Sequence[str]) -> list[str]:
    """Return who takes part in any of these works."""
    return list(dict.fromkeys(c.name for name in works for c in contenders_of(name)))


def run(options: argparse.Namespace) -> Results:
    """Measure what is asked for."""
    results = Results()
    late: set[tuple[str, str]] = set()  # who was too slow to be ready, and will not be faster with more
    for name in chosen(options):
        work = WORKS[name]
        print(f"{work.tag} {name} ...", file=sys.stderr, flush=True)
        rounds = options.rounds if work.kind in ("timed", "model") else min(options.rounds, GRAPH_ROUNDS)
        family = name.split()[0] if name in FIRST else name
        contenders = [c for c in contenders_of(name) if (family, c.name) not in late]
        measure(
            results, name, contenders, options.environments, rounds=rounds, limit=options.limit,
            size=max(4, int(work.size * options.scale)) if work.size > 1 else 1,
        )  # fmt: skip
        late |= {
            (family, c)
            for (line, c), why in results.failures.items()
            if line == name and why.startswith("over")
        }
    if "W7" in options.only and not options.works:
        print("W7 import ...", file=sys.stderr, flush=True)
        import_times(results, options.environments, min(options.rounds, GRAPH_ROUNDS))
    return results


def main() -> int:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how many rounds each work is timed in (5)")
    parser.add_argument("--only", nargs="+", choices=TAGS, default=TAGS, metavar="W", help=", ".join(TAGS))
    parser.add_argument(
        "--works", type=lambda text: text.split(","), default=[], metavar="NAME,NAME",
        help=f"these works alone, whose names are, or begin with the words: {', '.join(WORKS)}",
    )  # fmt: skip
    parser.add_argument("--environments", type=Path, default=DEFAULT, help=f"where the peers are ({DEFAULT})")
    parser.add_argument("--limit", type=float, default=30.0, help="seconds an engine has to be ready (30)")
    parser.add_argument("--scale", type=float, default=1.0, help="1 for the full sizes, 0.01 for a short try")
    options = parser.parse_args()
    for word in options.works:
        if not any(is_called(name, word) for name in WORKS):
            parser.error(f"there is no work {word!r}; choose from {', '.join(WORKS)}")
    sys.path.append(str(TESTS))  # where `models` is, whose numbers are those that must come out
    results = run(options)

    sizes = {name: max(4, int(work.size * options.scale)) for name, work in WORKS.items() if work.size > 1}
    versions = dict(sorted(results.versions.items()))
    print(f"{machine()}; {', '.join(f'{name} {version}' for name, version in versions.items())}\n")
    for heading, works in (
        ("Recorded and differentiated each time", EAGER_WORKS),
        ("Recorded once, replayed with the gradient", PROGRAM_WORKS),
        ("From nothing to the first gradient", FIRST),
    ):
        lines = [line for name in works for line in tables.lines_of(results, name)]
        if text := tables.comparison(results, lines, names_of(works), sizes):
            print(f"### {heading}\n\n{text}\n")
    for heading, works in (("Models", MODEL_WORKS), ("Twenty models as they are written", WORKED_WORKS)):
        for told, part in (
            ("a call", ""),
            ("from nothing to the first result", "first"),
            ("memory until then", "peak bytes"),
        ):
            lines = [line for name in works for line in tables.lines_of(results, name, part)]
            if text := tables.comparison(results, lines, names_of(works), sizes):
                print(f"### {heading}: {told}\n\n{text}\n")
    for told, part in (("a call", ""), ("first result", "first")):
        lines = [line for name in WORKED_WORKS for line in tables.lines_of(results, name, part)]
        if text := tables.extremes(results, lines, REPLAYED[0], WORKED_PEERS):
            print(
                f"### {told}, the quickest other in times of ours: the best and the worst three\n\n{text}\n"
            )
    if any(line == "import" for line, _ in results.rounds):
        found = [(n, m) for n in (*OURS, *PEERS) if (m := results.median("import", n)) is not None]
        print("### Import\n")
        print(tables.table([["", *(n for n, _ in found)], ["W7", *(f"{m * 1e3:.0f} ms" for _, m in found)]]))
        print()
    if text := tables.goals(results, sizes):
        print(f"### Goals\n\n{text}\n")
    for note in tables.notes(results):
        print(f"- {note}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The benchmark itself: nothing wrong is timed, what is missing is left out, the tables say what they should.

The sizes are tiny, and the only engine is this one, with C where there is a compiler.
"""

from __future__ import annotations

import gc
import json
import math
import re
import shutil
import statistics
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks import __main__ as benchmark
from benchmarks import collector, contenders, measuring, peers, reference, scaling, tables, works
from benchmarks.contenders import COMPILED, EAGER, PROGRAMS, PURE, Contender, Failure, Worker
from benchmarks.measuring import Results, measure
from mpmath import mp

OWN = Contender("own", "ours")
REPLAYED = Contender("replayed", "programs", "", "python")
C = Contender("C", "c")
needs_compiler = pytest.mark.skipif(
    not (shutil.which("gcc") or shutil.which("cc")), reason="there is no C compiler"
)


def one(contender: Contender, work: str, size: int, folder: Path) -> Results:
    results = Results()
    measure(results, work, [contender], folder, rounds=2, limit=60, size=size, turn=0.001)
    return results


# The engines


@pytest.mark.parametrize("work", ["expression", "step", "step, collector off", "graph"])
def test_the_engine_does_the_timed_works_rightly(work: str, tmp_path: Path) -> None:
    results = one(OWN, work, 20, tmp_path)
    assert not results.failures
    assert len(results.rounds[work, "own"]) == 2
    assert min(results.rounds[work, "own"]) > 0


@pytest.mark.parametrize("work", ["chain", "products"])
def test_a_large_graph_is_told_by_times_and_bytes(work: str, tmp_path: Path) -> None:
    results = one(OWN, work, 20_000, tmp_path)
    assert not results.failures
    for part in ("forward", "backward", "free"):
        assert len(results.rounds[f"{work}: {part}", "own"]) == 2
        assert 0 < min(results.rounds[f"{work}: {part}", "own"]) < 1e-3
    if Path("/proc/self/status").exists():
        # A Value has 8 slots of 8 bytes, and a header.
        assert 64 < statistics.median(results.rounds[f"{work}: bytes", "own"]) < 1000
        peaks, sizes = (results.rounds[f"{work}: {part}", "own"] for part in ("peak bytes", "bytes"))
        assert all(peak > 0.9 * size for peak, size in zip(peaks, sizes, strict=True))  # Linux counts roughly


@pytest.mark.parametrize(("work", "size"), [("call", 1), ("ready 100", 100), ("replayed graph", 40)])
def test_compiled_functions_do_their_works_rightly(work: str, size: int, tmp_path: Path) -> None:
    results = one(REPLAYED, work, size, tmp_path)
    assert not results.failures
    assert min(results.rounds[work, "replayed"]) > 0


@needs_compiler
@pytest.mark.parametrize("work", ["replayed step", "rosenbrock", "black-scholes", "call"])
def test_c_by_hand_does_its_works_rightly(work: str, tmp_path: Path) -> None:
    results = one(C, work, 1 if work == "call" else 7, tmp_path)
    assert not results.failures
    assert min(results.rounds[work, "C"]) > 0


# What must come out


def test_the_expression_is_that_of_the_readme_of_micrograd() -> None:
    assert [f"{x:.4f}" for x in reference.expected("expression", 1)] == ["24.7041", "138.8338", "645.5773"]


def test_the_demo_starts_from_the_loss_that_micrograd_published() -> None:
    assert reference.expected("step", 1)[0] == pytest.approx(0.8958441028683222, rel=1e-15)


def test_the_greeks_are_the_derivatives_of_the_price() -> None:
    point = [100.0, 95.0, 0.03, 0.7, 0.25]
    value, found = reference.greeks(*point)

    def price(*x: Any) -> Any:
        functions = type("", (), {"log": mp.log, "sqrt": mp.sqrt, "exp": mp.exp, "erfc": mp.erfc})
        return works.black_scholes(*x, math=functions)

    with mp.workdps(40):
        assert value == pytest.approx(float(price(*map(mp.mpf, point))), rel=1e-14)
        for i, derivative in enumerate(found):
            order = tuple(int(i == j) for j in range(5))
            assert derivative == pytest.approx(
                float(mp.diff(price, tuple(map(mp.mpf, point)), order)), rel=1e-13
            )


def test_the_gradient_of_rosenbrocks_function_is_its_derivative() -> None:
    (x,) = works.rosenbrock_points(1).tolist()
    numbers = reference.rosenbrock(1)
    value, gradient = numbers[0], numbers[works.SPREAD : works.SPREAD + 20]
    with mp.workdps(40):
        assert value == pytest.approx(float(works.rosenbrock([mp.mpf(t) for t in x])), rel=1e-14)
        for i in range(20):
            moved = [[mp.mpf(t) + (h if i == j else 0) for j, t in enumerate(x)] for h in (-1e-12, 1e-12)]
            low, high = map(works.rosenbrock, moved)
            assert gradient[i] == pytest.approx(float((high - low) / mp.mpf(2e-12)), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([1.0, 2.0 + 1e-6], "number 1 is 2.000001 and should be 2.0"),
        ([math.nan, 2.0], "number 0 is nan"),
        ([1.0], "1 numbers where there should be 2"),
        ([1.0, 2.0, 0.0], "3 numbers where there should be 2"),
    ],
)
def test_other_numbers_than_the_expected_ones_are_told(found: Sequence[float], said: str) -> None:
    assert reference.disagreement(found, [1.0, 2.0]).startswith(said)


def test_the_last_digits_of_numbers_may_differ() -> None:
    assert reference.disagreement([1.0 + 1e-12, 0.0], [1.0, 1e-12]) == ""


# What is refused, and what is left out


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A worker that is no engine: it answers what `answers.txt` says, and writes down what it was asked."""
    package = tmp_path / "benchmarks"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "worker.py").write_text(
        textwrap.dedent(
            """
            import sys
            from pathlib import Path

            folder = Path(__file__).parents[1]
            answers = iter((folder / "answers.txt").read_text().splitlines())
            for line in sys.stdin:
                with (folder / "asked.txt").open("a") as file:
                    file.write(line)
                answer = next(answers)
                if answer == "hang":
                    import time

                    time.sleep(60)
                if answer == "die":
                    sys.exit(3)
                print(answer, flush=True)
            """
        )
    )
    monkeypatch.setattr(contenders, "TESTS", tmp_path)
    return tmp_path


RIGHT = '{"seconds": 0.1, "result": [24.70408163265306, 138.8338192419825, 645.5772594752186], %s}'
EXTRAS = '"measured": null, "versions": {}'


def test_an_engine_with_a_wrong_result_is_not_timed(stand_in: Path) -> None:
    wrong = RIGHT.replace("138.8338", "138.8339")
    (stand_in / "answers.txt").write_text(f"{wrong % EXTRAS}\n" + '{"seconds": 1e-6}\n' * 9)
    results = one(OWN, "expression", 1, stand_in)
    assert results.failures["expression", "own"].startswith("wrong result: number 1 is 138.8339")
    assert not results.rounds
    assert (stand_in / "asked.txt").read_text().count("\n") == 1  # it was not even asked for the time


def test_an_engine_with_the_right_result_is_timed(stand_in: Path) -> None:
    seconds = [0.05, 0.0001, 3e-6, 5e-6]
    answers = [RIGHT % EXTRAS, *(f'{{"seconds": {number}}}' for number in seconds)]
    (stand_in / "answers.txt").write_text("\n".join(answers))
    results = one(OWN, "expression", 1, stand_in)
    assert results.rounds == {("expression", "own"): [3e-6, 5e-6]}  # the first two say only how often
    asked = [json.loads(line) for line in (stand_in / "asked.txt").read_text().splitlines()]
    assert [request["times"] for request in asked[1:5]] == [1, 1, 10, 10]  # a turn by the second one


def test_an_engine_that_ends_between_rounds_has_no_numbers(stand_in: Path) -> None:
    once = '{"seconds": 0.001}'
    answers = [RIGHT % EXTRAS, once, once, '{"seconds": 3e-6}', "die"]
    (stand_in / "answers.txt").write_text("\n".join(answers))
    results = one(OWN, "expression", 1, stand_in)
    assert results.failures == {("expression", "own"): "its process ended, code 3"}
    assert not results.rounds


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('{"error": "RecursionError: too deep"}', "RecursionError: too deep"),
        ("die", "its process ended, code 3"),
        ("hang", "over 0.5 s"),
    ],
)
def test_an_engine_that_cannot_do_its_work_is_told(answer: str, said: str, stand_in: Path) -> None:
    (stand_in / "answers.txt").write_text(answer)
    results = Results()
    measure(results, "expression", [OWN], stand_in, rounds=1, limit=0.5 if answer == "hang" else 60.0)
    assert results.failures == {("expression", "own"): said}


def test_a_worker_says_what_went_wrong_and_goes_on() -> None:
    worker = Worker("ours", Path(sys.executable))
    try:
        with pytest.raises(Failure, match=r"^not its work$"):
            worker.ask(do="prepare", work="rosenbrock", size=1, option="")
        assert worker.ask(do="prepare", work="expression", size=1, option="")["result"]
    finally:
        worker.close()


def test_peers_that_are_not_installed_are_left_out_and_named(tmp_path: Path) -> None:
    results = Results()
    measure(results, "expression", EAGER, tmp_path, rounds=1, limit=60, turn=0.001)
    missing = {c for (_, c), why in results.failures.items() if why == "not installed"}
    assert {"micrograd", "xad", "torch, scalars", "HIPS autograd"} <= missing
    own = {c for _, c in results.rounds}
    assert len(own) == 1  # compiled or not, as it is installed here
    assert own < {COMPILED, PURE}
    (note,) = tables.notes(results)
    assert note.startswith("not installed: ")
    assert "micrograd" in note


# Tables


def results_of(rounds: dict[tuple[str, str], list[float]], failures: Any = None) -> Results:
    results = Results()
    results.rounds = rounds
    results.failures = failures or {}
    return results


def test_a_ratio_is_the_median_of_those_of_the_rounds() -> None:
    results = results_of({("call", "a"): [1.0, 2.0, 3.0], ("call", "b"): [3.0, 2.0, 4.8]})
    assert results.ratio("call", "b", "a") == 4.8 / 3.0  # of 3, 1 and 1.6; that of the medians is 1.5
    assert results.ratio("call", "c", "a") is None


def test_costs_become_a_table_in_markdown() -> None:
    results = results_of(
        {
            ("expression", COMPILED): [5e-6, 4e-6, 6e-6],
            ("expression", "micrograd"): [80e-6, 88e-6, 90e-6],
            ("chain: bytes", COMPILED): [101.4],
        },
        {("chain", "micrograd"): "RecursionError: too deep", ("chain", "xad"): "not installed"},
    )
    found = tables.comparison(
        results, ["expression", "chain: bytes"], [COMPILED, PURE, "micrograd"], {"chain": 50}
    )
    assert [[cell.strip() for cell in row.split("|")] for row in found.splitlines()] == [
        ["", "", COMPILED, "micrograd", ""],
        ["", ":" + "-" * 58, "-" * (len(COMPILED) - 1) + ":", "-" * 14 + ":", ""],
        ["", "W1: micrograd's README expression, built and differentiated", "5.00 µs", "88.0 µs (16.0×)", ""],
        ["", "W3: chain of 50 nodes, bytes, per node", "101 B", "RecursionError", ""],
    ]
    assert len({len(row) for row in found.splitlines()}) == 1  # the columns are in line


def test_ratios_in_a_table_are_to_the_fastest_of_ours() -> None:
    llvm, numpy = PROGRAMS[0].name, PROGRAMS[1].name
    results = results_of({("call", llvm): [4e-6], ("call", numpy): [2e-6], ("call", "C"): [1e-6]})
    row = tables.comparison(results, ["call"], [llvm, numpy, "C"], {}).splitlines()[-1]
    assert [cell.strip() for cell in row.split("|")[2:-1]] == [
        "4.00 µs (2.00×)",
        "2.00 µs",
        "1.00 µs (0.500×)",
    ]


def test_goals_are_met_or_missed_by_the_best_of_ours() -> None:
    llvm, numpy = PROGRAMS[0].name, PROGRAMS[1].name
    results = results_of(
        {
            ("expression", COMPILED): [5e-6],
            ("expression", "micrograd"): [80e-6],
            ("step", COMPILED): [20e-3],
            ("step", "micrograd"): [1.0],
            ("rosenbrock", llvm): [80e-9],
            ("rosenbrock", numpy): [400e-9],
            ("rosenbrock", "C"): [40e-9],
            ("black-scholes", llvm): [80e-9],
            ("black-scholes", "C"): [40e-9],
            ("call", llvm): [6e-6],
        }
    )
    rows = [
        [cell.strip() for cell in row.split("|")[1:-1]] for row in tables.goals(results, {}).splitlines()[2:]
    ]
    assert [row[1:] for row in rows] == [
        ["15× as fast as micrograd", "16.0×", "met"],
        ["60× as fast as micrograd", "50.0×", "missed"],
        ["at most 2.5× the time of C", "2.00×", "met"],
        ["at most 1.5× the time of C", "2.00×", "missed"],
        ["at most 5.00 µs", "6.00 µs", "missed"],
    ]
    assert rows[2][0].endswith(llvm)


def test_every_goal_is_about_a_line_and_contenders_that_exist() -> None:
    names = {c.name for c in (*EAGER, *PROGRAMS)}
    for goal in tables.GOALS:
        assert goal.line.partition(": ")[0] in works.WORKS
        assert {*goal.ours, *filter(None, [goal.peer])} <= names
        assert bool(goal.peer) != bool(goal.at_most)


@pytest.mark.parametrize(
    ("x", "line", "text"),
    [
        (12.34, "step", "12.3 s"),
        (1.0, "step", "1.00 s"),
        (0.9999, "step", "1.00 s"),
        (0.0456, "step", "45.6 ms"),
        (123.4e-6, "step", "123 µs"),
        (0.25e-9, "step", "0.250 ns"),
        (99.96e-9, "step", "100 ns"),
        (96.2, "chain: peak bytes", "96 B"),
    ],
)
def test_costs_are_written_in_the_unit_that_suits_them(x: float, line: str, text: str) -> None:
    assert tables.quantity(x, line) == text


# The commands


def test_the_command_prints_tables_with_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["benchmarks", "--only", "W1", "--rounds", "1", "--environments", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", arguments)
    assert benchmark.main() == 0
    out = capsys.readouterr().out
    assert out.startswith("CPython 3.")
    assert "scalar-autograd" in out
    assert "### Recorded and differentiated each time\n\n|" in out
    assert "- not installed: HIPS autograd; micrograd;" in out


def test_imports_are_timed_in_the_environments_that_are_there(tmp_path: Path) -> None:
    results = Results()
    measuring.import_times(results, tmp_path, rounds=1)
    assert list(results.rounds) == [("import", "pure")]  # the benchmark's own Python
    assert {name for _, name in results.failures} >= set(peers.PEERS)


def test_a_peer_that_cannot_be_installed_does_not_keep_the_others_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Any] = []

    def run(command: list[str], **settings: Any) -> subprocess.CompletedProcess[str]:
        asked.append((command, settings["env"].get("AUTOGRAD_PURE")))
        return subprocess.CompletedProcess(command, int("jax" in command))

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(sys, "argv", ["peers", "--environments", str(tmp_path)])
    assert peers.main() == 1
    installed = {command[-1] for command, _ in asked if "install" in command}
    assert {"micrograd", "xad"} <= installed
    made = [command[-1] for command, _ in asked if "venv" in command]
    assert made == [str(tmp_path / name) for name in ("compiled", "pure", *peers.PEERS)]
    assert {pure for command, pure in asked if command[-1] == str(peers.ROOT)} == {None, "0"}
    assert capsys.readouterr().err == "could not be installed, and will be left out: jax\n"


def test_what_the_collector_costs_is_told_for_each_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(collector, "ROUNDS", 1)
    before = gc.get_threshold(), gc.isenabled()
    seen = []

    def work() -> None:
        seen.append((gc.get_threshold()[1], gc.isenabled()))

    monkeypatch.setattr(collector, "step", work)
    monkeypatch.setattr(collector, "graph", work)
    collector.main()
    assert (gc.get_threshold(), gc.isenabled()) == before
    usual = before[0][1]
    assert seen == [(usual, True), (usual, True), (collector.PATIENCE, True), (usual, False)] * 2
    assert re.fullmatch(
        r"the engine is .*\n(work: [\d.]+ ms; [\d.]+ times as fast .*, [\d.]+ with none\n){2}",
        capsys.readouterr().out,
    )


def test_growth_is_told_for_a_tenfold_size() -> None:
    series = scaling.Series("one", [(10, 1e-6), (100, 1e-5), (1_000, 2e-4)])
    assert series.growth() == pytest.approx(20.0)
    assert scaling.Series("two", [(10, 1.0), (1_000, 100.0)]).growth() == pytest.approx(10.0)


def test_the_picture_has_a_line_for_each_engine(tmp_path: Path) -> None:
    series = [scaling.Series("one", [(10, 1e-6), (100, 1e-5)]), scaling.Series("two", [(10, 2e-6)])]
    picture = scaling.picture([("Graphs", "nodes", series), ("Batches", "points", [])])
    first, second = picture.figure.axes
    assert [line.get_label() for line in first.get_lines()] == ["one", "two", "in proportion"]
    assert np.asarray(first.get_lines()[0].get_ydata()).tolist() == [1e-6, 1e-5]
    x, y = np.asarray(first.get_lines()[-1].get_data())
    assert y[1] / y[0] == pytest.approx(x[1] / x[0])  # in proportion, as it says
    assert not second.get_lines()
    picture.save(tmp_path / "scaling.png")
    assert (tmp_path / "scaling.png").read_bytes().startswith(b"\x89PNG")


def test_sizes_are_measured_until_an_engine_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fake(results: Results, work: str, left: Sequence[Contender], *_: Any, size: int, **__: Any) -> None:
        for c in left:
            if c.name == "C" and size > 10:
                results.failures[work, c.name] = "over 20 s"
            else:
                results.add(work, c.name, size * 1e-7)

    monkeypatch.setattr(scaling, "measure", fake)
    series = scaling.measured("graph", [OWN, C], [10, 100, 1000], tmp_path, rounds=1, limit=20)
    assert [(s.name, [size for size, _ in s.points]) for s in series] == [
        ("own", [10, 100, 1000]),
        ("C", [10]),
    ]

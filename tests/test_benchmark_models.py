"""The models of the benchmark: what must come out of them does, and each engine does its works rightly.

The sizes are tiny. Peers are run where `python -m tests.benchmarks.peers` has installed them.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from benchmarks import __main__ as benchmark
from benchmarks import contenders, measuring, reference, tables, works
from benchmarks.contenders import Contender, Failure, Worker, contenders_of, interpreter
from benchmarks.engines.models import ours
from benchmarks.measuring import Results, measure, multiples
from benchmarks.models import bodies, epidemic, garch, hidden_markov, kalman, kepler, shooting, straight
from benchmarks.peers import DEFAULT, ROOT
from models import NAMES
from mpmath import mp, mpf

import autograd

SIZES = {
    "garch": 20, "garch fit": 20, "long garch": 30, "sir": 8, "hidden markov": 6, "kalman": 5, "bodies": 3,
    "shooting": 4, "newton": 40, "straight 1000": 200, "straight 10000": 40, "straight 100000": 30,
    "straight 1000000": 20, "call": 1, "call array": 1, "ready 100": 40, "ready 1000": 30, "ready 10000": 20,
    "ready 100000": 20,
}  # fmt: skip
OURS = {c.option: c for c in contenders.MODELS if c.engine == "models.ours"}
PEERS = [c for c in contenders.MODELS if c.engine != "models.ours"]


# What must come out

precise = SimpleNamespace(log=mp.log, exp=mp.exp, sin=mp.sin, cos=mp.cos, tanh=mp.tanh)


def derivatives(f: Callable[[list[Any]], Any], x: Sequence[float]) -> list[float]:
    """Return f(x) and its derivatives, by differences with 60 digits."""
    h = mpf(10) ** -20
    with mp.workdps(60):
        at = [mpf(t) for t in x]
        moved = [
            [[t + (s * h if i == j else 0) for j, t in enumerate(at)] for s in (-1, 1)] for i in range(len(x))
        ]
        return [float(f(at)), *(float((f(up) - f(down)) / (2 * h)) for down, up in moved)]


@pytest.mark.parametrize(
    ("model", "point", "value"),
    [
        (garch, garch.PARAMETERS, lambda p: garch.loss(p, garch.simulated(7).tolist(), mp.log)),
        (epidemic, epidemic.RATES, lambda p: epidemic.recovered(p, 7)),
        (
            hidden_markov,
            hidden_markov.PARAMETERS,
            lambda p: hidden_markov.loss(p, hidden_markov.observations(7).tolist(), precise),
        ),
        (kalman, kalman.PARAMETERS, lambda p: kalman.loss(p, kalman.observations(7).tolist(), precise)),
        (straight, straight.point(), lambda x: straight.result(x, straight.lines(7), precise)),
    ],
)
def test_the_gradient_of_a_model_is_that_of_its_formula(model: Any, point: list[float], value: Any) -> None:
    assert model.expected(7) == pytest.approx(derivatives(value, point), rel=1e-12, abs=1e-14)


def test_long_programs_have_the_gradient_of_their_formula() -> None:
    lines = straight.lines(2000)
    assert {kind for kind, _, _ in lines} == set(range(8))
    found = derivatives(lambda x: straight.result(x, lines, precise), straight.point())
    assert straight.expected(2000) == pytest.approx(found, rel=1e-12)
    assert all(found)  # every input has a say


def test_a_long_program_has_no_pattern() -> None:
    kinds = [kind for kind, _, _ in straight.lines(10_000)]
    assert not any(kinds[period:] == kinds[:-period] for period in range(1, 1000))


def test_the_jacobian_of_the_bodies_is_that_of_their_orbits() -> None:
    rows = [derivatives(lambda x, i=i: bodies.end(x, 4)[i], bodies.START)[1:] for i in range(12)]  # type: ignore[misc]
    assert bodies.expected(4) == pytest.approx([t for row in rows for t in row], rel=1e-12, abs=1e-14)


def test_the_bodies_come_back_after_a_period(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "TIME", 6.32591398)  # as published with the start
    assert bodies.end(bodies.START, 2000) == pytest.approx(bodies.START, abs=1e-5)


def test_the_hessian_of_shooting_is_that_of_its_cost() -> None:
    size, point = 5, shooting.controls(5)

    def row(i: int) -> list[float]:
        def slope(u: list[Any]) -> Any:
            h = mpf(10) ** -20
            up, down = ([t + (s * h if i == j else 0) for j, t in enumerate(u)] for s in (1, -1))
            return (shooting.cost(up, size) - shooting.cost(down, size)) / (2 * h)

        return derivatives(slope, point)[1:]

    assert shooting.expected(size) == pytest.approx(shooting.told([row(i) for i in range(size)]), rel=1e-12)


def test_keplers_equation_is_solved() -> None:
    numbers = kepler.expected(works.SPREAD)
    for i, (mean, eccentricity) in enumerate(kepler.orbits(works.SPREAD).T.tolist()):

        def anomaly(at: list[Any]) -> Any:
            return mp.findroot(lambda angle: angle - at[1] * mp.sin(angle) - at[0], numbers[i])  # noqa: B023

        value, *slopes = derivatives(anomaly, [mean, eccentricity])
        assert numbers[i] == pytest.approx(value, rel=1e-14)
        found = numbers[works.SPREAD + 2 * i : works.SPREAD + 2 * i + 2]
        assert found == pytest.approx(slopes, rel=1e-12)


def test_the_fit_of_garch_goes_down() -> None:
    before, after = garch.expected(500)[0], garch.expected_of_fit(500)[0]
    assert after < before


# The engines


@pytest.fixture(scope="module")
def worker() -> Iterator[Callable[[Contender, Path], Worker]]:
    """Return what gives the worker of a contender, one for all works."""
    started: dict[tuple[str, str], Worker] = {}

    def of(contender: Contender, environments: Path) -> Worker:
        key = contender.engine, contender.option
        if key not in started:
            started[key] = Worker(contender.engine, interpreter(contender, environments))
        return started[key]

    yield of
    for one in started.values():
        one.close()


def done_rightly(worker: Worker, contender: Contender, work: str) -> None:
    answer = worker.ask(60.0, do="prepare", work=work, size=SIZES.get(work, 1), option=contender.option)
    assert reference.disagreement(answer["result"], reference.expected(work, SIZES.get(work, 1))) == ""
    assert worker.ask(60.0, do="time", times=1)["seconds"] > 0
    measured = answer["measured"]
    if work in works.WORKS and works.WORKS[work].kind == "model":
        assert set(measured) == {"first", "peak bytes"}
        assert measured["first"] > 0
    if work.startswith("straight") or work == "garch fit":
        assert set(measured) == {"", "peak bytes"}


@pytest.mark.parametrize("work", [name for name in SIZES if not name.startswith(("call", "ready"))])
@pytest.mark.parametrize("option", ["llvm", "python", "uncompiled"])
def test_this_engine_does_the_models_rightly(option: str, work: str, worker: Any, tmp_path: Path) -> None:
    done_rightly(worker(OURS[option], tmp_path), OURS[option], work)


@pytest.mark.parametrize("work", [name for name in SIZES if name.startswith(("call", "ready"))])
@pytest.mark.parametrize("option", ["llvm", "python", "uncompiled"])
def test_this_engine_does_calls_rightly(option: str, work: str, worker: Any, tmp_path: Path) -> None:
    contender = Contender("own", "programs", "compiled", option)
    done_rightly(worker(contender, tmp_path), contender, work)


@pytest.mark.parametrize("work", ["model glm", "model weibull"])
@pytest.mark.parametrize("option", ["llvm", "uncompiled"])
def test_this_engine_does_models_as_they_are_written(
    option: str, work: str, worker: Any, tmp_path: Path
) -> None:
    ours = {c.option: c for c in contenders.WORKED if c.engine == "worked.ours"}
    done_rightly(worker(ours[option], tmp_path), ours[option], work)


@pytest.mark.parametrize("work", works.LOOPS)
@pytest.mark.parametrize("option", ["scan llvm", "scan python", "scan uncompiled"])
def test_loops_are_written_with_scan_where_there_is_one(
    option: str, work: str, worker: Any, tmp_path: Path
) -> None:
    one = worker(OURS[option], tmp_path)
    if hasattr(autograd, "scan"):
        done_rightly(one, OURS[option], work)
    else:
        with pytest.raises(Failure, match=r"^no scan$"):
            done_rightly(one, OURS[option], work)


def test_models_written_with_scan_are_those_written_with_loops() -> None:
    def scan(f: Any, init: Any, xs: Any = None, length: int | None = None) -> tuple[Any, None]:
        carry = init
        for x in xs if xs is not None else [None] * (length or 0):
            carry, _ = f(carry, x)
        return carry, None

    returns = garch.simulated(9)
    found = autograd.value_and_grad(ours.garch_by_scan(scan))(garch.PARAMETERS, returns)
    assert works.flat(found) == pytest.approx(reference.expected("garch", 9), rel=1e-12)
    found = autograd.value_and_grad(ours.sir_by_scan(scan, 9))(epidemic.RATES)
    assert works.flat(found) == pytest.approx(reference.expected("sir", 9), rel=1e-12)


@pytest.mark.parametrize("option", ["grad", ""])
def test_a_gradient_is_by_grad_or_by_hand(option: str, worker: Any, tmp_path: Path) -> None:
    results = Results()
    measure(
        results, "gradient", [Contender("own", "ours", "", option)], tmp_path, rounds=1, limit=60, turn=0.001
    )
    assert not results.failures
    assert len(results.rounds["gradient", "own"]) == 1


@pytest.mark.slow
@pytest.mark.parametrize("peer", PEERS, ids=[c.name for c in PEERS])
def test_peers_that_are_installed_do_the_models_rightly(peer: Contender) -> None:
    if peer.name == "C" and not (shutil.which("gcc") or shutil.which("cc")):
        pytest.skip("there is no C compiler")
    try:
        one = Worker(peer.engine, interpreter(peer, ROOT / DEFAULT))
    except Failure as failure:
        pytest.skip(str(failure))
    refused, mine = [], [work for work in SIZES if peer in contenders_of(work)]
    try:
        for work in mine:
            try:
                done_rightly(one, peer, work)
            except Failure as failure:
                refused.append(str(failure))
    finally:
        one.close()
    assert set(refused) <= {"not its work"}
    assert len(mine) - len(refused) > 2


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["casadi", "hips", "jax"])
def test_peers_that_are_installed_do_models_as_they_are_written_rightly(engine: str) -> None:
    peer = next(c for c in contenders.WORKED if c.engine == f"worked.{engine}")
    try:
        one = Worker(peer.engine, interpreter(peer, ROOT / DEFAULT))
    except Failure as failure:
        pytest.skip(str(failure))
    refused, mine = [], [f"model {name}" for name in works.WORKED]
    try:
        for work in mine:
            try:
                done_rightly(one, peer, work)
            except Failure as failure:
                refused.append(str(failure))
    finally:
        one.close()
    assert set(refused) <= {"not its work", "not as it is written"}
    assert len(mine) - len(refused) > 2


# How they are told


def results_of(rounds: dict[tuple[str, str], list[float]]) -> Results:
    results = Results()
    results.rounds = rounds
    return results


def test_a_model_is_told_by_its_first_result_and_its_memory(tmp_path: Path) -> None:
    results = Results()
    measure(results, "garch", [OURS["python"]], tmp_path, rounds=2, limit=60, size=20, turn=0.001)
    assert not results.failures
    lines = tables.lines_of(results, "garch")
    assert [tables.lines_of(results, "garch", part) for part in ("", "first")] == [lines[:1], lines[1:2]]
    assert lines[:2] == ["garch", "garch: first"]
    assert lines[2:] == (["garch: peak bytes"] if Path("/proc/self/status").exists() else [])
    name = OURS["python"].name
    assert [len(results.rounds[line, name]) for line in lines[:2]] == [2, 2]
    assert results.rounds["garch: first", name][0] > min(results.rounds["garch", name])


@pytest.mark.parametrize(
    ("seconds", "asked", "rounds"),
    [(9.0, 1, [9.0]), (4.0, 4, [4.0, 4.0]), (2.5, 5, [2.5, 2.5, 2.5]), (0.1, 7, [0.1] * 5)],
)
def test_what_is_slow_sits_out_later_rounds(
    seconds: float, asked: int, rounds: list[float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    times = []

    def ask(limit: float = 0.0, **request: Any) -> dict[str, float]:
        times.append(request["times"])
        return {"seconds": seconds}

    answer = {"measured": {"first": 1.0}, "versions": {}}
    monkeypatch.setattr(
        measuring, "prepared", lambda *_: (SimpleNamespace(ask=ask, close=lambda: None), answer)
    )
    results = Results()
    measure(results, "garch", [OURS["python"]], tmp_path, rounds=5, limit=8.0)
    assert results.rounds["garch", OURS["python"].name] == rounds
    assert len(times) == asked


def test_a_first_result_is_told_as_a_multiple_of_an_uncompiled_one_in_the_same_form() -> None:
    fast, plain, pure, plain_pure = (
        Contender("llvm", "models.ours", "compiled", "llvm"),
        Contender("uncompiled", "models.ours", "compiled", "uncompiled"),
        Contender("pure llvm", "models.ours", "pure", "llvm"),
        Contender("pure uncompiled", "models.ours", "pure", "uncompiled"),
    )
    c = Contender("C", "c")
    work = "straight 1000"
    results = results_of(
        {(work, "llvm"): [6.0], (work, "uncompiled"): [2.0], (work, "pure llvm"): [20.0], (work, "C"): [1.0]}
    )
    results.rounds[work, "pure uncompiled"] = [4.0]
    multiples(results, work, [fast, plain, pure, plain_pure, c])
    found = {who: numbers for (line, who), numbers in results.rounds.items() if line.endswith("multiple")}
    assert found == {"llvm": [3.0], "pure llvm": [5.0]}
    text = tables.comparison(results, [f"{work}: multiple"], ["llvm", "pure llvm"], {})
    assert [cell.strip() for cell in text.splitlines()[-1].split("|")[1:-1]] == [
        "W6: 1,000 nodes without a pattern, their first gradient, as a multiple of uncompiled",
        "3.00×",
        "5.00×",
    ]


@pytest.mark.parametrize(
    ("x", "line", "text"),
    [
        (2.4e9, "sir: peak bytes", "2.40 GB"),
        (83.6e6, "sir: peak bytes", "83.6 MB"),
        (24_576.0, "sir: peak bytes", "24.6 kB"),
        (640.0, "sir: peak bytes", "640 B"),
        (12.34, "straight 1000: multiple", "12.3×"),
    ],
)
def test_memory_and_multiples_are_written_as_people_write_them(x: float, line: str, text: str) -> None:
    assert tables.quantity(x, line) == text


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("garch,sir", ["garch", "garch fit", "sir"]),
        ("hidden markov", ["hidden markov"]),
        ("step", ["step", "step, collector off"]),
        ("long", ["long garch"]),
        ("straight 1000", ["straight 1000"]),
    ],
)
def test_works_are_chosen_by_their_names_or_first_words(given: str, found: list[str]) -> None:
    assert benchmark.chosen(SimpleNamespace(works=given.split(","))) == found  # type: ignore[arg-type]


def test_the_models_in_which_others_are_left_behind_and_ahead_are_told() -> None:
    names = [f"model {name}" for name in list(works.WORKED)[:5]]
    times = {"JAX": [6.0, 2.0, 3.0, 0.5, 9.0], "CasADi": [8.0, 1.0, 4.0]}
    results = results_of({(name, "ours"): [1.0] for name in names})
    for who, numbers in times.items():
        results.rounds |= {(name, who): [x] for name, x in zip(names, numbers, strict=False)}
    rows = tables.extremes(results, names, "ours", list(times), few=2).splitlines()[2:]
    assert [[cell.strip() for cell in row.split("|")[2:4]] for row in rows] == [
        ["JAX", "9.00×"],
        ["JAX", "6.00×"],
        ["CasADi", "1.00×"],
        ["JAX", "0.500×"],
    ]


def test_every_model_that_is_written_as_people_write_it_is_timed() -> None:
    assert [name.replace(" ", "_") for name in works.WORKED] == list(NAMES)


def test_works_that_do_not_exist_are_refused(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--works", "garch,arch"])
    with pytest.raises(SystemExit):
        benchmark.main()
    assert "there is no work 'arch'" in capsys.readouterr().err


def test_every_work_has_contenders_and_numbers_to_be_checked_by() -> None:
    for name in works.WORKS:
        assert contenders_of(name)
        assert reference.expected(name, 30)


def test_the_command_tells_the_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["benchmarks", "--works", "kalman", "--rounds", "1", "--scale", "0.02"]
    monkeypatch.setattr(sys, "argv", [*arguments, "--environments", str(tmp_path)])
    assert benchmark.main() == 0
    out = capsys.readouterr().out
    assert re.findall(r"### (.*)\n\n\|", out)[:2] == [
        "Models: a call",
        "Models: from nothing to the first result",
    ]
    assert out.count("| W8: Kalman filter, 4 observations, gradient ") >= 2

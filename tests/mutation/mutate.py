"""Mutation testing: change one thing in a module, and see whether a test fails.

To run it, from the root of a checkout in whose environment the package is installed with its test extra
(on Linux or macOS, for it forks):

    pip install cosmic-ray
    python tests/mutation/mutate.py ops.table engine.value    # some modules
    python tests/mutation/mutate.py                           # all of `MODULES`
    python tests/mutation/mutate.py ops.table --lines 80-120  # some lines
    python tests/mutation/mutate.py program --sample 20       # a room, 20 mutants of each module at random

It prints each mutant that survives and the score, and fails if one does. Mutants that `equivalent.toml`
explains are not run. A mutant survives when it has passed all tests that call what it changes, or
`--patience` seconds of them. `--report FILE` writes everything as JSON. Modules, and the tests run for
each, are below.

Tests are collected once. A mutant of a function is made in a fork of that process, by giving the function
the code of the mutant, and only tests that call it are run, up to the first that fails. A mutant of what runs
while modules are imported takes a fork that imports and collects anew; so does one that survives although its
function is called while tests are collected. Hypothesis draws the same examples each time, so the score can
be reproduced. Tests that start another process see no mutant.
"""

from __future__ import annotations

import argparse
import gc
import importlib.machinery
import importlib.util
import json
import math
import os
import pickle
import random
import resource
import signal
import sys
import tempfile
import threading
import time
import tomllib
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
OPS = "ops/test_table.py ops/test_primitive.py"
ENGINE = "engine/test_value.py engine/test_backward.py engine/test_no_grad.py test_contract.py"
NESTED = "derivatives/test_nested_transforms.py derivatives/test_gradients_of_values.py"
MAPS = "derivatives/test_linear_maps.py"
TRANSFORMS = f"derivatives/test_transforms.py derivatives/test_transforms_of_structures.py {NESTED} {MAPS}"
CALLS = f"derivatives/test_calls.py {TRANSFORMS}"
CUSTOM = "derivatives/test_custom.py"
SWEEPS = f"derivatives/test_sweeps.py {TRANSFORMS} engine/test_anomaly.py {CUSTOM}"
COMPILED = "program/test_compiling.py program/test_compiling_arguments.py program/test_compiling_errors.py"
CALLED = f"{COMPILED} program/test_entry_points.py test_random_functions.py"
FOLLOWED = f"program/test_tracing.py test_caught_errors.py {CALLED}"
READ = "program/test_outside.py program/test_outside_arguments.py program/test_states.py"
OUTSIDE = f"{READ} program/test_visiting.py program/test_rechecking.py {CALLED}"
WHOLE = f"program/test_whole_inputs.py program/test_signature.py {FOLLOWED}"
POINTS = "program/test_batch_axes.py program/test_batch_errors.py program/test_batch_labels.py"
BATCHES = f"program/test_batching.py program/test_batch_derivatives.py {POINTS}"
BATCHED = f"{BATCHES} program/test_plans.py program/test_kernels.py {CALLED}"
LINES = f"program/straight_line program/test_sorting.py {CALLED}"
LOOPS = "program/loops program/python/test_python_loops.py"
LLVM = f"program/llvm test_every_backend.py {CALLED}"
NUMPY = f"program/numpy test_every_backend.py {CALLED}"
PYTHON = f"program/python ops/test_primitive.py test_every_backend.py {CALLED}"
MODULES = {
    "ops.table": f"{OPS} ops/test_floats.py test_math.py test_contract.py",
    "ops.primitive": f"{OPS} derivatives/test_calls.py {CUSTOM} engine/test_anomaly.py",
    "ops.floats": f"ops/test_floats.py test_math.py test_contract.py {OPS}",
    "engine.value": f"{ENGINE} {OPS} engine/test_anomaly.py {CUSTOM} test_math.py",
    "engine.node": f"engine/test_node.py {ENGINE} engine/test_methods.py {CUSTOM} {COMPILED}",
    "engine.order": f"{ENGINE} {CUSTOM}",
    "engine.copying": "engine/test_copies.py test_pickles.py",
    "engine.recording": f"{ENGINE} engine/test_anomaly.py {COMPILED}",
    "engine.sums": f"engine/test_sums.py {ENGINE} nn/test_layers.py",
    "engine.methods": f"engine/test_methods.py {ENGINE} {OPS}",
    "engine.anomaly": "engine/test_anomaly.py ../autograd/engine/anomaly.py",
    "engine.chain_rule": "engine/test_chain_rule.py engine/test_anomaly.py",
    "math": "test_math.py test_contract.py ../autograd/math.py",
    "derivatives.transforms": f"{CALLS} ../autograd/derivatives/transforms.py",
    "derivatives.calls": f"{CALLS} {CUSTOM}",
    "derivatives.ages": f"derivatives/test_ages.py {CALLS}",
    "derivatives.variables": f"{CALLS} derivatives/test_ages.py",
    "derivatives.series": "derivatives/test_taylor_series.py",
    "derivatives.taylor_series": "derivatives/test_taylor_series.py",
    "derivatives.linear_maps": MAPS,
    "derivatives.directions": f"{CALLS} ../autograd/derivatives/directions.py",
    "derivatives.wrapped": f"{CALLS} {CUSTOM}",
    "derivatives.sweeps": f"{SWEEPS} derivatives/test_calls.py",
    "derivatives.local_derivatives": f"{SWEEPS} derivatives/test_local_derivatives.py",
    "derivatives.trees": f"{TRANSFORMS} {CUSTOM}",
    "derivatives.custom": f"{CUSTOM} ../autograd/derivatives/custom.py",
    "derivatives.checking": f"derivatives/test_checking.py {CUSTOM} ../autograd/derivatives/checking.py",
    "derivatives.differences": "derivatives/test_checking.py",
    "support.real_numbers": f"{ENGINE} {OPS} test_math.py",
    "support.messages": f"support/test_messages.py {CALLS} {CUSTOM}",
    "program.arguments": WHOLE,
    "program.batches": BATCHED,
    "program.batching": BATCHED,
    "program.blocks": BATCHED,
    "program.c.body": "program/c program/js test_every_backend.py",
    "program.c.functions": "program/c test_every_backend.py",
    "program.c.library": "program/c program/js test_every_backend.py",
    "program.c.source": "program/c test_every_backend.py",
    "program.compiled": f"{CALLED} program/test_signature.py {BATCHES}",
    "program.compiling": f"{CALLED} program/test_signature.py",
    "program.constants": OUTSIDE,
    "program.derivation": f"{LOOPS} {CALLED}",
    "program.documents": f"program/c {CALLED}",
    "program.entry_points": f"program/c {CALLED}",
    "program.followed_float": f"derivatives/test_followed.py {WHOLE}",
    "program.guards": OUTSIDE,
    "program.llvm.core": LLVM,
    "program.llvm.driver": LLVM,
    "program.llvm.exponential": LLVM,
    "program.llvm.kernel": LLVM,
    "program.llvm.lanes": LLVM,
    "program.llvm.layout": LLVM,
    "program.llvm.logarithm": LLVM,
    "program.llvm.machine": LLVM,
    "program.llvm.operations": LLVM,
    "program.llvm.trigonometry": LLVM,
    "program.llvm.vector_math": LLVM,
    "program.llvm.writer": LLVM,
    "program.loops.checkpoints": LOOPS,
    "program.loops.family": LOOPS,
    "program.loops.growing": LOOPS,
    "program.loops.inner": LOOPS,
    "program.loops.listing": LOOPS,
    "program.loops.opening": LOOPS,
    "program.loops.program": LOOPS,
    "program.loops.repetition": LOOPS,
    "program.loops.samples": LOOPS,
    "program.loops.segments": LOOPS,
    "program.loops.written_out": f"{LOOPS} {NUMPY}",
    "program.mode": f"{CALLED} program/test_signature.py",
    "program.numpy.functions": NUMPY,
    "program.numpy.kernel": NUMPY,
    "program.numpy.schedule": NUMPY,
    "program.outcomes": BATCHED,
    "program.outside": OUTSIDE,
    "program.paths": f"{BATCHED} test_caught_errors.py",
    "program.plans": BATCHED,
    "program.python.definitions": PYTHON,
    "program.products": f"program/test_products.py {CALLED}",
    "program.python.loops": f"{LOOPS} program/python",
    "program.python.names": PYTHON,
    "program.python.pieces": f"{PYTHON} program/python",
    "program.python.reading": PYTHON,
    "program.python.source": f"{PYTHON} program/straight_line",
    "program.reads": OUTSIDE,
    "program.rechecking": OUTSIDE,
    "program.recording": FOLLOWED,
    "program.signature": WHOLE,
    "program.straight_line.order": LINES,
    "program.straight_line.program": LINES,
    "program.straight_line.rules": LINES,
    "program.straight_line.simplify": LINES,
    "program.straight_line.sweeps": LINES,
    "program.tracer": FOLLOWED,
    "program.tracing": FOLLOWED,
    "program.vectors": BATCHED,
    "program.ways": f"program/llvm {CALLED}",
    "program.visiting": OUTSIDE,
    "program.whole_inputs": WHOLE,
    "program.whole_numbers": WHOLE,
}
"""The modules, and the tests that are run for each: files of the folder `tests`, and doctests."""
PYTEST = [
    "-q",
    "-s",
    "-p",
    "no:cacheprovider",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
    "--rootdir",
    str(ROOT),
]
BATCH = 50  # tests that are observed in one fork
MEMORY = 4 << 30  # bytes that a mutant may take
KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"


# Work in forks


def forked(
    work: Sequence[Callable[[], Any]], jobs: int, seconds: Sequence[float]
) -> Iterator[tuple[int, Any]]:
    """Do each piece of work in a fork of this process; give its index and what it returned.

    What takes more than its seconds of computing, or ten times as long by the clock, gives TIMED_OUT; what
    ends otherwise than by returning gives KILLED.
    """
    waiting = list(range(len(work)))[::-1]
    running: dict[int, tuple[int, Any, float]] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            i = waiting.pop()
            answer = tempfile.TemporaryFile()  # noqa: SIM115 (the fork writes it, we read it later)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about threads, of which only this one goes on in the fork
                pid = os.fork()
            if pid == 0:
                _in_fork(work[i], answer, seconds[i])
            running[pid] = (i, answer, time.monotonic() + 10.0 * seconds[i])
        for pid, (i, answer, end) in list(running.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            late = time.monotonic() > end
            if not done and late:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            if done or late:
                del running[pid]
                with answer:
                    answer.seek(0)
                    text = answer.read()
                slow = late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU)
                yield i, pickle.loads(text) if text else TIMED_OUT if slow else KILLED
        time.sleep(0.002)


def _in_fork(work: Callable[[], Any], answer: Any, seconds: float) -> None:
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        used = time.process_time()
        limit = math.ceil(used + seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        result = work()
        answer.write(pickle.dumps(result))
        answer.flush()
    finally:
        os._exit(0)


# The module under test


class Loader(importlib.machinery.SourceFileLoader):
    """Imports a module of the package with code of our own."""

    code: CodeType

    def get_code(self, fullname: str) -> CodeType:
        return self.code


class Finder:
    """Finds the one module that is under test."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        if name != self.name:
            return None
        loader = Loader(name, str(self.path))
        loader.code = self.code
        return importlib.util.spec_from_file_location(name, self.path, loader=loader)


def is_function(code: CodeType) -> bool:
    return bool(code.co_flags & 0x2)  # CO_NEWLOCALS, which modules and class bodies lack


def nested(code: CodeType) -> list[CodeType]:
    return [c for c in code.co_consts if isinstance(c, CodeType)]


def every(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in nested(code):
        yield from every(inner)


def alike(a: CodeType, b: CodeType) -> bool:
    """Whether two codes are the same but for what is nested in them."""

    def traits(code: CodeType) -> tuple[Any, ...]:
        constants = [None if isinstance(c, CodeType) else (type(c), repr(c)) for c in code.co_consts]
        return (
            code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars,
            code.co_flags, code.co_argcount, code.co_kwonlyargcount, code.co_exceptiontable,
        )  # fmt: skip

    return traits(a) == traits(b) and len(nested(a)) == len(nested(b))


Pairs = list[tuple[CodeType, CodeType]]
Observed = tuple[bool, float, set[int]]  # whether a test passes, how long it takes, what it calls


def replacements(old: CodeType, new: CodeType) -> Pairs | None:
    """Return the functions, outer ones first, and the codes to give them to turn one module into another.

    The last is the one that differs itself. There are none if that is the module or a class body.
    """
    if not alike(old, new):
        return [(old, new)] if is_function(old) and old.co_freevars == new.co_freevars else None
    for a, b in zip(nested(old), nested(new), strict=True):
        if not all(alike(x, y) for x, y in zip(every(a), every(b), strict=False)) or len([*every(a)]) != len(
            [*every(b)]
        ):
            inner = replacements(a, b)
            return None if inner is None else ([(old, new)] if is_function(old) else []) + inner
    return None


# The tests


class Calls:
    """Collects which of some codes are called."""

    def __init__(self, codes: set[CodeType]) -> None:
        self.codes = {id(code): code for code in codes}
        self.hit: set[int] = set()

    def __call__(self, frame: Any, event: str, argument: object) -> None:
        if event == "call" and id(frame.f_code) in self.codes:
            self.hit.add(id(frame.f_code))

    def start(self) -> None:
        sys.setprofile(self)
        threading.setprofile(self)

    def stop(self) -> None:
        sys.setprofile(None)
        threading.setprofile(None)


@dataclass
class Result:
    """What a run of the tests on mutants of functions found."""

    outcomes: dict[int, str] = field(default_factory=dict)
    killers: dict[int, str] = field(default_factory=dict)
    anew: list[int] = field(default_factory=list)  # mutants that need a fork that imports anew
    order: list[str] = field(default_factory=list)  # tests, the most promising first
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)  # tests that fail without a mutant


class OnFunctions:
    """In place of pytest's loop over the tests: a loop over the mutants."""

    def __init__(self, codes: Mapping[int, CodeType], old: CodeType, jobs: int, patience: float) -> None:
        self.mutants, self.old, self.jobs, self.patience = codes, old, jobs, patience
        self.calls = Calls(set(every(old)))
        self.result = Result()
        self.kills: Counter[tuple[int, str]] = Counter()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.calls.stop()
        while_collecting = set(self.calls.hit)
        gc.collect()
        gc.freeze()
        tests = {item.nodeid: item for item in session.items}
        names = list(tests)
        batches = [names[i : i + BATCH] for i in range(0, len(names), BATCH)]
        found: dict[str, Observed] = {}
        observe = [partial(self._observed_all, [tests[name] for name in batch]) for batch in batches]
        for _, several in forked(observe, self.jobs, [1e4] * len(batches)):
            found.update(several if isinstance(several, list) else [])
        observed = {name: found[name] for name in names if name in found and found[name][0]}
        self.result.broken = [name for name in tests if name not in observed]
        by_time = sorted(observed, key=lambda name: float(observed[name][1]))
        self.result.order = sorted(by_time, key=lambda name: not observed[name][2])
        self.result.seconds = sum(seconds for _, seconds, _ in observed.values())
        functions = _functions_by_code(self.old)
        work: list[Callable[[], Any]] = []
        seconds: list[float] = []
        indices = []
        changed: dict[int, int] = {}
        for i, code in self.mutants.items():
            pairs = replacements(self.old, code)
            if pairs is None:
                self.result.anew.append(i)
                continue
            chosen = [name for name in by_time if id(pairs[-1][0]) in observed[name][2]]
            work.append(partial(self._first_to_fail, pairs, functions, [tests[name] for name in chosen]))
            changed[i] = id(pairs[-1][0])
            seconds.append(10.0 + 5.0 * sum(observed[name][1] for name in chosen))
            indices.append(i)
        for k, outcome in forked(work, self.jobs, seconds):
            i = indices[k]
            if isinstance(outcome, tuple):
                self.result.outcomes[i], self.result.killers[i] = outcome
                self.kills[changed[i], outcome[1]] += 1
            else:
                self.result.outcomes[i] = outcome
            if self.result.outcomes[i] == SURVIVED and changed[i] in while_collecting:
                self.result.anew.append(i)
        return True

    def _observed_all(self, tests: Sequence[pytest.Item]) -> list[tuple[str, Observed]]:
        return [(test.nodeid, self._observed(test)) for test in tests]

    def _observed(self, test: pytest.Item) -> Observed:
        self.calls.hit.clear()
        began = time.process_time()
        self.calls.start()
        passed = _passes(test)
        self.calls.stop()
        return passed, time.process_time() - began, set(self.calls.hit)

    def _first_to_fail(
        self, pairs: Pairs, functions: dict[int, list[FunctionType]], tests: Sequence[pytest.Item]
    ) -> tuple[str, str]:
        for old, new in pairs:
            for function in functions.get(id(old), ()):
                function.__code__ = new
        # First those that have found the most mutants of the same function.
        changed = id(pairs[-1][0])
        end = time.process_time() + self.patience
        for test in sorted(tests, key=lambda test: -self.kills[changed, test.nodeid]):
            if not _passes(test):
                return KILLED, test.nodeid
            if time.process_time() > end:
                return SURVIVED, "what was run of its tests"
        return SURVIVED, f"{len(tests)} tests"


def _functions_by_code(code: CodeType) -> dict[int, list[FunctionType]]:
    wanted = {id(c) for c in every(code)}
    found: dict[int, list[FunctionType]] = {}
    gc.unfreeze()
    for thing in gc.get_objects():
        if type(thing) is FunctionType and id(thing.__code__) in wanted:
            found.setdefault(id(thing.__code__), []).append(thing)
    gc.freeze()
    return found


def _passes(test: pytest.Item) -> bool:
    from _pytest.runner import runtestprotocol

    return not any(report.failed for report in runtestprotocol(test, nextitem=None, log=False))


class InOrder:
    """Runs the tests in a given order, for some seconds."""

    def __init__(self, order: Sequence[str], patience: float) -> None:
        self.rank = {name: i for i, name in enumerate(order)}
        self.failed = ""
        self.stopped = False
        self.patience = patience

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.session = session
        self.end = time.process_time() + self.patience

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((i for i in items if i.nodeid in self.rank), key=lambda i: self.rank[i.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = report.nodeid
        if time.process_time() > self.end:
            self.stopped = True
            self.session.shouldstop = "enough"


def prepare() -> None:
    """Import what is slow to import and is not under test; let Hypothesis repeat itself."""
    for name in ("numpy", "mpmath", "scipy.special", "doctest", "asyncio"):
        importlib.import_module(name)
    from hypothesis import HealthCheck, Phase, settings

    settings.register_profile(
        "mutation",
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],  # a failure is enough, it need not be a small one
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutation")


def run(
    module: str, codes: Mapping[int, CodeType], tests: Sequence[str], jobs: int, patience: float
) -> Result:
    """Return what becomes of the mutants of a module."""
    path = file_of(module)
    old = compile(path.read_text("utf-8"), str(path), "exec", dont_inherit=True)

    def on_functions() -> Result:
        plugin = OnFunctions(codes, old, jobs, patience)
        sys.meta_path.insert(0, Finder(f"autograd.{module}", path, old))
        plugin.calls.start()
        pytest.main([*PYTEST, *tests], plugins=[plugin])
        return plugin.result

    ((_, result),) = forked([on_functions], 1, [1e6])
    assert isinstance(result, Result), "the tests cannot be collected"

    def anew(code: CodeType) -> tuple[str, str]:
        sys.meta_path.insert(0, Finder(f"autograd.{module}", path, code))
        try:
            importlib.import_module(f"autograd.{module}")
        except Exception:
            return KILLED, "import"
        plugin = InOrder(result.order, patience)
        status = pytest.main(["-x", *PYTEST, *tests], plugins=[plugin])
        if plugin.stopped and not plugin.failed:
            return SURVIVED, "what was run of the tests"
        return (SURVIVED, "all tests") if status == 0 else (KILLED, plugin.failed or "collection")

    work = [partial(anew, codes[i]) for i in result.anew]
    for k, outcome in forked(work, jobs, [30.0 + 5.0 * result.seconds] * len(work)):
        i = result.anew[k]
        if isinstance(outcome, tuple):
            result.outcomes[i], result.killers[i] = outcome
        else:
            result.outcomes[i] = outcome
    return result


# The report


def file_of(module: str) -> Path:
    return ROOT.joinpath("autograd", *module.split(".")).with_suffix(".py")


def explained(module: str) -> dict[tuple[str, str], str]:
    """Return the reasons why mutants of a module, each as the lines before and after, may survive."""
    with (ROOT / "tests" / "mutation" / "equivalent.toml").open("rb") as file:
        groups = tomllib.load(file).get(module, [])
    return {(before, after): group["reason"] for group in groups for before, after in group["changes"]}


def named(names: Sequence[str]) -> list[str]:
    """Return the modules of those names, and those of the rooms among them."""
    found = [m for name in names for m in MODULES if m == name or m.startswith(f"{name}.")]
    if missing := [name for name in names if not any(f"{m}.".startswith(f"{name}.") for m in found)]:
        raise SystemExit(f"no module of MODULES is called {missing[0]!r}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutation testing.")
    parser.add_argument(
        "modules", nargs="*", default=list(MODULES), help="such as ops.table, or a room; all by default"
    )
    parser.add_argument("--sample", type=int, default=0, help="so many mutants of each module, at random")
    parser.add_argument("--seed", type=int, default=0, help="of the sample (0)")
    parser.add_argument("--tests", nargs="+", help="files of tests, other than those listed in MODULES")
    parser.add_argument("--lines", default="1-100000", help="mutate these lines only, such as 80-120,200-210")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds of tests a mutant may survive")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes at a time")
    parser.add_argument("--report", type=Path, help="write the fate of every mutant to this file, as JSON")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent))
    from mutants import mutants_of

    os.chdir(ROOT)
    prepare()
    parts = [list(map(int, part.split("-"))) for part in options.lines.split(",")]
    lines = {line for part in parts for line in range(part[0], part[-1] + 1)}
    report: list[dict[str, Any]] = []
    table = []
    for module in named(options.modules):
        began = time.monotonic()
        path = file_of(module)
        mutants = mutants_of(path.read_text("utf-8"), str(path), lines)
        if options.sample:
            drawn = random.Random(options.seed).sample(range(len(mutants)), min(options.sample, len(mutants)))
            mutants = [mutants[i] for i in sorted(drawn)]
        reasons = explained(module)
        unexplained = [i for i, m in enumerate(mutants) if (m.before, m.after) not in reasons]
        tests = options.tests or [f"tests/{name}" for name in MODULES[module].split()]
        result = run(module, {i: mutants[i].code for i in unexplained}, tests, options.jobs, options.patience)
        fates = []
        for i, m in enumerate(mutants):
            reason = reasons.get((m.before, m.after), "")
            fate = "equivalent" if reason else result.outcomes[i]
            fates.append(fate)
            report.append(
                {
                    "module": module,
                    "line": m.line,
                    "operator": m.operator,
                    "before": m.before,
                    "after": m.after,
                }
                | {"fate": fate, "by": result.killers.get(i, ""), "reason": reason}
            )
            if fate == SURVIVED:
                place = f"{path.relative_to(ROOT)}:{m.line}"
                print(f"{place} {m.operator}\n  - {m.before}\n  + {m.after}", flush=True)
        for name in result.broken:
            print(f"fails without a mutant, not used: {name}", flush=True)
        count = [fates.count(fate) for fate in (KILLED, TIMED_OUT, "equivalent", SURVIVED)]
        worth = len(mutants) - count[2]
        score = 100.0 * (count[0] + count[1]) / worth if worth else 100.0
        minutes = (time.monotonic() - began) / 60
        row = f"{module:30}{len(mutants):8}{count[0]:8}{count[1]:10}{count[2]:11}{count[3]:9}"
        row += f"{score:8.1f} %{minutes:8.1f}"
        print(HEADING, row, sep="\n", flush=True)
        table.append(row)
    print("", HEADING, *table, sep="\n")
    if options.report:
        options.report.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    return int(any(entry["fate"] == SURVIVED for entry in report))


HEADING = "module                         mutants  killed timed out equivalent survived     score minutes"

if __name__ == "__main__":
    sys.exit(main())

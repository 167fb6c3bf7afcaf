"""Random functions with loops, and compiled ones held against them: `python random_loops.py --count 1000`.

A function is drawn as source text: loops whose length the data decide, that have limits, that read what
others left, backwards too, recursions, loops in loops, counters, data from outside. It is called at points
that lead to different numbers of turns, in random order, in every mode, at all of them as a batch, and after
it went through a pickle.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from random_functions import DifferenceError, Rounded, nudged

import autograd
from autograd import CompileError, Value, checkpoint, compile, fori_loop, grad, math, no_grad, scan, vmap
from autograd import while_loop as until

BACKENDS = ("python", "python", "llvm", None)
MODES = ("value", "value_and_grad", "grad", "hessian", "hvp", "jacobian")
ROUNDING = 1e-13
EXACT = ("value", "value_and_grad", "grad")
POINTS = 6
CALLS = 14
MOST = 220
"""How many turns there are at most, those of inner loops counted each time."""

LARGE = (1200, 4000)
"""From how many nodes on only some modes are compared of a function, and nothing at all."""

TOLERANCE = 1e-9

_DATA = [round(random.Random(7).gauss(0.0, 0.7), 3) for _ in range(400)]

PREAMBLE = """
ROWS = [DATA[i:i + 3] for i in range(200)]
def again(a, b, c, n): return a * b + c if n <= 0 or abs(a) > 9.0 else again(a * 0.9 + b * 0.3, math.tanh(c), b * 0.5 + 0.1, n - 1)
def in_place(c, v):
    c[0] = c[0] * 0.7 + v * c[1]
    c[1] = math.tanh(c[1] + v)
    return c, None
class Counting:
    def __init__(self, x): self.x, self.numbers = x, iter(DATA)
    def __call__(self, c, v): return c * 0.8 + v * self.x + (1.0 if next(self.numbers) > 1.2 else 0.0), None
def halved(a, b): return a if abs(a) < 0.05 else halved(a * 0.8, b + a) * 0.9 + b
"""  # noqa: E501


_TERMS = """
math.sin(total + DATA[{i}]) | x * DATA[{i}] | math.tanh(total * other) | y * 0.3 | p[{i} % {n}] * x | x
p[({i} + 1) % {n}] * p[{i} % {n}] | p[-1 - {i} % {n}] | p[2 * {i} % {n}] * 0.5 | x / (count + 1)
ROWS[{i}][1] * y + ROWS[{i}][2] | abs(total) * 0.1 | (x if count > 10 else y) | math.sort([total, x, y])[1]
math.maximum(total, other) * 0.2 | math.where(total > y, x, 0.2) | math.fsum([x, other, 0.1]) | total * 0.0
math.exp(-abs(total)) | grad(lambda t: t * t * x + total * t)(y) | again(x, y, other, 5) | max(total, x)
math.log(1.0 + total * total) | (y if total > other else -x) | DATA[count + {i}] | outside[0] * 0.2
sum(p[{i} % {n}] * v for v in ROWS[{i}]) | W[count % 2] * 0.4 | x * count * 0.01 | math.log(3.0 - total)
checkpoint(lambda t: math.sin(t) * t * x)(total)
"""
_OF_LISTS = """
({l}[{i} % len({l})] if {l} else x) | ({l}[-1 - {i} % len({l})] if {l} else y)
({l}[len({l}) // 2] if {l} else y)
"""
_CONDITIONS = """
total > 2.0 + y | abs(total) > 6.0 | total < other | DATA[{i}] > 0.9 * x | p[{i} % {n}] > x | count % 3 == 0
count > 10 | {i} == 0 | {i} >= 20 | {i} % 7 == 6 | other > x * 2.0 | total != total
"""
_LINES = """
total = total * {a} + {t} * {b} | total = total + {t} * 0.1 | total += {t} * 0.2
total = total * {a} + {t} * {b}
total, other = other, total * 0.5 + {t} * 0.3 | other = {t} | other = other * 0.7 + {t} * 0.2
kept.append(total) | count += 1
"""
_INSTEAD = """
break | break | continue | total = total * 0.9 + {t} * 0.1
"""
_LIMITS = """
total < {c} * y | abs(total) > {b} * abs(x) | total < {c} | total > other - 3.0
"""
_STEPS = """
total = total * {a} | total = total + {b} + x * x * 0.1 | total = total + 0.05 + abs({t}) * 0.1
"""
_LOOPS_OF_OURS = """
total, ys = scan(lambda c, v: (c * 0.8 + v * 0.1 + math.sin(c) * y, c * v), total, p)
total, ys = scan(lambda c, v: (c * 0.8 + v * 0.1 + x, c * v), total, DATA[:{turns}], reverse=True)
total = fori_loop(0, {turns}, lambda k, v: v * 0.9 + DATA[k] * x + k * 0.001, total)
total, ys = scan(lambda c, v: (c * 0.8 + v * x if c < 1.5 else c * 0.5 - x, (c * y, v)), total, DATA[:{turns}]); kept += ys[0][::9]
total = scan(lambda c, v: ({{'b': c['a'] * 0.5 + v, 'a': c['b'] * 0.8 + x * 0.1}}, None), {{'a': total, 'b': y}}, DATA[:{turns}])[0]['a']
total, other = scan(in_place, [total, other], DATA[:{turns}])[0]
total = scan(lambda c, v: (c * v[0] + v[1] * y, None), total, [(0.9, x), (0.5, y)] * ({turns} // 2), reverse=True)[0]
total = scan(Counting(x), total, DATA[:{turns}])[0]
total, other = until(lambda v: v[0] < 5.0, lambda v: (v[0] * 1.05 + v[1] * v[1] + 0.2, v[1] * 0.9), (x, y))
total = halved(total, other)
total = again(total, x, other, {few})
"""  # noqa: E501
_NUMBERS = """
total | total + other | total * other + count | total / (count + 1) | total + sum(kept)
"""
_RESULTS = """
(total, count) | [total, other] | kept + [total] | {{'a': total, 'b': [count * 1.0]}} | (total, count * 1.0)
(total, count > 10) | [total, kept[-1] if kept else other] | (total, len(kept))
"""


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


class Drawn:
    """A function that was drawn.

    Attributes:
        text: its source.
        f: the function `f(x, y, p)` of two numbers and an array.
        argnums: by which arguments it is differentiated.
        length: that of the array.
        numbers: whether it returns one number.
        scope: its globals.
    """

    def __init__(self, seed: int) -> None:
        self._rng = rng = random.Random(seed)
        self._names = 0
        self._outer = 1
        self._lists: list[str] = []
        self.argnums: Any = rng.choice([0, (0, 1), (0, 2), 2, (0, 1)])
        self.length = rng.choice([8, 30, 64])
        body: list[str] = []
        for _ in range(rng.choice([1, 1, 2, 2, 3])):
            body += self._loop(0)
            if rng.random() < 0.3:
                body.append(f"total = {self._term('3')}")
        if rng.random() < 0.2:
            error = rng.choice(["ValueError", "OverflowError"])
            body = ["try:", *_indented(body), f"except {error}:", "    total = total * 0.5"]
        self.numbers = rng.random() < 0.7
        result = self._one_of(_NUMBERS if self.numbers else _RESULTS)
        lines = ["total, other, count, kept = x, y, 0, []", *body, f"return {result}"]
        self.text = "\n".join([PREAMBLE, "def f(x, y, p):", *_indented(lines), ""])
        self.scope: dict[str, Any] = {
            "math": math, "np": np, "Value": Value, "grad": grad, "DATA": _DATA, "no_grad": no_grad,
            "scan": scan, "fori_loop": fori_loop, "until": until, "checkpoint": checkpoint,
            "outside": [1.5], "W": [Value(0.7), Value(0.7)],
        }  # fmt: skip
        exec(self.text, self.scope)
        self.f: Callable[..., Any] = self.scope["f"]

    def _one_of(self, choices: str, **names: Any) -> str:
        rng = self._rng
        chosen = rng.choice([x for line in choices.strip().splitlines() for x in line.split(" | ")])
        parts = {"a": (0.5, 0.99), "b": (0.03, 0.6), "c": (2.0, 12.0)}
        numbers = {name: f"{rng.uniform(*ends):.2f}" for name, ends in parts.items()}
        return chosen.format(n=self.length, **numbers, **names)

    def _term(self, i: str) -> str:
        """Return a number of a turn."""
        if self._lists and self._rng.random() < 0.15:
            return self._one_of(_OF_LISTS, i=i, l=self._rng.choice(self._lists))
        return self._one_of(_TERMS, i=i)

    def _statement(self, i: str, depth: int) -> list[str]:
        term, kind = self._term(i), self._rng.random()
        if kind < 0.66:
            return [self._one_of(_LINES, t=term)]
        condition = self._one_of(_CONDITIONS, i=i)
        if kind < 0.78:
            return [f"if {condition}:", f"    {self._one_of(_INSTEAD, t=term)}"]
        if kind < 0.82:
            return ["with no_grad():", f"    other = {term}"]
        if kind < 0.86:
            return ["try:", f"    other = math.log({term})", "except ValueError:", "    other = x * 0.5"]
        if kind < 0.9 or depth >= 2:
            return [f"total = total * 0.9 + (0.1 if {condition} else x * 0.1)"]
        return self._loop(depth + 1)

    def _loop(self, depth: int) -> list[str]:
        rng, outer = self._rng, self._outer
        turns = rng.choice([4, 7, 13, 30, 50, 90, 200] if depth == 0 else [2, 3, 3, 5, 12, 30])
        turns = turns if outer * turns <= MOST else 3
        if depth == 0 and rng.random() < 0.1:
            chosen = rng.choice(_LOOPS_OF_OURS.strip().splitlines())
            return [chosen.format(turns=turns, few=min(turns, 60))]
        self._names += 1
        i, own = f"i{self._names}", f"list{self._names}"
        self._outer = outer * turns
        body = [x for _ in range(rng.randint(1, 4 - 2 * (depth > 0))) for x in self._statement(i, depth)]
        self._outer = outer
        made = []
        if depth == 0 and rng.random() < 0.4:
            body.append(f"{own}.append({rng.choice(['total', 'other', self._term(i)])})")
            made = [f"{own} = []"]
            self._lists.append(own)
        kind = rng.random()
        if kind < 0.6:
            head = [f"for {i} in range({f'{turns}' if kind < 0.5 else f'{turns}, 0, -1'}):"]
        else:
            most = 180 if depth == 0 else turns
            limit, step = self._one_of(_LIMITS), self._one_of(_STEPS, t=self._term(i))
            head = [f"{i} = -1", f"while {limit} and {i} < {most}:" if kind < 0.8 else f"while {limit}:"]
            leave = [] if kind < 0.8 else [f"if {i} > {most}:", "    break"]
            body = [f"{i} += 1", *leave, step, *body]
        return [*made, *head, *_indented(body)]


def arguments(rng: random.Random, drawn: Drawn) -> tuple[Any, ...]:
    """Return a point."""
    x, y = (rng.choice([rng.uniform(-2, 3), rng.uniform(0.1, 2.5), rng.uniform(0.1, 2.5)]) for _ in range(2))
    return x, y, np.array([rng.gauss(0.3, 0.6) for _ in range(drawn.length)])


def flat(thing: Any) -> list[Any]:
    """Return the numbers, and all else, of a result."""
    if isinstance(thing, (tuple, list)):
        return [len(thing), *[x for part in thing for x in flat(part)]]
    if isinstance(thing, dict):
        return [str([*thing]), *[x for part in thing.values() for x in flat(part)]]
    if isinstance(thing, np.ndarray):
        return [str(thing.shape), *thing.ravel().tolist()]
    return [thing.data if isinstance(thing, Value) else thing]


def outcome(call: Callable[[], Any]) -> Any:
    """Return all that a call returns, or the name of the error that it raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = call()
    except CompileError as error:
        return error
    except Exception as error:
        return type(error).__name__
    return flat(result)


def alike(x: Any, y: Any, tolerance: float) -> bool:
    """Say whether two outcomes are the same; numbers but for so much of the largest of them."""
    if isinstance(x, str) or isinstance(y, str) or len(x) != len(y):
        return bool(x == y)
    sizes = [abs(a) for a in x if isinstance(a, float) and a == a and abs(a) < 1e300]
    slack = tolerance * max(sizes, default=0.0)
    for a, b in zip(x, y, strict=True):
        if isinstance(a, float) and isinstance(b, float):
            if not (a == b or (a != a and b != b) or abs(a - b) <= slack):
                return False
        elif type(a) is not type(b) or a != b:
            return False
    return True


def plain(drawn: Drawn, mode: str) -> Callable[..., Any]:
    """Return what a mode of the compiled function must give."""
    return drawn.f if mode == "value" else getattr(autograd, mode)(drawn.f, drawn.argnums)


def with_vector(drawn: Drawn, point: Any) -> tuple[Any, ...]:
    """Return a point, with a direction after the last argument that is differentiated."""
    positions = drawn.argnums if isinstance(drawn.argnums, tuple) else (drawn.argnums,)
    parts = tuple([np.linspace(-1.0, 1.0, drawn.length) if i == 2 else 0.5 + i for i in positions])
    vector = parts if isinstance(drawn.argnums, tuple) else parts[0]
    return (*point[: positions[-1] + 1], vector, *point[positions[-1] + 1 :])


def decided_by_rounding(drawn: Drawn, mode: str, args: Any, tolerance: float) -> bool:
    """Say whether plain calls differ where only the last digits of numbers do."""
    near = []
    for by in (0.0, 1e-15, -1e-15):
        drawn.scope["math"] = Rounded(by)
        near.append(outcome(partial(plain(drawn, mode), *nudged(args, by))))
    drawn.scope["math"] = math
    return not (alike(near[0], near[1], tolerance) and alike(near[0], near[2], tolerance))


def check(seed: int, tally: Counter[str]) -> None:
    """Draw a function, and compare.

    Raises:
        DifferenceError: something differs.
    """
    drawn = Drawn(seed)
    rng = random.Random(seed + 0.5)
    points = [arguments(rng, drawn) for _ in range(POINTS)]
    backend = rng.choice(BACKENDS)
    fast = compile(drawn.f, argnums=drawn.argnums, backend=backend, checkpoint=seed % 2 == 1)
    modes: tuple[str, ...] = ("value", "jacobian") if not drawn.numbers else MODES
    outcome(lambda: fast.record(*points[0]) and 0.0)
    signatures = fast._recordings.signatures
    nodes = max([len(path.program.nodes) for x in signatures for path in x.paths], default=0)
    if nodes > LARGE[1]:
        tally["too large"] += 1
        return
    if nodes > LARGE[0]:
        modes = (rng.choice(modes),)
    modes = (*modes, "value", rng.choice(modes))
    wanted_of: dict[Any, Any] = {}
    for turn in range(CALLS):
        if rng.random() < 0.08:
            drawn.scope["outside"][0] = round(rng.uniform(-2, 2), 2)
            wanted_of.clear()
        if rng.random() < 0.08:
            rng.choice(drawn.scope["W"]).data = round(rng.uniform(-2, 2), 2)
            wanted_of.clear()
        which, mode = rng.randrange(POINTS), rng.choice(modes)
        if turn == CALLS - 4 and not any("W[" in line for line in drawn.text.splitlines()[4:]):
            fast = _through_a_pickle(drawn, fast)
        args = points[which] if mode != "hvp" else with_vector(drawn, points[which])
        if (which, mode) not in wanted_of:
            wanted_of[which, mode] = outcome(lambda: plain(drawn, mode)(*args))  # noqa: B023
        wanted = wanted_of[which, mode]
        got = outcome(lambda: (fast if mode == "value" else getattr(fast, mode))(*args))  # noqa: B023
        _compare(seed, drawn, backend, mode, args, wanted, got, tally)
    if rng.random() < 0.1:
        _check_threads(seed, drawn, points, tally)
    _check_batch(seed, drawn, fast, points, rng, tally)


def _through_a_pickle(drawn: Drawn, fast: Any) -> Any:
    from autograd.program.compiled import _restored

    _, (f, options, recorded) = fast._made_by()
    import pickle

    return _restored(f, options, pickle.loads(pickle.dumps(recorded)))


def _compare(
    seed: int, drawn: Drawn, backend: Any, mode: str, args: Any, wanted: Any, got: Any, tally: Counter[str]
) -> None:
    if isinstance(wanted, CompileError) or isinstance(got, CompileError):
        tally["refused"] += 1
        return
    tally["error" if isinstance(wanted, str) else "number"] += 1
    if wanted in ("ValueError", "OverflowError") and got == "TypeError" and not drawn.numbers:
        return  # such a result has no derivatives, wherever the function fails
    exact = backend == "python" and mode in EXACT
    tolerance = 0.0 if exact else TOLERANCE
    if mode != "value" and exact and not alike(wanted, got, tolerance) and alike(wanted, got, ROUNDING):
        tally["rounded otherwise"] += 1  # derivatives are, here and there, added up in another order
        return
    if not alike(wanted, got, tolerance):
        if not exact and decided_by_rounding(drawn, mode, args, tolerance):
            tally["decided by rounding"] += 1
            return
        raise DifferenceError(
            f"seed {seed}, {backend}, {mode} at {args[:2]}: {str(got)[:150]} for {str(wanted)[:150]}"
        )


def _check_threads(seed: int, drawn: Drawn, points: list[Any], tally: Counter[str]) -> None:
    fast = compile(drawn.f, argnums=drawn.argnums)
    found: dict[int, Any] = {}

    def work(first: int) -> None:
        for i in range(len(points)):
            which = (first + i) % len(points)
            found[first * 100 + which] = outcome(lambda: fast(*points[which]))  # noqa: B023

    threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for key, got in found.items():
        args = points[key % 100]
        _compare(seed, drawn, "threads", "value", args, outcome(lambda: drawn.f(*args)), got, tally)  # noqa: B023


def _check_batch(
    seed: int, drawn: Drawn, fast: Any, points: list[Any], rng: random.Random, tally: Counter[str]
) -> None:
    mode = rng.choice(MODES[:3]) if drawn.numbers else "value"
    many = vmap(fast)
    columns = [np.array(column) for column in zip(*points, strict=True)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = (many if mode == "value" else getattr(many, mode))(*columns)
    except CompileError:
        tally["refused"] += 1
        return
    except (TypeError, ValueError, IndexError) as error:
        tally[f"batch: {str(error)[:40]}"] += 1
        return
    for i, point in enumerate(points):
        wanted = outcome(lambda: plain(drawn, mode)(*point))  # noqa: B023
        if isinstance(wanted, (CompileError, str)):
            continue
        try:
            got = _at(result, i)
        except Exception:
            tally["batch not taken apart"] += 1
            return
        wanted = [float(w) for w in wanted if not isinstance(w, str)]
        got = [float(w) for w in flat(got) if not isinstance(w, str)]
        tally["of a batch"] += 1
        if len(wanted) == len(got) and not alike(wanted, got, TOLERANCE):
            if decided_by_rounding(drawn, mode, point, TOLERANCE):
                tally["decided by rounding"] += 1
                continue
            raise DifferenceError(
                f"seed {seed}, {mode} of a batch, point {i}: {str(got)[:150]} for {str(wanted)[:150]}"
            )


def _at(thing: Any, i: int) -> Any:
    if isinstance(thing, tuple):
        return tuple([_at(x, i) for x in thing])
    if isinstance(thing, list):
        return [_at(x, i) for x in thing]
    if isinstance(thing, dict):
        return {name: _at(x, i) for name, x in thing.items()}
    return thing[i]


def main() -> int:
    """Check many functions, and print what was compared and every difference."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=1000, help="how many functions (1000)")
    parser.add_argument("--first", "--seed", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--show", action="store_true", help="print the source of the first seed, and no more")
    options = parser.parse_args()
    if options.show:
        print(Drawn(options.first).text)
        return 0
    tally: Counter[str] = Counter()
    differences = 0
    for seed in range(options.first, options.first + options.count):
        try:
            check(seed, tally)
        except DifferenceError as difference:
            differences += 1
            print(difference, flush=True)
        except Exception as error:
            differences += 1
            print(f"seed {seed}: {type(error).__name__}: {error}".splitlines()[0], flush=True)
    compared = ", ".join(f"{count} {what}" for what, count in sorted(tally.items()))
    print(f"{options.count} functions from seed {options.first}: {compared}; {differences} with differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())

"""Look for input that breaks the library, guided by coverage: `python -m tests.fuzz expression --runs 10000`.

It needs Atheris, which is no dependency of the project: `pip install atheris` installs a wheel on Linux on
x86-64, version 3.0.0 for CPython 3.11 and 3.1.0 for 3.12 and 3.13; elsewhere it is built with Clang.

An input that breaks something is printed and kept in a file named crash-..., timeout-... or oom-...; giving
that file instead of --runs runs it again. With --corpus FOLDER what is learnt is kept for the next time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import ModuleType


def main() -> None:
    atheris = _atheris()
    with atheris.instrument_imports(include=["autograd"], enable_loader_override=False):
        from . import inputs, targets
    options = _options(targets.TARGETS)
    damage = inputs.DAMAGE[options.target]

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        """Change the structure of an input half of the time, and else its bytes, as libFuzzer does."""
        rng = Random(seed)
        if rng.random() < 0.5:
            return damage(data, rng)[:max_size]
        mutated: bytes = atheris.Mutate(data, max_size)
        return mutated

    targets.trace_memory = options.memory
    if options.memory:
        tracemalloc.start()  # once: each start leaves some memory behind (CPython 3.11)
    seeds = inputs.seeds(options.target)
    atheris.Setup(
        _arguments(options, seeds, inputs.TOKENS), targets.TARGETS[options.target], custom_mutator=mutate
    )
    atheris.Fuzz()


def _arguments(options: argparse.Namespace, seeds: list[bytes], tokens: tuple[str, ...]) -> list[str]:
    """Return the command line of libFuzzer, for which the seeds and a dictionary are written to files."""
    arguments = [
        sys.argv[0],
        f"-runs={options.runs}",
        f"-max_total_time={options.seconds}",
        f"-max_len={options.max_len}",
        "-timeout=20",
        "-rss_limit_mb=512",
        f"-seed={options.seed}",
    ]
    if options.input is not None:
        return [*arguments, str(options.input)]
    corpus = options.corpus or Path(tempfile.gettempdir(), f"fuzz-corpus-{options.target}")
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(data)
    words = Path(corpus, "..", f"{corpus.name}.dict").resolve()
    words.write_text("".join(f"{_quoted(word)}\n" for word in _words(tokens)), encoding="ascii")
    return [*arguments, f"-dict={words}", str(corpus)]


def _atheris() -> ModuleType:
    try:
        import atheris
    except ImportError:
        sys.exit("Atheris is not installed: pip install atheris")
    module: ModuleType = atheris
    return module


def _options(names: dict[str, Callable[[bytes], None]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.split("\n")[0])
    parser.add_argument("target", choices=names)
    parser.add_argument("input", nargs="?", type=Path, help="a single input, to be run again")
    parser.add_argument("--runs", type=int, default=-1, help="how many inputs; default: until interrupted")
    parser.add_argument("--seconds", type=int, default=0, help="for how long; default: until interrupted")
    parser.add_argument("--max-len", type=int, default=20_000, help="bytes of an input at most")
    parser.add_argument(
        "--seed", type=int, default=0, help="of the random numbers; default: another each time"
    )
    parser.add_argument(
        "--memory",
        action="store_true",
        help="measure the memory of every input; default: 512 MB for the process",
    )
    parser.add_argument("--corpus", type=Path, help="the folder of inputs to begin with and to add to")
    return parser.parse_args()


def _words(tokens: tuple[str, ...]) -> list[bytes]:
    """Return the tokens short enough for a dictionary of libFuzzer, and what model files are made of."""
    files = '"format" "version" "model" "nin" "nouts" "activation" "parameters" "network" NaN Infinity 1e999'
    words = [token.encode("utf-8", "surrogatepass") for token in (*tokens, *files.split())]
    return [word for word in dict.fromkeys(words) if len(word) <= 32]


def _quoted(word: bytes) -> str:
    return '"' + "".join(f"\\x{byte:02x}" for byte in word) + '"'


if __name__ == "__main__":
    main()

"""Install what the engine is compared with: `python -m tests.benchmarks.peers`.

Each goes into an environment of its own, for PyPI's `autograd` (HIPS) has our import name, and so that none
changes another's NumPy. Two environments hold this engine itself: compiled, which takes a compiler of C, and
in pure Python. Any of them may be missing: the benchmark leaves out what it does not find.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEFAULT = Path(".benchmarks")

OURS = {"compiled": {"AUTOGRAD_PURE": "0"}, "pure": {}}
PEERS = {
    "micrograd": ["micrograd"],
    "torch": ["torch==2.13.0", "numpy"],
    "jax": ["jax", "numpy"],
    "casadi": ["casadi", "numpy", "scipy"],
    "xad": ["xad"],
    "hips": ["autograd", "numpy", "scipy"],
    "numba": ["numba", "numpy"],
}
IMPORTS = {"compiled": "autograd", "pure": "autograd", "hips": "autograd", "micrograd": "micrograd.nn"}


def python_of(environment: Path) -> Path:
    """Return the interpreter of an environment, whether it is there or not."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(name: str, folder: Path) -> bool:
    """Make an environment, or bring it up to date, and return whether that worked."""
    environment = folder / name
    python = python_of(environment)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    commands = [] if python.exists() else [[sys.executable, "-m", "venv", str(environment)]]
    if name in OURS:
        commands += [
            [*pip, "numpy", "scipy", "llvmlite"],
            [*pip, "--force-reinstall", "--no-deps", "--no-cache-dir", str(ROOT)],
        ]
    else:
        commands.append([*pip, *PEERS[name]])
    settings = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "AUTOGRAD_PURE")}
    settings |= OURS.get(name, {})
    return all(subprocess.run(command, env=settings).returncode == 0 for command in commands)


def main() -> int:
    """Install all, or those that are named, and say which could not be."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.peers", description=__doc__)
    everything = [*OURS, *PEERS]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(everything)}: all by default")
    parser.add_argument("--environments", type=Path, default=DEFAULT, help=f"folder for them ({DEFAULT})")
    options = parser.parse_args()
    if unknown := set(options.names) - set(everything):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(everything)}")
    failed = []
    for name in options.names or everything:
        print(f"{name} ...", flush=True)
        if not install(name, options.environments):
            failed.append(name)
    if failed:
        print(f"could not be installed, and will be left out: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

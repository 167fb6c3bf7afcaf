"""Run HIPS autograd's tests and examples against this package: `python -m tests.hips`.

Its source distribution is fetched by pip, into a folder that is thrown away; nothing of it is installed where
this package is. For the numbers that the examples print it is installed in an environment of its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from . import examples, suite

VERSION = "1.9.1"


def fetched(folder: Path) -> Path:
    """Return the unpacked source distribution."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*command, "-d", str(folder), f"autograd=={VERSION}"], check=True)
    with tarfile.open(next(folder.glob("autograd-*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"autograd-{VERSION}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hips", description=__doc__)
    parser.add_argument("parts", nargs="*", help="both if none is named")
    parser.add_argument("--source", type=Path, help="its unpacked source distribution, if it is here")
    parser.add_argument("--python", help="a Python that has HIPS autograd, SciPy and matplotlib")
    parser.add_argument("--steps", type=int, default=2, help="how many steps the examples' optimisers take")
    parser.add_argument("--only", nargs="*", default=[], help="names of examples")
    given = parser.parse_args()
    parts, failed = given.parts or ["suite", "examples"], False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = given.source or fetched(folder)
        if "suite" in parts:
            rows = suite.run(source, folder)
            print(suite.table(rows))
            for row in rows:
                if row.outcome == suite.FAILED:
                    failed = True
                    print(f"\n{row.name}\n{row.message}", file=sys.stderr)
        if "examples" in parts:
            python = given.python or examples.environment(folder, VERSION)
            results = examples.run(source, folder, python, given.steps, given.only)
            print(examples.table(results))
            failed = failed or any(result.outcome == suite.FAILED for result in results)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""Whatever is done with public names, Python errors come of it, and the process lives; see `hostile.py`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import autograd


@pytest.mark.skipif(sys.platform == "win32", reason="no alarm that interrupts what takes too long")
def test_nothing_public_breaks_the_process() -> None:
    ran = subprocess.run(
        [sys.executable, Path(__file__).with_name("hostile.py")],
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=900,
        env={"PYTHONPATH": str(Path(autograd.__file__).parent.parent), "PATH": "/usr/bin:/bin"},
    )
    assert ran.returncode == 0, ran.stderr[-500:]
    attempts = re.match(r"(\d+) attempts: ", ran.stdout)
    assert attempts, ran.stdout
    assert int(attempts[1]) > 50_000

"""What hatchling calls before it makes a wheel: the engine is compiled, if it can be."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from backend import why_pure
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileEngine(BuildHookInterface[Any]):
    """Put machine code into the wheel; where that fails, the wheel is plain Python and the log says so."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and tell hatchling of the files.

        Raises:
            RuntimeError: AUTOGRAD_PURE is 0, and compiling failed.
        """
        if version == "editable":
            return
        reason = why_pure()
        if reason is None:
            self._folder = tempfile.TemporaryDirectory()
            reason = self._compile(Path(self._folder.name))
        if reason is not None:
            if os.environ.get("AUTOGRAD_PURE") == "0":
                raise RuntimeError(f"AUTOGRAD_PURE is 0, but the engine cannot be compiled: {reason}")
            self.app.display_warning(f"scalar-autograd is built in pure Python, not compiled: {reason}")
            return
        files = sorted(Path(self._folder.name).rglob(f"*{sysconfig.get_config_var('EXT_SUFFIX')}"))
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        for file in files:
            place = file.relative_to(self._folder.name)
            build_data["force_include"][str(file)] = place.as_posix()
        self.app.display_info(f"scalar-autograd is built with a compiled engine: {len(files)} modules")

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was compiled."""
        if hasattr(self, "_folder"):
            self._folder.cleanup()

    def _compile(self, folder: Path) -> str | None:
        """Compile into a folder; return why that failed, or None."""
        # In a process of its own, for compilers of Python and of C end theirs when they fail.
        script = Path(__file__).with_name("compile.py")
        result = subprocess.run(
            [sys.executable, str(script), self.root, str(folder)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if result.returncode == 0:
            return None
        return f"compiling failed:\n{result.stdout[-4000:]}"

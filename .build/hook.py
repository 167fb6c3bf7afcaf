"""What hatchling calls before it makes a wheel: the engine is compiled, if that is asked for."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from backend import to_be_compiled
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileEngine(BuildHookInterface[Any]):
    """Put machine code into the wheel, where AUTOGRAD_PURE=0 asks for it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and tell hatchling of the files.

        Raises:
            RuntimeError: the engine cannot be compiled.
        """
        if version == "editable" or not to_be_compiled():
            return
        self._folder = tempfile.TemporaryDirectory()
        self._compile(Path(self._folder.name))
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

    def _compile(self, folder: Path) -> None:
        # In a process of its own, for compilers of Python and of C end theirs when they fail.
        script = Path(__file__).with_name("compile.py")
        result = subprocess.run(
            [sys.executable, str(script), self.root, str(folder)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if result.returncode != 0:
            raise RuntimeError(
                f"AUTOGRAD_PURE is 0, but the engine cannot be compiled:\n{result.stdout[-4000:]}"
            )

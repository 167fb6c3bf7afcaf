"""What mypyc, which compiles the engine where there is a C compiler, must be told; plain Python ignores it.

The modules that are compiled are the same files either way. `mypyc_attr` comes from a package that has to
be there when they are compiled, but not when they run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_extensions import mypyc_attr
else:

    def mypyc_attr(*attributes, **settings):
        """Return a decorator that leaves a class as it is."""
        return lambda kind: kind


__all__ = ["mypyc_attr"]

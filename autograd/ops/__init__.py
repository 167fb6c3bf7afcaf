"""The table of rules: every primitive with its value and its local derivatives, each written once.

`ops.sin`, `ops.exp` and all others are entries of the table; `unary` and `binary` enter one of your own.
"""

from .primitive import CONSTANT, TABLE, Primitive, Slope, enter, named, where
from .special import *  # noqa: F403 (every entry by its name)
from .table import *  # noqa: F403
from .table import binary, unary

__all__ = ["CONSTANT", "TABLE", "Primitive", "Slope", "binary", "enter", "named", "unary", "where"]

"""The engine: a `Value`, what it records, and the reverse sweep that differentiates it.

To read it, begin with `value`: the class, its arithmetic, `backward()`. What a node remembers is in `node`.
The rest serves: `methods` (functions), `sums` (of products, in one loop), `together` (what whole arrays come
to, in one loop), `order` (of a graph), `copying` and `pickling`, `recording` (`no_grad`, and who is told of
what happens), `chain_rule` (products of a sweep), `ordering` (numbers in order), `anomaly` and `operation`
(what is known of a node besides), `slips` (what people look for who know other libraries).
"""

from . import slips  # noqa: F401 (what a Value lacks)
from .anomaly import detect_anomaly
from .node import data_of
from .order import topological_order
from .recording import no_grad
from .sums import weighted_sum
from .value import Value, compiled, new_node, record

__all__ = [
    "Value", "compiled", "data_of", "detect_anomaly", "new_node", "no_grad", "record", "topological_order",
    "weighted_sum",
]  # fmt: skip

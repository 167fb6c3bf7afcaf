"""The engine: a `Value`, what it records, and the reverse sweep that differentiates it."""

from .anomaly import detect_anomaly
from .recording import no_grad
from .value import Value, compiled, new_node, record, topological_order, weighted_sum

__all__ = [
    "Value", "compiled", "detect_anomaly", "new_node", "no_grad", "record", "topological_order",
    "weighted_sum",
]  # fmt: skip

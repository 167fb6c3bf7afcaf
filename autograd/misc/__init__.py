"""What HIPS autograd has in `misc`: structures as vectors, and optimisers that are functions.

For training there is `autograd.optim`, which has more optimisers, and schedules.
"""

from .flatten import flatten
from .refused import __getattr__  # noqa: F401 (for names that are not offered)

__all__ = ["flatten"]

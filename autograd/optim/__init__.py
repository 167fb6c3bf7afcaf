"""Optimisers: how parameters follow their gradients downhill; schedules of the learning rate; clipping.

>>> from autograd import Value, optim
>>> x = Value(0.0)
>>> optimizer = optim.SGD([x], lr=0.25)
>>> for _ in range(30):
...     optimizer.zero_grad()
...     ((x - 3.0) ** 2).backward()
...     optimizer.step()
>>> round(x.data, 6)
3.0
"""

from . import slips  # noqa: F401 (what is looked for here)
from .clipping import clip_grad_norm_, clip_grad_value_
from .optimizers import SGD, Adam, AdamW, Optimizer
from .schedules import CosineAnnealingLR, LambdaLR, Schedule, StepLR

__all__ = [
    "SGD", "Adam", "AdamW", "CosineAnnealingLR", "LambdaLR", "Optimizer", "Schedule", "StepLR",
    "clip_grad_norm_", "clip_grad_value_",
]  # fmt: skip

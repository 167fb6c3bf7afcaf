"""How to learn: what one chooses before a training, checked."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .. import optim
from .minibatches import ENGINES

OPTIMIZERS = {"sgd": optim.SGD, "adam": optim.Adam, "adamw": optim.AdamW}
"""The optimisers by their names."""


@dataclass(frozen=True)
class Settings:
    """How to learn; the defaults suit small tables such as iris.

    Attributes:
        hidden: the number of neurons in each hidden layer; () for a linear model.
        activation: the function of the hidden neurons, a name that `nn.MLP` knows.
        optimizer: "sgd", "adam" or "adamw".
        lr: the learning rate at the start, greater than 0; it falls to 0 along a cosine.
        steps: how many minibatches to learn from, 1 or more.
        batch: the rows in a minibatch, 1 or more.
        l2: the factor of the sum of the squared parameters that is added to the loss, 0 or more.
        seed: what all randomness is drawn from.
        test_fraction: the share of the rows that are kept for testing; at least 0, less than 1.
        engine: how losses and gradients are computed: "eager" records the graph of each minibatch, "numpy"
            and "llvm" compile the loss of one row and run it on all rows of a minibatch at once. The results
            agree but for rounding. None is the fastest whose packages are installed.
    """

    hidden: tuple[int, ...] = (8,)
    activation: str = "tanh"
    optimizer: str = "adam"
    lr: float = 0.05
    steps: int = 300
    batch: int = 16
    l2: float = 0.001
    seed: int = 0
    test_fraction: float = 0.2
    engine: str | None = None

    def __post_init__(self) -> None:
        if self.optimizer not in OPTIMIZERS:
            raise ValueError(
                f"there is no optimizer {self.optimizer!r}; choose from {', '.join(map(repr, OPTIMIZERS))}"
            )
        if self.engine is not None and self.engine not in ENGINES:
            raise ValueError(
                f"there is no engine {self.engine!r}; choose from {', '.join(map(repr, ENGINES))}"
            )
        if not all(size >= 1 for size in self.hidden):
            raise ValueError(f"a hidden layer needs at least 1 neuron, not {min(self.hidden)}")
        if self.steps < 1 or self.batch < 1:
            raise ValueError(f"steps and batch are at least 1, not {self.steps} and {self.batch}")
        if not (self.lr > 0 and math.isfinite(self.lr)):
            raise ValueError(f"the learning rate is a number greater than 0, not {self.lr!r}")
        if not (self.l2 >= 0 and math.isfinite(self.l2)):
            raise ValueError(f"l2 is a number of at least 0, not {self.l2!r}")
        if not 0 <= self.test_fraction < 1:
            raise ValueError(f"the test fraction is at least 0 and less than 1, not {self.test_fraction!r}")

"""Neural networks made of Values: neurons, layers, multi-layer perceptrons, and their losses.

>>> from autograd import nn
>>> model = nn.MLP(2, [4, 1], activation="tanh", seed=0)
>>> loss = nn.mse([model([0.0, 1.0]), model([1.0, 1.0])], [1.0, 0.0])
>>> loss.backward()
>>> len(model.parameters())
17
"""

from . import slips  # noqa: F401 (what is looked for here)
from .activations import ACTIVATIONS
from .initializers import INITIALIZERS
from .layers import MLP, Layer, Neuron, load_model
from .losses import binary_cross_entropy, cross_entropy, hinge, l2, mse
from .module import Module, functional_call

__all__ = [
    "ACTIVATIONS", "INITIALIZERS", "MLP", "Layer", "Module", "Neuron", "binary_cross_entropy",
    "cross_entropy", "functional_call", "hinge", "l2", "load_model", "mse",
]  # fmt: skip

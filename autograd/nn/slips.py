"""What people look for in `nn`, or in a Module, who know PyTorch, Keras or scikit-learn: what to write."""

from __future__ import annotations

from typing import Any, NoReturn

from ..support.slips import answer, put
from .module import Module

_FUNCTION = "an activation is a name, nn.MLP(2, [16, 1], activation='tanh'), or in a formula x.tanh()"
_MLP = "write nn.MLP(2, [16, 1]), or a class of your own that holds Modules and has a __call__"
_NONE = "networks are made of neurons here; write a class of your own with Values and a __call__"
_CALL = "write model(row); a class of your own has it as __call__"
_LOOP = (
    "train in a loop: loss.backward(), optimizer.step(), optimizer.zero_grad(); "
    "for tables see autograd.training"
)
_MODE = "there is nothing that differs between training and evaluation; leave it out"
_PROCESSOR = "numbers are where Python's floats are; leave it out"

ADVICE = {
    **dict.fromkeys(("ReLU", "Tanh", "Sigmoid", "GELU", "SiLU", "LeakyReLU", "ELU", "Softplus"), _FUNCTION),
    **dict.fromkeys(("relu", "tanh", "sigmoid", "gelu", "silu"), _FUNCTION),
    **dict.fromkeys(("softmax", "Softmax", "log_softmax"), "write autograd.math.softmax(logits)"),
    **dict.fromkeys(("Sequential", "ModuleList", "Dense"), _MLP),
    **dict.fromkeys(("Conv1d", "Conv2d", "RNN", "LSTM", "GRU", "Transformer", "Embedding"), _NONE),
    **dict.fromkeys(("Dropout", "BatchNorm1d", "LayerNorm", "Flatten", "Bilinear"), _NONE),
    "Linear": "write nn.Layer(2, 3, activation='linear')",
    "Parameter": "write Value(0.5); a Module finds the Values in its attributes",
    "ParameterList": "write a list of Values",
    "ModuleDict": "write a dict of Modules",
    **dict.fromkeys(("MSELoss", "mse_loss", "MeanSquaredError"), "write nn.mse(predictions, targets)"),
    **dict.fromkeys(("CrossEntropyLoss", "NLLLoss", "nll_loss"), "write nn.cross_entropy(logits, targets)"),
    **dict.fromkeys(
        ("BCELoss", "BCEWithLogitsLoss", "bce_loss"),
        "write nn.binary_cross_entropy(logits, targets), without a sigmoid before",
    ),
    **dict.fromkeys(("HingeEmbeddingLoss", "hinge_loss"), "write nn.hinge(scores, targets)"),
    **dict.fromkeys(
        ("L1Loss", "l1_loss", "SmoothL1Loss", "HuberLoss"),
        "write it: sum(abs(p - t) for p, t in zip(predictions, targets)) / len(targets)",
    ),
    "functional": "losses are in nn itself, such as nn.mse, and functions in autograd.math",
    "init": "write nn.MLP(2, [16, 1], initializer='he'); see nn.INITIALIZERS",
    "load": "write model.load(path), or nn.load_model(path)",
    "save": "write model.save(path)",
    "utils": "write autograd.optim.clip_grad_norm_(parameters, 1.0)",
}
"""What to write for names that `nn` lacks."""

OF_A_MODULE = {
    "forward": _CALL,
    "predict": _CALL,
    "fit": _LOOP,
    "compile": "write autograd.compile(f) with a function of the parameters; see nn.functional_call",
    "train": _MODE,
    "eval": _MODE,
    **dict.fromkeys(("cuda", "cpu", "to", "double", "float", "half"), _PROCESSOR),
    "apply": "go through model.parameters(), and set their data",
    "children": "what it holds is in its attributes, such as model.layers",
    "modules": "what it holds is in its attributes, such as model.layers",
    "weight": "those of a neuron are model.layers[0].neurons[0].w; all are in model.parameters()",
    "bias": "that of a neuron is model.layers[0].neurons[0].b; all are in model.parameters()",
    "requires_grad_": "give the optimiser the parameters that it shall change",
    "register_buffer": "keep what is no parameter as floats",
    "register_parameter": "keep a Value in an attribute; it is a parameter then",
    "add_module": "keep a Module in an attribute; its parameters are found then",
}
"""What to write for attributes that a Module lacks."""


def _called(self: Any, *inputs: Any, **named: Any) -> NoReturn:
    """Be what a Module does that has no `__call__` of its own."""
    name = type(self).__name__
    instead = ", in the place of forward" if "forward" in dir(self) else ""
    raise TypeError(f"{name} cannot be called; write def __call__(self, row) in its class{instead}")


Module.__call__ = _called  # type: ignore[method-assign]  # of subclasses each has arguments of its own
answer("autograd.nn", ADVICE)
put(Module, "a Module", OF_A_MODULE)

"""What people look for in `optim`, or in an optimiser, who come from PyTorch or Keras: what to write."""

from __future__ import annotations

from ..support.slips import answer, put
from .optimizers import Optimizer

_ADAM = "there are SGD, Adam and AdamW; or write a class of your own that has Optimizer's _update"
_LAMBDA = "write optim.LambdaLR(optimizer, lambda epoch: {})"

ADVICE = {
    **dict.fromkeys(("RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam", "Rprop", "ASGD"), _ADAM),
    "LBFGS": "write scipy.optimize.minimize(value_and_grad(f), x, jac=True, method='L-BFGS-B')",
    "lr_scheduler": "schedules are in optim itself, such as optim.StepLR",
    "Momentum": "write optim.SGD(parameters, lr=0.1, momentum=0.9)",
    "GradientDescent": "write optim.SGD(parameters, lr=0.1)",
    "ExponentialLR": _LAMBDA.format("gamma**epoch"),
    "MultiStepLR": _LAMBDA.format("gamma ** sum(epoch >= m for m in milestones)"),
    "LinearLR": _LAMBDA.format("min(1.0, (epoch + 1) / warmup)"),
    "PolynomialLR": _LAMBDA.format("(1 - epoch / epochs) ** power"),
    "OneCycleLR": _LAMBDA.format("..."),
    "CyclicLR": _LAMBDA.format("..."),
    "ReduceLROnPlateau": "set the rate yourself: optimizer.lr *= 0.1",
    "clip_grad_norm": "write optim.clip_grad_norm_(parameters, 1.0)",
    "clip_grad_value": "write optim.clip_grad_value_(parameters, 1.0)",
}
"""What to write for names that `optim` lacks."""

OF_AN_OPTIMIZER = {
    "param_groups": "the learning rate is optimizer.lr; for groups of parameters make an optimiser for each",
    "minimize": "call loss.backward(), then optimizer.step()",
    "apply_gradients": "call loss.backward(), then optimizer.step()",
    "update": "call loss.backward(), then optimizer.step()",
    "add_param_group": "make an optimiser for each group of parameters",
    "state": "what it remembers is optimizer.memory; state_dict() returns all of it",
    "learning_rate": "write optimizer.lr",
}
"""What to write for attributes that an optimiser lacks."""

answer("autograd.optim", ADVICE)
put(Optimizer, "an optimiser", OF_AN_OPTIMIZER)

"""What a Value lacks, or has under another name than in PyTorch, NumPy or micrograd: what to write."""

from __future__ import annotations

from ..support.slips import SlipOfSlots, put
from .methods import Methods

_NUMBER = "its number is x.data, a float"
_SINGLE = "it is a single number; arrays of Values are NumPy's, such as np.array([x, y])"
_TOTAL = "it is a single number; sum(values) adds several, sum(values) / len(values) is their mean"
_ALWAYS = "every Value is differentiated; keep what is not as a float, or stop the gradient with x.detach()"
_PROCESSOR = "numbers are where Python's floats are; leave it out"
_NEW = (
    "a Value is not changed by operations; y = {} makes a new one, and x.data = ... sets the number of a leaf"
)

ADVICE = {
    **dict.fromkeys(("item", "numpy", "tolist", "value"), _NUMBER),
    **dict.fromkeys(("requires_grad", "requires_grad_", "retain_grad"), _ALWAYS),
    **dict.fromkeys(("cpu", "cuda", "to", "device"), _PROCESSOR),
    **dict.fromkeys(("shape", "size", "ndim", "dim", "dtype", "view", "reshape", "T"), _SINGLE),
    **dict.fromkeys(("sum", "mean"), _TOTAL),
    "is_leaf": "a leaf is a Value without operands: not x.operands",
    "clone": "operations change no Value, so x itself will do; x.detach() is a leaf with its number",
    "derivative": "its gradient is x.grad, after backward()",
    "gradient": "its gradient is x.grad, after backward()",
    "pow": "write x**2, or autograd.math.pow(x, 2)",
    "add": "write x + y",
    "sub": "write x - y",
    "mul": "write x * y",
    "div": "write x / y",
    "clamp": "write autograd.math.clip(x, low, high)",
    "square": "write x**2",
    "abs": "write abs(x)",
    "add_": _NEW.format("x + 1"),
    "mul_": _NEW.format("x * 2"),
    "zero_": "to set the gradient to 0 write x.grad = 0.0, or x.zero_grad()",
    "grad_fn": "what it was made by is x.op, and what it was computed from x.operands",
    "children": "what it was computed from is x.operands",
    "_backward": "local derivatives are numbers, x.partials, and the sweep is the same for all operations",
    "register_hook": "autograd.walk(y) shows each step of the backward pass",
    "draw": "write autograd.draw(x)",
}
"""What to write, by the name of the attribute."""

put(Methods, "a Value", ADVICE, SlipOfSlots)

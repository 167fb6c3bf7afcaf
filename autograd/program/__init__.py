"""Functions as programs: recorded once, then run as straight lines and loops, on numbers and on batches.

`compile` calls a function on Values once, and turns the graph that this records into a program without
branches, followed by its reverse sweep; what comes again and again in these is a loop. That program is run as
Python source, on NumPy arrays, or as machine code, and can be read: as Python, as C,
or as JavaScript.

>>> from autograd import compile, math
>>> @compile
... def wave(x, rate=2.0):
...     return math.sin(rate * x) if x > 0.0 else 0.0 * x
>>> wave(0.5), wave.grad(0.5)
(0.8414709848078965, 1.0806046117362795)
>>> wave.value_and_grad(-0.5)  # the other branch is recorded when it is needed
(-0.0, 0.0)
"""

from .batching import Vmapped, vmap
from .compiled import Compiled
from .compiling import BACKENDS, compile
from .errors import CompileError
from .kernels import available

__all__ = ["BACKENDS", "CompileError", "Compiled", "Vmapped", "available", "compile", "vmap"]

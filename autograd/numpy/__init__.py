"""NumPy in functions that are differentiated or compiled: `import autograd.numpy as np`.

As with HIPS autograd, it has all that NumPy has. Inside a function that is differentiated or compiled, what
makes an array of floats makes one into which Values can be assigned; an array that is made of Values is an
array of Values anywhere. `creation` has these functions; `passing` hands on all else.

>>> import autograd.numpy as np
>>> from autograd import grad
>>> def f(x):
...     total = np.zeros(3)
...     for i in range(3):
...         total[i] = x**i
...     return np.sum(np.exp(total))
>>> print(round(grad(f)(1.0), 6))
8.154845
>>> np.zeros(3)
array([0., 0., 0.])
"""

import numpy as _numpy

from .passing import named as __getattr__  # noqa: F401 (for all names)
from .passing import names as __dir__  # noqa: F401

__all__ = list(_numpy.__all__)

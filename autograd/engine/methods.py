"""What a Value can do besides arithmetic: rounding, and the functions of `autograd.math` as methods.

`x.tanh()` is `math.tanh(x)`. NumPy calls these methods on arrays of Values (`np.exp(array)` calls `.exp()`
on each element), so where its name for a function differs from Python's, both are here.
"""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any, Self, SupportsIndex

from .. import ops
from ..support import extensions
from ..support.mypyc import mypyc_attr
from ..support.slips import is_assignment
from .copying import Copied

if TYPE_CHECKING:
    from ..ops import Primitive


_LOSES_GRADIENT = (
    "a Value is not turned into a plain number silently, for its gradient would be lost; "
    "use the functions of autograd.math instead of math, or .data for the number"
)
_ASSIGNED = (
    "an array of plain numbers cannot hold a Value; make it by import autograd.numpy as np in the function "
    "that is differentiated or compiled, without a dtype such as int or float32, as np.zeros_like(x) where x "
    "is an array argument, or with dtype=object"
)
_NEEDS_PLAIN = (
    "statistics and fractions need plain numbers; write the mean of Values as sum(values) / len(values), "
    "or give x.data where no gradient is needed"
)


@mypyc_attr(allow_interpreted_subclasses=True)
class Methods(Copied):
    """What a Value inherits; `_apply` and `_operator`, which record a primitive, are its own.

    What an operation gives is a Value, and so is `Self` here.
    """

    __slots__ = ()

    def _apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> Self:
        raise NotImplementedError

    def _operator(self, primitive: Primitive, other: Any, reflected: str) -> Self | Any:
        raise NotImplementedError

    def __pos__(self) -> Self:
        return self

    # No conversion: a Value is never turned into a plain number silently

    def __float__(self) -> float:
        raise TypeError(_ASSIGNED if is_assignment() else _LOSES_GRADIENT)

    def __int__(self) -> int:
        raise TypeError(_ASSIGNED if is_assignment() else _LOSES_GRADIENT)

    def as_integer_ratio(self) -> tuple[int, int]:
        """Raise TypeError: `statistics` and `fractions`, which ask for this, need plain numbers."""
        raise TypeError(_NEEDS_PLAIN)

    def __format__(self, spec: Any) -> str:
        text = str(self)  # of which those who observe are told
        return format(self._number, spec) if spec else text

    # Whole numbers: the operators and functions of Python that round

    def __floordiv__(self, other: Any) -> Self | Any:
        return self._operator(ops.floordiv, other, "__rfloordiv__")

    def __rfloordiv__(self, other: Any) -> Self:
        return self._apply(ops.floordiv, (other, self))

    def __mod__(self, other: Any) -> Self | Any:
        return self._operator(ops.modulo, other, "__rmod__")

    def __rmod__(self, other: Any) -> Self:
        return self._apply(ops.modulo, (other, self))

    def __divmod__(self, other: Any) -> tuple[Self | Any, Self | Any]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Self, Self]:
        return other // self, other % self

    def __round__(self, ndigits: SupportsIndex | None = None) -> Self:
        if ndigits is None:
            return self._apply(ops.round_half_even, (self,))
        return self._apply(ops.round_to, (self, index(ndigits)))

    def __floor__(self) -> Self:
        return self._apply(ops.floor, (self,))

    def __ceil__(self) -> Self:
        return self._apply(ops.ceil, (self,))

    def __trunc__(self) -> Self:
        return self._apply(ops.trunc, (self,))

    # The functions of autograd.math, under their names there

    def exp(self) -> Self:
        return self._apply(ops.exp, (self,))

    def exp2(self) -> Self:
        return self._apply(ops.exp2, (self,))

    def expm1(self) -> Self:
        return self._apply(ops.expm1, (self,))

    def log(self) -> Self:
        return self._apply(ops.log, (self,))

    def log2(self) -> Self:
        return self._apply(ops.log2, (self,))

    def log10(self) -> Self:
        return self._apply(ops.log10, (self,))

    def log1p(self) -> Self:
        return self._apply(ops.log1p, (self,))

    def sqrt(self) -> Self:
        return self._apply(ops.sqrt, (self,))

    def cbrt(self) -> Self:
        return self._apply(ops.cbrt, (self,))

    def sin(self) -> Self:
        return self._apply(ops.sin, (self,))

    def cos(self) -> Self:
        return self._apply(ops.cos, (self,))

    def tan(self) -> Self:
        return self._apply(ops.tan, (self,))

    def asin(self) -> Self:
        return self._apply(ops.asin, (self,))

    def acos(self) -> Self:
        return self._apply(ops.acos, (self,))

    def atan(self) -> Self:
        return self._apply(ops.atan, (self,))

    def sinh(self) -> Self:
        return self._apply(ops.sinh, (self,))

    def cosh(self) -> Self:
        return self._apply(ops.cosh, (self,))

    def tanh(self) -> Self:
        return self._apply(ops.tanh, (self,))

    def asinh(self) -> Self:
        return self._apply(ops.asinh, (self,))

    def acosh(self) -> Self:
        return self._apply(ops.acosh, (self,))

    def atanh(self) -> Self:
        return self._apply(ops.atanh, (self,))

    def degrees(self) -> Self:
        return self._apply(ops.degrees, (self,))

    def radians(self) -> Self:
        return self._apply(ops.radians, (self,))

    def erf(self) -> Self:
        return self._apply(ops.erf, (self,))

    def erfc(self) -> Self:
        return self._apply(ops.erfc, (self,))

    def gamma(self) -> Self:
        return self._apply(ops.gamma, (self,))

    def lgamma(self) -> Self:
        return self._apply(ops.lgamma, (self,))

    def digamma(self) -> Self:
        return self._apply(ops.digamma, (self,))

    def fabs(self) -> Self:
        return self._apply(ops.fabs, (self,))

    def sign(self) -> Self:
        return self._apply(ops.sign, (self,))

    def floor(self) -> Self:
        return self._apply(ops.floor, (self,))

    def ceil(self) -> Self:
        return self._apply(ops.ceil, (self,))

    def trunc(self) -> Self:
        return self._apply(ops.trunc, (self,))

    def sigmoid(self) -> Self:
        return self._apply(ops.sigmoid, (self,))

    def logsigmoid(self) -> Self:
        return self._apply(ops.logsigmoid, (self,))

    def softplus(self) -> Self:
        return self._apply(ops.softplus, (self,))

    def silu(self) -> Self:
        return self._apply(ops.silu, (self,))

    def gelu(self) -> Self:
        return self._apply(ops.gelu, (self,))

    def atan2(self, other: Any) -> Self:
        return self._apply(ops.atan2, (self, other))

    def hypot(self, other: Any) -> Self:
        return self._apply(ops.hypot, (self, other))

    def copysign(self, other: Any) -> Self:
        return self._apply(ops.copysign, (self, other))

    def fmod(self, other: Any) -> Self:
        return self._apply(ops.fmod, (self, other))

    def logaddexp(self, other: Any) -> Self:
        return self._apply(ops.logaddexp, (self, other))

    def maximum(self, other: Any) -> Self:
        return self._apply(ops.maximum, (self, other))

    def minimum(self, other: Any) -> Self:
        return self._apply(ops.minimum, (self, other))

    def fmax(self, other: Any) -> Self:
        return self._apply(ops.fmax, (self, other))

    def fmin(self, other: Any) -> Self:
        return self._apply(ops.fmin, (self, other))

    def leaky_relu(self, slope: Any = 0.01) -> Self:
        return self._apply(ops.leaky_relu, (self, slope))

    def elu(self, alpha: Any = 1.0) -> Self:
        return self._apply(ops.elu, (self, alpha))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return extensions.apply_ufunc(ufunc, method, inputs, kwargs)

    def _repr_html_(self) -> str:
        """Return the small card that Jupyter shows."""
        return extensions.html_card(self)

    def conjugate(self) -> Self:
        """Return this Value itself, which is real."""
        return self

    # The same under NumPy's names, where these differ

    def arcsin(self) -> Self:
        return self._apply(ops.asin, (self,))

    def arccos(self) -> Self:
        return self._apply(ops.acos, (self,))

    def arctan(self) -> Self:
        return self._apply(ops.atan, (self,))

    def arcsinh(self) -> Self:
        return self._apply(ops.asinh, (self,))

    def arccosh(self) -> Self:
        return self._apply(ops.acosh, (self,))

    def arctanh(self) -> Self:
        return self._apply(ops.atanh, (self,))

    def rad2deg(self) -> Self:
        return self._apply(ops.degrees, (self,))

    def deg2rad(self) -> Self:
        return self._apply(ops.radians, (self,))

    def arctan2(self, other: Any) -> Self:
        return self._apply(ops.atan2, (self, other))

    def rint(self) -> Self:
        return self._apply(ops.round_half_even, (self,))


_NUMPYS_NAMES = {
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "rad2deg": "degrees",
    "deg2rad": "radians",
    "arctan2": "atan2",
    "rint": "round_half_even",
}
for _name, _method in vars(Methods).items():
    _primitive = getattr(ops, _NUMPYS_NAMES.get(_name, _name), None)
    # A function in C, of a compiled module, cannot be given documentation; the build has written it in.
    if _primitive is not None and hasattr(_method, "__code__") and not _name.startswith("_"):
        _meaning = _primitive.__doc__.partition("\n")[0]
        _where = "x is this Value" if len(_primitive.domain) == 1 else "x is this Value, y the argument"
        _method.__doc__ = f"{_meaning} Here {_where}."

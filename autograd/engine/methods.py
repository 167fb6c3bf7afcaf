"""What a Value can do besides arithmetic: rounding, and the functions of `autograd.math` as methods.

`x.tanh()` is `math.tanh(x)`. NumPy calls these methods on arrays of Values (`np.exp(array)` calls `.exp()`
on each element), so where its name for a function differs from Python's, both are here.
"""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any, ClassVar, SupportsIndex

from .. import ops
from ..support.mypyc import mypyc_attr

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..ops import Primitive
    from .value import Value


@mypyc_attr(allow_interpreted_subclasses=True)
class Methods:
    """What a Value inherits; `_apply` and `_operator`, which record a primitive, are its own."""

    __slots__ = ()

    def _apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> Value:
        raise NotImplementedError

    def _operator(self, primitive: Primitive, other: Any, reflected: str) -> Value | Any:
        raise NotImplementedError

    def __pos__(self) -> Value:
        return self  # type: ignore[return-value]

    # Whole numbers: the operators and functions of Python that round

    def __floordiv__(self, other: Any) -> Value | Any:
        return self._operator(ops.floordiv, other, "__rfloordiv__")

    def __rfloordiv__(self, other: Any) -> Value:
        return self._apply(ops.floordiv, (other, self))

    def __mod__(self, other: Any) -> Value | Any:
        return self._operator(ops.modulo, other, "__rmod__")

    def __rmod__(self, other: Any) -> Value:
        return self._apply(ops.modulo, (other, self))

    def __divmod__(self, other: Any) -> tuple[Value | Any, Value | Any]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Value, Value]:
        return other // self, other % self

    def __round__(self, ndigits: SupportsIndex | None = None) -> Value:
        if ndigits is None:
            return self._apply(ops.round_half_even, (self,))
        return self._apply(ops.round_to, (self, index(ndigits)))

    def __floor__(self) -> Value:
        return self._apply(ops.floor, (self,))

    def __ceil__(self) -> Value:
        return self._apply(ops.ceil, (self,))

    def __trunc__(self) -> Value:
        return self._apply(ops.trunc, (self,))

    # The functions of autograd.math, under their names there and, where it differs, NumPy's

    def exp(self) -> Value:
        return self._apply(ops.exp, (self,))

    def exp2(self) -> Value:
        return self._apply(ops.exp2, (self,))

    def expm1(self) -> Value:
        return self._apply(ops.expm1, (self,))

    def log(self) -> Value:
        return self._apply(ops.log, (self,))

    def log2(self) -> Value:
        return self._apply(ops.log2, (self,))

    def log10(self) -> Value:
        return self._apply(ops.log10, (self,))

    def log1p(self) -> Value:
        return self._apply(ops.log1p, (self,))

    def sqrt(self) -> Value:
        return self._apply(ops.sqrt, (self,))

    def cbrt(self) -> Value:
        return self._apply(ops.cbrt, (self,))

    def sin(self) -> Value:
        return self._apply(ops.sin, (self,))

    def cos(self) -> Value:
        return self._apply(ops.cos, (self,))

    def tan(self) -> Value:
        return self._apply(ops.tan, (self,))

    def asin(self) -> Value:
        return self._apply(ops.asin, (self,))

    def acos(self) -> Value:
        return self._apply(ops.acos, (self,))

    def atan(self) -> Value:
        return self._apply(ops.atan, (self,))

    def sinh(self) -> Value:
        return self._apply(ops.sinh, (self,))

    def cosh(self) -> Value:
        return self._apply(ops.cosh, (self,))

    def tanh(self) -> Value:
        return self._apply(ops.tanh, (self,))

    def asinh(self) -> Value:
        return self._apply(ops.asinh, (self,))

    def acosh(self) -> Value:
        return self._apply(ops.acosh, (self,))

    def atanh(self) -> Value:
        return self._apply(ops.atanh, (self,))

    def degrees(self) -> Value:
        return self._apply(ops.degrees, (self,))

    def radians(self) -> Value:
        return self._apply(ops.radians, (self,))

    def erf(self) -> Value:
        return self._apply(ops.erf, (self,))

    def erfc(self) -> Value:
        return self._apply(ops.erfc, (self,))

    def gamma(self) -> Value:
        return self._apply(ops.gamma, (self,))

    def lgamma(self) -> Value:
        return self._apply(ops.lgamma, (self,))

    def digamma(self) -> Value:
        return self._apply(ops.digamma, (self,))

    def fabs(self) -> Value:
        return self._apply(ops.fabs, (self,))

    def sign(self) -> Value:
        return self._apply(ops.sign, (self,))

    def floor(self) -> Value:
        return self._apply(ops.floor, (self,))

    def ceil(self) -> Value:
        return self._apply(ops.ceil, (self,))

    def trunc(self) -> Value:
        return self._apply(ops.trunc, (self,))

    def rint(self) -> Value:
        return self._apply(ops.round_half_even, (self,))

    def sigmoid(self) -> Value:
        return self._apply(ops.sigmoid, (self,))

    def logsigmoid(self) -> Value:
        return self._apply(ops.logsigmoid, (self,))

    def softplus(self) -> Value:
        return self._apply(ops.softplus, (self,))

    def silu(self) -> Value:
        return self._apply(ops.silu, (self,))

    def gelu(self) -> Value:
        return self._apply(ops.gelu, (self,))

    def atan2(self, other: Any) -> Value:
        return self._apply(ops.atan2, (self, other))

    def hypot(self, other: Any) -> Value:
        return self._apply(ops.hypot, (self, other))

    def copysign(self, other: Any) -> Value:
        return self._apply(ops.copysign, (self, other))

    def fmod(self, other: Any) -> Value:
        return self._apply(ops.fmod, (self, other))

    def logaddexp(self, other: Any) -> Value:
        return self._apply(ops.logaddexp, (self, other))

    def maximum(self, other: Any) -> Value:
        return self._apply(ops.maximum, (self, other))

    def minimum(self, other: Any) -> Value:
        return self._apply(ops.minimum, (self, other))

    def fmax(self, other: Any) -> Value:
        return self._apply(ops.fmax, (self, other))

    def fmin(self, other: Any) -> Value:
        return self._apply(ops.fmin, (self, other))

    def leaky_relu(self, slope: Any = 0.01) -> Value:
        return self._apply(ops.leaky_relu, (self, slope))

    def elu(self, alpha: Any = 1.0) -> Value:
        return self._apply(ops.elu, (self, alpha))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from ..arrays.value_array import apply_ufunc

        return apply_ufunc(ufunc, method, inputs, kwargs)

    def conjugate(self) -> Value:
        """Return this Value itself, which is real."""
        return self  # type: ignore[return-value]

    # NumPy's names, given to the same methods below

    arcsin: ClassVar[Callable[[Methods], Value]]
    arccos: ClassVar[Callable[[Methods], Value]]
    arctan: ClassVar[Callable[[Methods], Value]]
    arcsinh: ClassVar[Callable[[Methods], Value]]
    arccosh: ClassVar[Callable[[Methods], Value]]
    arctanh: ClassVar[Callable[[Methods], Value]]
    rad2deg: ClassVar[Callable[[Methods], Value]]
    deg2rad: ClassVar[Callable[[Methods], Value]]
    arctan2: ClassVar[Callable[[Methods, Any], Value]]


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
}
for _alias, _name in _NUMPYS_NAMES.items():
    setattr(Methods, _alias, getattr(Methods, _name))

for _name, _method in vars(Methods).items():
    _primitive = getattr(ops, {"rint": "round_half_even"}.get(_name, _name), None)
    # A function in C, of a compiled module, cannot be given documentation; the build has written it in.
    if _primitive is not None and hasattr(_method, "__code__") and not _name.startswith("_"):
        _meaning = _primitive.__doc__.partition("\n")[0]
        _where = "x is this Value" if len(_primitive.domain) == 1 else "x is this Value, y the argument"
        _method.__doc__ = f"{_meaning} Here {_where}."

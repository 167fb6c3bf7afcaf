"""Functions that are recorded and replayed: which program a call needs, and what it is given."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from operator import attrgetter
from typing import Any

from ..derivatives.linear_maps import jvp
from ..derivatives.wrapped import Argnums, Function, Wrapped
from ..support.messages import shown
from . import documents
from .arguments import HoldsValues, flat
from .derivation import MODES
from .linear_maps import LinearMaps
from .locks import once
from .mode import Mode, RecheckedMode
from .signature import Recordings
from .sparse import SparseDerivative, sparse_derivative
from .whole_numbers import NeedsNumbers

_BY_PROGRAMS = {
    *MODES,
    "deriv",
    "derivative",
    "elementwise_grad",
    "hessian_tensor_product",
    "tensor_jacobian_product",
}
"""The transformations that programs do: those whose functions return nothing that is called in turn."""


class Compiled(Wrapped):
    """A function that is recorded and replayed; made by `compile`.

    Attributes:
        value_and_grad: gives the value and the gradient, as `autograd.value_and_grad(f, argnums)` does.
        grad: gives the gradient.
        jacobian: gives all derivatives of all numbers returned; with `sparse=True` a sparse array, as
            `autograd.jacobian(f, argnums, sparse=True)` does, unless `f` itself has an argument `sparse`.
        hessian: gives the second derivatives; with `sparse=True` a sparse array.
        hvp: gives the product of these and a vector, which is given as to `autograd.hvp`.
        linear_maps: has `vjp`, `jvp` and `linearize`, which the functions of these names call.
    """

    __slots__ = ("__call__",)

    __call__: Function
    value_and_grad: Mode
    grad: Mode
    jacobian: Mode
    hessian: Mode
    hvp: Mode

    def __init__(self, f: Function, options: dict[str, Any]) -> None:
        if not callable(f):
            raise TypeError(
                f"compile takes a function, not {shown(f)}; write @compile(argnums=...) or compile(f)"
            )
        super().__init__(f)
        self._f = f
        self._options = options
        self._recordings = Recordings(f, options)
        self._sparse: dict[tuple[str, Argnums], SparseDerivative] = {}
        self._others: dict[tuple[Any, ...], Compiled] = {}
        self._linear_maps = LinearMaps(self)
        kind = Mode if options.get("recheck") is None else RecheckedMode
        self._modes = {mode: kind(self, mode) for mode in MODES}
        for mode in MODES[1:]:
            setattr(self, mode, self._modes[mode])
        if kind is not Mode:
            self.__call__ = self._modes["value"]

    @once
    def _parameters(self) -> frozenset[str]:
        """The names of the parameters of the function, if it tells."""
        from inspect import signature  # takes some milliseconds to load

        try:
            return frozenset(signature(self._f).parameters)
        except (TypeError, ValueError):
            return frozenset()

    def _sparse_derivative(self, mode: str, argnums: Argnums) -> SparseDerivative:
        """Return the sparse Jacobian or Hessian by some arguments, which programs of its own may need."""
        found = self._sparse.get((mode, argnums))
        if found is None:
            found = self._sparse[mode, argnums] = sparse_derivative(self._by(argnums), mode, self)
        return found

    def _by(self, argnums: Argnums) -> Compiled:
        """Return the function with derivatives by some arguments."""
        if argnums == self._options["argnums"]:
            return self
        if (argnums,) not in self._others:
            self._others[(argnums,)] = Compiled(self._f, {**self._options, "argnums": argnums})
        return self._others[(argnums,)]

    def transformed(self, transformation: Function, options: Mapping[str, Any]) -> Function | None:
        name = transformation.__name__
        if options.get("sparse") and not options["has_aux"]:
            with suppress(ImportError):  # which a call raises
                return self._sparse_derivative(name, options["argnums"])
        if name not in _BY_PROGRAMS or options.get("sparse"):
            return None
        if name in MODES and not options.get("has_aux"):
            return self._by(options["argnums"])._modes[name]
        return self._of(transformation, options)

    def _of(self, transformation: Function, options: Mapping[str, Any]) -> Compiled:
        """Return what a transformation makes of the function, compiled."""
        key = transformation, *options.items()
        if key not in self._others:
            self._others[key] = Compiled(transformation(self._f, **options), {**self._options, "argnums": 0})
        return self._others[key]

    def _made_by(self) -> tuple[Any, ...]:
        return _restored, (self._f, self._options, self._recordings.portable())

    def __reduce__(self) -> Any:
        found = super().__reduce__()
        if isinstance(found, str):  # as a decorator left it: found by its name, with what was recorded here
            return _found, (self.__module__, found, self._recordings.portable())
        return found

    def __reduce_ex__(self, protocol: Any) -> Any:
        found = self.__reduce__()
        if found[0] is not _found or self.__module__ != "__main__" or protocol < 4:
            return found
        # Of a script or a notebook. What it holds comes as its state, for the function may refer to it.
        _, name, recorded = found[1]
        return Compiled._of_main, (name,), (self._original, self._options, recorded)

    @once
    def _original(self) -> Callable[[], Function]:
        """A function that returns the one that was decorated, in a script or a notebook.

        A cluster's worker has another `__main__`. So cloudpickle takes functions of that along, but nothing
        else that can be found by its name there; pickle finds this function by its name as it does others.
        """
        f = self._f

        def original() -> Function:
            return f

        original.__module__, original.__qualname__ = "__main__", f"{self._f.__qualname__}._original"
        return original

    @staticmethod
    def _of_main(name: str) -> Compiled:
        """Return the function of that name, or an empty one, to which `__setstate__` gives its state."""
        found: Any = sys.modules.get("__main__")
        for part in name.split("."):
            found = getattr(found, part, None)
        return found if isinstance(found, Compiled) else Compiled.__new__(Compiled)

    def __setstate__(self, state: Any) -> None:
        original, options, recorded = state
        if not hasattr(self, "_f"):
            self.__init__(original(), options)  # type: ignore[misc]
        self._recordings.add(recorded)

    # Linear maps

    @property
    def linear_maps(self) -> LinearMaps:
        return self._linear_maps

    def vjp(self, *primals: Any, has_aux: bool = False) -> Any:
        """Return the value and what carries a gradient back, as `autograd.vjp(f, *primals)` does.

        It differentiates by all arguments, whatever `argnums` is. What carries gradients back computes the
        function anew, and raises a RuntimeError where what that reads from outside was changed meanwhile.

        >>> from autograd import compile
        >>> value, pull_back = compile(lambda x, y: [x * y, x]).vjp(3.0, 4.0)
        >>> value, pull_back([1.0, 10.0])
        ([12.0, 3.0], (14.0, 3.0))
        """
        return self._linear_maps.vjp(primals, {}, has_aux)

    def jvp(self, primals: Any, tangents: Any, *, has_aux: bool = False) -> Any:
        """Return the value and the derivative in a direction, as `autograd.jvp(f, primals, tangents)` does.

        >>> from autograd import compile
        >>> compile(lambda x, y: [x * y, x]).jvp((3.0, 4.0), (1.0, 0.5))
        ([12.0, 3.0], [5.5, 1.0])
        """
        return jvp(self, primals, tangents, has_aux=has_aux)

    def linearize(self, *primals: Any, has_aux: bool = False) -> Any:
        """Return the value and the derivative as a function, as `autograd.linearize(f, *primals)` does.

        What is said of `vjp` holds here too.

        >>> from autograd import compile
        >>> value, push_forward = compile(lambda x, y: [x * y, x]).linearize(3.0, 4.0)
        >>> push_forward(1.0, 0.5), push_forward(1, 0)
        ([5.5, 1.0], [4.0, 1.0])
        """
        return self._linear_maps.linearize(primals, {}, has_aux)

    # Recording

    def record(self, *args: Any, **kwargs: Any) -> Compiled:
        """Record the path that the function takes with these arguments, and return the function.

        It is done by the first call that takes a path, too. To do it beforehand prepares a function that is
        to be shown, pickled, or called where time is short.

        Raises:
            TypeError: there is a Value among them.

        >>> from autograd import compile
        >>> square = compile(lambda x: x * x).record(1.0)
        >>> square.grad(3.0)
        6.0
        """
        try:
            leaves = self._recordings.leaves(args, kwargs)
        except HoldsValues:
            raise TypeError(
                "record() takes numbers, not Values, with which the function is called as it is; "
                "write record(x.data) for the number of a Value x"
            ) from None
        signature = self._recordings.exact(leaves)
        try:
            if signature is None:
                self._recordings.new(args, kwargs)
            else:
                # which keeps one that is there already
                self._recordings.new_path(signature, flat(leaves.numbers))
        except NeedsNumbers as needed:
            self._recordings.stay_constant(args, kwargs, needed.places)
            return self.record(*args, **kwargs)
        return self

    # What it shows

    @property
    def source(self) -> str:
        """The programs for the latest form of arguments as Python source, which needs nothing but Python.

        Raises:
            RuntimeError: nothing has been recorded yet.
            ValueError: a primitive of the user's own has no name by which the source could import it.
        """
        return documents.python_module(self._f, self._recordings.latest().paths)

    def report(self) -> str:
        """Return what was recorded and what remains of it, a line for each path and mode.

        The line of a mode ends with the backends that its program was made ready for. Where that is "python
        and llvm", it was called often, or in batches, and runs as machine code.

        >>> from autograd import compile
        >>> @compile
        ... def parabola(x):
        ...     return x * x * 1.0 + (x * x - 0.0)
        >>> _ = parabola.grad(3.0)
        >>> print(parabola.report())
        parabola(x): 1 inputs, 1 path
          path 1: 5 operations recorded, 0 comparisons
            grad: 4 operations, as python
        """
        return documents.report(self._f, [s.paths for s in self._recordings.signatures if s.paths])

    def to_c(self, mode: str = "value_and_grad") -> str:
        """Return a C99 function that does what the program of a mode does, for use elsewhere.

        It needs nothing but the standard library of C. A comment says what it reads, writes and returns.

        >>> from autograd import compile
        >>> text = compile(lambda side: side * side).record(3.0).to_c()
        >>> print(text[text.rindex("int f"):].rstrip())
        int f(const double *x, double *y)
        {
            const double side = x[0];
            y[0] = side * side;
            y[1] = side + side + 0.0;
            return 0;
        }

        Args:
            mode: "value", "value_and_grad", "grad", "jacobian", "hessian" or "hvp".

        Raises:
            RuntimeError: nothing has been recorded yet.
            ValueError: there is no such mode.
            TypeError: a primitive of the user's own cannot be written in C.
        """
        if mode not in MODES:
            raise ValueError(f"there is no mode {mode!r}; choose from {', '.join(MODES)}")
        return documents.c_function(self._f, self._recordings.latest().paths, mode)

    def to_js(self, *modes: str) -> str:
        """Return an ES module of JavaScript with a function for each of some modes, for pages and elsewhere.

        It needs nothing else. The functions are called `value`, `valueAndGrad`, `grad`, `jacobian`, `hessian`
        and `hvp`. Each takes the numbers of all inputs in order, as one array; the comment before it says
        which. `value` of a function that gives one number returns that number, `valueAndGrad` a pair of it
        and a `Float64Array`; all else is a `Float64Array`, row by row.

        A function returns null where a comparison turns out otherwise than on the paths that were recorded.
        Where an operation raises in Python it throws an `Error` whose `name` is that of Python's, such as
        "ValueError", with the properties `node`, `operation` and `operands`. Sums, products, quotients and
        roots are those of Python to the last bit, other operations to 2 units in the last place.

        >>> from autograd import compile
        >>> text = compile(lambda side: side * side).record(3.0).to_js("value")
        >>> print(text[text.index("export"):].rstrip())
        export function value(x) {
          if (x.length !== 1) throw new TypeError("value takes an array of 1 numbers");
          const side = x[0];
          return side * side;
        }

        Args:
            modes: "value", "value_and_grad", "grad", "jacobian", "hessian" or "hvp", each once; without any,
                the first two, or "value" and "jacobian" where the function gives several numbers.

        Raises:
            RuntimeError: nothing has been recorded yet.
            ValueError: there is no such mode.
            TypeError: a primitive of the user's own cannot be written in JavaScript.
        """
        for mode in modes:
            if mode not in MODES:
                raise ValueError(f"there is no mode {mode!r}; choose from {', '.join(MODES)}")
        paths = self._recordings.latest().paths
        second = "value_and_grad" if documents.is_scalar(paths) else "jacobian"
        return documents.js_module(self._f, paths, [*dict.fromkeys(modes)] or ["value", second])


def _restored(f: Function, options: dict[str, Any], recorded: list[Any]) -> Compiled:
    compiled = Compiled(f, options)
    compiled._recordings.add(recorded)
    return compiled


def _found(module: str, name: str, recorded: list[Any]) -> Any:
    found: Any = attrgetter(name)(import_module(module))
    if isinstance(found, Compiled):
        found._recordings.add(recorded)
    return found

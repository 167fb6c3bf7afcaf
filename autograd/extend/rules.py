"""What tells the derivatives of a primitive, argument by argument or for all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from itertools import count
from typing import Any

from ..derivatives.trees import Structure, plain
from ..support.messages import name_of, shown
from .primitives import ForwardRule, Function, Primitive

_ZERO = object()


def defvjp(fun: Primitive, *vjpmakers: Function | None, argnums: Sequence[int] | None = None) -> None:
    """Say how gradients are carried back through a primitive, with a function for each argument.

    Args:
        fun: the primitive.
        vjpmakers: for each argument a function of the result and of the arguments of `fun`, which returns a
            function: of the gradient with respect to the result, which returns that with respect to the
            argument. None for an argument by which the derivative is 0.
        argnums: which arguments they are for; 0, 1 and so on if it is left out.

    Raises:
        TypeError: `fun` is no primitive, or a maker is no function.

    >>> from autograd import grad
    >>> from autograd.extend import primitive
    >>> @primitive
    ... def area(width, height):
    ...     return width * height
    >>> defvjp(area, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: g * x)
    >>> grad(area, (0, 1))(3.0, 4.0)
    (4.0, 3.0)
    """
    _checked("defvjp", fun)
    makers = _by_argument("defvjp", fun, vjpmakers, argnums)

    def maker_of(argnum: int, ans: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Function:
        if argnum not in makers:
            raise NotImplementedError(
                f"{name_of(fun)} has no derivative by argument {argnum} yet; give defvjp one for it"
            )
        maker = makers[argnum]
        return (lambda g: None) if maker is None else maker(ans, *args, **kwargs)

    defvjp_argnum(fun, maker_of)


def defvjp_argnum(fun: Primitive, vjpmaker: Function) -> None:
    """Say how gradients are carried back through a primitive, with one function for all arguments.

    Args:
        fun: the primitive.
        vjpmaker: a function of the position of an argument, the result, the tuple of arguments and the dict
            of those by keyword, which returns a function as for `defvjp`.
    """

    def rule(argnums: Sequence[int], ans: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Function:
        back = [vjpmaker(i, ans, args, kwargs) for i in argnums]
        return lambda g: [each(g) for each in back]

    defvjp_argnums(fun, rule)


def defvjp_argnums(fun: Primitive, vjpmaker: Function) -> None:
    """Say how gradients are carried back through a primitive to several arguments at once.

    Args:
        fun: the primitive.
        vjpmaker: as for `defvjp_argnum`, but called with the positions of all arguments by which is
            differentiated; its function returns as many gradients.
    """
    _checked("defvjp_argnums", fun, vjpmaker).rule = vjpmaker


def defjvp(fun: Primitive, *jvpfuns: Function | str | None, argnums: Sequence[int] | None = None) -> None:
    """Say how directions are carried forward through a primitive, with a function for each argument.

    Args:
        fun: the primitive.
        jvpfuns: for each argument a function of its direction, the result, and the arguments of `fun`, which
            returns what becomes of the direction, in the structure of the result. None for an argument by
            which the derivative is 0, and `"same"` where `fun` is linear in it.
        argnums: as for `defvjp`.

    Raises:
        TypeError: as for `defvjp`.

    >>> from autograd import jvp
    >>> from autograd.extend import primitive
    >>> @primitive
    ... def cube(x):
    ...     return x**3
    >>> defjvp(cube, lambda g, ans, x: 3.0 * x**2 * g)
    >>> jvp(cube, (2.0,), (1.0,))
    (8.0, 12.0)
    """
    _checked("defjvp", fun)
    makers = _by_argument("defjvp", fun, jvpfuns, argnums)

    def along(argnum: int, g: Any, ans: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        if argnum not in makers:
            raise NotImplementedError(
                f"{name_of(fun)} has no derivative by argument {argnum} yet; give defjvp one for it"
            )
        maker = makers[argnum]
        if maker is None:
            return _ZERO
        if maker == "same":
            return fun(*args[:argnum], g, *args[argnum + 1 :], **kwargs)
        return maker(g, ans, *args, **kwargs)

    defjvp_argnum(fun, along)


def defjvp_argnum(fun: Primitive, jvpmaker: Function) -> None:
    """Say how directions are carried forward through a primitive, with one function for all arguments.

    Args:
        fun: the primitive.
        jvpmaker: a function of the position of an argument, its direction, the result, the tuple of arguments
            and the dict of those by keyword.
    """

    def rule(
        argnums: Sequence[int], gs: Sequence[Any], ans: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Any:
        given = [jvpmaker(i, g, ans, args, kwargs) for i, g in zip(argnums, gs, strict=True)]
        return _sum([x for x in given if x is not _ZERO], ans)

    defjvp_argnums(fun, rule)


def defjvp_argnums(fun: Primitive, jvpmaker: ForwardRule) -> None:
    """Say how directions of several arguments are carried forward through a primitive at once.

    Args:
        fun: the primitive.
        jvpmaker: as for `defjvp_argnum`, but called with the positions of all arguments by which is
            differentiated, and their directions.
    """
    _checked("defjvp_argnums", fun, jvpmaker).forward_rule = jvpmaker


def def_linear(fun: Primitive) -> None:
    """Say that a primitive is linear in each of its arguments, and so what it makes of directions."""
    defjvp_argnum(
        fun, lambda argnum, g, ans, args, kwargs: fun(*args[:argnum], g, *args[argnum + 1 :], **kwargs)
    )


def notrace_primitive(f_raw: Function) -> Function:
    """Return a function as one that is called with plain numbers, and whose result is a constant.

    >>> from autograd import grad
    >>> import math
    >>> steps = notrace_primitive(lambda x: math.ceil(x))
    >>> grad(lambda x: x * steps(x))(2.5)
    3.0
    """

    @wraps(f_raw)
    def called(*args: Any, **kwargs: Any) -> Any:
        return f_raw(*plain(args), **plain(kwargs))

    return called


def _by_argument(
    how: str, fun: Primitive, makers: Sequence[Any], argnums: Sequence[int] | None
) -> dict[int, Any]:
    found = dict(zip(count() if argnums is None else argnums, makers, strict=False))
    for i, maker in found.items():
        if not (callable(maker) or maker is None or (maker == "same" and how == "defjvp")):
            raise TypeError(f"{how}({name_of(fun)}, ...) takes a function for argument {i}, not {maker!r}")
    return found


def _checked(how: str, fun: Primitive, maker: Callable[..., Any] = callable) -> Primitive:
    if not isinstance(fun, Primitive):
        raise TypeError(
            f"{how} tells the derivatives of a primitive, not of {shown(fun)}; write {name_of(fun)} = "
            f"primitive({name_of(fun)}) before"
        )
    if not callable(maker):
        raise TypeError(f"{how}({name_of(fun)}, ...) takes a function, not {shown(maker)}")
    return fun


def _sum(parts: Sequence[Any], ans: Any) -> Any:
    """Return the sum of structures like a result; one that is not like it, of which somebody tells, alone."""
    form = Structure(ans)
    sums: list[Any] = [0.0] * len(form.numbers)
    for part in parts:
        numbers = Structure(part).numbers
        if len(numbers) != len(sums):
            return part
        sums = [x + y for x, y in zip(sums, numbers, strict=True)]
    return form.put_together(sums)

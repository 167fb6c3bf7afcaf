"""`compile`: its arguments, their defaults, and what they may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, overload

from ..derivatives.wrapped import Argnums, Derived, Function, checked_argnums
from ..support.slips import advised
from .compiled import Compiled

BACKENDS = ("python", "numpy", "llvm")


@overload
def compile(  # noqa: A001 (what the field calls it)
    f: Function,
    argnums: Argnums = 0,
    *,
    backend: str | None = None,
    errors: str = "nan",
    max_paths: int = 64,
    max_forms: int = 64,
    check: bool = True,
    recheck: int | None = None,
    checkpoint: bool = False,
) -> Compiled: ...
@overload
def compile(  # noqa: A001
    f: None = None,
    argnums: Argnums = 0,
    *,
    backend: str | None = None,
    errors: str = "nan",
    max_paths: int = 64,
    max_forms: int = 64,
    check: bool = True,
    recheck: int | None = None,
    checkpoint: bool = False,
) -> Callable[[Function], Compiled]: ...
@advised
def compile(  # noqa: A001
    f: Function | None = None,
    argnums: Argnums = 0,
    *,
    backend: str | None = None,
    errors: str = "nan",
    max_paths: int = 64,
    max_forms: int = 64,
    check: bool = True,
    recheck: int | None = None,
    checkpoint: bool = False,
) -> Any:
    """Return a function that gives what `f` gives, and its derivatives, much faster.

    The first call records what `f` does with its arguments as a program without branches, and turns that
    into the programs of its derivatives; later calls run these. Every comparison of a number that depends
    on the arguments is checked: where one turns out otherwise than when it was recorded, `f` is called once
    more and the new path kept. So loops, branches, recursion and sorting give what `f` gives. An operation
    that raises an error which `f` catches is such a branch; what the error says is that of the recording.

    **Loops stay loops.** What is recorded again and again, 24 times or more in a program of 600 operations or
    more, becomes a loop, in the programs of derivatives too: a program of many turns is as long, and made as
    soon, as one of few. In each turn the same operations must be done, and the numbers that they are done to
    must be the same in all turns, come from up to four turns before, or lie evenly in arguments, constants
    and results of other loops. Turns in the middle that do something else end a loop. In the turns of a loop
    there are loops where the same comes 24 times or more. How many turns there are is part of a path; but a
    loop that a comparison ends (Newton's method until it has converged, a step that adapts) is one path for
    all numbers of turns that the function was seen to do, each of which is recorded once, for nobody can tell
    what else it counts for. What is not found to be a loop is straight lines. The body of a `scan`, or of a
    `fori_loop`, is recorded once, in a few turns; see there.

    Hessians by 16 or more numbers of a function with loops are computed row by row, and so are Jacobians
    where turns are long; Jacobians of 16 or more results with at most half as many columns are computed
    column by column. So are Hessians by 3 or more whose own loops are not found soon, and what would be a
    program of more than 30,000 operations without loops. All that is done by products, whose programs are
    short; last digits may differ from those of `hessian` and `jacobian`, and from call to call at first.

    The builtins `max`, `min` and `sorted`, and `list.sort`, decide by comparisons and tell nobody what for:
    with them each order is a path, and each pattern of signs in a network written with `max(0.0, x)`. So it
    is with the condition `x > 0.0` of a `where`. Operations that choose among numbers need no path:
    `math.relu`, `math.maximum`, `math.minimum`, `math.clip`, `math.sort`, and on array arguments
    `np.maximum`, `np.max`, `np.maximum.accumulate`, `np.clip`, `np.sort`, `np.partition`, `np.median` and
    `np.quantile`; sorting for up to 256 numbers; and `np.interp`, for up to 5000 pairs of place and sample.

    **What `f` reads from outside** is never stale. The `data` of Values, such as the parameters of a network,
    is read at every call. Numbers, text, arrays, containers, functions and other objects are guarded: those
    that `f`, and the Python functions that it calls, read from globals, closures, defaults, modules, and
    attributes of `self`, of arguments and of what these lead to. If one is bound anew or changed in place,
    `f` is recorded anew; what was recorded is kept for the latest 8 states. This costs some 10 ns a call for
    each thing that is read, 2 ns for each part of a long list, 0.1 ns for each byte of an array; nothing if
    `f` reads nothing but its arguments and modules of Python, NumPy and this package.

    Not guarded is what every call of `f` changes, such as a counter (where it reads that too, this is an
    error), what is in objects of installed packages and what their functions read, such as a DataFrame, and
    what has no name in the code: weak references, caches such as `lru_cache`, context and environment
    variables, `globals()`, `eval`, files, the time. Of an array of more than a megabyte a thousand numbers
    are compared; in a list of more than 16, equal numbers of other types count as the same; a function's
    `__code__` is not looked at; beyond 10,000 things no more are guarded. A new program is checked by a
    second call of `f` at a point close by, which finds out most of this, and random numbers that `f` draws
    from generators which it reads from outside; `recheck` finds out the rest.

    Inputs are the numbers, and the arrays of floats, in the arguments. In an argument that is not
    differentiated, flags, text and objects are part of the program: with others, `f` is recorded anew. So are
    whole numbers at first; one that changes becomes an input, if `f` computes with it as with a float, or
    takes elements by it out of an array argument or what is computed from it. It stays part of the program
    where it is more: for `//`, an index of a list or of an array from elsewhere, `range`, text, a result, or
    beyond 2**52. A float that is not differentiated is followed, and is a float to `f`: where `f` needs it as
    a key, for `int(x)` or as text, the path holds for that number alone.

    `f` gets Values in the place of numbers while it is followed, as for `grad`. Taking their numbers out of
    the graph (`.data`, `.grad` after `backward()`, text, pickles) is an error. Python has no hook for
    `type(x) is float`, `x is y` and `id(x)`, so that what `f` decides by these goes unnoticed.

    An array is one argument, as it is to `f`. Operations on arrays give inf and NaN as NumPy's do, but what
    has been recorded gives no warnings. At many points at once `vmap(compile(f), in_axes=...)` runs it.

    Args:
        f: a function of numbers, arrays, and structures of these, as for `grad`. Left out, `compile` is a
            decorator: `@compile(argnums=(0, 1))`.
        argnums: which positional argument to differentiate by, or a sequence of them.
        backend: how to run programs: "python", "numpy" or "llvm"; None is Python for the first 3000 calls of
            a mode on a path, or fewer where loops have many turns, and machine code (LLVM) from then on, and
            machine code for batches, where it is installed. The last two need the extra `fast`. Single calls
            give the same numbers, to the last bit, as Python and as machine code; batches, and "numpy",
            round otherwise.
        errors: what a batch does at a point where `f` raises an ArithmeticError or a ValueError: "nan" to
            give NaN there, "raise" to raise that error for the first such point. Where `f` has a value but no
            derivative, that is refused either way.
        max_paths: how many paths to keep for arguments of one form, at least 1. They are the ways on which
            comparisons of inputs lead through `f`; a further one is an error.
        max_forms: how many forms of arguments to keep, at least 1. Arguments with other flags, text, lengths
            or shapes have another form; for a further one, the one used least recently is forgotten.
        check: whether a new program is checked by calling `f` again.
        recheck: compare the result of every `recheck`-th call, of each mode for itself, with that of `f`; of
            a batch, one point. None for never.
        checkpoint: whether programs of derivatives keep less in memory and compute more. What a loop of n
            turns computes on the way forward is needed on the way back, n times as many numbers as one turn
            has. With True only what is carried is kept, at about the root of n turns, and the turns between
            two of these are computed anew before they are gone through backwards: memory is needed as for
            the root of n turns, and time for up to four times as many operations. Results are the same to the
            last bit. It changes nothing where no loop was found, or a comparison ends it, or what it
            computes is not needed turn by turn.

    Returns:
        A function with the arguments of `f`. Its attributes `value_and_grad`, `grad`, `jacobian`,
        `hessian` and `hvp` are functions too, with the results of the transformations of those names, and
        `jacobian` and `hessian` take `sparse=True` as these do. Those transformations, and `derivative`,
        `deriv` and `elementwise_grad`, run programs as well when they are given a compiled function:
        `grad(compile(f), 1)` is `compile(f, 1).grad`, and `derivative(compile(f), 3)` is
        `compile(derivative(f, 3))`. The programs of `jacobian(f, sparse=True)` and `hessian(f, sparse=True)`
        give the entries alone, of a compiled `f` as of these when compiled; methods `vjp`, `jvp` and
        `linearize` differentiate by all arguments;
        `record`, `source`, `report` and `to_c` show and prepare its programs. It can be pickled where `f`
        can, and called from several threads.

    Raises:
        CompileError: when called, if `f` does something that a program cannot repeat, takes a new path more
            than `max_paths` times, or gives something else at a recheck. It is a RuntimeError.
        TypeError: an argument of `compile` is of the wrong type, or as the transformations say.
        ValueError: an option is unknown.

    >>> area = compile(lambda w, h: w * h, argnums=(0, 1))
    >>> area.value_and_grad(3.0, 4.0)
    (12.0, (4.0, 3.0))
    >>> def grown(rate):
    ...     size = 1.0
    ...     for _ in range(10_000):
    ...         size = size + rate * size * (2.0 - size)
    ...     return size
    >>> compile(grown, checkpoint=True).grad(1e-4) == compile(grown).grad(1e-4)
    True
    >>> scale = 2.0
    >>> scaled = compile(lambda x: scale * x)
    >>> scaled(3.0)
    6.0
    >>> scale = 5.0
    >>> scaled(3.0)
    15.0
    """
    argnums = checked_argnums("compile", argnums)
    for option, given, allowed in (
        ("backend", backend, (*BACKENDS, None)),
        ("errors", errors, ("nan", "raise")),
    ):
        if given not in allowed:
            names = ", ".join(map(repr, allowed))
            raise ValueError(f"compile: {option} must be one of {names}, not {given!r}")
    counts = {"max_paths": max_paths, "max_forms": max_forms, "recheck": 1 if recheck is None else recheck}
    for option, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, int):
            raise TypeError(f"compile: {option} is a whole number, not {count!r}")
        if count < 1:
            raise ValueError(f"compile: {option} must be at least 1, not {count}")
    options = {
        "argnums": argnums,
        "backend": backend,
        "errors": errors,
        "max_paths": max_paths,
        "max_forms": max_forms,
        "check": bool(check),
        "recheck": recheck,
        "checkpoint": bool(checkpoint),
    }
    if f is None:
        return lambda f: _compiled(f, options)
    return _compiled(f, options)


def _compiled(f: Function, options: dict[str, Any]) -> Any:
    if isinstance(f, Derived):
        mode, of, its = f.made
        if its.get("sparse"):  # whose result no program can compute on
            if its["has_aux"]:
                raise TypeError(
                    f"compile({mode}(f, has_aux=True, sparse=True)) is not offered; leave out has_aux, and "
                    "let another compiled function return what is not differentiated"
                )
            owner = of if isinstance(of, Compiled) else Compiled(of, {**options, "argnums": its["argnums"]})
            return owner._sparse_derivative(mode, its["argnums"])
    return Compiled(f, options)

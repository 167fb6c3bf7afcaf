"""The short way into a program: a Python function that takes arguments apart itself and returns the result.

For arguments made of containers, floats and arrays, flags and text, which are nearly all, taking them apart
and putting the result together is written into the program, so that a call costs little more than its
arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from ..derivatives.trees import Kind, is_array, kind_of
from ..derivatives.wrapped import Function
from .arguments import is_leaf, is_leaf_array
from .constants import besides
from .outside import State
from .paths import RecordedPath
from .python.loops import INPUTS_NAME, OUTPUTS_NAME, StoredTexts, reads_inputs
from .python.names import identifiers, names_of_inputs
from .python.pieces import function_with
from .whole_numbers import LARGEST_INPUT, Whole


class Unwritable(Exception):  # noqa: N818 (it never leaves this module)
    """Arguments of a kind that is not written into programs."""


def entry_of(
    paths: Sequence[RecordedPath], mode: str, state: State, counted: bool = False
) -> Function | None:
    """Return a function of the arguments that returns the result of a mode, or None.

    It returns None where the arguments are of another form, what is read from outside is not as it was, or no
    path fits; for a single path it raises what arithmetic raises. Instead of a function None is returned for
    arguments that it cannot take apart.

    Args:
        paths: the paths.
        mode: the mode.
        state: what is read from outside.
        counted: whether it returns None, too, once the `ticks` of a path for this mode have run out.
    """
    try:
        entries = [_entry(path, mode, counted) for path in paths]
    except Unwritable:
        return None
    count = len(paths[0].arguments.args) + (1 if mode == "hvp" else 0)
    return state.first_of(entries, count)


def _entry(path: RecordedPath, mode: str, counted: bool) -> Function:
    key = mode, counted
    if key not in path.entries:
        path.entries[key] = _made(path, mode, counted)
    entry: Function = path.entries[key]
    return entry


_COUNT = ["for _ in ticks_: break", "else: return None"]
"""What takes one from an iterator, in 8 ns."""


def _made(path: RecordedPath, mode: str, counted: bool) -> Function:
    program = path.derived(mode).program
    names = names_of_inputs(program)
    lines, objects, parameters = opening(path, mode, names, checked=True)
    result = ResultWriter(path, mode, objects=True)
    if counted:
        lines, objects = [*_COUNT, *lines], {**objects, "ticks_": path.ticks[mode]}
    given = objects, result.objects
    return function_with(program, "entry", ", ".join(parameters), names, lines, result, given)


def opening(
    path: RecordedPath, mode: str, names: Sequence[str], checked: bool
) -> tuple[list[str], dict[str, Any], list[str]]:
    """Return the lines that give the inputs of a program their names.

    Args:
        path: the path.
        mode: the mode.
        names: those of the inputs.
        checked: whether other arguments than the recorded ones lead to `return None`.

    Returns:
        The lines, objects that these need by their names, and the parameters of the function.
    """
    arguments = path.arguments
    if arguments.kwargs:
        raise Unwritable
    writer = _Opening(names, checked, reads_inputs(path.derived(mode).program))
    parameters = []
    for i, argument in enumerate(arguments.args):
        parameters.append(writer.parameter(argument, i in arguments.positions, arguments.parameters[i]))
    captured = [writer.next() for _ in path.captured]
    if captured and checked:
        for k, (name, value) in enumerate(zip(captured, path.captured, strict=True)):
            writer.objects[f"value_{k}_"] = value
            writer.lines.append(f"{name} = value_{k}_._number")
    elif captured and writer.listed:
        raise Unwritable
    elif captured:
        parameters += captured
    if mode == "hvp":
        vectors = [arguments.args[i] for i in arguments.positions]
        vector = vectors[0] if path.single else tuple(vectors)
        parameters.insert(max(arguments.positions) + 1, writer.parameter(vector, True, "vector"))
    if len(set(parameters)) < len(parameters):
        raise Unwritable
    tests = writer.tests if checked else []
    lines = [f"{INPUTS_NAME} = [0.0] * {len(names)}"] if writer.listed else []
    return (
        [*([f"if not ({' and '.join(tests)}):", "    return None"] if tests else []), *lines, *writer.lines],
        writer.objects,
        parameters,
    )


class _Opening:
    def __init__(self, names: Sequence[str], checked: bool, listed: bool) -> None:
        self._names = names
        self._taken = 0
        self.listed = listed  # whether inputs are put into a list, as programs with loops have them
        self.lines: list[str] = []
        self.tests: list[str] = []
        self.objects: dict[str, Any] = {}
        self._checked = checked
        self._parts = 0

    def next(self) -> str:
        """Return the name of the next input."""
        self._taken += 1
        return self._names[self._taken - 1]

    def parameter(self, thing: Any, differentiated: bool, wanted: str) -> str:
        """Write what takes an argument apart, and return the name of the parameter."""
        if is_leaf(thing, differentiated):
            there = self.next()
            name = identifiers([wanted])[0] if self.listed else there
            if self._checked:
                self.tests.append(_is_a_number(name, thing))
            self._as_floats([(name, thing)])
            if self.listed:
                self.lines.append(f"{there} = {name}")
            return name
        (name,) = identifiers([wanted])
        self._take_apart(thing, differentiated, f"{name}" if name not in ("entry",) else "entry_", late=False)
        return name

    def _take_apart(self, thing: Any, differentiated: bool, name: str, late: bool) -> None:
        """Write what takes apart the thing of that name, which it may have only after the first tests."""
        kind = type(thing)
        container = kind_of(thing)
        if is_array(thing):
            if not is_leaf_array(thing, differentiated) or thing.ndim == 0 or thing.dtype != "f8":
                raise Unwritable
            import numpy as np

            self.objects |= {"ndarray_": np.ndarray, "float64_": np.dtype("f8")}
            shape = f"{name}.shape == {thing.shape!r}"
            self._test(f"type({name}) is ndarray_ and {shape} and {name}.dtype == float64_", late)
            flat = f"{name}.ravel().tolist()" if self._checked else name
            if self.listed:
                self.lines.append(f"{self._some(thing.size)} = {flat}")
            elif thing.size:
                self.lines.append(f"[{', '.join([self.next() for _ in range(thing.size)])}] = {flat}")
        elif container is not None:
            self._container(container, thing, differentiated, name, late)
        elif thing is None or kind in (bool, int, str):
            wanted = "type(None)" if thing is None else kind.__name__
            self._test(f"type({name}) is {wanted} and {name} == {thing!r}", late)
        else:
            raise Unwritable

    def _test(self, text: str, late: bool) -> None:
        if self._checked and late:
            self.lines += [f"if not ({text}):", "    return None"]
        elif self._checked:
            self.tests.append(text)

    def _some(self, count: int) -> str:
        """Return the next inputs, as a part of the list of all."""
        self._taken += count
        return f"{INPUTS_NAME}[{self._taken - count}:{self._taken}]"

    def _container(self, container: Kind, thing: Any, differentiated: bool, name: str, late: bool) -> None:
        kind = type(thing)
        items = [*container.items(thing)]
        keys = [key for key, _ in items]
        if self.listed and kind in (list, tuple) and {type(x) for _, x in items} == {float}:
            test = f"type({name}) is {kind.__name__} and len({name}) == {len(items)}"
            self._test(f"{test} and {{*map(type, {name})}} == {{float}}", late)
            self.lines.append(f"{self._some(len(items))} = {name}")
            return
        own, self.lines = self.lines, []  # the numbers have their names in order, also those further inside
        names = [self._part(x, differentiated) for _, x in items]
        inside, self.lines = self.lines, own
        if not _has_notation(kind, keys):
            if not self._checked:
                raise Unwritable
            if besides(thing, keys):
                raise Unwritable
            n = len(self.objects)
            self.objects |= {f"kind_{n}_": kind, f"keys_{n}_": keys, f"items_{n}_": container.items}
            own_keys = f"[key for key, _ in items_{n}_({name})]"
            test = f"type({name}) is kind_{n}_ and {own_keys} == keys_{n}_"
            if hasattr(thing, "__dict__"):  # in which are no attributes besides the parts
                test += f" and len({name}.__dict__) == {len(thing.__dict__)}"
            self._test(test, late)
            if names:
                self.lines.append(f"[{', '.join(f'(_, {part})' for part in names)}] = items_{n}_({name})")
        elif kind is dict:
            self._test(f"type({name}) is dict and list({name}) == {keys!r}", late)
            self.lines += [f"{part} = {name}[{key!r}]" for part, key in zip(names, keys, strict=True)]
        else:
            self._test(f"type({name}) is {kind.__name__} and len({name}) == {len(keys)}", late)
            if names:
                self.lines.append(f"[{', '.join(names)}] = {name}")
        numbers = [(part, x) for part, (_, x) in zip(names, items, strict=True) if is_leaf(x, differentiated)]
        if numbers and self._checked:
            self.lines.append(f"if not ({' and '.join([_is_a_number(*each) for each in numbers])}):")
            self.lines.append("    return None")
        self._as_floats(numbers)
        self.lines += inside

    def _as_floats(self, numbers: Sequence[tuple[str, Any]]) -> None:
        self.lines += [f"{name} = float({name})" for name, thing in numbers if type(thing) is Whole]

    def _part(self, thing: Any, differentiated: bool) -> str:
        """Return the name of a part of a container, and write what takes that apart."""
        if is_leaf(thing, differentiated):
            return self.next()
        self._parts += 1
        name = f"part_{self._parts}_"
        self._take_apart(thing, differentiated, name, late=True)
        return name


def _is_a_number(name: str, like: Any) -> str:
    """Return the test that the thing of that name is a number as the recorded one was."""
    if type(like) is not Whole:
        return f"type({name}) is float"
    return f"type({name}) is int and {-LARGEST_INPUT} <= {name} <= {LARGEST_INPUT}"


def _has_notation(kind: type, keys: Sequence[Any]) -> bool:
    """Say whether Python has a notation for a container, which is quick; else `kind_of` has its functions."""
    return kind in (list, tuple) or (kind is dict and all(type(key) in (str, int) for key in keys))


class ResultWriter:
    """Writes the result of a mode from the expressions of its outputs.

    Args:
        path: the path.
        mode: the mode.
        objects: whether it may need objects: arrays, and containers without a notation. Arrays are lists
            if not.

    Attributes:
        objects: what the text needs, by name.
    """

    def __init__(self, path: RecordedPath, mode: str, objects: bool) -> None:
        self._path = path
        self._mode = mode
        self._may_need_objects = objects
        self.objects: dict[str, Any] = {}
        if objects and any(cell.shape is not None for cell in path.derived(mode).cells):
            import numpy as np

            self.objects["array_"] = np.array

    def __call__(self, outputs: Sequence[str]) -> str:
        """Return the expression of the result."""
        cells = []
        start = 0
        for cell in self._path.derived(self._mode).cells:
            texts = outputs[start : start + cell.size]
            start += cell.size
            if cell.shape is None:
                cells.append(_Written(texts[0]))
            elif not cell.size and len(cell.shape) > 1:  # of which lists do not tell the shape
                if not self._may_need_objects:
                    raise Unwritable
                cells.append(_Written(f"array_([]).reshape({cell.shape})"))
            elif isinstance(outputs, StoredTexts):
                numbers = f"{OUTPUTS_NAME}[{start - cell.size}:{start}]"
                if not self._may_need_objects and len(cell.shape) > 1:
                    raise Unwritable
                shaped = f".reshape({cell.shape})" if len(cell.shape) > 1 else ""
                cells.append(_Written(f"array_({numbers}){shaped}" if self._may_need_objects else numbers))
            else:
                numbers = _nested(list(texts), cell.shape)
                cells.append(_Written(f"array_({numbers})" if self._may_need_objects else numbers))
        return self._text(self._path.assembled(self._mode, cells))

    def _text(self, thing: Any) -> str:
        kind = type(thing)
        container = kind_of(thing)
        if kind is _Written:
            return str(thing.text)
        if container is None:
            if thing is None or kind in (bool, int, str):
                return repr(thing)
            raise Unwritable
        items = [(key, self._text(x)) for key, x in container.items(thing)]
        keys, texts = [key for key, _ in items], ", ".join([text for _, text in items])
        if not _has_notation(kind, keys):
            if not self._may_need_objects:
                raise Unwritable
            like = f"like_{len(self.objects)}_"
            self.objects[like] = partial(container.like, thing, keys)
            return f"{like}([{texts}])"
        if kind is dict:
            return f"{{{', '.join(f'{key!r}: {text}' for key, text in items)}}}"
        return f"[{texts}]" if kind is list else f"({texts}{',' if len(items) == 1 else ''})"


class _Written(float):
    """The expression of a number, or of an array; for containers that look at what they get, a number."""

    text: str

    def __new__(cls, text: str) -> _Written:
        written = super().__new__(cls, "nan")
        written.text = text
        return written


def _nested(texts: list[str], shape: tuple[int, ...]) -> str:
    if not shape:
        return texts[0]
    if len(shape) == 1:
        return f"[{', '.join(texts)}]"
    step = len(texts) // shape[0] if shape[0] else 0
    rows = [_nested(texts[i * step : (i + 1) * step], shape[1:]) for i in range(shape[0])]
    return f"[{', '.join(rows)}]"

"""The arguments of a call, taken apart by machine code: what other ones than the recorded have, fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ...derivatives.trees import is_array, kind_of
from ..arguments import is_leaf, is_leaf_array
from ..paths import RecordedPath
from ..whole_numbers import LARGEST_INPUT, Whole
from . import scalar_math
from .call_memory import NAME, Memory
from .python_interface import (
    DATA,
    DIMENSIONS,
    DTYPE,
    ITEMS,
    ITEMS_OF_LIST,
    SHAPE,
    SIZE,
    STRIDES,
    TYPE,
    VALUE,
    call,
    is_locked,
    pointer,
)
from .scalar_operations import Unwritable
from .scalar_text import Text

MOST = 1000
"""How many things are taken apart one by one, at most: parts of containers, and Values from outside."""


MANY = 16
"""From how many floats on a list is read by a loop."""


class Input(NamedTuple):
    """Where an input of the program is.

    Attributes:
        name: that of the number, or of the address of an array of numbers.
        place: how many bytes behind that address; None for a number.
    """

    name: str
    place: int | None = None


def _kinds(thing: Any, differentiated: bool) -> list[type]:
    """Return the types that an object may have in the place of a thing.

    Raises:
        Unwritable: there is none that machine code knows.
    """
    import numpy as np

    kind = type(thing)
    if kind is Whole:
        return [int]
    if is_leaf(thing, differentiated):
        return [float, np.float64, *([int] if differentiated else [])]
    if is_array(thing):
        return [np.ndarray]
    if kind is dict and not all(type(key) in (str, int) for key in thing):
        raise Unwritable("keys of other types")
    # The items of these are found, and such constants compared, by functions that run nothing else; but where
    # threads run at once, a list may be changed meanwhile.
    if kind in ((int, str, tuple, list, dict) if is_locked() else (int, str, tuple)):
        return [kind]
    raise Unwritable(str(kind))


def _is_float(thing: Any, differentiated: bool) -> bool:
    """Say whether something is read as a float."""
    return is_leaf(thing, differentiated) and type(thing) is not Whole


class ArgumentReader:
    """Writes what takes the arguments of a call apart.

    Attributes:
        inputs: where the inputs of the program are, in order.
        count: how many arguments a call has.

    Args:
        text: where it is written; it has the addresses of the arguments in `%args`.
        path: the path.
        mode: the mode.
        memory: that of the call, if long lists of floats shall be read into it; None if not.

    Raises:
        Unwritable: there is something in them that machine code does not take apart.
    """

    def __init__(self, text: Text, path: RecordedPath, mode: str, memory: Memory | None = None) -> None:
        self._text = text
        self._memory = memory
        self.inputs: list[Input] = []
        self._parts = 0
        arguments = path.arguments
        if arguments.kwargs:
            raise Unwritable("arguments by keyword")
        things = [(x, i in arguments.positions) for i, x in enumerate(arguments.args)]
        along = max(arguments.positions) + 1
        vectors: list[tuple[Any, bool]] = []
        if mode == "hvp":
            its = [arguments.args[i] for i in arguments.positions]
            vectors = [(its[0] if path.single else tuple(its), True)]
        given = [*things[:along], *vectors, *things[along:]]
        self.count = len(given)
        read = self._are_many_floats(arguments.args, all(d for _, d in things)) and along == len(things)
        if read:  # all at once
            self._floats(lambda i: self._item("%args", i), along)
            things, given = [], vectors
        names = [
            text.new(f"load ptr, ptr {self._behind('%args', 8 * i)}")
            for i in range(self.count - len(given), self.count)
        ]
        own = names if read else [name for i, name in enumerate(names) if not (vectors and i == along)]
        kinds = [(x, differentiated, name) for (x, differentiated), name in zip(given, names, strict=True)]
        for x, differentiated, name in kinds:
            self._check_kind(x, differentiated, name)
        text.settle()
        self._take_apart([(x, d, name) for (x, d), name in zip(things, own, strict=False)])
        for value in path.captured:
            self._captured(value)
        if vectors:
            self._take_apart([(*vectors[0], names[-1] if read else names[along])])

    def _item(self, first: str, i: str) -> str:
        return f"load ptr, ptr {self._text.changing(f'getelementptr ptr, ptr {first}, i64 {i}')}"

    def _are_many_floats(self, things: Sequence[Any], differentiated: bool) -> bool:
        """Say whether things are so many floats that they are read by a loop."""
        if self._memory is None or len(things) < MANY:
            return False
        return all(type(x) is float and is_leaf(x, differentiated) for x in things)

    def _behind(self, base: str, offset: int) -> str:
        return self._text.new(f"getelementptr i8, ptr {base}, i64 {offset}") if offset else base

    def _check_kind(self, thing: Any, differentiated: bool, name: str) -> None:
        """Write what fails if an object is not of the type that a thing has."""
        text = self._text
        self._parts += 1
        if self._parts > MOST:
            raise Unwritable("many parts")
        if thing is None or type(thing) is bool:
            text.objects.append(thing)
            text.doubt(text.new(f"icmp ne ptr {name}, {pointer(thing)}"))
            return
        if _is_float(thing, differentiated):
            return  # it is looked at when it is read
        kind = self._word(name, TYPE)
        different = [text.new(f"icmp ne ptr {kind}, {pointer(x)}") for x in _kinds(thing, differentiated)]
        text.doubt(different[0] if len(different) == 1 else scalar_math.both(text, *different))

    def _word(self, name: str, offset: int, kind: str = "ptr") -> str:
        return self._text.changing(f"load {kind}, ptr {self._behind(name, offset)}")

    def _take_apart(self, things: Sequence[tuple[Any, bool, str]]) -> None:
        """Write what takes apart some objects of the right types."""
        leaves = [each for each in things if is_leaf(*each[:2])]
        numbers = {name: self._whole(name) for thing, _, name in leaves if type(thing) is Whole}
        numbers |= self._unboxed([(name, d) for thing, d, name in leaves if type(thing) is not Whole])
        for thing, differentiated, name in things:
            if name in numbers:
                self.inputs.append(Input(numbers[name]))
            elif is_array(thing):
                self._array(thing, differentiated, name)
            elif kind_of(thing) is not None:
                self._container(thing, differentiated, name)
            elif isinstance(thing, (int, str)) and type(thing) is not bool:
                self._same(name, thing)

    def _whole(self, name: str) -> str:
        text = self._text
        text.handed = max(text.handed, 1)
        whole = text.changing(call("i64", "PyLong_AsLongLongAndOverflow", f"ptr {name}", "ptr %boxes"))
        beyond = text.changing("load i32, ptr %boxes")
        text.doubt(text.changing(f"icmp ne i32 {beyond}, 0"))
        text.doubt(text.changing(f"icmp sgt i64 {whole}, {LARGEST_INPUT}"))
        text.doubt(text.changing(f"icmp slt i64 {whole}, {-LARGEST_INPUT}"))
        return text.changing(f"sitofp i64 {whole} to double")

    def _unboxed(self, leaves: Sequence[tuple[str, bool]]) -> dict[str, str]:
        """Write what reads the numbers of floats, and fails where one is none.

        Args:
            leaves: objects, and whether each is differentiated: then it may be an int, too.

        Returns:
            The names of the numbers, by those of the objects.
        """
        text, names = self._text, [*dict(leaves)]
        if not names:
            return {}
        float_, numpy, *_ = [pointer(kind) for kind in _kinds(1.0, True)]
        types = {name: self._word(name, TYPE) for name in names}
        plain = [text.changing(f"icmp eq ptr {types[name]}, {float_}") for name in names]
        other = [text.changing(f"icmp eq ptr {types[name]}, {numpy}") for name in names]
        floats = [text.changing(f"or i1 {x}, {y}") for x, y in zip(plain, other, strict=True)]
        text.settle()
        quick, slow, after = text.fresh(), text.fresh(), text.fresh()
        whole = [name for name, differentiated in leaves if differentiated]
        text.branch(scalar_math.both(text, *floats), quick, slow if whole else "fail")
        made = text.remembered()
        text.begin(quick)
        read = {name: text.changing(self._value_of(name)) for name in names}
        if not whole:
            return read
        text.go(after)
        text.begin(slow)
        for name, is_float in zip(names, floats, strict=True):
            int_ = text.changing(f"icmp eq ptr {types[name]}, {pointer(int)}") if name in whole else "false"
            text.doubt(text.changing(f"xor i1 {text.changing(f'or i1 {is_float}, {int_}')}, true"))
        text.settle()
        slowly = {name: text.changing(call("double", "PyFloat_AsDouble", f"ptr {name}")) for name in names}
        self._ask([slowly[name] for name in whole])
        before = text.block
        text.go(after)
        text.begin(after)
        text.remember(made)
        return {
            name: text.changing(f"phi double [ {read[name]}, %{quick} ], [ {slowly[name]}, %{before} ]")
            for name in names
        }

    def _value_of(self, name: str) -> str:
        """Return the instruction that reads the number of a float."""
        return f"load double, ptr {self._text.changing(f'getelementptr i8, ptr {name}, i64 {VALUE}')}"

    def _ask(self, numbers: Sequence[str]) -> None:
        """Write what fails if a number is none, as one that is too large for a float: that is -1.0."""
        text = self._text
        if not numbers:
            return
        odd = [scalar_math.compare(text, "oeq", number, -1.0) for number in numbers]
        ask, following = text.fresh(), text.fresh()
        text.branch(scalar_math.any_of(text, *odd), ask, following)
        text.begin(ask)
        error = text.changing(call("ptr", "PyErr_Occurred"))
        text.branch(text.changing(f"icmp eq ptr {error}, null"), following, "clear")
        text.begin(following)

    def _array(self, thing: Any, differentiated: bool, name: str) -> None:
        """Write what fails if an array has not the shape and the type of another one, or is in pieces."""
        text = self._text
        if not is_leaf_array(thing, differentiated) or thing.dtype != "f8" or thing.ndim == 0:
            raise Unwritable("an array of other numbers")
        import numpy as np

        dtype = np.dtype("f8")
        text.doubt(text.changing(f"icmp ne i32 {self._word(name, DIMENSIONS, 'i32')}, {thing.ndim}"))
        text.settle()
        shape, strides = self._word(name, SHAPE), self._word(name, STRIDES)
        step = 8
        for axis in reversed(range(thing.ndim)):
            length = thing.shape[axis]
            text.doubt(text.changing(f"icmp ne i64 {self._word(shape, 8 * axis, 'i64')}, {length}"))
            if length > 1 and thing.size:
                text.doubt(text.changing(f"icmp ne i64 {self._word(strides, 8 * axis, 'i64')}, {step}"))
            step *= length
        text.settle()
        self._same(self._word(name, DTYPE), dtype)  # an array out of a pickle may have its own
        data = self._word(name, DATA)
        self.inputs += [Input(data, 8 * i) for i in range(thing.size)]

    def _same(self, found: str, thing: Any) -> None:
        """Write what fails if an object of the type of a thing, such as a text, is not equal to it."""
        text = self._text
        text.objects.append(thing)
        ask, following = text.fresh(), text.fresh()
        text.branch(text.changing(f"icmp eq ptr {found}, {pointer(thing)}"), following, ask)
        text.begin(ask)
        operands = [f"ptr {found}", f"ptr {pointer(thing)}", "i32 2"]  # Py_EQ
        equal = text.changing(call("i32", "PyObject_RichCompareBool", *operands))
        text.branch(text.changing(f"icmp eq i32 {equal}, 1"), following, "clear")
        text.begin(following)

    def _container(self, thing: Any, differentiated: bool, name: str) -> None:
        text, kind = self._text, type(thing)
        size = (
            text.changing(call("i64", "PyDict_Size", f"ptr {name}"))
            if kind is dict
            else self._word(name, SIZE, "i64")
        )
        text.doubt(text.changing(f"icmp ne i64 {size}, {len(thing)}"))
        text.settle()
        if kind is dict:
            items, things = self._items(thing, name), [*thing.values()]
        else:
            first = self._behind(name, ITEMS) if kind is tuple else self._word(name, ITEMS_OF_LIST)
            if self._are_many_floats(thing, differentiated):
                self._floats(lambda i: self._item(first, i), len(thing))
                return
            items, things = [self._word(first, 8 * i) for i in range(len(thing))], [*thing]
        for part, item in zip(things, items, strict=True):
            self._check_kind(part, differentiated, item)
        text.settle()
        self._take_apart([(part, differentiated, item) for part, item in zip(things, items, strict=True)])

    def _floats(self, item_at: Callable[[str], str], count: int) -> None:
        """Write a loop that reads floats into memory, and fails where one is none.

        Args:
            item_at: gives, for the name of a number from 0 on, the instruction that gets an object.
            count: how many there are.
        """
        assert self._memory is not None
        text, first = self._text, self._memory.take(count)
        target = self._behind(NAME, first)
        header, body, after, before = text.fresh(), text.fresh(), text.fresh(), text.block
        text.go(header)
        text.begin(header)
        line, i = len(text.lines), text.changing("")
        item = text.changing(item_at(i))
        its = text.changing(f"load ptr, ptr {text.changing(f'getelementptr i8, ptr {item}, i64 {TYPE}')}")
        others = [text.changing(f"icmp ne ptr {its}, {pointer(x)}") for x in _kinds(1.0, True)]
        text.branch(text.changing(f"and i1 {others[0]}, {others[1]}"), "fail", body)
        text.begin(body)
        x = text.changing(self._value_of(item))
        text.add(f"store double {x}, ptr {text.changing(f'getelementptr double, ptr {target}, i64 {i}')}")
        following = text.changing(f"add i64 {i}, 1")
        text.lines[line] = f"{i} = phi i64 [ 0, %{before} ], [ {following}, %{body} ]"
        text.branch(text.changing(f"icmp slt i64 {following}, {count}"), header, after)
        text.begin(after)
        self.inputs += [Input(NAME, first + 8 * k) for k in range(count)]

    def _items(self, thing: dict[Any, Any], name: str) -> list[str]:
        """Write what fails if a dict of as many items has other keys than a thing, and return the items."""
        text = self._text
        text.handed = max(text.handed, 3)
        key_at, item_at = (self._behind("%boxes", offset) for offset in (8, 16))
        text.add("store i64 0, ptr %boxes")
        items = []
        for key in thing:
            operands = [f"ptr {name}", "ptr %boxes", f"ptr {key_at}", f"ptr {item_at}"]
            found = text.changing(call("i32", "PyDict_Next", *operands))
            text.doubt(text.changing(f"icmp eq i32 {found}, 0"))
            text.settle()
            mine = text.changing(f"load ptr, ptr {key_at}")
            items.append(text.changing(f"load ptr, ptr {item_at}"))
            text.doubt(text.new(f"icmp ne ptr {self._word(mine, TYPE)}, {pointer(type(key))}"))
            text.settle()
            self._same(mine, key)
        return items

    def _captured(self, value: Any) -> None:
        text = self._text
        self._parts += 1
        if self._parts > MOST:
            raise Unwritable("many Values")
        attribute = "_number"
        text.objects += [value, attribute]
        text.handed = max(text.handed, 1)
        operands = [f"ptr {pointer(value)}", f"ptr {pointer(attribute)}", "ptr %handed"]
        status = text.changing(f"call i32 @data_of({', '.join(operands)})")
        text.doubt(text.changing(f"icmp ne i32 {status}, 0"))
        self.inputs.append(Input(text.changing("load double, ptr %handed")))

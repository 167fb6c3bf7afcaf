"""Arrays of Values while a function is followed: an element at an index that is followed is one operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import value_array
from .indexing import chosen, is_followed_index
from .value_array import ValueArray, array_of


class FollowedArray(ValueArray):
    """A ValueArray while a function is followed: an element at an index that is followed is one operation.

    Of floats and the like, NumPy's own way to index asks an index for its number at once.
    """

    _needed: list[Callable[[], Any]]
    """What to call where the array is written to, for what was chosen from it is a copy, and in NumPy a view.
    Arrays that may share memory share the list."""

    def __array_finalize__(self, source: Any) -> None:
        self._needed = getattr(source, "_needed", [])

    def __getitem__(self, key: Any) -> Any:
        parts = key if type(key) is tuple else (key,)
        if any(map(is_followed_index, parts)):
            found = chosen(self.view(np.ndarray), parts)
            if found is not None:
                numbers, shape, needed = found
                if shape == () and not any(x is ... for x in parts):
                    return numbers[0]
                self._needed.append(needed)
                array = array_of(numbers, shape)
                array._needed = self._needed
                return array
        return super().__getitem__(key)

    def __setitem__(self, key: Any, thing: Any) -> None:
        self._written()
        super().__setitem__(key, thing)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        for x in (*kwargs.get("out", ()), *(inputs[:1] if method == "at" else ())):
            if isinstance(x, FollowedArray):
                x._written()
        return super().__array_ufunc__(ufunc, method, *inputs, **kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func.__name__ in _WRITING:
            self._written()
        return super().__array_function__(func, types, args, kwargs)

    def sort(self, *args: Any, **kwargs: Any) -> None:
        """Bring the numbers in rising order, as `ValueArray.sort` does."""
        self._written()
        super().sort(*args, **kwargs)

    def fill(self, x: Any) -> None:
        """Write a number into all places."""
        self._written()
        super().fill(x)

    def put(self, *args: Any, **kwargs: Any) -> None:
        """Write numbers into some places."""
        self._written()
        super().put(*args, **kwargs)

    def _written(self) -> None:
        for needed in self._needed:
            needed()


_WRITING = {"copyto", "put", "place", "putmask", "put_along_axis", "fill_diagonal"}


value_array.followed_class = FollowedArray

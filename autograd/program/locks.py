"""The one lock of the compiler: no child process finds it taken by a thread that it does not have.

A fork copies the thread that calls it alone. Whatever another thread is in the middle of stays so in the
child for ever: a lock it holds, machine code that it is making. So there is one lock for the books that are
kept of recordings and for all work of LLVM, and a fork waits until it is free.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

LOCK = threading.RLock()
"""Held by whoever changes what threads share; never while a user's function is called."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=LOCK.acquire, after_in_parent=LOCK.release, after_in_child=LOCK.release)

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 (a decorator)
    """A property that is computed when it is first asked for, and kept.

    It is what `cached_property` is from Python 3.12 on; before, that has a lock which a child may find taken.
    """

    def __init__(self, function: Callable[[Any], T]) -> None:
        self._function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> once[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        found = vars(instance)[self._name] = self._function(instance)
        return found

"""Running a program on many points: in blocks that fit the cache, on all cores where it pays."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from .kernels import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import ThreadPoolExecutor

    from .kernels import Kernel, Numbers

T = TypeVar("T")

LARGE = 2_000_000
"""The work of a point times points from which a batch is divided among cores."""


def run(kernel: Kernel, work: int, batch: Batch) -> None:
    """Run a program, which goes through so many nodes at a point.

    The blocks do not depend on how many cores there are, and their sums are added in order: the same batch
    gives the same numbers on one core and on many.
    """
    points, inputs, outputs, summed, valid, suspect = batch
    if points <= kernel.block:
        kernel(batch)
        return

    def block(start: int) -> list[Numbers]:
        stop = min(start + kernel.block, points)
        part = Batch(
            stop - start,
            [x if x.shape[0] == 1 else x[start:stop] for x in inputs],
            [
                np.zeros_like(out) if is_sum else out[start:stop]
                for out, is_sum in zip(outputs, summed, strict=True)
            ],
            summed,
            None if valid is None else valid[start:stop],
            None if suspect is None else suspect[start:stop],
        )
        kernel(part)
        return [x for x, is_sum in zip(part.outputs, summed, strict=True) if is_sum]

    starts = range(0, points, kernel.block)
    totals = [out for out, is_sum in zip(outputs, summed, strict=True) if is_sum]
    many = work * points >= LARGE and len(starts) > 1 and (os.cpu_count() or 1) > 1
    for sums in _on_all_cores(block, starts) if many else map(block, starts):
        for total, part in zip(totals, sums, strict=True):
            total += part


def _on_all_cores(block: Callable[[int], T], starts: Sequence[int]) -> Iterable[T]:
    """Do all blocks, on threads while Python starts any: when it ends it does no more."""
    try:
        return _threads().map(block, starts)
    except RuntimeError:
        return map(block, starts)


@cache
def _threads() -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor  # which cannot be imported when Python ends

    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="autograd")


if hasattr(os, "register_at_fork"):  # threads do not live on in a child
    os.register_at_fork(after_in_child=_threads.cache_clear)

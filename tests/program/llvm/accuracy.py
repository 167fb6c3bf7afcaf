"""The largest errors of the functions on vectors, at the points of `test_vector_math`, with FMA and without.

    PYTHONPATH=.:tests python tests/program/llvm/accuracy.py

They are in units in the last place of the exact value; 0 means that every result is the very double that
Python gives. It takes two minutes.
"""

from __future__ import annotations

from test_vector_math import awkward, dense, error_in_ulps, expected, machine, same

from autograd.ops import TABLE
from autograd.program.llvm.vector_math import LONG


def largest_error(name: str, **options: bool) -> float:
    primitive = TABLE[name]
    points = dense(primitive) + awkward(primitive)
    worst = 0.0
    for operands, got in zip(points, machine(8, **options)(name, points), strict=True):
        in_python = expected(primitive, operands)
        if in_python is not None and not same(got, in_python):
            worst = max(worst, error_in_ulps(primitive, operands, got))
    return worst


if __name__ == "__main__":
    for name in LONG:
        print(f"{name:12} {largest_error(name):.2f} {largest_error(name, fma=False):.2f}")

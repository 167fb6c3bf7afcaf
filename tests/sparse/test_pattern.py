"""Patterns give sparse arrays that are SciPy's own, each with places of its own."""

from __future__ import annotations

import pickle

import numpy as np

from autograd.sparse.pattern import Pattern


def test_an_array_is_the_one_that_scipy_makes() -> None:
    pattern = Pattern([[0, 2], [], [1]], 4)
    found = pattern.array(np.array([1.0, 2.0, 3.0]))
    found.check_format(full_check=True)
    assert found.shape == (3, 4)
    assert found.nnz == 3
    assert found.has_canonical_format
    assert np.array_equal(found.toarray(), [[1.0, 0.0, 2.0, 0.0], [0.0] * 4, [0.0, 3.0, 0.0, 0.0]])
    assert np.array_equal((found @ found.T).toarray(), found.toarray() @ found.toarray().T)


def test_what_is_done_to_an_array_is_not_done_to_the_next() -> None:
    pattern = Pattern([[0, 1], [1]], 2)
    first = pattern.array(np.array([1.0, 0.0, 3.0]))
    first.eliminate_zeros()
    first.indices[:] = 0
    first *= 2.0
    second = pattern.array(np.array([1.0, 0.0, 3.0]))
    assert second.nnz == 3
    assert np.array_equal(second.toarray(), [[1.0, 0.0], [0.0, 3.0]])


def test_a_pattern_without_entries_has_an_array_too() -> None:
    found = Pattern([[], []], 3).array(np.zeros(0))
    assert found.nnz == 0
    assert found.toarray().shape == (2, 3)


def test_a_pattern_that_was_used_can_be_pickled() -> None:
    pattern = Pattern([[1]], 2)
    pattern.array(np.array([5.0]))
    again = pickle.loads(pickle.dumps(pattern))
    assert np.array_equal(again.array(np.array([7.0])).toarray(), [[0.0, 7.0]])

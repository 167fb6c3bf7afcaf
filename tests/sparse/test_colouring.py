"""Colourings by which compressed products give all entries."""

from __future__ import annotations

import random

import numpy as np
import pytest

from autograd.sparse import coloured, found_in, star_coloured


def random_rows(rng: random.Random, height: int, width: int, share: float) -> list[list[int]]:
    return [[j for j in range(width) if rng.random() < share] for _ in range(height)]


@pytest.mark.parametrize("seed", range(20))
def test_products_with_the_colours_of_columns_hold_each_entry_alone(seed: int) -> None:
    rng = random.Random(seed)
    rows = random_rows(rng, 12, 15, 0.2)
    matrix = np.zeros((12, 15))
    for i, row in enumerate(rows):
        matrix[i, row] = [rng.random() for _ in row]
    colours = coloured(rows, 15)
    directions = np.zeros((max(colours) + 1, 15))
    directions[colours, range(15)] = 1.0
    products = matrix @ directions.T
    assert all(products[i, colours[j]] == matrix[i, j] for i, row in enumerate(rows) for j in row)


@pytest.mark.parametrize("seed", range(40))
def test_products_with_a_star_colouring_hold_each_entry_of_a_symmetric_matrix(seed: int) -> None:
    rng = random.Random(seed)
    half = random_rows(rng, 14, 14, rng.choice([0.05, 0.15, 0.4]))
    matrix = np.zeros((14, 14))
    for i, row in enumerate(half):
        for j in row:
            matrix[i, j] = matrix[j, i] = rng.random()
    rows = [np.flatnonzero(row).tolist() for row in matrix]
    colours = star_coloured(rows)
    directions = np.zeros((max(colours) + 1, 14))
    directions[colours, range(14)] = 1.0
    products = matrix @ directions.T
    entries = [(i, j) for i, row in enumerate(rows) for j in row if j <= i]
    assert [products[place] for place in found_in(rows, colours)] == [matrix[place] for place in entries]


def test_banded_matrices_need_as_many_colours_as_they_have_bands() -> None:
    tridiagonal = [[j for j in (i - 1, i, i + 1) if 0 <= j < 50] for i in range(50)]
    assert max(coloured(tridiagonal, 50)) == 2
    assert max(star_coloured(tridiagonal)) == 2


def test_an_arrow_needs_two_colours_where_it_is_symmetric() -> None:
    rows = [[*range(30)], *[[0, i] for i in range(1, 30)]]
    assert max(star_coloured(rows)) == 1
    assert max(coloured(rows, 30)) == 29


def test_nothing_needs_no_colours() -> None:
    assert coloured([], 0) == []
    assert star_coloured([]) == []
    assert coloured([[], []], 3) == [0, 0, 0]

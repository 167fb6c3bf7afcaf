"""Distributions can be imported as HIPS autograd's modules of their names."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograd.scipy import stats
from autograd.scipy.stats.modules import DISTRIBUTIONS


def test_each_distribution_is_there_as_a_module() -> None:
    assert sorted(DISTRIBUTIONS) == sorted(stats.__all__)
    program = "\n".join(f"import autograd.scipy.stats.{name} as {name}_" for name in stats.__all__)
    program += "\nfrom autograd.scipy.stats import norm\nassert norm is norm_ and norm_.logpdf(0.0) < 0.0"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("name", stats.__all__)
def test_it_is_the_distribution_of_that_name(name: str) -> None:
    assert DISTRIBUTIONS[name] is getattr(stats, name)

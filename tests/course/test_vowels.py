"""The vowels of the package are those that notebook 13 makes, and its recordings have the form it reads."""

from __future__ import annotations

import wave

import matplotlib.pyplot as plt
import numpy as np
import pytest

from autograd.training import vowels

from .make_vowels import table_of_the_notebook
from .notebook_cells import FOLDER


def test_the_table_is_what_the_notebook_makes() -> None:
    plt.switch_backend("agg")
    made = table_of_the_notebook()
    plt.close("all")
    assert (made.columns, made.rows) == (vowels().columns, vowels().rows)


@pytest.mark.parametrize(("name", "voices"), [("espeak_ng.wav", 5), ("flite.wav", 4)])
def test_a_recording_has_ten_loud_vowels_of_each_voice(name: str, voices: int) -> None:
    with wave.open(str(FOLDER / "sounds" / name)) as file:
        assert file.getparams()[:3] == (1, 1, 8000)
        samples = np.frombuffer(file.readframes(file.getnframes()), np.uint8).astype(float) - 128
    assert len(samples) == voices * 10 * 1000
    assert (abs(samples.reshape(-1, 1000)).max(axis=1) == 127).all()

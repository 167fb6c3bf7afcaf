"""The tables that come with the package, in the folder `data`, and the list of first names there."""

from __future__ import annotations

from importlib.resources import files

from .csv_files import parse_table
from .tables import Table


def iris() -> Table:
    """Return Fisher's iris data (1936): 150 flowers, four measures in centimetres, three species.

    The file and a note on where it comes from are in the package, in the folder `data`.

    >>> len(iris().rows), sorted(set(iris().cells("species")))
    (150, ['setosa', 'versicolor', 'virginica'])
    """
    return _shipped("iris.csv")


def digits() -> Table:
    """Return UCI's handwritten digits (1998): 1797 images of 8 by 8 pixels, and the digit of each.

    They were written by 13 people, for E. Alpaydin and C. Kaynak. The column `pixel_3_5` is the pixel in row
    3 and column 5, counted from 0: how much ink is there, from 0 to 16. A note beside the file names its
    source.

    >>> table = digits()
    >>> image = [[table.numbers(f"pixel_{i}_{j}")[1] for j in range(8)] for i in range(8)]
    >>> table.cells("digit")[1], image[0]
    ('1', [0.0, 0.0, 0.0, 12.0, 13.0, 5.0, 0.0, 0.0])
    """
    return _shipped("digits.csv")


def first_names() -> list[str]:
    """Return the 4018 most frequent first names of the United States (Census Bureau, 1990), in small letters.

    The most frequent are first. There are only the letters a to z in them. A note beside the file names its
    source.

    >>> names = first_names()
    >>> len(names), names[:5]
    (4018, ['james', 'john', 'robert', 'michael', 'mary'])
    """
    return list(_shipped("names.csv").cells("name"))


def vowels() -> Table:
    """Return 1500 vowels in American English, as the energy in 20 bands of frequency, and the word of each.

    They are synthetic, made by notebook 13 from the formants that Peterson and Barney measured (1952), each
    for a speaker of its own: a man, a woman or a child. The column `band_744` is the energy around 744 Hz in
    decibels, 0 in the loudest band and at least -40. The ten words are heed, hid, head, had, hod, hawed,
    hood, who'd, hud and heard. A note beside the file names its source.

    >>> table = vowels()
    >>> len(table.rows), table.columns[0], table.columns[-2:], table.cells("word")[:3]
    (1500, 'band_170', ('band_3620', 'word'), ['heed', 'hid', 'head'])
    """
    return _shipped("vowels.csv")


SHIPPED = {"iris": iris, "digits": digits, "vowels": vowels}
"""The tables that come with the package and that a network can be fitted to, by name."""


def _shipped(name: str) -> Table:
    data = files(__package__).joinpath("data", name).read_bytes()
    return parse_table(name, data, True, ",", frozenset())

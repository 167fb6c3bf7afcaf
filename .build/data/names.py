"""Make `autograd/training/data/names.csv`, the first names of the US Census Bureau: `names.py ARCHIVE`.

ARCHIVE is the source of version 0.3.0 of the package `names`, which carries the lists of the Bureau as they
were published, `dist.female.first` and `dist.male.first`:

    python -m pip download --no-deps --no-binary :all: names==0.3.0
    python .build/data/names.py names-0.3.0.tar.gz

A line of a list is a name, the per cent of its sex that bear it, the sum of these so far, and the rank. The
per cents of a name in both lists are added up. Rare names are left out, all of the same frequency alike, so
that none is preferred for its place in the alphabet.
"""

from __future__ import annotations

import sys
import tarfile
from collections import Counter
from hashlib import sha256
from pathlib import Path

LISTS = {
    "dist.female.first": "bd2f310fc4e5d5e5ea122c9d4342c9821145823118eb20db1647f305ec77b358",
    "dist.male.first": "0a5078ef6effe3b483d15b0f7f95047662126c9bfb624ecd5e5b978fc0f2470b",
}
"""The lists, and the SHA-256 of each."""

RARE = 1
"""Names that no more thousandths of a per cent bear are left out; it is the lowest frequency in the lists."""

OUT = Path(__file__).parents[2] / "autograd" / "training" / "data" / "names.csv"


def main(archive: str) -> None:
    shares: Counter[str] = Counter()
    with tarfile.open(archive) as files:
        for name, digest in LISTS.items():
            file = files.extractfile(f"names-0.3.0/names/{name}")
            assert file is not None
            data = file.read()
            if sha256(data).hexdigest() != digest:
                raise SystemExit(f"{name} in {archive} is not the list that names.csv was made from")
            shares += thousandths(data.decode("ascii"))
    lines = [f"{line}\n" for line in ("name", *frequent(shares))]
    OUT.write_text("".join(lines), encoding="ascii", newline="\n")


def thousandths(text: str) -> Counter[str]:
    """Return how many thousandths of a per cent bear each name of a list, the names in small letters."""
    rows = [line.split() for line in text.splitlines()]
    return Counter({name.lower(): round(1000 * float(share)) for name, share, _, _ in rows})


def frequent(shares: Counter[str]) -> list[str]:
    """Return the names that are not rare, the most frequent first, equally frequent ones by the alphabet."""
    return sorted((name for name in shares if shares[name] > RARE), key=lambda name: (-shares[name], name))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])

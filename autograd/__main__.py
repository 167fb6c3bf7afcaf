"""The command line: `python -m autograd`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())

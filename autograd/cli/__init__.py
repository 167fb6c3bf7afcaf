"""The command line, `autograd`: formulas, tables and trainings in the shell."""

from .command_line import main

__all__ = ["main"]

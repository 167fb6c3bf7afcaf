"""The command line, `python -m autograd` or `autograd`: formulas, tables and trainings in the shell.

`formula_commands` differentiates a formula, steps through it and explains it; `training_commands` lets a
network learn a table and predict another one. `main` takes the arguments and returns the exit
status; whatever went wrong is one message on standard error.
"""

from .command_line import main

__all__ = ["main"]

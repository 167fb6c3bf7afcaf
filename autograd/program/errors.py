"""What `compile` raises."""


class CompileError(RuntimeError):
    """A function does what a program cannot repeat; the message says what, and where if that is known."""

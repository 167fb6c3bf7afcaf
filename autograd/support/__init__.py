"""What every room needs and none owns: real numbers, files, terminals, text. Each file stands alone."""

__all__ = ()

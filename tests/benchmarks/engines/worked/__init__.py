"""The twenty models of `tests/models` by each engine: this one runs the files themselves."""

"""HIPS autograd's tests and examples, run against this package: `python -m tests.hips`."""

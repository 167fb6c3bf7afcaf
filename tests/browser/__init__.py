"""Tests in a real browser; they are run by `pytest tests/browser`."""

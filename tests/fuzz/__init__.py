"""Hostile input for whatever reads text and files: `python -m tests.fuzz expression`.

`inputs` has valid inputs and ways to damage them, `targets` what must hold for any input. Both serve the
ordinary tests (`tests/test_fuzzing.py`, random) and the long runs guided by coverage (`__main__`).
"""

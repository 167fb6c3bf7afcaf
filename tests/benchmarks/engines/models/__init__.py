"""The models, and programs without a pattern, one file an engine."""

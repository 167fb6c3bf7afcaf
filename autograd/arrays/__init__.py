"""NumPy arrays of Values."""

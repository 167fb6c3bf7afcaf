"""Programs with loops: repetition found in what was recorded, and kept as a loop."""

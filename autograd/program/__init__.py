"""A recorded graph as a straight-line program: run on numbers and on batches, written as text, compiled."""

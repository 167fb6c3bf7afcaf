"""One file an engine: how it does each piece of work that it can do, in a process of its own.

A file has `versions()`, the packages it uses, and `WORKS`: for each piece of work a function that makes a
`Task` of it, given the size and the option of the contender (a backend; mostly nothing).

They import the same work and wire it up alike; to share more than that would hide how each engine is used.
"""

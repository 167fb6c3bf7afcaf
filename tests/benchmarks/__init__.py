"""How fast the engine is, beside others: `python -m tests.benchmarks`.

`peers` installs the others, `works` says what is done, `reference` what must come out, `engines` how each
engine does it in a `worker` of its own; `measuring` has the `contenders` take turns, `tables` tell it.
`models` are models that people have, each with what must come out of it; `memory` says how much is held.
`scaling` draws the cost against the size; `derivatives` and `drawing` time those two.
"""

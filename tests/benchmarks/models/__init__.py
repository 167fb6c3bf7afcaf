"""Models as people write them, a file each: the data, the formulas, and what must come out.

The formulas are plain Python over numbers of any kind, with the functions of a `math` given; engines that
work on whole arrays write them again in their own way. `expected` gives the numbers by which a result is
checked, without any engine: by complex steps, or by derivatives written out by hand.
"""

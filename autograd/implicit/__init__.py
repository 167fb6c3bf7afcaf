"""Solutions of equations and of problems of optimisation, differentiated by the equations that they solve.

What finds a solution is called with plain numbers: SciPy, or a function of one's own. Its steps are not
recorded; the derivatives of the solution, of any order, are those of the implicit function theorem.
"""

from .brackets import brentq
from .minima import minimum
from .roots import fixed_point, root

__all__ = ["brentq", "fixed_point", "minimum", "root"]

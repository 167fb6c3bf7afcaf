"""Time the functions of `autograd.numpy` beside NumPy's own: `python -m tests.benchmarks.numpy_calls`.

Each is called outside of transformations, as people call it, on arrays of a thousand numbers. Those that are
NumPy's own objects are left out, as nothing stands between. The two take turns of some ten microseconds, and
the least time of either is told, that of the processor, as other work on the machine disturbs it least.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy

import autograd.numpy

TURN = 4e-5
"""Seconds of a turn."""
MODULES = ("", "linalg", "fft", "random")

ONE = """
all amax amin angle any argmax argmin argsort argwhere around array array2string array_repr array_str
asanyarray asarray ascontiguousarray asfortranarray atleast_1d atleast_2d atleast_3d average block
broadcast_arrays copy corrcoef count_nonzero cov cumprod cumsum cumulative_prod cumulative_sum diag diagflat
diff ediff1d empty_like fix flatnonzero flip gradient histogram histogram_bin_edges i0 imag iscomplex
isneginf isposinf isreal max mean median min min_scalar_type nan_to_num nanargmax nanargmin nancumprod
nancumsum nanmax nanmean nanmedian nanmin nanprod nanstd nansum nanvar nonzero ones_like prod ptp ravel real
real_if_close round sinc sort sort_complex squeeze std sum transpose trapezoid trim_zeros unique unique_all
unique_counts unique_inverse unique_values unwrap var zeros_like
""".split()

TWO = """
allclose append array_equal array_equiv convolve correlate dot inner intersect1d isclose isin kron outer
polyadd polysub setdiff1d setxor1d union1d vdot
""".split()

OTHERS = """
apply_along_axis(np.add.reduce, 1, m)
apply_over_axes(np.sum, m, 0)
arange(1000.0)
argpartition(a, 10)
array([1.5, 2.5, 3.5])
array_split(a, 10)
asarray(listed)
astype(a, np.float64)
bincount(whole)
broadcast_to(a, (3, 1000))
busday_count(days, days)
busday_offset(days, 1, "forward")
can_cast(np.float64, np.float32)
choose(flags, (a, b))
clip(a, 0.0, 0.5)
column_stack((a, b))
common_type(a, b)
compress(flags, a)
concat((a, b))
concatenate((a, b))
copyto(out, a)
cross(triples, triples)
datetime_as_string(days)
delete(a, 3)
diag_indices_from(square)
diagonal(m)
digitize(a, rising)
dsplit(cube, 2)
dstack((a, b))
einsum('i,i', a, b)
einsum_path('i,i', a, b)
empty(1000)
expand_dims(a, 0)
extract(flags, a)
eye(32)
fill_diagonal(square, 1.0)
fliplr(m)
flipud(m)
fromfunction(np.add, (32, 32))
fromiter(listed, float)
full(1000, 0.5)
full_like(a, 0.5)
geomspace(1.0, 2.0, 1000)
histogram2d(a, b)
histogramdd((a, b))
hsplit(m, 2)
hstack((a, b))
identity(32)
insert(a, 3, 0.5)
interp(a, rising, b)
is_busday(days)
ix_(whole, whole)
lexsort((a, b))
linspace(0.0, 1.0, 1000)
logspace(0.0, 1.0, 1000)
matrix_transpose(m)
meshgrid(a[:30], a[:30])
moveaxis(m, 0, 1)
nanpercentile(a, 50.0)
nanquantile(a, 0.5)
ones(1000)
packbits(flags)
pad(a, 2)
partition(a, 10)
percentile(a, 50.0)
permute_dims(m)
piecewise(a, [a < 0.5, a >= 0.5], [0.0, 1.0])
place(out, flags, a)
poly(a[:30])
polyder(a)
polydiv(a, b[:10])
polyfit(a, b, 2)
polyint(a)
polymul(a, b)
polyval(a[:5], b)
put(out, whole, a)
put_along_axis(out, whole, a, 0)
putmask(out, flags, a)
quantile(a, 0.5)
ravel_multi_index((whole, whole), (1000, 1000))
repeat(a, 2)
reshape(a, (10, 100))
resize(a, 1000)
roll(a, 3)
rollaxis(m, 1)
roots(a[:20])
rot90(m)
save(file, a)
savetxt(file, a)
savez(file, a)
savez_compressed(file, a)
searchsorted(rising, a)
select([a < 0.5, a >= 0.5], [a, b])
split(a, 10)
stack((a, b))
swapaxes(m, 0, 1)
take(a, whole)
take_along_axis(a, whole, 0)
tensordot(a, b, 1)
tile(a, 2)
trace(m)
tri(32)
tril(square)
tril_indices_from(square)
triu(square)
triu_indices_from(square)
unpackbits(octets)
unravel_index(whole, (10, 100))
unstack(m)
vander(a, 3)
vsplit(m, 2)
vstack((a, b))
where(flags, a, b)
zeros(1000)
linalg.cholesky(positive)
linalg.cond(square)
linalg.cross(triples, triples)
linalg.det(square)
linalg.diagonal(m)
linalg.eig(square)
linalg.eigh(positive)
linalg.eigvals(square)
linalg.eigvalsh(positive)
linalg.inv(square)
linalg.lstsq(square, row)
linalg.matmul(square, square)
linalg.matrix_norm(m)
linalg.matrix_power(square, 2)
linalg.matrix_rank(square)
linalg.matrix_transpose(m)
linalg.multi_dot((square, square, square))
linalg.norm(a)
linalg.outer(a, b)
linalg.pinv(square)
linalg.qr(square)
linalg.slogdet(square)
linalg.solve(square, row)
linalg.svd(square)
linalg.svdvals(square)
linalg.tensordot(a, b, axes=1)
linalg.tensorinv(square, 1)
linalg.tensorsolve(square, row)
linalg.trace(m)
linalg.vecdot(a, b)
linalg.vector_norm(a)
fft.fft(a)
fft.fft2(m)
fft.fftn(m)
fft.fftshift(a)
fft.hfft(a)
fft.ifft(a)
fft.ifft2(m)
fft.ifftn(m)
fft.ifftshift(a)
fft.ihfft(a)
fft.irfft(a)
fft.irfft2(m)
fft.irfftn(m)
fft.rfft(a)
fft.rfft2(m)
fft.rfftn(m)
random.beta(2.0, 3.0, 1000)
random.binomial(5, 0.5, 1000)
random.bytes(1000)
random.chisquare(2.0, 1000)
random.choice(a, 1000)
random.default_rng(0)
random.dirichlet((1.0, 2.0), 500)
random.exponential(1.0, 1000)
random.f(2.0, 3.0, 1000)
random.gamma(2.0, 1.0, 1000)
random.geometric(0.5, 1000)
random.get_state()
random.gumbel(0.0, 1.0, 1000)
random.hypergeometric(5, 5, 5, 1000)
random.laplace(0.0, 1.0, 1000)
random.logistic(0.0, 1.0, 1000)
random.lognormal(0.0, 1.0, 1000)
random.logseries(0.5, 1000)
random.multinomial(5, (0.5, 0.5), 500)
random.multivariate_normal((0.0, 0.0), ((1.0, 0.0), (0.0, 1.0)), 500)
random.negative_binomial(5, 0.5, 1000)
random.noncentral_chisquare(2.0, 1.0, 1000)
random.noncentral_f(2.0, 3.0, 1.0, 1000)
random.normal(0.0, 1.0, 1000)
random.pareto(2.0, 1000)
random.permutation(a)
random.poisson(2.0, 1000)
random.power(2.0, 1000)
random.rand(1000)
random.randint(0, 10, 1000)
random.randn(1000)
random.random_integers(0, 10, 1000)
random.random(1000)
random.random_sample(1000)
random.ranf(1000)
random.rayleigh(1.0, 1000)
random.sample(1000)
random.seed(0)
random.set_state(state)
random.shuffle(out)
random.standard_cauchy(1000)
random.standard_exponential(1000)
random.standard_gamma(2.0, 1000)
random.standard_normal(1000)
random.standard_t(2.0, 1000)
random.triangular(0.0, 0.5, 1.0, 1000)
random.uniform(0.0, 1.0, 1000)
random.vonmises(0.0, 1.0, 1000)
random.wald(1.0, 1.0, 1000)
random.weibull(2.0, 1000)
random.zipf(2.0, 1000)
r_[a, b]
c_[a, b]
""".strip().splitlines()
"""Calls with other arguments; `numbers` has what they are given."""


def numbers() -> dict[str, Any]:
    """Return what the functions are called with, by name."""
    random = numpy.random.RandomState(0)
    a, b, square = random.rand(1000), random.rand(1000), random.rand(32, 32)
    return {
        "a": a, "b": b, "m": random.rand(10, 100), "cube": random.rand(10, 10, 10), "square": square,
        "positive": square @ square.T + numpy.eye(32), "row": random.rand(32), "triples": random.rand(333, 3),
        "rising": numpy.linspace(0.0, 1.0, 1000), "listed": a.tolist(), "out": numpy.zeros(1000),
        "flags": a < 0.5, "whole": random.permutation(1000),
        "octets": random.randint(0, 255, 125).astype("u1"),
        "days": numpy.arange(1000).astype("M8[D]"), "state": random.get_state(), "file": os.devnull,
    }  # fmt: skip


def name_of(call: str) -> str:
    """Return the name of the function, with that of its module if it is not the first."""
    return call.partition("(")[0].partition("[")[0]


def found(module: Any, name: str) -> Any:
    """Return what a module of arrays, such as NumPy, has under a name."""
    for part in name.split("."):
        module = getattr(module, part)
    return module


def _exists(call: str) -> bool:
    try:
        found(numpy, name_of(call))
    except AttributeError:  # in an older version of NumPy
        return False
    return True


CALLS = [*filter(_exists, [*(f"{name}(a)" for name in ONE), *(f"{name}(a, b)" for name in TWO), *OTHERS])]


def own_names() -> Iterator[str]:
    """Yield the names under which `autograd.numpy` has something else than NumPy."""
    for module in MODULES:
        theirs = found(numpy, module) if module else numpy
        for name in theirs.__all__:
            full = f"{module}.{name}" if module else name
            if full not in MODULES and found(numpy, full) is not found(autograd.numpy, full):
                yield full


def turn(module: Any, call: str) -> Callable[[int], float]:
    """Return what calls a function so many times and returns the seconds that it takes."""
    names = {**numbers(), "np": module, "now": time.process_time}
    exec(
        "def run(times):\n    turns = range(times)\n    started = now()\n"
        f"    for _ in turns: np.{call}\n    return now() - started",
        names,
    )
    run: Callable[[int], float] = names["run"]
    return run


def least(call: str, seconds: float) -> tuple[float, float]:
    """Return the least seconds that a call takes here, and those that NumPy takes."""
    ours, theirs = turn(autograd.numpy, call), turn(numpy, call)
    times = max(1, min(1000, int(TURN / min(ours(1), theirs(1), theirs(1)))))
    best = [float("inf")] * 2
    until, turns = time.perf_counter() + seconds, 0
    while time.perf_counter() < until or turns < 10:
        for i, run in enumerate((ours, theirs)):
            best[i] = min(best[i], run(times) / times)
        turns += 1
    return best[0], best[1]


def main() -> None:
    """Print a table, the slowest beside NumPy first."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="of functions; all if there is none")
    parser.add_argument("--seconds", type=float, default=0.3, help="how long each is timed")
    parser.add_argument("--least", type=float, default=0.0, help="the ratio from which on it is told")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    calls = [x for x in CALLS if not options.names or name_of(x) in options.names]
    calls = [x for x in calls if found(numpy, name_of(x)) is not found(autograd.numpy, name_of(x))]
    rows = []
    for call in calls:
        ours, theirs = least(call, options.seconds)
        rows.append((ours / theirs, ours * 1e9, theirs * 1e9, call))
    print(f"Python {platform.python_version()}, NumPy {numpy.__version__}; {len(rows)} calls, nanoseconds\n")
    print("| call | NumPy | here | more | ratio |\n|---|---|---|---|---|")
    for ratio, ours, theirs, call in sorted(rows, reverse=True):
        if ratio >= options.least:
            print(f"| `{call}` | {theirs:.0f} | {ours:.0f} | {ours - theirs:.0f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()

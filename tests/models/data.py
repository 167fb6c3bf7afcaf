"""What the models are about: numbers that were published, and some that are drawn from seeds."""

from __future__ import annotations

from typing import Any

import numpy as np

# The flow of the Nile at Aswan, 10^8 cubic metres, 1871 to 1970. Durbin and Koopman, "Time Series Analysis by
# State Space Methods", 2001; Cobb, Biometrika 65, 1978.
NILE = np.array(
    """1120 1160 963 1210 1160 1160 813 1230 1370 1140 995 935 1110 994 1020 960 1180 799 958 1140 1100
    1210 1150 1250 1260 1220 1030 1100 774 840 874 694 940 833 701 916 692 1020 1050 969 831 726 456
    824 702 1120 1100 832 764 821 768 845 864 862 698 845 744 796 1040 759 781 865 845 944 984 897
    822 1010 771 676 649 846 812 742 801 1040 860 874 848 890 744 749 838 1050 918 986 797 923 975
    815 1020 906 901 1170 912 746 919 718 714 740""".split(),
    dtype=float,
)

# Earthquakes of magnitude 7 or more in the world, 1900 to 2006. Zucchini and MacDonald, "Hidden Markov Models
# for Time Series", 2009, table 1.1.
EARTHQUAKES = np.array(
    """13 14 8 10 16 26 32 27 18 32 36 24 22 23 22 18 25 21 21 14 8 11 14 23 18 17 19 20 22 19 13 26 13 14
    22 24 21 22 26 21 23 24 27 41 31 27 35 26 28 36 39 21 17 22 17 19 15 34 10 15 22 18 15 20 15 22
    19 16 30 27 29 23 20 16 21 21 25 16 18 15 18 14 10 15 8 15 6 11 8 7 18 16 13 12 13 20 15 16 12
    18 15 16 13 15 16 11 11""".split(),
    dtype=int,
)

# Boys confined to bed in a boarding school of 763, day by day. British Medical Journal, 4 March 1978, p. 587.
INFLUENZA = np.array([3, 8, 26, 76, 225, 298, 258, 233, 189, 128, 68, 29, 14, 4], dtype=float)
BOYS = 763.0

# Weeks in remission of leukemia: with 6-mercaptopurine (0 where it was censored), and with a placebo. Gehan,
# Biometrika 52, 1965.
TREATED_WEEKS = np.array(
    [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35], dtype=float
)
TREATED_ENDED = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], dtype=float)
PLACEBO_WEEKS = np.array([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], dtype=float)
WEEKS = np.concatenate([TREATED_WEEKS, PLACEBO_WEEKS])
ENDED = np.concatenate([TREATED_ENDED, np.ones(len(PLACEBO_WEEKS))])
TREATED = np.concatenate([np.ones(len(TREATED_WEEKS)), np.zeros(len(PLACEBO_WEEKS))])

# Counts by outcome and treatment. Dobson, "An Introduction to Generalized Linear Models", 1990, p. 93.
DOBSON = np.array([18, 17, 15, 20, 10, 20, 25, 13, 12], dtype=float)
DOBSON_DESIGN = np.array(
    [[1, i % 3 == 1, i % 3 == 2, i // 3 == 1, i // 3 == 2] for i in range(9)], dtype=float
)

# Degrees Fahrenheit at the launch of 23 space shuttles, and whether a seal was damaged. Dalal, Fowlkes and
# Hoadley, Journal of the American Statistical Association 84, 1989.
LAUNCH_DEGREES = np.array(
    """66 70 69 68 67 72 73 70 57 63 70 78 67 53 67 75 70 81 76 79 75 76 58""".split(), dtype=float
)
SEAL_DAMAGED = np.array("""0 1 0 0 0 0 0 0 1 1 1 0 0 1 0 0 0 0 0 0 1 0 1""".split(), dtype=float)


def returns(size: int = 500) -> Any:
    """Return daily returns in percent that GARCH(1, 1) drew."""
    shocks = np.random.default_rng(7).standard_normal(size)
    variance, found = 1.0, np.empty(size)
    for i, shock in enumerate(shocks):
        found[i] = 0.05 + shock * variance**0.5
        variance = 0.05 + 0.1 * (found[i] - 0.05) ** 2 + 0.85 * variance
    return found


def spiral(size: int = 20) -> tuple[Any, Any]:
    """Return times and places on the spiral y' = (y^3) A of Chen et al., by small steps of Euler's method."""
    a = np.array([[-0.1, 2.0], [-2.0, -0.1]])
    times = np.linspace(0.0, 2.0, size)
    y, found, small = np.array([2.0, 0.0]), [], 200
    for _ in range(size):
        found.append(y)
        for _ in range(small):
            y = y + (times[1] - times[0]) / small * (y**3 @ a)
    return times, np.array(found)


def weights(widths: tuple[int, int, int], spread: float) -> dict[str, Any]:
    """Return the weights and biases of a network of two layers, drawn."""
    inputs, hidden, outputs = widths
    draw = np.random.default_rng(3).standard_normal
    return {
        "w1": spread * draw((hidden, inputs) if inputs > 1 else hidden),
        "b1": spread * draw(hidden),
        "w2": spread * draw((outputs, hidden)),
        "b2": np.zeros(outputs),
    }


def pendulum(size: int) -> Any:
    """Return noisy horizontal places of a pendulum."""
    draw = np.random.default_rng(11).standard_normal
    angle, speed, found = 1.5, 0.0, []
    for _ in range(size):
        angle, speed = angle + 0.05 * speed, speed - 0.05 * 9.8 * np.sin(angle) + 0.02 * draw()
        found.append([np.sin(angle) + 0.3 * draw()])
    return np.array(found)


def noisy_wave(size: int = 25) -> tuple[Any, Any]:
    """Return places between 0 and 1, and a wave seen there with noise."""
    draw = np.random.default_rng(2)
    x = np.sort(draw.uniform(0.0, 1.0, size))
    return x, np.sin(6.0 * x) + 0.1 * draw.standard_normal(size)


# The IEEE's network of 14 buses. Of a bus: its kind (1: load, 2: generator, 3: the one that the others
# follow), what flows in (active and reactive, a hundred megawatts), its shunt, its voltage where it is held.
BUSES = np.array(
    [
        [3, 0.0, 0.0, 0.0, 1.06],
        [2, 0.183, 0.0, 0.0, 1.045],
        [2, -0.942, 0.0, 0.0, 1.01],
        [1, -0.478, 0.039, 0.0, 1.0],
        [1, -0.076, -0.016, 0.0, 1.0],
        [2, -0.112, 0.0, 0.0, 1.07],
        [1, 0.0, 0.0, 0.0, 1.0],
        [2, 0.0, 0.0, 0.0, 1.09],
        [1, -0.295, -0.166, 0.19, 1.0],
        [1, -0.09, -0.058, 0.0, 1.0],
        [1, -0.035, -0.018, 0.0, 1.0],
        [1, -0.061, -0.016, 0.0, 1.0],
        [1, -0.135, -0.058, 0.0, 1.0],
        [1, -0.149, -0.05, 0.0, 1.0],
    ]
)
# Of a branch: from and to, resistance, reactance, charging, and how a transformer at its beginning is tapped.
BRANCHES = np.array(
    [
        [1, 2, 0.01938, 0.05917, 0.0528, 1.0],
        [1, 5, 0.05403, 0.22304, 0.0492, 1.0],
        [2, 3, 0.04699, 0.19797, 0.0438, 1.0],
        [2, 4, 0.05811, 0.17632, 0.034, 1.0],
        [2, 5, 0.05695, 0.17388, 0.0346, 1.0],
        [3, 4, 0.06701, 0.17103, 0.0128, 1.0],
        [4, 5, 0.01335, 0.04211, 0.0, 1.0],
        [4, 7, 0.0, 0.20912, 0.0, 0.978],
        [4, 9, 0.0, 0.55618, 0.0, 0.969],
        [5, 6, 0.0, 0.25202, 0.0, 0.932],
        [6, 11, 0.09498, 0.1989, 0.0, 1.0],
        [6, 12, 0.12291, 0.25581, 0.0, 1.0],
        [6, 13, 0.06615, 0.13027, 0.0, 1.0],
        [7, 8, 0.0, 0.17615, 0.0, 1.0],
        [7, 9, 0.0, 0.11001, 0.0, 1.0],
        [9, 10, 0.03181, 0.0845, 0.0, 1.0],
        [9, 14, 0.12711, 0.27038, 0.0, 1.0],
        [10, 11, 0.08205, 0.19207, 0.0, 1.0],
        [12, 13, 0.22092, 0.19988, 0.0, 1.0],
        [13, 14, 0.17093, 0.34802, 0.0, 1.0],
    ]
)


def admittances(buses: Any, branches: Any) -> tuple[Any, Any]:
    """Return the real and the imaginary part of the matrix of admittances."""
    y = np.diag(1j * buses[:, 3])
    for start, end, resistance, reactance, charging, tap in branches:
        i, j, series = int(start) - 1, int(end) - 1, 1.0 / complex(resistance, reactance)
        y[i, i] += (series + 0.5j * charging) / tap**2
        y[j, j] += series + 0.5j * charging
        y[i, j] -= series / tap
        y[j, i] -= series / tap
    return y.real, y.imag

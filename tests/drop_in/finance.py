"""Option prices."""

import math


def normal_cdf(x: float) -> float:
    return (1.0 + math.erf(x / math.sqrt(2.0))) / 2.0


def black_scholes(spot: float, strike: float, rate: float, volatility: float, years: float) -> float:
    root = volatility * math.sqrt(years)
    d1 = (math.log(spot / strike) + (rate + volatility**2 / 2.0) * years) / root
    return spot * normal_cdf(d1) - strike * math.exp(-rate * years) * normal_cdf(d1 - root)


def implied_volatility(price: float, spot: float, strike: float, rate: float, years: float) -> float:
    volatility = 0.3
    for _ in range(8):
        root = volatility * math.sqrt(years)
        d1 = (math.log(spot / strike) + (rate + volatility**2 / 2.0) * years) / root
        vega = spot * math.exp(-d1 * d1 / 2.0) / math.sqrt(2.0 * math.pi) * math.sqrt(years)
        volatility -= (black_scholes(spot, strike, rate, volatility, years) - price) / vega
    return volatility


def binomial_tree(spot: float, strike: float, rate: float, volatility: float, n: int = 12) -> float:
    """Return the price of an American put, by the tree of Cox, Ross and Rubinstein."""
    dt = 1.0 / n
    up = math.exp(volatility * math.sqrt(dt))
    p = (math.exp(rate * dt) - 1.0 / up) / (up - 1.0 / up)
    values = [max(strike - spot * up ** (2 * i - n), 0.0) for i in range(n + 1)]
    for level in range(n - 1, -1, -1):
        for i in range(level + 1):
            kept = math.exp(-rate * dt) * (p * values[i + 1] + (1.0 - p) * values[i])
            values[i] = max(kept, strike - spot * up ** (2 * i - level))
    return values[0]

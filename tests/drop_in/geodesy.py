"""Distances and directions on the earth, from latitudes and longitudes in degrees."""

import math


def haversine(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    a = (
        math.sin((phi2 - phi1) / 2) ** 2
        + math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * 6371.0088 * math.asin(math.sqrt(a))


def bearing(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    phi1, phi2, across = math.radians(lat1), math.radians(lat2), math.radians(lon2 - lon1)
    y = math.sin(across) * math.cos(phi2)
    x = math.cos(phi1) * math.sin(phi2) - math.sin(phi1) * math.cos(phi2) * math.cos(across)
    return (math.degrees(math.atan2(y, x)) + 360.0) % 360.0


def vincenty(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the length in kilometres of the geodesic on the ellipsoid WGS 84."""
    a, f = 6378.137, 1.0 / 298.257223563
    b = (1.0 - f) * a
    u1 = math.atan((1.0 - f) * math.tan(math.radians(lat1)))
    u2 = math.atan((1.0 - f) * math.tan(math.radians(lat2)))
    difference = math.radians(lon2 - lon1)
    su1, cu1, su2, cu2 = math.sin(u1), math.cos(u1), math.sin(u2), math.cos(u2)
    angle = difference
    while True:
        sin_sigma = math.hypot(cu2 * math.sin(angle), cu1 * su2 - su1 * cu2 * math.cos(angle))
        cos_sigma = su1 * su2 + cu1 * cu2 * math.cos(angle)
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = cu1 * cu2 * math.sin(angle) / sin_sigma
        cos2_alpha = 1.0 - sin_alpha**2
        middle = cos_sigma - 2.0 * su1 * su2 / cos2_alpha
        c = f / 16.0 * cos2_alpha * (4.0 + f * (4.0 - 3.0 * cos2_alpha))
        series = sigma + c * sin_sigma * (middle + c * cos_sigma * (2.0 * middle**2 - 1.0))
        before, angle = angle, difference + (1.0 - c) * f * sin_alpha * series
        if abs(angle - before) < 1e-15:
            break
    square = cos2_alpha * (a * a - b * b) / (b * b)
    k1 = (math.sqrt(1.0 + square) - 1.0) / (math.sqrt(1.0 + square) + 1.0)
    factor, k2 = (1.0 + k1 * k1 / 4.0) / (1.0 - k1), k1 * (1.0 - 3.0 / 8.0 * k1 * k1)
    inner = cos_sigma * (2.0 * middle**2 - 1.0)
    inner -= k2 / 6.0 * middle * (4.0 * sin_sigma**2 - 3.0) * (4.0 * middle**2 - 3.0)
    return b * factor * (sigma - k2 * sin_sigma * (middle + k2 / 4.0 * inner))

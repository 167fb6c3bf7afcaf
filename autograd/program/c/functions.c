/*
 * Functions that <math.h> lacks, as functions of programs in C. A program gets those that it needs, with the
 * name of its own function in the place of "own". They give what Python's functions give, or inf and NaN
 * where these raise.
 */
#include <math.h>

static double own_relu(double x)
{
    return x > 0.0 || x != x ? x : 0.0;
}

static double own_leaky_relu(double x, double slope)
{
    return x > 0.0 ? x : slope * x;
}

static double own_elu(double x, double alpha)
{
    return x > 0.0 ? x : alpha * expm1(x);
}

static double own_sigmoid(double x)
{
    const double e = exp(-fabs(x));
    return x >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}

static double own_sech(double x)
{
    return fabs(x) < 700.0 ? 1.0 / cosh(x) : 2.0 * exp(-fabs(x));
}

/* log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)) */
static double own_softplus(double x)
{
    return own_relu(x) + log1p(exp(-fabs(x)));
}

static double own_logsigmoid(double x)
{
    return -own_softplus(-x);
}

static double own_sigmoid_slope(double x)
{
    return own_sigmoid(x) * own_sigmoid(-x);
}

static double own_silu(double x)
{
    const double root = exp(0.5 * x);
    return x < -700.0 ? x * root * root : x * own_sigmoid(x);
}

static double own_silu_slope(double x)
{
    return own_sigmoid(x) * (1.0 + x * own_sigmoid(-x));
}

/* x times the normal distribution function; what is made good is lost in the argument of erfc */
static double own_gelu(double x)
{
    const double z = -x * 0.7071067811865476;
    const double lost = fma(-x, 0.7071067811865476, -z) + x * 4.833646656726457e-17;
    const double tail = erfc(z), upper = nearbyint(x * 16.0) / 16.0;
    double series = 1.0, root;
    int k;
    if (!(x < -5.0))
        return 0.5 * x * tail;
    if (x >= -37.0)
        return 0.5 * x * (tail - tail * (lost * (z + sqrt(z * z + 2.0))));
    if (x < -40.0)
        return x * 0.0;
    for (k = 15; k > 0; k -= 2)
        series = 1.0 - k / (x * x) * series;
    root = exp(-0.25 * upper * upper);
    return -series * exp(-0.5 * (x - upper) * (x + upper)) * 0.3989422804014327 * root * root;
}

static double own_gelu_slope(double x)
{
    return 0.5 * erfc(-x * 0.7071067811865476) + x * exp(-0.5 * x * x) * 0.3989422804014327;
}

static double own_erf_slope(double x)
{
    return 1.1283791670955126 * exp(-x * x);
}

static double own_atan_slope(double x)
{
    return 1.0 / (1.0 + x * x);
}

static double own_atanh_slope(double x)
{
    return 1.0 / ((1.0 - x) * (1.0 + x));
}

static double own_hypot_slope(double x, double y)
{
    const double distance = hypot(x, y);
    return distance == 0.0 ? 0.0 : x / distance;
}

static double own_maximum(double x, double y)
{
    return x >= y || x != x ? x : y;
}

static double own_minimum(double x, double y)
{
    return x <= y || x != x ? x : y;
}

static double own_fmax(double x, double y)
{
    return x != x ? y : y != y ? x : own_maximum(x, y);
}

static double own_fmin(double x, double y)
{
    return x != x ? y : y != y ? x : own_minimum(x, y);
}

static double own_logaddexp(double x, double y)
{
    return x == y ? x + 0.6931471805599453 : own_maximum(x, y) + log1p(exp(-fabs(x - y)));
}

static double own_sign(double x)
{
    return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x * 0.0;
}

static double own_asin_slope(double x)
{
    return 1.0 / sqrt((1.0 - x) * (1.0 + x));
}

static double own_acosh_slope(double x)
{
    return 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0));
}

/* the remainder that has the sign of y */
static double own_modulo(double x, double y)
{
    double rest = fmod(x, y);
    if (rest == 0.0)
        return copysign(0.0, y);
    return (y < 0.0) != (rest < 0.0) ? rest + y : rest;
}

static double own_floor_division(double x, double y)
{
    double rest = fmod(x, y);
    double quotient = (x - rest) / y;
    double whole;
    if (y == 0.0)
        return x / y;
    if (rest != 0.0 && (y < 0.0) != (rest < 0.0))
        quotient -= 1.0;
    if (quotient == 0.0)
        return copysign(0.0, x / y);
    whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1.0 : whole;
}

/* as math.h has it, but for libraries that return a zero of the wrong sign */
static double own_remainder(double x, double y)
{
    const double rest = remainder(x, y);
    return rest == 0.0 ? copysign(0.0, x) : rest;
}

static double own_fraction(double x)
{
    return copysign(isfinite(x) || x != x ? x - trunc(x) : 0.0, x);
}

static double own_ldexp(double x, double exponent)
{
    if (fmod(exponent, 1.0) != 0.0)
        return NAN;
    return ldexp(x, exponent > 5000.0 ? 5000 : exponent < -5000.0 ? -5000 : (int)exponent);
}

/* the distance from |x| to the next larger number */
static double own_ulp(double x)
{
    const double size = fabs(x);
    const double next = nextafter(size, INFINITY);
    if (!isfinite(x))
        return size;
    return isfinite(next) ? next - size : size - nextafter(size, 0.0);
}

/* the place of a number among all numbers in order */
static long long own_rank(double x)
{
    int exponent;
    const double size = fabs(x);
    const double part = frexp(size, &exponent);
    long long place;
    if (!isfinite(x))
        place = 2047LL << 52;
    else if (size < 2.2250738585072014e-308)
        place = (long long)ldexp(size, 1074);
    else
        place = (long long)(exponent + 1021) * (1LL << 52) + (long long)ldexp(part, 53);
    return x < 0.0 ? -place : place;
}

static double own_of_rank(long long place)
{
    const long long size = place < 0 ? -place : place;
    const int exponent = (int)(size >> 52);
    const double part = (double)(size & ((1LL << 52) - 1));
    const double x = exponent ? ldexp(part + 4503599627370496.0, exponent - 1075) : ldexp(part, -1074);
    return place < 0 ? -x : x;
}

/* the number that many steps from x towards y */
static double own_steps_after(double x, double y, double steps)
{
    const long long start = own_rank(x), target = own_rank(y);
    unsigned long long distance, count;
    long long reached;
    if (!(steps >= 1.0) || x != x)
        return x;
    if (y != y)
        return y;
    distance = start < target ? (unsigned long long)target - (unsigned long long)start
                              : (unsigned long long)start - (unsigned long long)target;
    if (steps >= 1.8446744073709552e19)
        return y;
    count = (unsigned long long)steps;
    if (count >= distance)
        return y;
    reached = start < target ? start + (long long)count : start - (long long)count;
    return reached ? own_of_rank(reached) : copysign(0.0, x);
}

/* x to so many decimal places, ties to even; 5**places is high + low */
static double own_round_to(double x, double places)
{
    double high = 1.0, low = 0.0, scaled, whole, rest, beyond, result;
    int i, n;
    if (places != places)
        return NAN;
    if (!isfinite(places))
        return INFINITY;
    if (!isfinite(x) || places >= 324.0)
        return x;
    if (places <= -309.0)
        return 0.0 * x;
    n = (int)places;
    for (i = n < 0 ? -n : n; i > 0; i--) {
        const double product = high * 5.0;
        const double error = fma(high, 5.0, -product) + low * 5.0;
        high = product + error;
        low = error - (high - product);
    }
    result = ldexp(x, n);
    if (n < 0) {
        scaled = result / high;
        beyond = (fma(-scaled, high, result) - scaled * low) / high;
    } else {
        scaled = result * high;
        beyond = fma(result, high, -scaled) + result * low;
    }
    if (!(fabs(scaled) < 9007199254740992.0))
        return x;
    rest = scaled + beyond;
    beyond -= rest - scaled;
    scaled = rest;
    whole = nearbyint(scaled);
    rest = scaled - whole;
    if ((rest == 0.5 && beyond > 0.0) || (rest == -0.5 && beyond < 0.0))
        whole += 2.0 * rest;
    if (n < 0) {
        result = whole * high;
        result += fma(whole, high, -result) + whole * low;
    } else {
        result = whole / high;
        result += (fma(-result, high, whole) - result * low) / high;
    }
    return copysign(ldexp(result, -n), x);
}

/* the sum, rounded once, of n numbers; they are overwritten by partial sums that do not overlap */
static double own_exact_sum(double *t, int n)
{
    double infinite = 0.0, sum, rest = 0.0;
    int count = 0, large = 0, i, j;
    for (i = 0; i < n; i++) {
        if (!isfinite(t[i]))
            infinite += t[i];
        else if (fabs(t[i]) > 1e290)
            large = 1;
    }
    if (infinite != 0.0)
        return infinite;
    for (i = 0; i < n; i++) {
        double x = large ? ldexp(t[i], -64) : t[i];
        int kept = 0;
        for (j = 0; j < count; j++) {
            double y = t[j], both, error;
            if (fabs(x) < fabs(y)) {
                y = x;
                x = t[j];
            }
            both = x + y;
            error = y - (both - x);
            if (error != 0.0)
                t[kept++] = error;
            x = both;
        }
        count = kept;
        if (x != 0.0)
            t[count++] = x;
    }
    if (count == 0)
        return 0.0;
    sum = t[--count];
    while (count > 0 && rest == 0.0) {
        const double both = sum + t[--count];
        rest = t[count] - (both - sum);
        sum = both;
    }
    /* Half a unit is left over, and what follows says to which side to round. */
    if (count > 0 && ((rest < 0.0 && t[count - 1] < 0.0) || (rest > 0.0 && t[count - 1] > 0.0))) {
        const double other = sum + 2.0 * rest;
        if (other - sum == 2.0 * rest)
            sum = other;
    }
    return large ? ldexp(sum, 64) : sum;
}

/* the sum, rounded once, of the n products t[i] * t[n + i] */
static double own_exact_sum_of_products(double *t, int n)
{
    double plain = 0.0, size = 0.0, sum;
    int large, i;
    for (i = 0; i < n; i++) {
        if (!isfinite(t[i]) || !isfinite(t[n + i]))
            size = NAN;
        plain += t[i] * t[n + i];
        size += fabs(t[i] * t[n + i]);
    }
    if (size != size)
        return plain;
    large = size > 1e290;
    for (i = 0; i < n; i++) {
        const double x = large ? ldexp(t[i], -540) : t[i], y = large ? ldexp(t[n + i], -540) : t[n + i];
        t[i] = x * y;
        t[n + i] = fma(x, y, -t[i]);
    }
    sum = own_exact_sum(t, 2 * n);
    return large ? ldexp(sum, 1080) : sum;
}

/* the root of the sum of n squares */
static double own_distance(double *t, int n)
{
    double largest = 0.0, high = 0.0, low = 0.0, root, square;
    int exponent, i;
    for (i = 0; i < n; i++) {
        if (fabs(t[i]) == INFINITY)
            return INFINITY;
        largest = t[i] != t[i] || largest >= fabs(t[i]) ? largest : fabs(t[i]);
    }
    for (i = 0; i < n; i++)
        if (t[i] != t[i])
            return t[i];
    if (largest == 0.0)
        return 0.0;
    frexp(largest, &exponent);
    for (i = 0; i < n; i++) {
        const double x = ldexp(t[i], -exponent);
        const double both = high + x * x;
        const double part = both - high;
        low += (high - (both - part)) + (x * x - part) + fma(x, x, -(x * x));
        high = both;
    }
    root = sqrt(high + low);
    square = root * root;
    return ldexp(root + ((high - square) - fma(root, root, -square) + low) / (2.0 * root), exponent);
}

static double own_atan2_slope(double x, double y)
{
    double t[2], distance;
    t[0] = x;
    t[1] = y;
    distance = own_distance(t, 2); /* more accurate than hypot, whose error would count twice */
    return y / distance / distance;
}

/* the derivative of that order of cot(pi x): a polynomial in the cotangent, for d cot = -(1 + cot**2) */
static double own_cotangent(double x, int order)
{
    double c[176], slope[176], cotangent, result = 0.0;
    int length = 2, i, k;
    x -= nearbyint(x);
    if (fabs(x) > 0.25)
        cotangent = copysign(tan(3.141592653589793 * (0.5 - fabs(x))), x);
    else
        cotangent = 1.0 / tan(3.141592653589793 * x);
    c[0] = 0.0;
    c[1] = 1.0;
    for (i = 0; i < order; i++) {
        for (k = 1; k < length; k++)
            slope[k - 1] = k * c[k];
        length++;
        for (k = 0; k < length; k++)
            c[k] = 0.0;
        for (k = 0; k < length - 2; k++) {
            c[k] -= 3.141592653589793 * slope[k];
            c[k + 2] -= 3.141592653589793 * slope[k];
        }
    }
    for (k = length - 1; k >= 0; k--)
        result = result * cotangent + c[k];
    return result;
}

/* the logarithmic derivative of the gamma function (DLMF 5.5.2, 5.5.4, 5.11.2) */
static double own_digamma(double x)
{
    /* Bernoulli numbers B(2k) / (2k) */
    static const double bernoulli[] = {
        1.0 / 6 / 2, -1.0 / 30 / 4, 1.0 / 42 / 6, -1.0 / 30 / 8,
        5.0 / 66 / 10, -691.0 / 2730 / 12, 7.0 / 6 / 14, -3617.0 / 510 / 16
    };
    double terms[16], square, tail = 0.0;
    int n = 0, k;
    if (x <= 0.0)
        return x == floor(x) ? NAN : own_digamma(1.0 - x) - 3.141592653589793 * own_cotangent(x, 0);
    for (; x < 12.0; x += 1.0)
        terms[n++] = -1.0 / x;
    if (x == INFINITY)
        return x;
    square = 1.0 / x / x;
    for (k = 7; k >= 0; k--)
        tail = (tail + bernoulli[k]) * square;
    terms[n++] = log(x);
    terms[n++] = -0.5 / x;
    terms[n++] = -tail;
    return own_exact_sum(terms, n);
}

/* the sum over k of (x + k)**-s, by Euler and Maclaurin (DLMF 25.11.28) */
static double own_hurwitz_zeta(double s, double x)
{
    /* Bernoulli numbers B(2k) */
    static const double bernoulli[] = {
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30,
        5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510,
        43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730
    };
    double total = 0.0, rising = s / 2.0, power;
    int k;
    for (; x < 12.0 + s; x += 1.0)
        total += pow(x, -s);
    power = pow(x, 1.0 - s);
    total += power / (s - 1.0);
    power /= x;
    total += 0.5 * power;
    for (k = 1; k <= 12; k++) {
        power /= x;
        total += bernoulli[k - 1] * rising * power;
        power /= x;
        rising *= (s + 2 * k - 1) * (s + 2 * k) / ((2 * k + 1) * (2 * k + 2));
    }
    return total;
}

/* the n-th derivative of digamma (DLMF 5.15.1, 5.15.6) */
static double own_polygamma(double n, double x)
{
    double high = 1.0, low = 0.0, result;
    int even, k;
    if (fmod(n, 1.0) != 0.0 || n < 0.0)
        return NAN;
    if (n == 0.0)
        return own_digamma(x);
    even = fmod(n, 2.0) == 0.0;
    if (x <= 0.0 && x == floor(x))
        return NAN;
    if (x != x || x == INFINITY)
        return x != x ? x : 0.0;
    if (n > 170.0)
        return even && (x > 0.0 || x > nearbyint(x)) ? -INFINITY : INFINITY;
    if (x < 0.0) {
        result = own_polygamma(n, 1.0 - x);
        return (even ? result : -result) - 3.141592653589793 * own_cotangent(x, (int)n);
    }
    for (k = 2; k <= n; k++) { /* n! = high + low */
        const double product = high * k;
        const double error = fma(high, k, -product) + low * k;
        high = product + error;
        low = error - (high - product);
    }
    return (even ? -high : high) * own_hurwitz_zeta(n + 1.0, x);
}

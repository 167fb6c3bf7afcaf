// Functions that JavaScript's Math lacks, or has with more error, as functions of programs in JavaScript. A
// program gets those that it needs. They give what Python's functions give, or inf and NaN where these raise.

function own_relu(x) {
  return x > 0 || x !== x ? x : 0;
}

function own_leaky_relu(x, slope) {
  return x > 0 ? x : slope * x;
}

function own_elu(x, alpha) {
  return x > 0 ? x : alpha * Math.expm1(x);
}

function own_copysign(x, y) {
  const negative = y < 0 || Object.is(y, -0);
  return negative === (x < 0 || Object.is(x, -0)) ? x : -x;
}

// the nearest whole number, ties to even
function own_nearest(x) {
  if (!(Math.abs(x) < 4503599627370496)) return x;
  const size = Math.abs(x) + 4503599627370496 - 4503599627370496;
  return own_copysign(size, x);
}

// x * 2**n, rounded once
function own_scaled(x, n) {
  if (n > 1023) {
    x *= 2 ** 1023;
    n = Math.min(n - 1023, 2046);
    if (n > 1023) [x, n] = [x * 2 ** 1023, n - 1023];
  } else if (n < -1022) {
    x *= 2 ** -969;
    n = Math.max(n + 969, -1991);
    if (n < -1022) [x, n] = [x * 2 ** -969, n + 969];
  }
  return x * 2 ** n;
}

// the exponent e of a finite number that is not 0: its size is in [2**(e - 1), 2**e)
function own_exponent(x) {
  const size = Math.abs(x);
  if (size < 2.2250738585072014e-308) return own_exponent(size * 2 ** 54) - 54;
  const bits = new Uint32Array(Float64Array.of(size).buffer);
  return (bits[1] >>> 20) - 1022; // of a machine whose lowest byte comes first, as all browsers' are
}

// the error of a product (T. J. Dekker, 1971), for factors below 2**996
function own_product_error(x, y, product) {
  let xh = x * 134217729;
  xh -= xh - x;
  let yh = y * 134217729;
  yh -= yh - y;
  return xh * yh - product + xh * (y - yh) + (x - xh) * yh + (x - xh) * (y - yh);
}

// the sum of two numbers, and its error
function own_two_sum(x, y) {
  const sum = x + y;
  const part = sum - x;
  return [sum, x - (sum - part) + (y - part)];
}

// the product of two sums of two numbers, as such a sum
function own_double_product(x, xl, y, yl) {
  const product = x * y;
  const low = own_product_error(x, y, product) + (x * yl + xl * y);
  return [product + low, low - (product + low - product)];
}

// the quotient of two sums of two numbers, as such a sum
function own_double_quotient(x, xl, y, yl) {
  const quotient = x / y;
  const product = quotient * y;
  const low = (x - product - own_product_error(quotient, y, product) + xl - quotient * yl) / y;
  return [quotient + low, low - (quotient + low - quotient)];
}

function own_polynomial(x, coefficients) {
  let result = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) result = result * x + coefficients[i];
  return result;
}

// k, h and l with exp(x + low) = 2**k (h + l), for |x| < 1e5 (Cody and Waite, 1980)
function own_exp_parts(x, low) {
  const k = own_nearest(x * 1.4426950408889634);
  const high = x - k * 0.6931471805598903;
  const correction = k * 5.497923018708371e-14 - low;
  const r = high - correction;
  const rest = high - r - correction;
  // (exp(r) - 1 - r) / r**2
  const series = own_polynomial(r, [
    0.5000000000000006, 0.16666666666666688, 0.0416666666665688, 0.008333333333312825,
    0.0013888888934571915, 0.00019841269906887367, 2.480150162248271e-05, 2.7557224572495183e-06,
    2.762745087710531e-07, 2.51155114526078e-08,
  ]);
  const start = 1 + r;
  const more = r - (start - 1) + (r * r * series + rest);
  return [k, start + more, more - (start + more - start)];
}

// k, h and l as of exp_parts, but right to 2**-90: the series of a 256th, whose exponential is squared
function own_exp_parts_exactly(x, low) {
  const k = own_nearest(x * 1.4426950408889634);
  const product = k * 5.497923018708371e-14;
  const error = own_product_error(k, 5.497923018708371e-14, product);
  let [r, rest] = own_two_sum(x - k * 0.6931471805598903, -product);
  [r, rest] = own_two_sum(r / 256, (rest - error + low) / 256);
  const [square, more] = own_double_product(r, rest, r, rest);
  const series = own_polynomial(r, [1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040]);
  let [e, el] = own_two_sum(r, 0.5 * square);
  [e, el] = own_two_sum(e, el + (rest + 0.5 * more + r * square * series));
  for (let i = 0; i < 8; i++) {
    const [h, l] = own_double_product(e, el, e, el);
    const [sum, lost] = own_two_sum(2 * e, h);
    [e, el] = own_two_sum(sum, lost + 2 * el + l);
  }
  const [high, lost] = own_two_sum(1, e);
  return [k, high, lost + el];
}

// log(x) as a sum of two numbers, for a positive finite x: a step of Newton's method
function own_log_parts(x) {
  const exponent = own_exponent(x);
  const part = own_scaled(x, -exponent);
  const near = exponent * 0.6931471805599453 + Math.log(part);
  const [k, high, low] = own_exp_parts_exactly(-near, 0);
  // x exp(-near) - 1
  const product = part * high;
  const scale = own_scaled(1, k + exponent);
  const step = product * scale - 1 + (own_product_error(part, high, product) + part * low) * scale;
  return own_two_sum(near, step - 0.5 * step * step);
}

// exp(x + low), to little more than half a unit in the last place
function own_exp(x, low = 0) {
  if (!(Math.abs(x) < 800)) return Math.exp(x);
  const [k, high, rest] = own_exp_parts_exactly(x, low);
  return own_scaled(high + rest, k);
}

// x ** y for a positive x, to little more than half a unit in the last place
function own_power_of_positive(x, y) {
  if (!(x > 0 && x < Infinity && Math.abs(y) < 1e300) || x === 1) return own_power(x, y);
  const [log, low] = own_log_parts(x);
  if (!(Math.abs(log * y) < 800)) return own_power(x, y);
  return own_exp(...own_double_product(log, low, y, 0));
}

// log(x), to little more than half a unit in the last place
function own_log(x) {
  return x > 0 && x < Infinity && x !== 1 ? own_log_parts(x)[0] : Math.log(x);
}

function own_log10(x) {
  if (!(x > 0 && x < Infinity) || x === 1) return Math.log10(x);
  const [log, low] = own_log_parts(x);
  return own_double_product(log, low, 0.4342944819032518, 1.098319650216765e-17)[0];
}

function own_sigmoid(x) {
  const e = own_exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

function own_sech(x) {
  return Math.abs(x) < 700 ? 1 / Math.cosh(x) : 2 * own_exp(-Math.abs(x));
}

// With t = expm1(-2|x|) it is -t / (2 + t).
function own_tanh(x) {
  const a = Math.min(Math.abs(x), 22);
  if (!(a > 1e-8)) return x;
  const [k, high, low] = own_exp_parts(-2 * a, 0);
  const scale = 2 ** k;
  let [t, rest] = own_two_sum(-1, high * scale);
  [t, rest] = own_two_sum(t, rest + low * scale);
  const [divisor, more] = own_two_sum(2, t);
  return own_copysign(own_double_quotient(-t, -rest, divisor, more + rest)[0], x);
}

// log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|))
function own_softplus(x) {
  return own_relu(x) + Math.log1p(Math.exp(-Math.abs(x)));
}

function own_logsigmoid(x) {
  return -own_softplus(-x);
}

function own_sigmoid_slope(x) {
  return own_sigmoid(x) * own_sigmoid(-x);
}

function own_silu(x) {
  const root = own_exp(0.5 * x);
  return x < -700 ? x * root * root : x * own_sigmoid(x);
}

function own_silu_slope(x) {
  return own_sigmoid(x) * (1 + x * own_sigmoid(-x));
}

// -expm1(-g) with g = -log(erfc(x)) = 2/sqrt(pi) x + x**2 G(x)
function own_erf(x) {
  const a = Math.min(Math.abs(x), 6);
  if (!(a > 0)) return x;
  const product = a * 1.1283791670955126;
  const series = own_polynomial(a, [
    0.6366197723675876, 0.10277260330144264, -0.019128446995335276, -0.0002091948315641027,
    0.001696207528114452, -0.0005901318165759769, 2.590259585938612e-05, 6.442485596728332e-05,
    -2.9583348903215873e-05, 3.1801032041120273e-06, 3.1218346660688812e-06, -2.0277771536709457e-06,
    5.642844835009677e-07, -8.28465448136162e-09, -6.720881360239664e-08, 3.509060518213069e-08,
    -1.0910099596713883e-08, 2.3892615207547637e-09, -3.806643509348858e-10, 4.355605598554688e-11,
    -3.4078995392732375e-12, 1.6365908529159474e-13, -3.642454508460153e-15,
  ]);
  const error = own_product_error(a, 1.1283791670955126, product) + a * 1.533545961316588e-17;
  if (a < 1e-140) return x * 1.1283791670955126;
  const [g, rest] = own_two_sum(product, a * a * series + error);
  if (g < 0.3) {
    // expm1 of a small number, to whose derivative the rest goes
    const e = -Math.expm1(-g);
    return own_copysign(e + rest * (1 - e), x);
  }
  const [k, high, low] = own_exp_parts(-g, -rest);
  const scale = 2 ** k;
  const [sum, more] = own_two_sum(1, -high * scale);
  return own_copysign(sum + (more - low * scale), x);
}

// (1 + 2 a) exp(a**2) erfc(a) in (a - 3.75) / (a + 3.75) (Shepherd and Laframboise, 1981)
function own_erfc(x) {
  const a = Math.min(Math.abs(x), 28);
  if (!(a >= 0.25)) return 1 - own_erf(x);
  const square = a * a;
  const [k, e, rest] = own_exp_parts_exactly(-square, -own_product_error(a, a, square));
  const [ratio, ratioLow] = own_double_quotient(a + a, 0, ...own_two_sum(a, 3.75));
  let [t, tl] = own_two_sum(-1, ratio);
  tl += ratioLow;
  const series = own_polynomial(t, [
    -0.1402405985855467, 0.0035854154854626425, 0.08227673849011273, -0.10880393014165302,
    0.09230432116152959, -0.05869339859151484, 0.028362277400090685, -0.00974657954098872,
    0.0017556260239719212, 0.0002937135927685011, -0.00029015502079760014, 5.1649175226912014e-05,
    2.2387509027974923e-05, -1.144355198460579e-05, -9.80827351297369e-07, 1.748794939418789e-06,
    -4.7130120709049e-08, -2.5295745550101945e-07, 1.512603281821706e-08, 3.277356021546013e-08,
    -5.689196934168699e-10, -2.2981588853120437e-09,
  ]);
  const slope = own_polynomial(t, [-0.18117198942514778, 0.3296623250980109, 0.6506434201408966, -1.4090425290155564]);
  const [factor, more] = own_two_sum(1.2375126308378275, t * series);
  const product = own_double_product(e, rest, factor, more + tl * slope + 1.0839730103763124e-16);
  const [high, low] = own_double_quotient(...product, ...own_two_sum(a + a, 1));
  if (!(x < 0)) return own_scaled(high + low, k);
  const scale = own_scaled(1, k);
  const [sum, error] = own_two_sum(2, -high * scale);
  return sum + (error - low * scale);
}

function own_erf_slope(x) {
  return 1.1283791670955126 * Math.exp(-x * x);
}

// x times the normal distribution function; what is made good is lost in the argument of erfc
function own_gelu(x) {
  const z = -x * 0.7071067811865476;
  const tail = own_erfc(z);
  if (!(x < -5)) return 0.5 * x * tail;
  if (x < -40) return x * 0;
  if (x >= -37) {
    const lost = own_product_error(-x, 0.7071067811865476, z) + x * 4.833646656726457e-17;
    return 0.5 * x * (tail - tail * (lost * (z + Math.sqrt(z * z + 2))));
  }
  let series = 1;
  for (let k = 15; k > 0; k -= 2) series = 1 - (k / (x * x)) * series;
  const upper = own_nearest(x * 16) / 16;
  const root = own_exp(-0.25 * upper * upper);
  return -series * own_exp(-0.5 * (x - upper) * (x + upper)) * 0.3989422804014327 * root * root;
}

function own_gelu_slope(x) {
  return 0.5 * own_erfc(-x * 0.7071067811865476) + x * Math.exp(-0.5 * x * x) * 0.3989422804014327;
}

function own_atan_slope(x) {
  return 1 / (1 + x * x);
}

function own_atanh_slope(x) {
  return 1 / ((1 - x) * (1 + x));
}

function own_asin_slope(x) {
  return 1 / Math.sqrt((1 - x) * (1 + x));
}

function own_acosh_slope(x) {
  return 1 / (Math.sqrt(x - 1) * Math.sqrt(x + 1));
}

function own_maximum(x, y) {
  return x >= y || x !== x ? x : y;
}

function own_minimum(x, y) {
  return x <= y || x !== x ? x : y;
}

function own_fmax(x, y) {
  return x !== x ? y : y !== y ? x : own_maximum(x, y);
}

function own_fmin(x, y) {
  return x !== x ? y : y !== y ? x : own_minimum(x, y);
}

function own_logaddexp(x, y) {
  return x === y ? x + 0.6931471805599453 : own_maximum(x, y) + Math.log1p(Math.exp(-Math.abs(x - y)));
}

function own_sign(x) {
  return x > 0 ? 1 : x < 0 ? -1 : x * 0;
}

// 1 ** NaN and (-1) ** inf are 1, as in C and Python
function own_power(x, y) {
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : Math.pow(x, y);
}

function own_exp2(x) {
  return Math.pow(2, x);
}

// the remainder that has the sign of y
function own_modulo(x, y) {
  const rest = x % y;
  if (rest === 0) return own_copysign(0, y);
  return y < 0 !== rest < 0 ? rest + y : rest;
}

function own_floor_division(x, y) {
  if (y === 0) return x / y;
  const rest = x % y;
  let quotient = (x - rest) / y;
  if (rest !== 0 && y < 0 !== rest < 0) quotient -= 1;
  if (quotient === 0) return own_copysign(0, x / y);
  const whole = Math.floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}

// x minus the nearest multiple of y, ties to even
function own_remainder(x, y) {
  if (!Number.isFinite(x) || !Number.isFinite(y) || y === 0) {
    return x !== x || y !== y ? NaN : Math.abs(y) === Infinity && Number.isFinite(x) ? x : NaN;
  }
  const a = Math.abs(x);
  const b = Math.abs(y);
  const rest = a % b;
  const other = b - rest;
  const nearest = rest < other ? rest : rest > other ? -other : rest - 2 * ((0.5 * (a - rest)) % b);
  return own_copysign(1, x) * nearest;
}

function own_fraction(x) {
  return own_copysign(Number.isFinite(x) || x !== x ? x - Math.trunc(x) : 0, x);
}

function own_ldexp(x, exponent) {
  if (exponent % 1 !== 0) return NaN;
  return x === 0 || !Number.isFinite(x) ? x : own_scaled(x, Math.max(-5000, Math.min(5000, exponent)));
}

// the place of a number among all numbers in order
function own_rank(x) {
  const [bits] = new BigInt64Array(Float64Array.of(Math.abs(x)).buffer);
  return x < 0 ? -bits : bits;
}

function own_of_rank(place) {
  const [size] = new Float64Array(BigInt64Array.of(place < 0n ? -place : place).buffer);
  return place < 0n ? -size : size;
}

// the number that many steps from x towards y
function own_steps_after(x, y, steps) {
  if (!(steps >= 1) || x !== x) return x;
  if (y !== y) return y;
  const start = own_rank(x);
  const target = own_rank(y);
  const distance = start < target ? target - start : start - target;
  const count = steps === Infinity ? distance : BigInt(Math.trunc(steps));
  if (count >= distance) return y;
  const reached = start < target ? start + count : start - count;
  return reached === 0n ? own_copysign(0, x) : own_of_rank(reached);
}

function own_nextafter(x, y) {
  return own_steps_after(x, y, 1);
}

// the distance from |x| to the next larger number
function own_ulp(x) {
  const size = Math.abs(x);
  if (!Number.isFinite(x)) return size;
  const next = own_steps_after(size, Infinity, 1);
  return Number.isFinite(next) ? next - size : size - own_steps_after(size, 0, 1);
}

// a finite number as a whole number of units 2**-1074
function own_units(x) {
  if (x === 0) return 0n;
  const shift = Math.max(0, own_exponent(x) - 53 + 1074);
  return BigInt(own_scaled(own_scaled(x, -Math.max(0, shift - 1074)), Math.min(1074, 1074 - shift + Math.max(0, shift - 1074)))) << BigInt(shift);
}

// a whole number of units 2**-low as the nearest number, ties to even
function own_from_units(units, low) {
  if (units === 0n) return 0;
  const size = units < 0n ? -units : units;
  const digits = size.toString(2).length;
  const dropped = Math.max(digits - 53, low - 1074);
  let kept = size;
  if (dropped > 0) {
    const half = 1n << BigInt(dropped - 1);
    const rest = size & ((half << 1n) - 1n);
    kept = size >> BigInt(dropped);
    if (rest > half || (rest === half && kept & 1n)) kept += 1n;
  }
  const result = own_scaled(Number(kept), Math.max(0, dropped) - low);
  return units < 0n ? -result : result;
}

// x * y + z, rounded once
function own_fma(x, y, z) {
  const product = x * y;
  if (!(Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z))) {
    return Number.isFinite(z) || !(Number.isFinite(x) && Number.isFinite(y)) ? product + z : z;
  }
  const units = own_units(x) * own_units(y) + (own_units(z) << 1074n);
  if (units !== 0n) {
    const result = own_from_units(units, 2148);
    return result === 0 && units < 0n ? -0 : result;
  }
  return product === 0 && z === 0 ? product + z : 0;
}

// the sum, rounded once
function own_exact_sum(terms) {
  let units = 0n;
  let infinite = 0;
  for (const x of terms) {
    if (Number.isFinite(x)) units += own_units(x);
    else infinite += x;
  }
  return infinite === 0 ? own_from_units(units, 1074) : infinite;
}

// the sum, rounded once, of the products of the numbers of the first half with those of the second
function own_exact_sum_of_products(both) {
  const count = both.length / 2;
  let units = 0n;
  let plain = 0;
  for (let i = 0; i < count; i++) {
    plain += both[i] * both[count + i];
    if (units !== null && Number.isFinite(both[i]) && Number.isFinite(both[count + i])) {
      units += own_units(both[i]) * own_units(both[count + i]);
    } else units = null;
  }
  return units === null ? plain : own_from_units(units, 2148);
}

// the number at a place, the nearest one where there is none
function own_gathered(numbers, place) {
  return numbers[Math.trunc(Math.min(Math.max(0, place), numbers.length - 1))];
}

// x to so many decimal places, ties to even
function own_round_to(x, places) {
  if (places !== places) return NaN;
  if (!Number.isFinite(places)) return Infinity;
  if (!Number.isFinite(x) || x === 0 || places >= 324) return x;
  if (places <= -309) return 0 * x;
  const n = Math.trunc(places);
  const power = 10n ** BigInt(Math.abs(n));
  const size = own_units(Math.abs(x)) * (n > 0 ? power : 1n);
  const unit = (1n << 1074n) * (n > 0 ? 1n : power);
  let whole = size / unit;
  const twice = 2n * (size % unit);
  if (twice > unit || (twice === unit && whole & 1n)) whole += 1n;
  return own_copysign(Number(`${whole}e${-n}`), x);
}

// the root of the sum of squares
function own_distance(...numbers) {
  let largest = 0;
  for (const x of numbers) if (Math.abs(x) === Infinity) return Infinity;
  for (const x of numbers) {
    if (x !== x) return x;
    largest = Math.max(largest, Math.abs(x));
  }
  if (largest === 0) return 0;
  const exponent = own_exponent(largest);
  let high = 0;
  let low = 0;
  for (const number of numbers) {
    const x = own_scaled(number, -exponent);
    const square = x * x;
    const [both, error] = own_two_sum(high, square);
    low += error + own_product_error(x, x, square);
    high = both;
  }
  const root = Math.sqrt(high + low);
  const square = root * root;
  const rest = high - square - own_product_error(root, root, square) + low;
  return own_scaled(root + rest / (2 * root), exponent);
}

function own_hypot_slope(x, y) {
  const distance = own_distance(x, y);
  return distance === 0 ? 0 : x / distance;
}

function own_atan2_slope(x, y) {
  const distance = own_distance(x, y);
  return y / distance / distance;
}

// sin(pi x), as Python's gamma functions have it
function own_sine_pi(x) {
  const y = Math.abs(x) % 2;
  const n = Math.round(2 * y);
  const pi = 3.141592653589793;
  const sine = [
    () => Math.sin(pi * y),
    () => Math.cos(pi * (y - 0.5)),
    () => Math.sin(pi * (1 - y)),
    () => -Math.cos(pi * (y - 1.5)),
    () => Math.sin(pi * (y - 2)),
  ][n]();
  return x < 0 ? -sine : sine;
}

// the sum of Lanczos for the gamma function with g = 6.0246800407767296, as Python has it
function own_lanczos(x) {
  const above = [
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
  ];
  const below = [0, 39916800, 120543840, 150917976, 105258076, 45995730, 13339535, 2637558, 357423, 32670, 1925, 66, 1];
  if (x < 5) return own_polynomial(x, above) / own_polynomial(x, below);
  const falling = (coefficients) => coefficients.reduce((sum, c) => sum / x + c, 0);
  return falling(above) / falling(below);
}

// the gamma function, in the steps of Python's
function own_gamma(x) {
  if (!Number.isFinite(x)) return x === -Infinity ? NaN : x;
  if (x === 0) return 1 / x;
  if (x === Math.floor(x)) {
    if (x < 0) return NaN;
    if (x <= 23) {
      let product = 1;
      for (let i = 2; i < x; i++) product *= i;
      return product;
    }
  }
  const a = Math.abs(x);
  if (a < 1e-20) return 1 / x;
  if (a > 200) return x < 0 ? 0 / own_sine_pi(x) : Infinity;
  const shift = 5.524680040776729583740234375;
  const y = a + shift;
  let z = a > shift ? y - a - shift : y - shift - a;
  z = (z * 6.024680040776729583740234375) / y;
  let result;
  if (x < 0) {
    result = (-3.141592653589793 / own_sine_pi(a) / a) * own_exp(y) / own_lanczos(a);
    result -= z * result;
    if (a < 140) return result / own_power_of_positive(y, a - 0.5);
    const root = own_power_of_positive(y, a / 2 - 0.25);
    return result / root / root;
  }
  result = own_lanczos(a) / own_exp(y);
  result += z * result;
  if (a < 140) return result * own_power_of_positive(y, a - 0.5);
  const root = own_power_of_positive(y, a / 2 - 0.25);
  return result * root * root;
}

// log(|gamma(x)|), in the steps of Python's
function own_lgamma(x) {
  if (!Number.isFinite(x)) return x !== x ? x : Infinity;
  if (x === Math.floor(x) && x <= 2) return x <= 0 ? Infinity : 0;
  const a = Math.abs(x);
  if (a < 1e-20) return -own_log(a);
  let result = own_log(own_lanczos(a)) - 6.024680040776729583740234375;
  result += (a - 0.5) * (own_log(a + 6.024680040776729583740234375 - 0.5) - 1);
  if (x < 0) result = 1.144729885849400174143427351353058711647 - own_log(Math.abs(own_sine_pi(a))) - own_log(a) - result;
  return result;
}

// the derivative of that order of cot(pi x): a polynomial in the cotangent, for d cot = -(1 + cot**2)
function own_cotangent(x, order) {
  x -= own_nearest(x);
  const near = Math.abs(x) > 0.25;
  const cotangent = near
    ? own_copysign(Math.tan(3.141592653589793 * (0.5 - Math.abs(x))), x)
    : 1 / Math.tan(3.141592653589793 * x);
  let coefficients = [0, 1];
  for (let i = 0; i < order; i++) {
    const slope = coefficients.map((c, k) => k * c).slice(1);
    coefficients = new Array(slope.length + 2).fill(0);
    slope.forEach((c, k) => {
      coefficients[k] -= 3.141592653589793 * c;
      coefficients[k + 2] -= 3.141592653589793 * c;
    });
  }
  return own_polynomial(cotangent, coefficients);
}

// the logarithmic derivative of the gamma function (DLMF 5.5.2, 5.5.4, 5.11.2)
function own_digamma(x) {
  if (x <= 0) return x === Math.floor(x) ? NaN : own_digamma(1 - x) - 3.141592653589793 * own_cotangent(x, 0);
  if (!(x < Infinity)) return x;
  const terms = [];
  for (; x < 12; x += 1) terms.push(-1 / x);
  // Bernoulli numbers B(2k) / (2k)
  const bernoulli = [1 / 6 / 2, -1 / 30 / 4, 1 / 42 / 6, -1 / 30 / 8, 5 / 66 / 10, -691 / 2730 / 12, 7 / 6 / 14, -3617 / 510 / 16];
  const square = 1 / x / x;
  let tail = 0;
  for (let k = 7; k >= 0; k--) tail = (tail + bernoulli[k]) * square;
  return own_exact_sum([...terms, own_log(x), -0.5 / x, -tail]);
}

// the sum over k of (x + k)**-s, by Euler and Maclaurin (DLMF 25.11.28)
function own_hurwitz_zeta(s, x) {
  // Bernoulli numbers B(2k)
  const bernoulli = [
    1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330,
    854513 / 138, -236364091 / 2730,
  ];
  let total = 0;
  for (; x < 12 + s; x += 1) total += own_power_of_positive(x, -s);
  let power = own_power_of_positive(x, 1 - s);
  total += power / (s - 1);
  power /= x;
  total += 0.5 * power;
  let rising = s / 2;
  for (let k = 1; k <= 12; k++) {
    power /= x;
    total += bernoulli[k - 1] * rising * power;
    power /= x;
    rising *= ((s + 2 * k - 1) * (s + 2 * k)) / ((2 * k + 1) * (2 * k + 2));
  }
  return total;
}

// the n-th derivative of digamma (DLMF 5.15.1, 5.15.6)
function own_polygamma(n, x) {
  if (n % 1 !== 0 || n < 0) return NaN;
  if (n === 0) return own_digamma(x);
  const even = n % 2 === 0;
  if (x <= 0 && x === Math.floor(x)) return NaN;
  if (x !== x || x === Infinity) return x !== x ? x : 0;
  if (n > 170) return even && (x > 0 || x > own_nearest(x)) ? -Infinity : Infinity;
  if (x < 0) {
    const mirrored = own_polygamma(n, 1 - x);
    return (even ? mirrored : -mirrored) - 3.141592653589793 * own_cotangent(x, n);
  }
  let factorial = 1n;
  for (let k = 2n; k <= n; k++) factorial *= k;
  return (even ? -1 : 1) * Number(factorial) * own_hurwitz_zeta(n + 1, x);
}

// the error that Python raises where an operation gives inf or NaN; "" where it raises none
function own_error_of(op, ...operands) {
  const [x, y] = operands;
  const finite = Number.isFinite(x);
  const overflow = finite ? "OverflowError" : "";
  const pole = x <= 0 && x === Math.floor(x) ? "ValueError" : "";
  const complex = x < 0 && finite && Number.isFinite(y) && y % 1 !== 0;
  switch (op) {
    case "/": case "//": case "%":
      return y === 0 ? "ZeroDivisionError" : "";
    case "**":
      if (x === 0) return y < 0 && y > -Infinity ? "ZeroDivisionError" : "";
      if (complex) return y * Math.log2(-x) < 1024 ? "ValueError" : "OverflowError";
      return Number.isFinite(y) ? overflow : "";
    case "pow":
      if (complex || (x === 0 && y < 0 && y > -Infinity)) return "ValueError";
      return x !== 0 && Number.isFinite(y) ? overflow : "";
    case "sqrt": case "root":
      return x < 0 ? "ValueError" : "";
    case "exp": case "exp2": case "expm1": case "sinh": case "cosh":
      return overflow;
    case "log": case "log2": case "log10":
      return x <= 0 ? "ValueError" : "";
    case "log1p":
      return x <= -1 ? "ValueError" : "";
    case "sin": case "cos": case "tan":
      return Math.abs(x) === Infinity ? "ValueError" : "";
    case "asin": case "acos":
      return Math.abs(x) > 1 ? "ValueError" : "";
    case "acosh":
      return x < 1 ? "ValueError" : "";
    case "atanh":
      return Math.abs(x) >= 1 ? "ValueError" : "";
    case "asin′":
      return Math.abs(x) === 1 ? "ZeroDivisionError" : Math.abs(x) > 1 ? "ValueError" : "";
    case "acosh′":
      return x === 1 ? "ZeroDivisionError" : x < 1 ? "ValueError" : "";
    case "atanh′":
      return Math.abs(x) === 1 ? "ZeroDivisionError" : "";
    case "atan2′":
      return x === 0 && y === 0 ? "ZeroDivisionError" : "";
    case "gamma": case "digamma":
      return pole || (op === "gamma" ? overflow : "");
    case "lgamma":
      return x === -Infinity ? "" : pole || overflow;
    case "polygamma":
      if (x % 1 !== 0 || x < 0 || (y <= 0 && y === Math.floor(y))) return "ValueError";
      return x === 0 || y !== y || y === Infinity || (y < 0 && x <= 170) ? "" : "OverflowError";
    case "fmod": case "remainder":
      return (y === 0 && x === x) || (Math.abs(x) === Infinity && y === y) ? "ValueError" : "";
    case "ldexp":
      return overflow;
    case "floor": case "ceil": case "trunc": case "round":
      return x !== x ? "ValueError" : "OverflowError";
    case "fsum…":
      if (operands.every(Number.isFinite)) return "OverflowError";
      return operands.includes(Infinity) && operands.includes(-Infinity) ? "ValueError" : "";
    case "fma…":
      if (operands.every(Number.isFinite)) return "OverflowError";
      return operands.some(Number.isNaN) || own_fma(...operands) === own_fma(...operands) ? "" : "ValueError";
    case "round_to":
      return y !== y ? "ValueError" : finite || Math.abs(y) === Infinity ? "OverflowError" : "";
    default:
      return "";
  }
}

// Throw the error that Python raises in a node, if it raises one. A fault has the operation, its operands,
// and the node as the program writes it.
function own_check(node, op, ...operands) {
  const kind = own_error_of(op, ...operands);
  if (!kind) return;
  const fault = new Error(`${node} has no value: ${op} of ${operands.join(" and ")}`);
  throw Object.assign(fault, { name: kind, node, operation: op, operands });
}

/* Values and gradients written by hand: what a compiler makes of the formulas when nothing is in its way.
 *
 * Batches are rows of points; results go into memory that the caller keeps, so that none is asked for. */
#include <math.h>
#include <string.h>

/* The sum over neighbours of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2, for n points of 20 numbers. */
enum { DIMENSION = 20 };

void rosenbrock(long n, const double *restrict points, double *restrict values, double *restrict gradients) {
    for (long p = 0; p < n; p++) {
        const double *restrict x = points + p * DIMENSION;
        double *restrict g = gradients + p * DIMENSION;
        double inner[DIMENSION - 1], terms[DIMENSION - 1], value = 0.0;
        for (int i = 0; i < DIMENSION - 1; i++) {
            inner[i] = x[i + 1] - x[i] * x[i];
            terms[i] = 100.0 * inner[i] * inner[i] + (1.0 - x[i]) * (1.0 - x[i]);
        }
        for (int i = 0; i < DIMENSION - 1; i++) value += terms[i];
        g[0] = -400.0 * x[0] * inner[0] - 2.0 * (1.0 - x[0]);
        for (int i = 1; i < DIMENSION - 1; i++)
            g[i] = 200.0 * inner[i - 1] - 400.0 * x[i] * inner[i] - 2.0 * (1.0 - x[i]);
        g[DIMENSION - 1] = 200.0 * inner[DIMENSION - 2];
        values[p] = value;
    }
}

/* The price of a call and its derivatives by spot, strike, rate, time and volatility, in closed form. Input and
 * greeks are five rows of n numbers. */
void black_scholes(long n, const double *restrict options, double *restrict prices, double *restrict greeks) {
    const double *restrict spots = options, *restrict strikes = options + n, *restrict rates = options + 2 * n;
    const double *restrict times = options + 3 * n, *restrict sigmas = options + 4 * n;
    for (long p = 0; p < n; p++) {
        double spot = spots[p], strike = strikes[p], rate = rates[p], time = times[p], sigma = sigmas[p];
        double root = sqrt(time), deviation = sigma * root;
        double d1 = (log(spot / strike) + (rate + 0.5 * sigma * sigma) * time) / deviation, d2 = d1 - deviation;
        double n1 = 0.5 * erfc(-d1 * M_SQRT1_2), n2 = 0.5 * erfc(-d2 * M_SQRT1_2);
        double density = 0.39894228040143267794 * exp(-0.5 * d1 * d1), discount = exp(-rate * time);
        double discounted = strike * discount * n2;
        prices[p] = spot * n1 - discounted;
        greeks[p] = n1;
        greeks[n + p] = -discount * n2;
        greeks[2 * n + p] = time * discounted;
        greeks[3 * n + p] = 0.5 * spot * density * sigma / root + rate * discounted;
        greeks[4 * n + p] = spot * density * root;
    }
}

/* One step of micrograd's demo. The network is kept as matrices (input, neuron), the biases as their last row, so
 * that the loops over neurons are the inner ones and run in vectors. */
enum { INPUTS = 2, WIDTH = 16 };

typedef struct {
    double first[INPUTS + 1][WIDTH];
    double second[WIDTH + 1][WIDTH];
    double third[WIDTH + 1];
} Network;

double step(Network *restrict network, int n, const double *restrict x, const double *restrict y, double rate,
            double decay) {
    double *parameters = (double *)network;
    const int count = sizeof(Network) / sizeof(double);
    Network slope;
    double second_transposed[WIDTH][WIDTH], loss = 0.0, squares = 0.0;
    memset(&slope, 0, sizeof slope);
    for (int i = 0; i < WIDTH; i++)
        for (int j = 0; j < WIDTH; j++) second_transposed[j][i] = network->second[i][j];
    for (int p = 0; p < n; p++) {
        double a[WIDTH], b[WIDTH], db[WIDTH], da[WIDTH];
        const double *restrict in = x + p * INPUTS;
        for (int j = 0; j < WIDTH; j++) {
            double sum = network->first[2][j] + in[0] * network->first[0][j] + in[1] * network->first[1][j];
            a[j] = sum > 0.0 ? sum : 0.0;
        }
        for (int j = 0; j < WIDTH; j++) b[j] = network->second[WIDTH][j];
        for (int i = 0; i < WIDTH; i++)
            for (int j = 0; j < WIDTH; j++) b[j] += a[i] * network->second[i][j];
        double score = network->third[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            b[j] = b[j] > 0.0 ? b[j] : 0.0;
            score += b[j] * network->third[j];
        }
        double margin = 1.0 - y[p] * score;
        if (!(margin > 0.0)) continue;
        double error = -y[p] / n;
        loss += margin;
        slope.third[WIDTH] += error;
        for (int j = 0; j < WIDTH; j++) {
            slope.third[j] += error * b[j];
            db[j] = b[j] > 0.0 ? error * network->third[j] : 0.0;
            slope.second[WIDTH][j] += db[j];
            da[j] = 0.0;
        }
        for (int i = 0; i < WIDTH; i++)
            for (int j = 0; j < WIDTH; j++) slope.second[i][j] += a[i] * db[j];
        for (int j = 0; j < WIDTH; j++)
            for (int i = 0; i < WIDTH; i++) da[i] += db[j] * second_transposed[j][i];
        for (int i = 0; i < WIDTH; i++) {
            da[i] = a[i] > 0.0 ? da[i] : 0.0;
            slope.first[0][i] += in[0] * da[i];
            slope.first[1][i] += in[1] * da[i];
            slope.first[2][i] += da[i];
        }
    }
    for (int k = 0; k < count; k++) {
        squares += parameters[k] * parameters[k];
        parameters[k] -= rate * (((double *)&slope)[k] + 2.0 * decay * parameters[k]);
    }
    return loss / n + decay * squares;
}

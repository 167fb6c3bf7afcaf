/* The models with their gradients written by hand. */
#include <math.h>

/* GARCH(1, 1): the loss of n returns and its derivatives by omega, alpha and beta, in a reverse sweep over the
 * variances, which the caller gives the memory for. */
void garch(long n, const double *restrict returns, const double *restrict parameters, double *restrict variances,
           double *restrict result) {
    const double omega = parameters[0], alpha = parameters[1], beta = parameters[2];
    const double left = 1.0 - alpha - beta, start = omega / left;
    double variance = start, total = 0.0;
    for (long i = 0; i < n; i++) {
        variances[i] = variance;
        variance = omega + alpha * returns[i] * returns[i] + beta * variance;
    }
    for (long i = 0; i < n; i++) total += log(variances[i]) + returns[i] * returns[i] / variances[i];
    double adjoint = 0.0, by_omega = 0.0, by_alpha = 0.0, by_beta = 0.0;
    for (long i = n - 1; i >= 0; i--) {
        const double square = returns[i] * returns[i], inverse = 1.0 / variances[i];
        by_omega += adjoint; /* of the variance after this one */
        by_alpha += adjoint * square;
        by_beta += adjoint * variances[i];
        adjoint = 0.5 * inverse * (1.0 - square * inverse) + beta * adjoint;
    }
    result[0] = 0.5 * total;
    result[1] = by_omega + adjoint / left;
    result[2] = by_alpha + adjoint * start / left;
    result[3] = by_beta + adjoint * start / left;
}

/* SIR: the state, and its derivatives by beta and gamma, which are moved along with it. */
typedef struct {
    double s, i, r, s_beta, i_beta, r_beta, s_gamma, i_gamma, r_gamma;
} State;

static inline State slope(State x, double beta, double gamma) {
    const double new = beta * x.s * x.i;
    const double new_beta = x.s * x.i + beta * (x.s_beta * x.i + x.s * x.i_beta);
    const double new_gamma = beta * (x.s_gamma * x.i + x.s * x.i_gamma);
    const double gone = gamma * x.i, gone_beta = gamma * x.i_beta, gone_gamma = x.i + gamma * x.i_gamma;
    return (State){-new,           new - gone, gone,       -new_beta,           new_beta - gone_beta,
                   gone_beta,      -new_gamma, new_gamma - gone_gamma, gone_gamma};
}

static inline State moved(State x, State dx, double time) {
    double *to = (double *)&x, *by = (double *)&dx;
    for (int k = 0; k < 9; k++) to[k] += time * by[k];
    return x;
}

void sir(long n, const double *restrict start, const double *restrict rates, double days, double *restrict result) {
    const double beta = rates[0], gamma = rates[1], dt = days / n;
    State x = {start[0], start[1], start[2], 0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
    for (long step = 0; step < n; step++) {
        State a = slope(x, beta, gamma);
        State b = slope(moved(x, a, 0.5 * dt), beta, gamma);
        State c = slope(moved(x, b, 0.5 * dt), beta, gamma);
        State d = slope(moved(x, c, dt), beta, gamma);
        x = moved(moved(moved(moved(x, a, dt / 6.0), b, dt / 3.0), c, dt / 3.0), d, dt / 6.0);
    }
    result[0] = x.r;
    result[1] = x.r_beta;
    result[2] = x.r_gamma;
}

/* Kepler's equation for n pairs of mean anomaly and eccentricity, rows; the derivatives by both, rows. */
void kepler(long n, const double *restrict orbits, double near, double *restrict values, double *restrict slopes) {
    for (long p = 0; p < n; p++) {
        const double mean = orbits[p], eccentricity = orbits[n + p];
        double angle = mean + eccentricity * sin(mean), step;
        do {
            step = (angle - eccentricity * sin(angle) - mean) / (1.0 - eccentricity * cos(angle));
            angle -= step;
        } while (!(fabs(step) < near));
        const double by_mean = 1.0 / (1.0 - eccentricity * cos(angle));
        values[p] = angle;
        slopes[p] = by_mean;
        slopes[n + p] = sin(angle) * by_mean;
    }
}

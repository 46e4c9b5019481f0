// Dense symmetric systems and the matrix of a thin-plate spline.
#include "CKernels.h"
#include "Sampling.h"

#include <math.h>
#include <string.h>

// Natural logarithms of positive doubles, within 2e-15 of their size: exponent, and the series of atanh for a mantissa of
// 0.75…1.5. A loop over it becomes vector instructions, which a call of the library does not.
static inline __attribute__((always_inline)) double exact_log(double value) {
    union { double d; int64_t i; } bits = {value};
    int32_t exponent = (int32_t)(bits.i >> 52) - 1023;
    bits.i = (bits.i & 0x000fffffffffffff) | 0x3ff0000000000000;
    double m = bits.d;
    int32_t high = m > 1.5;
    m = high ? m * 0.5 : m;
    double t = (m - 1) / (m + 1), t2 = t * t;
    double series = 1.0 / 23;
    series = series * t2 + 1.0 / 21;
    series = series * t2 + 1.0 / 19;
    series = series * t2 + 1.0 / 17;
    series = series * t2 + 1.0 / 15;
    series = series * t2 + 1.0 / 13;
    series = series * t2 + 1.0 / 11;
    series = series * t2 + 1.0 / 9;
    series = series * t2 + 1.0 / 7;
    series = series * t2 + 1.0 / 5;
    series = series * t2 + 1.0 / 3;
    series = series * t2 + 1;
    return (double)(exponent + high) * 0.693147180559945309417 + 2 * t * series;
}

FAST void lipsmith_spline_kernel(const float *restrict points, int32_t count, double *restrict rows, int32_t length) {
    for (int32_t row = 0; row < count; row++) {
        double x = points[2 * row], y = points[2 * row + 1];
        double *out = rows + (size_t)row * length;
        for (int32_t i = 0; i < row; i++) {
            double dx = x - points[2 * i], dy = y - points[2 * i + 1];
            double squared = dx * dx + dy * dy + 1e-12;
            out[i] = 0.5 * squared * exact_log(squared);
        }
    }
}

// Exchanges two unknowns from `low` on in the lower triangle of a symmetric matrix, in the factors before it, and in the
// rows below the matrix up to `end`.
static void exchange(double *rows, int32_t n, int32_t end, int32_t low, int32_t high) {
#define SWAP(p, q)                                                                                                  \
    do {                                                                                                            \
        double kept = (p);                                                                                          \
        (p) = (q);                                                                                                  \
        (q) = kept;                                                                                                 \
    } while (0)
    double *a = rows + (size_t)low * n, *b = rows + (size_t)high * n;
    for (int32_t i = 0; i < low; i++) SWAP(a[i], b[i]);
    SWAP(a[low], b[high]);
    for (int32_t i = low + 1; i < high; i++) SWAP(rows[(size_t)i * n + low], b[i]);
    for (int32_t i = high + 1; i < end; i++) SWAP(rows[(size_t)i * n + low], rows[(size_t)i * n + high]);
#undef SWAP
}

// Chooses the pivot of column `k` after Bunch and Kaufman (Math. Comp. 31, 163, 1977) and brings it to its place. Returns
// its size, 1 or 2, or 0 for a singular matrix.
static int32_t choose_pivot(double *rows, int32_t n, int32_t end, int32_t k, int32_t *order) {
    const double alpha = 0.6403882032022076; // (1 + √17) / 8
    double own = fabs(rows[(size_t)k * n + k]), largest = 0;
    int32_t at = k;
    for (int32_t i = k + 1; i < n; i++) {
        double value = fabs(rows[(size_t)i * n + k]);
        if (value > largest) {
            largest = value;
            at = i;
        }
    }
    if (own < 1e-14 && largest < 1e-14) return 0;
    if (own >= alpha * largest) return 1;
    const double *row = rows + (size_t)at * n;
    double beside = 0;
    for (int32_t i = k; i < at; i++) beside = fmax(beside, fabs(row[i]));
    for (int32_t i = at + 1; i < n; i++) beside = fmax(beside, fabs(rows[(size_t)i * n + at]));
    if (own * beside >= alpha * largest * largest) return 1;
    int32_t size = fabs(row[at]) >= alpha * beside ? 1 : 2, target = k + size - 1;
    if (at > target) {
        exchange(rows, n, end, target, at);
        int32_t kept = order[target];
        order[target] = order[at];
        order[at] = kept;
    }
    return size;
}

// Takes the pivot of column `k` out of the rows below it, so that its columns hold the factors.
static inline __attribute__((always_inline)) void eliminate(
    double *restrict rows, int32_t n, int32_t end, int32_t k, int32_t size, double *restrict first,
    double *restrict second) {
    double a = rows[(size_t)k * n + k], b = 0, c = 1;
    if (size == 2) {
        b = rows[(size_t)(k + 1) * n + k];
        c = rows[(size_t)(k + 1) * n + k + 1];
        // The block's own factor is one.
        rows[(size_t)(k + 1) * n + k] = 0;
    }
    double inverse = 1 / (a * c - b * b);
    for (int32_t i = k + size; i < end; i++) {
        double *row = rows + (size_t)i * n;
        double u = row[k], v = size == 2 ? row[k + 1] : 0;
        double from_first = (u * c - v * b) * inverse, from_second = (v * a - u * b) * inverse;
        int32_t last = i < n ? i : n - 1;
        first[i] = u;
        second[i] = v;
        if (size == 1) {
#pragma clang loop vectorize_width(4) interleave_count(1)
            for (int32_t j = k + 1; j <= last; j++) row[j] -= from_first * first[j];
        } else {
#pragma clang loop vectorize_width(4) interleave_count(1)
            for (int32_t j = k + 2; j <= last; j++) row[j] -= from_first * first[j] + from_second * second[j];
            row[k + 1] = from_second;
        }
        row[k] = from_first;
    }
}

FAST int lipsmith_solve_symmetric(
    double *restrict rows, int32_t n, int32_t sides, double *restrict work, int32_t *restrict order) {
    int32_t end = n + sides;
    for (int32_t i = 0; i < n; i++) order[i] = i;
    for (int32_t k = 0; k < n;) {
        int32_t size = choose_pivot(rows, n, end, k, order);
        if (size == 0) return 1;
        eliminate(rows, n, end, k, size, work, work + end);
        k += size;
    }
    for (double *side = rows + (size_t)n * n; side < rows + (size_t)end * n; side += n) {
        for (int32_t i = n - 1; i > 0; i--) {
            const double *row = rows + (size_t)i * n;
            double value = side[i];
#pragma clang loop vectorize_width(4) interleave_count(1)
            for (int32_t j = 0; j < i; j++) side[j] -= row[j] * value;
        }
        for (int32_t i = 0; i < n; i++) work[order[i]] = side[i];
        memcpy(side, work, (size_t)n * sizeof *side);
    }
    return 0;
}

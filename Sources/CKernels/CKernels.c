#include "CKernels.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#define FAST __attribute__((target_clones("default", "arch=x86-64-v3")))
#else
#define FAST
#endif

// log2 by exponent and a minimax polynomial of the mantissa; relative error below 2e-6, which is far under a pixel.
static inline __attribute__((always_inline)) float fast_log(float value) {
    union { float f; int32_t i; } bits = {value};
    int32_t exponent = ((bits.i >> 23) & 255) - 127;
    bits.i = (bits.i & 0x007fffff) | 0x3f800000;
    float m = bits.f;
    // Move the mantissa to 0.75…1.5, where the series of atanh converges fast.
    int32_t high = m > 1.5f;
    m = high ? m * 0.5f : m;
    exponent += high;
    float t = (m - 1) / (m + 1);
    float t2 = t * t;
    float series = 2 * t * (1 + t2 * (0.33333333f + t2 * (0.2f + t2 * (0.14285714f + t2 * 0.11111111f))));
    return (float)exponent * 0.69314718f + series;
}

FAST void lipsmith_spline_grid(
    const float *restrict centres, const float *restrict weights, const float *restrict affine, int32_t count,
    float x0, float y0, float step, int32_t columns, int32_t rows, float *restrict out) {
    enum { block = 64 };
    float u[block], v[block];
    for (int32_t row = 0; row < rows; row++) {
        float y = y0 + (float)row * step;
        for (int32_t start = 0; start < columns; start += block) {
            int32_t n = columns - start < block ? columns - start : block;
            for (int32_t i = 0; i < block; i++) {
                float x = x0 + (float)(start + i) * step;
                u[i] = affine[0] + affine[1] * x + affine[2] * y;
                v[i] = affine[3] + affine[4] * x + affine[5] * y;
            }
            for (int32_t k = 0; k < count; k++) {
                float cx = centres[2 * k], wy = y - centres[2 * k + 1];
                float wu = weights[2 * k], wv = weights[2 * k + 1];
                for (int32_t i = 0; i < block; i++) {
                    float dx = x0 + (float)(start + i) * step - cx;
                    float squared = dx * dx + wy * wy + 1e-12f;
                    float phi = 0.5f * squared * fast_log(squared);
                    u[i] += wu * phi;
                    v[i] += wv * phi;
                }
            }
            float *target = out + 2 * ((size_t)row * columns + start);
            for (int32_t i = 0; i < n; i++) {
                target[2 * i] = u[i];
                target[2 * i + 1] = v[i];
            }
        }
    }
}

FAST int lipsmith_solve(double *restrict rows, int32_t n, int32_t sides) {
    int32_t length = n + sides;
    for (int32_t column = 0; column < n; column++) {
        int32_t pivot = column;
        double best = fabs(rows[(size_t)column * length + column]);
        for (int32_t row = column + 1; row < n; row++) {
            double value = fabs(rows[(size_t)row * length + column]);
            if (value > best) {
                best = value;
                pivot = row;
            }
        }
        if (best < 1e-14) return 1;
        double *upper = rows + (size_t)column * length;
        if (pivot != column) {
            double *other = rows + (size_t)pivot * length;
            for (int32_t i = column; i < length; i++) {
                double kept = upper[i];
                upper[i] = other[i];
                other[i] = kept;
            }
        }
        double inverse = 1 / upper[column];
        for (int32_t row = column + 1; row < n; row++) {
            double *lower = rows + (size_t)row * length;
            double factor = lower[column] * inverse;
            if (factor == 0) continue;
            for (int32_t i = column + 1; i < length; i++) lower[i] -= factor * upper[i];
        }
    }
    for (int32_t row = n - 1; row >= 0; row--) {
        double *current = rows + (size_t)row * length;
        for (int32_t side = 0; side < sides; side++) {
            double sum = current[n + side];
            for (int32_t i = row + 1; i < n; i++) sum -= current[i] * rows[(size_t)i * length + n + side];
            current[n + side] = sum / current[row];
        }
    }
    return 0;
}

static inline __attribute__((always_inline)) float clampf(float value, float low, float high) {
    return value < low ? low : value > high ? high : value;
}

FAST void lipsmith_sample_bilinear(
    lipsmith_plane plane, const float *restrict x, const float *restrict y, int32_t count, float *restrict out) {
    float right = (float)(plane.width - 1), bottom = (float)(plane.height - 1);
    for (int32_t i = 0; i < count; i++) {
        float px = clampf(x[i], 0, right), py = clampf(y[i], 0, bottom);
        int32_t ix = (int32_t)px, iy = (int32_t)py;
        float fx = px - (float)ix, fy = py - (float)iy;
        const uint8_t *a = plane.base + iy * plane.stride + ix;
        int32_t next = ix + 1 < plane.width;
        const uint8_t *b = iy + 1 < plane.height ? a + plane.stride : a;
        float upper = (float)a[0] + ((float)a[next] - (float)a[0]) * fx;
        float lower = (float)b[0] + ((float)b[next] - (float)b[0]) * fx;
        out[i] = upper + (lower - upper) * fy;
    }
}

FAST void lipsmith_sample_bicubic(
    lipsmith_plane plane, const float *restrict x, const float *restrict y, int32_t count, float *restrict out) {
    float right = (float)(plane.width - 1), bottom = (float)(plane.height - 1);
    for (int32_t i = 0; i < count; i++) {
        float px = clampf(x[i], 0, right), py = clampf(y[i], 0, bottom);
        int32_t ix = (int32_t)px, iy = (int32_t)py;
        float fx = px - (float)ix, fy = py - (float)iy;
        float wx[4], wy[4];
        wx[0] = fx * (-0.5f + fx * (1 - 0.5f * fx));
        wx[1] = 1 + fx * fx * (-2.5f + 1.5f * fx);
        wx[2] = fx * (0.5f + fx * (2 - 1.5f * fx));
        wx[3] = fx * fx * (-0.5f + 0.5f * fx);
        wy[0] = fy * (-0.5f + fy * (1 - 0.5f * fy));
        wy[1] = 1 + fy * fy * (-2.5f + 1.5f * fy);
        wy[2] = fy * (0.5f + fy * (2 - 1.5f * fy));
        wy[3] = fy * fy * (-0.5f + 0.5f * fy);
        float sum = 0;
        if (ix >= 1 && iy >= 1 && ix + 2 < plane.width && iy + 2 < plane.height) {
            const uint8_t *line = plane.base + (iy - 1) * plane.stride + ix - 1;
            for (int32_t j = 0; j < 4; j++, line += plane.stride)
                sum += wy[j] *
                       (wx[0] * (float)line[0] + wx[1] * (float)line[1] + wx[2] * (float)line[2] +
                        wx[3] * (float)line[3]);
        } else {
            for (int32_t j = 0; j < 4; j++) {
                int32_t row = iy - 1 + j;
                row = row < 0 ? 0 : row >= plane.height ? plane.height - 1 : row;
                const uint8_t *line = plane.base + row * plane.stride;
                for (int32_t k = 0; k < 4; k++) {
                    int32_t column = ix - 1 + k;
                    column = column < 0 ? 0 : column >= plane.width ? plane.width - 1 : column;
                    sum += wy[j] * wx[k] * (float)line[column];
                }
            }
        }
        out[i] = sum;
    }
}

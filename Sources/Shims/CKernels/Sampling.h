// What several kernels share; not part of the interface.
#pragma once

#include "CKernels.h"

#include <string.h>

// A function compiled for the baseline and for processors with AVX2 and FMA, chosen at run time.
#if defined(__x86_64__)
#define FAST __attribute__((target_clones("default", "arch=x86-64-v3")))
#else
#define FAST
#endif

static inline __attribute__((always_inline)) float clampf(float value, float low, float high) {
    return value < low ? low : value > high ? high : value;
}

// One sample between four neighbours; the border is repeated.
static inline __attribute__((always_inline)) float bilinear(const lipsmith_plane *plane, float x, float y) {
    float px = clampf(x, 0, (float)(plane->width - 1)), py = clampf(y, 0, (float)(plane->height - 1));
    int32_t ix = (int32_t)px, iy = (int32_t)py;
    float fx = px - (float)ix, fy = py - (float)iy;
    const uint8_t *a = plane->base + iy * plane->stride + ix;
    int32_t next = ix + 1 < plane->width;
    const uint8_t *b = iy + 1 < plane->height ? a + plane->stride : a;
    float upper = (float)a[0] + ((float)a[next] - (float)a[0]) * fx;
    float lower = (float)b[0] + ((float)b[next] - (float)b[0]) * fx;
    return upper + (lower - upper) * fy;
}

typedef float float4 __attribute__((vector_size(16)));
typedef uint8_t byte4 __attribute__((vector_size(4)));

// The four Catmull-Rom weights at a fraction: one cubic polynomial each.
static inline __attribute__((always_inline)) float4 cubic_weights(float fraction) {
    const float4 c3 = {-0.5f, 1.5f, -1.5f, 0.5f}, c2 = {1, -2.5f, 2, -0.5f}, c1 = {-0.5f, 0, 0.5f, 0}, c0 = {0, 1, 0, 0};
    return ((c3 * fraction + c2) * fraction + c1) * fraction + c0;
}

static inline __attribute__((always_inline)) float4 load_four(const uint8_t *pixels) {
    byte4 bytes;
    memcpy(&bytes, pixels, 4);
    return __builtin_convertvector(bytes, float4);
}

// Four neighbours of a line as floats; the border is repeated.
static inline __attribute__((unused)) float4 four_at_border(const lipsmith_plane *plane, int32_t x, int32_t y) {
    y = y < 0 ? 0 : y >= plane->height ? plane->height - 1 : y;
    const uint8_t *line = plane->base + y * plane->stride;
    float4 result;
    for (int32_t k = 0; k < 4; k++) {
        int32_t column = x + k;
        result[k] = (float)line[column < 0 ? 0 : column >= plane->width ? plane->width - 1 : column];
    }
    return result;
}

static inline __attribute__((always_inline)) float bicubic(const lipsmith_plane *plane, float x, float y) {
    float px = clampf(x, 0, (float)(plane->width - 1)), py = clampf(y, 0, (float)(plane->height - 1));
    int32_t ix = (int32_t)px, iy = (int32_t)py;
    float4 wx = cubic_weights(px - (float)ix), wy = cubic_weights(py - (float)iy);
    float4 sum;
    if (__builtin_expect(ix >= 1 && iy >= 1 && ix + 2 < plane->width && iy + 2 < plane->height, 1)) {
        const uint8_t *line = plane->base + (iy - 1) * plane->stride + ix - 1;
        ptrdiff_t stride = plane->stride;
        sum = load_four(line) * wy[0] + load_four(line + stride) * wy[1] + load_four(line + 2 * stride) * wy[2] +
              load_four(line + 3 * stride) * wy[3];
    } else {
        sum = four_at_border(plane, ix - 1, iy - 1) * wy[0] + four_at_border(plane, ix - 1, iy) * wy[1] +
              four_at_border(plane, ix - 1, iy + 1) * wy[2] + four_at_border(plane, ix - 1, iy + 2) * wy[3];
    }
    sum *= wx;
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

typedef float float8 __attribute__((vector_size(32)));
typedef int32_t integer8 __attribute__((vector_size(32)));
typedef uint16_t word8 __attribute__((vector_size(16)));

// Eight bilinear samples at places inside the plane whose right and lower neighbours lie inside too.
//
// Vectors are handed over by address: by value they would have another calling convention with and without AVX.
static inline __attribute__((always_inline, unused)) void bilinear_inside(
    const lipsmith_plane *plane, const float8 *x, const float8 *y, float8 *out) {
    integer8 ix = __builtin_convertvector(*x, integer8), iy = __builtin_convertvector(*y, integer8);
    float8 fx = *x - __builtin_convertvector(ix, float8), fy = *y - __builtin_convertvector(iy, float8);
    integer8 offsets = iy * (int32_t)plane->stride + ix;
    word8 above, below;
    for (int32_t i = 0; i < 8; i++) {
        // Two neighbours of a line in one load.
        uint16_t pair;
        memcpy(&pair, plane->base + offsets[i], 2);
        above[i] = pair;
        memcpy(&pair, plane->base + offsets[i] + plane->stride, 2);
        below[i] = pair;
    }
    float8 a0 = __builtin_convertvector(above & 255, float8), a1 = __builtin_convertvector(above >> 8, float8);
    float8 b0 = __builtin_convertvector(below & 255, float8), b1 = __builtin_convertvector(below >> 8, float8);
    float8 upper = a0 + (a1 - a0) * fx;
    float8 lower = b0 + (b1 - b0) * fx;
    *out = upper + (lower - upper) * fy;
}

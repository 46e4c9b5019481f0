// What several kernels share; not part of the interface.
#pragma once

#include "CKernels.h"

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

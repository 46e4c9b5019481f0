// What the watermark does for every frame.
#include "CKernels.h"
#include "Sampling.h"

#include <math.h>
#include <string.h>

FAST void lipsmith_shrink_plane(lipsmith_plane plane, lipsmith_window window, int32_t factor, uint8_t *restrict out) {
    enum { segment = 256 };
    uint32_t sums[segment];
    // Rounded division by multiplication: exact enough for sums of bytes, and fast.
    float share = 1 / (float)(factor * factor);
    for (int32_t row = 0; row < window.height; row++) {
        for (int32_t first = 0; first < window.width; first += segment) {
            int32_t count = window.width - first < segment ? window.width - first : segment;
            memset(sums, 0, sizeof sums);
            const uint8_t *line = plane.base + (window.top + row * factor) * plane.stride + window.left + first * factor;
            for (int32_t y = 0; y < factor; y++, line += plane.stride) {
                if (factor == 2) {
                    for (int32_t i = 0; i < count; i++) sums[i] += (uint32_t)line[2 * i] + line[2 * i + 1];
                } else {
                    for (int32_t i = 0; i < count; i++) {
                        for (int32_t x = 0; x < factor; x++) sums[i] += line[i * factor + x];
                    }
                }
            }
            uint8_t *target = out + (size_t)row * window.width + first;
            for (int32_t i = 0; i < count; i++) target[i] = (uint8_t)((float)sums[i] * share + 0.5f);
        }
    }
}

FAST void lipsmith_smooth_picture(
    const float *values, int32_t columns, int32_t rows, const float *restrict weights, int32_t radius,
    float *restrict work, float *out) {
    float *restrict line = work + (size_t)columns * rows;
    for (int32_t row = 0; row < rows; row++) {
        memset(line, 0, (size_t)(columns + 2 * radius) * sizeof *line);
        memcpy(line + radius, values + (size_t)row * columns, (size_t)columns * sizeof *line);
        float *restrict target = work + (size_t)row * columns;
        for (int32_t i = 0; i < columns; i++) target[i] = line[i + radius] * weights[0];
        for (int32_t k = 1; k <= radius; k++) {
            float weight = weights[k];
            for (int32_t i = 0; i < columns; i++) target[i] += weight * (line[i + radius - k] + line[i + radius + k]);
        }
    }
    for (int32_t row = 0; row < rows; row++) {
        float *restrict target = out + (size_t)row * columns;
        memset(target, 0, (size_t)columns * sizeof *target);
        int32_t first = row < radius ? -row : -radius, last = rows - 1 - row < radius ? rows - 1 - row : radius;
        for (int32_t k = first; k <= last; k++) {
            float weight = weights[k < 0 ? -k : k];
            const float *source = work + (size_t)(row + k) * columns;
            for (int32_t i = 0; i < columns; i++) target[i] += weight * source[i];
        }
    }
}

// Where one edge of a triangle crosses a line; both triangles at an edge compute the same.
typedef struct {
    float x;
    float y;
    float slope;
} edge;

static inline edge edge_between(const float *upper, const float *lower) {
    float height = lower[1] - upper[1];
    return (edge){upper[0], upper[1], height > 0 ? (lower[0] - upper[0]) / height : 0};
}

// Adds the overlay along one line; (u, v) is the first pixel's place in the overlay, (du, dv) the step for one pixel.
static inline __attribute__((always_inline)) void add_line(
    const lipsmith_luma_target *target, const lipsmith_overlay *overlay, uint8_t *restrict pixels, int32_t count,
    float u, float v, float du, float dv) {
    float last_u = (float)overlay->columns - 1.001f, last_v = (float)overlay->rows - 1.001f;
    for (int32_t i = 0; i < count; i++) {
        float x = clampf(u + (float)i * du, 0, last_u), y = clampf(v + (float)i * dv, 0, last_v);
        int32_t ix = (int32_t)x, iy = (int32_t)y;
        float fx = x - (float)ix, fy = y - (float)iy;
        const float *at = overlay->values + iy * overlay->columns + ix;
        float above = at[0] + (at[1] - at[0]) * fx;
        float below = at[overlay->columns] + (at[overlay->columns + 1] - at[overlay->columns]) * fx;
        float own = (float)pixels[i];
        float low = own < (float)target->lowest ? own : (float)target->lowest;
        float high = own > (float)target->highest ? own : (float)target->highest;
        // Values are positive, so that the conversion rounds down.
        pixels[i] = (uint8_t)(clampf(own + above + (below - above) * fy, low, high) + 0.5f);
    }
}

static inline __attribute__((always_inline)) void add_triangle(
    const lipsmith_luma_target *target, const lipsmith_overlay *overlay, const float *const p[3],
    const float *const s[3]) {
    float bx = p[1][0] - p[0][0], by = p[1][1] - p[0][1], cx = p[2][0] - p[0][0], cy = p[2][1] - p[0][1];
    float area = bx * cy - by * cx;
    // Twice a thousandth of a pixel: nothing is seen of it.
    if (!(area > 1e-3f)) return;
    float bu = s[1][0] - s[0][0], bv = s[1][1] - s[0][1], cu = s[2][0] - s[0][0], cv = s[2][1] - s[0][1];
    float du = (bu * cy - cu * by) / area, dv = (bv * cy - cv * by) / area;
    float eu = (cu * bx - bu * cx) / area, ev = (cv * bx - bv * cx) / area;
    const float *top = p[0], *middle = p[1], *bottom = p[2], *kept;
#define ORDER(a, b) if (b[1] < a[1]) kept = a, a = b, b = kept
    ORDER(top, middle);
    ORDER(middle, bottom);
    ORDER(top, middle);
#undef ORDER
    edge whole = edge_between(top, bottom), first = edge_between(top, middle), second = edge_between(middle, bottom);
    float limit = (float)target->height;
    int32_t row = (int32_t)ceilf(clampf(top[1], 0, limit)), end = (int32_t)ceilf(clampf(bottom[1], 0, limit));
    for (; row < end; row++) {
        const edge *half = (float)row < middle[1] ? &first : &second;
        float a = whole.x + ((float)row - whole.y) * whole.slope, b = half->x + ((float)row - half->y) * half->slope;
        float left = a < b ? a : b, right = a < b ? b : a;
        int32_t column = (int32_t)ceilf(clampf(left, 0, (float)target->width));
        int32_t last = (int32_t)ceilf(clampf(right, 0, (float)target->width));
        if (column >= last) continue;
        float x = (float)column - p[0][0], y = (float)row - p[0][1];
        add_line(
            target, overlay, target->base + row * target->stride + column, last - column, s[0][0] + x * du + y * eu,
            s[0][1] + x * dv + y * ev, du, dv);
    }
}

FAST void lipsmith_add_overlay(
    lipsmith_luma_target target, lipsmith_overlay overlay, const int32_t *triangles, int32_t count, const float *places,
    const float *sources) {
    for (const int32_t *corners = triangles; corners < triangles + 3 * count; corners += 3) {
        const float *const p[3] = {places + 2 * corners[0], places + 2 * corners[1], places + 2 * corners[2]};
        const float *const s[3] = {sources + 2 * corners[0], sources + 2 * corners[1], sources + 2 * corners[2]};
        add_triangle(&target, &overlay, p, s);
    }
}

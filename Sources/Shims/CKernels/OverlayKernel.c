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

enum { longest_line = 512 };

FAST void lipsmith_smooth_picture(
    const float *values, int32_t columns, int32_t rows, const float *restrict weights, int32_t radius,
    float *restrict work, float *out) {
    // Memory of its own: beside the rows in `work` the compiler would not trust that they do not overlap.
    float line[longest_line] = {0};
    for (int32_t row = 0; row < rows; row++) {
        memcpy(line + radius, values + (size_t)row * columns, (size_t)columns * sizeof *line);
        float *restrict target = work + (size_t)row * columns;
        for (int32_t i = 0; i < columns; i++) target[i] = line[i + radius] * weights[0];
        for (int32_t k = 1; k <= radius; k++) {
            float weight = weights[k];
            for (int32_t i = 0; i < columns; i++) target[i] += weight * (line[i + radius - k] + line[i + radius + k]);
        }
    }
    for (int32_t row = 0; row < rows; row++) {
        int32_t first = row < radius ? -row : -radius, last = rows - 1 - row < radius ? rows - 1 - row : radius;
        memset(line, 0, (size_t)columns * sizeof *line);
        for (int32_t k = first; k <= last; k++) {
            float weight = weights[k < 0 ? -k : k];
            const float *source = work + (size_t)(row + k) * columns;
            for (int32_t i = 0; i < columns; i++) line[i] += weight * source[i];
        }
        memcpy(out + (size_t)row * columns, line, (size_t)columns * sizeof *line);
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

// What is added along one line of pixels: (u, v) is the first one's place in the overlay, (du, dv) the step for one pixel.
typedef struct {
    float u;
    float v;
    float du;
    float dv;
} overlay_line;

static inline __attribute__((always_inline)) void add_to_pixels(
    const lipsmith_luma_target *target, const lipsmith_overlay *overlay, const overlay_line *line,
    uint8_t *restrict pixels, int32_t count, int32_t is_inside) {
    // The last place has a right and a lower neighbour.
    float last_u = (float)overlay->columns - 1.001f, last_v = (float)overlay->rows - 1.001f;
    float lowest = target->lowest, highest = target->highest;
    for (int32_t i = 0; i < count; i++) {
        float x = line->u + (float)i * line->du, y = line->v + (float)i * line->dv;
        if (!is_inside) {
            x = clampf(x, 0, last_u);
            y = clampf(y, 0, last_v);
        }
        int32_t ix = (int32_t)x, iy = (int32_t)y;
        float fx = x - (float)ix, fy = y - (float)iy;
        const float *at = overlay->values + iy * overlay->columns + ix;
        float above = at[0] + (at[1] - at[0]) * fx;
        float below = at[overlay->columns] + (at[overlay->columns + 1] - at[overlay->columns]) * fx;
        float own = (float)pixels[i];
        float low = own < lowest ? own : lowest, high = own > highest ? own : highest;
        // Values are positive, so that the conversion rounds down.
        pixels[i] = (uint8_t)(clampf(own + above + (below - above) * fy, low, high) + 0.5f);
    }
}

static inline int is_inside(const lipsmith_overlay *overlay, float u, float v) {
    return u >= 0 && v >= 0 && u < (float)overlay->columns - 1.01f && v < (float)overlay->rows - 1.01f;
}

static inline __attribute__((always_inline)) void add_line(
    const lipsmith_luma_target *target, const lipsmith_overlay *overlay, const overlay_line *line, uint8_t *pixels,
    int32_t count) {
    // A line is straight: its ends tell.
    float last = (float)(count - 1);
    if (is_inside(overlay, line->u, line->v) &&
        is_inside(overlay, line->u + last * line->du, line->v + last * line->dv)) {
        add_to_pixels(target, overlay, line, pixels, count, 1);
    } else {
        add_to_pixels(target, overlay, line, pixels, count, 0);
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
        overlay_line line = {s[0][0] + x * du + y * eu, s[0][1] + x * dv + y * ev, du, dv};
        add_line(target, overlay, &line, target->base + row * target->stride + column, last - column);
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

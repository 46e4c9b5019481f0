#include "CKernels.h"
#include "Sampling.h"

#include <math.h>
#include <string.h>

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
    // Row by row, all sides at once: the matrix is read in the order in which it lies in memory.
    for (int32_t row = n - 1; row >= 0; row--) {
        double *current = rows + (size_t)row * length;
        for (int32_t i = row + 1; i < n; i++) {
            double factor = current[i];
            if (factor == 0) continue;
            const double *solved = rows + (size_t)i * length + n;
            for (int32_t side = 0; side < sides; side++) current[n + side] -= factor * solved[side];
        }
        double inverse = 1 / current[row];
        for (int32_t side = 0; side < sides; side++) current[n + side] *= inverse;
    }
    return 0;
}

FAST void lipsmith_sample_bilinear(
    lipsmith_plane plane, const float *restrict x, const float *restrict y, int32_t count, float *restrict out) {
    for (int32_t i = 0; i < count; i++) out[i] = bilinear(&plane, x[i], y[i]);
}

FAST void lipsmith_sample_bicubic(
    lipsmith_plane plane, const float *restrict x, const float *restrict y, int32_t count, float *restrict out) {
    for (int32_t i = 0; i < count; i++) out[i] = bicubic(&plane, x[i], y[i]);
}

// The motions at the place of one line, node by node.
typedef struct {
    const float *above;
    const float *below;
    float part;
} grid_line;

static inline __attribute__((always_inline)) grid_line line_of(const lipsmith_motion_grid *grid, int32_t row) {
    float position = ((float)row + grid->offset_pixels) / grid->cell_pixels;
    int32_t upper = (int32_t)position;
    upper = upper > grid->rows - 2 ? grid->rows - 2 : upper;
    const float *above = grid->nodes + 2 * (size_t)upper * grid->columns;
    return (grid_line){above, above + 2 * (size_t)grid->columns, position - (float)upper};
}

// Motion in x and y at a column, in pixels.
static inline __attribute__((always_inline)) void motion_at(
    const lipsmith_motion_grid *grid, const grid_line *line, float inverse_cell, int32_t column, float *x, float *y) {
    float position = ((float)column + grid->offset_pixels) * inverse_cell;
    int32_t index = (int32_t)position;
    index = index > grid->columns - 2 ? grid->columns - 2 : index;
    float along = position - (float)index;
    const float *a = line->above + 2 * index, *b = line->below + 2 * index;
    float ax = a[0] + (a[2] - a[0]) * along, ay = a[1] + (a[3] - a[1]) * along;
    float bx = b[0] + (b[2] - b[0]) * along, by = b[1] + (b[3] - b[1]) * along;
    *x = (ax + (bx - ax) * line->part) * grid->scale;
    *y = (ay + (by - ay) * line->part) * grid->scale;
}

FAST void lipsmith_patch_line(
    lipsmith_motion_grid upper, lipsmith_motion_grid lower, lipsmith_lip_gap gap, lipsmith_patch_start start,
    int32_t row, int32_t count, float *restrict x, float *restrict y, float *restrict between) {
    grid_line upper_line = line_of(&upper, row), lower_line = line_of(&lower, row);
    float inverse_cell = 1 / upper.cell_pixels;
    float table_scale = (float)(gap.length - 1) / (gap.right - gap.left);
    for (int32_t column = 0; column < count; column++) {
        float cx = start.canonical_x + start.step_x * (float)column;
        float cy = start.canonical_y + start.step_y * (float)column;
        float position = clampf((cx - gap.left) * table_scale, 0, (float)(gap.length - 1) - 0.001f);
        int32_t index = (int32_t)position;
        float along = position - (float)index;
        float top = gap.upper[index] + (gap.upper[index + 1] - gap.upper[index]) * along;
        float bottom = gap.lower[index] + (gap.lower[index + 1] - gap.lower[index]) * along;
        float beyond = fmaxf(fmaxf(gap.left - cx, cx - gap.right), 0);
        // Beyond the corners the two lips are one skin: the cut fades.
        float soft = gap.softness + 0.6f * beyond;
        float t = clampf((cy - top + soft) / (bottom - top + 2 * soft), 0, 1);
        float ux, uy, lx, ly;
        motion_at(&upper, &upper_line, inverse_cell, column, &ux, &uy);
        motion_at(&lower, &lower_line, inverse_cell, column, &lx, &ly);
        x[column] = start.source_x + (float)column + ux + (lx - ux) * t;
        y[column] = start.source_y + uy + (ly - uy) * t;
        between[column] = t;
    }
}

FAST void lipsmith_field_line(
    const float *values, int32_t columns, int32_t rows, float cell_pixels, float y, float first, float step,
    int32_t count, float *restrict out) {
    float inverse = 1 / cell_pixels;
    float row = clampf(y * inverse, 0, (float)(rows - 1) - 0.001f);
    int32_t upper = (int32_t)row;
    float part = row - (float)upper;
    const float *a = values + (size_t)upper * columns, *b = a + columns;
    for (int32_t i = 0; i < count; i++) {
        float column = clampf((first + (float)i * step) * inverse, 0, (float)(columns - 1) - 0.001f);
        int32_t left = (int32_t)column;
        float along = column - (float)left;
        float above = a[left] + (a[left + 1] - a[left]) * along;
        float below = b[left] + (b[left + 1] - b[left]) * along;
        out[i] = above + (below - above) * part;
    }
}

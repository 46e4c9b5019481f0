#include "CKernels.h"
#include "Sampling.h"

#include <math.h>
#include <string.h>

typedef uint32_t quad8 __attribute__((vector_size(32)));
typedef uint8_t byte8 __attribute__((vector_size(8)));

// Columns of a line that are worked on at once.
enum { segment = 512 };

// Motions of the columns from `first` on, in pixels. Between two columns of nodes they are linear along a line, so that a
// step is an addition. Returns whether any of them is more than `still`.
static inline __attribute__((always_inline)) int motions_of_line(
    const lipsmith_motion_grid *grid, int32_t row, int32_t first, int32_t count, float still, float *restrict dx,
    float *restrict dy) {
    float inverse_cell = 1 / grid->cell_pixels, scale = grid->scale;
    float height = ((float)row + grid->offset_pixels) * inverse_cell;
    int32_t upper = (int32_t)height;
    upper = upper > grid->rows - 2 ? grid->rows - 2 : upper;
    float part = height - (float)upper;
    const float *above = grid->nodes + 2 * (size_t)upper * grid->columns;
    const float *below = above + 2 * (size_t)grid->columns;
    int32_t is_moving = 0, column = first, end_column = first + count;
    int32_t cell = (int32_t)(((float)first + grid->offset_pixels) * inverse_cell);
    for (; column < end_column; cell++) {
        cell = cell > grid->columns - 2 ? grid->columns - 2 : cell;
        float edge = (float)(cell + 1) * grid->cell_pixels - grid->offset_pixels;
        int32_t end = cell + 2 < grid->columns ? (int32_t)ceilf(edge) : end_column;
        end = end > end_column ? end_column : end;
        const float *a = above + 2 * cell, *b = below + 2 * cell;
        float x0 = (a[0] + (b[0] - a[0]) * part) * scale, y0 = (a[1] + (b[1] - a[1]) * part) * scale;
        float x1 = (a[2] + (b[2] - a[2]) * part) * scale, y1 = (a[3] + (b[3] - a[3]) * part) * scale;
        is_moving |= fabsf(x0) + fabsf(y0) > still || fabsf(x1) + fabsf(y1) > still;
        float along = ((float)column + grid->offset_pixels) * inverse_cell - (float)cell;
        float step_x = (x1 - x0) * inverse_cell, step_y = (y1 - y0) * inverse_cell;
        float x = x0 + (x1 - x0) * along, y = y0 + (y1 - y0) * along;
        for (; column < end; column++, x += step_x, y += step_y) {
            dx[column - first] = x;
            dy[column - first] = y;
        }
    }
    return is_moving;
}

// Eight bicubic samples at places whose sixteen neighbours lie inside the plane. A line's four neighbours are one load.
static inline __attribute__((always_inline)) void bicubic_inside(
    const lipsmith_plane *plane, const float8 *x, const float8 *y, float8 *out) {
    integer8 ix = __builtin_convertvector(*x, integer8), iy = __builtin_convertvector(*y, integer8);
    float8 fx = *x - __builtin_convertvector(ix, float8), fy = *y - __builtin_convertvector(iy, float8);
    // The Catmull-Rom weights of the four neighbours.
    float8 x0 = ((-0.5f * fx + 1) * fx - 0.5f) * fx, x1 = (1.5f * fx - 2.5f) * fx * fx + 1;
    float8 x2 = ((-1.5f * fx + 2) * fx + 0.5f) * fx, x3 = (0.5f * fx - 0.5f) * fx * fx;
    float8 weights[4] = {
        ((-0.5f * fy + 1) * fy - 0.5f) * fy, (1.5f * fy - 2.5f) * fy * fy + 1, ((-1.5f * fy + 2) * fy + 0.5f) * fy,
        (0.5f * fy - 0.5f) * fy * fy};
    integer8 offsets = (iy - 1) * (int32_t)plane->stride + (ix - 1);
    float8 sum = {0};
    for (int32_t line = 0; line < 4; line++) {
        quad8 four;
        for (int32_t i = 0; i < 8; i++) {
            uint32_t pixels;
            memcpy(&pixels, plane->base + offsets[i] + line * plane->stride, 4);
            four[i] = pixels;
        }
        float8 a = __builtin_convertvector((integer8)(four & 255), float8);
        float8 b = __builtin_convertvector((integer8)(four >> 8 & 255), float8);
        float8 c = __builtin_convertvector((integer8)(four >> 16 & 255), float8);
        float8 d = __builtin_convertvector((integer8)(four >> 24), float8);
        sum += (a * x0 + b * x1 + c * x2 + d * x3) * weights[line];
    }
    *out = sum;
}

static inline __attribute__((always_inline)) void warp_segment(
    const lipsmith_plane *source, float left, float y, const float *restrict dx, const float *restrict dy,
    int32_t count, float still, int32_t is_cubic, uint8_t *restrict out) {
    const float8 steps = {0, 1, 2, 3, 4, 5, 6, 7};
    float low = is_cubic ? 1 : 0, margin = is_cubic ? 2 : 1;
    float right = (float)source->width - margin - 0.01f, bottom = (float)source->height - margin - 0.01f;
    int32_t column = 0;
    for (; column + 8 <= count; column += 8) {
        float8 mx, my;
        memcpy(&mx, dx + column, sizeof mx);
        memcpy(&my, dy + column, sizeof my);
        float8 size = __builtin_elementwise_abs(mx) + __builtin_elementwise_abs(my);
        float8 px = steps + (left + (float)column) + mx, py = my + y;
        int32_t moving = 0, outside = 0;
        for (int32_t i = 0; i < 8; i++) {
            moving += size[i] > still;
            outside += px[i] < low || px[i] > right || py[i] < low || py[i] > bottom;
        }
        if (moving == 0) continue;
        float8 value;
        if (__builtin_expect(outside == 0, 1)) {
            if (is_cubic) {
                bicubic_inside(source, &px, &py, &value);
            } else {
                bilinear_inside(source, &px, &py, &value);
            }
        } else {
            for (int32_t i = 0; i < 8; i++) {
                value[i] = is_cubic ? bicubic(source, px[i], py[i]) : bilinear(source, px[i], py[i]);
            }
        }
        const float8 zero = {0};
        value = __builtin_elementwise_min(__builtin_elementwise_max(value + 0.5f, zero), zero + 255);
        byte8 bytes = __builtin_convertvector(__builtin_convertvector(value, integer8), byte8);
        if (moving == 8) {
            memcpy(out + column, &bytes, 8);
        } else {
            for (int32_t i = 0; i < 8; i++) {
                if (size[i] > still) out[column + i] = bytes[i];
            }
        }
    }
    for (; column < count; column++) {
        if (fabsf(dx[column]) + fabsf(dy[column]) <= still) continue;
        float px = left + (float)column + dx[column], py = y + dy[column];
        float value = is_cubic ? bicubic(source, px, py) : bilinear(source, px, py);
        out[column] = (uint8_t)clampf(value + 0.5f, 0, 255);
    }
}

FAST void lipsmith_warp_plane(
    lipsmith_plane source, lipsmith_window window, lipsmith_motion_grid grid, float still, int32_t is_cubic,
    uint8_t *restrict target, ptrdiff_t target_stride) {
    float dx[segment], dy[segment];
    for (int32_t row = 0; row < window.height; row++) {
        for (int32_t first = 0; first < window.width; first += segment) {
            int32_t count = window.width - first < segment ? window.width - first : segment;
            if (!motions_of_line(&grid, row, first, count, still, dx, dy)) continue;
            uint8_t *out = target + row * target_stride + first;
            float left = (float)(window.left + first), y = (float)(window.top + row);
            if (is_cubic) {
                warp_segment(&source, left, y, dx, dy, count, still, 1, out);
            } else {
                warp_segment(&source, left, y, dx, dy, count, still, 0, out);
            }
        }
    }
}

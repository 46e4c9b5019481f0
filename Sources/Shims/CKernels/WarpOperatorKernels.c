// The loops of a still face that moves: constant spline operators, inversion of grids, layers.
#include "CKernels.h"
#include "Sampling.h"

#include <math.h>

FAST void lipsmith_multiply_four(
    const float *restrict matrix, int32_t rows, int32_t columns, const float *restrict vectors, float *restrict out) {
    const float *v0 = vectors, *v1 = v0 + columns, *v2 = v1 + columns, *v3 = v2 + columns;
    for (int32_t row = 0; row < rows; row++) {
        const float *line = matrix + (size_t)row * columns;
        // Eight sums side by side keep the vector units busy: one sum would wait for itself.
        float s0[8] = {0}, s1[8] = {0}, s2[8] = {0}, s3[8] = {0};
        int32_t column = 0;
        for (; column + 8 <= columns; column += 8) {
            for (int32_t k = 0; k < 8; k++) {
                float value = line[column + k];
                s0[k] += value * v0[column + k];
                s1[k] += value * v1[column + k];
                s2[k] += value * v2[column + k];
                s3[k] += value * v3[column + k];
            }
        }
        float r0 = 0, r1 = 0, r2 = 0, r3 = 0;
        for (int32_t k = 0; k < 8; k++) {
            r0 += s0[k];
            r1 += s1[k];
            r2 += s2[k];
            r3 += s3[k];
        }
        for (; column < columns; column++) {
            r0 += line[column] * v0[column];
            r1 += line[column] * v1[column];
            r2 += line[column] * v2[column];
            r3 += line[column] * v3[column];
        }
        float *target = out + 4 * (size_t)row;
        target[0] = r0;
        target[1] = r1;
        target[2] = r2;
        target[3] = r3;
    }
}

typedef struct {
    float x;
    float y;
} corner;

// Writes the nodes that a moved triangle covers. `from` are its corners before the motion, `to` after it.
static inline __attribute__((always_inline)) void cover(
    const corner *from, const corner *to, int32_t columns, int32_t rows, float *backward) {
    float area = (to[1].x - to[0].x) * (to[2].y - to[0].y) - (to[2].x - to[0].x) * (to[1].y - to[0].y);
    if (area <= 1e-6f) return;
    float low_x = fminf(to[0].x, fminf(to[1].x, to[2].x)), high_x = fmaxf(to[0].x, fmaxf(to[1].x, to[2].x));
    float low_y = fminf(to[0].y, fminf(to[1].y, to[2].y)), high_y = fmaxf(to[0].y, fmaxf(to[1].y, to[2].y));
    int32_t left = (int32_t)ceilf(clampf(low_x - 1e-4f, 0, (float)columns));
    int32_t top = (int32_t)ceilf(clampf(low_y - 1e-4f, 0, (float)rows));
    int32_t right = (int32_t)floorf(clampf(high_x + 1e-4f, -1, (float)columns - 1));
    int32_t bottom = (int32_t)floorf(clampf(high_y + 1e-4f, -1, (float)rows - 1));
    float inverse = 1 / area;
    for (int32_t y = top; y <= bottom; y++) {
        for (int32_t x = left; x <= right; x++) {
            float px = (float)x - to[0].x, py = (float)y - to[0].y;
            float b = (px * (to[2].y - to[0].y) - (to[2].x - to[0].x) * py) * inverse;
            float c = ((to[1].x - to[0].x) * py - px * (to[1].y - to[0].y)) * inverse;
            if (b < -1e-3f || c < -1e-3f || b + c > 1.001f) continue;
            float *node = backward + 2 * ((size_t)y * columns + x);
            node[0] = from[0].x + (from[1].x - from[0].x) * b + (from[2].x - from[0].x) * c - (float)x;
            node[1] = from[0].y + (from[1].y - from[0].y) * b + (from[2].y - from[0].y) * c - (float)y;
        }
    }
}

FAST void lipsmith_invert_grid(
    const float *restrict forward, int32_t columns, int32_t rows, float *restrict backward) {
    for (size_t index = 0; index < 2 * (size_t)columns * rows; index++) backward[index] = -forward[index];
    for (int32_t row = 0; row + 1 < rows; row++) {
        for (int32_t column = 0; column + 1 < columns; column++) {
            corner from[4], to[4];
            int32_t is_moving = 0;
            for (int32_t k = 0; k < 4; k++) {
                int32_t x = column + (k & 1), y = row + (k >> 1);
                const float *motion = forward + 2 * ((size_t)y * columns + x);
                is_moving |= motion[0] != 0 || motion[1] != 0;
                from[k] = (corner){(float)x, (float)y};
                to[k] = (corner){(float)x + motion[0], (float)y + motion[1]};
            }
            if (!is_moving) continue;
            const corner first_from[3] = {from[0], from[1], from[2]}, first_to[3] = {to[0], to[1], to[2]};
            const corner second_from[3] = {from[1], from[3], from[2]}, second_to[3] = {to[1], to[3], to[2]};
            cover(first_from, first_to, columns, rows, backward);
            cover(second_from, second_to, columns, rows, backward);
        }
    }
}

FAST void lipsmith_lay_over(
    uint8_t *restrict target, const uint8_t *restrict layer, const uint8_t *restrict mask, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        int32_t sum = ((int32_t)layer[i] - (int32_t)target[i]) * (int32_t)mask[i];
        target[i] = (uint8_t)((int32_t)target[i] + (sum + (sum < 0 ? -127 : 127)) / 255);
    }
}

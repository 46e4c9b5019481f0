#include "CKernels.h"
#include "Sampling.h"

#include <string.h>

// What a crop reads and how.
typedef struct {
    lipsmith_plane luma;
    lipsmith_plane blue;
    lipsmith_plane red;
    lipsmith_affine_map map;
    lipsmith_color_conversion conversion;
} crop_source;

static inline __attribute__((always_inline)) void hold_in_unit_range(float8 *value) {
    const float8 zero = {0}, one = zero + 1;
    *value = __builtin_elementwise_min(__builtin_elementwise_max(*value, zero), one);
}

static inline __attribute__((always_inline)) int is_inside(const lipsmith_plane *plane, float x, float y) {
    return x >= 0 && y >= 0 && x < (float)(plane->width - 1) && y < (float)(plane->height - 1);
}

static inline __attribute__((always_inline)) float crop_x(const lipsmith_affine_map *map, float u, float v) {
    return map->xx * u + map->xy * v + map->x0;
}

static inline __attribute__((always_inline)) float crop_y(const lipsmith_affine_map *map, float u, float v) {
    return map->yx * u + map->yy * v + map->y0;
}

// The place of chroma in its plane, halfway between two pixels of the crop, from the place of the first.
#define CHROMA_X(map, x) (((x) + 0.5f * (map).xx) * 0.5f - 0.25f)
#define CHROMA_Y(map, y) (((y) + 0.5f * (map).yx) * 0.5f - 0.25f)

// Whether sixteen pixels of a line lie inside the picture with all their neighbours. A line is straight: its ends tell.
static inline __attribute__((always_inline)) int line_is_inside(const crop_source *source, float column, float row) {
    float x0 = crop_x(&source->map, column, row), y0 = crop_y(&source->map, column, row);
    float x1 = crop_x(&source->map, column + 15, row), y1 = crop_y(&source->map, column + 15, row);
    float u0 = CHROMA_X(source->map, x0), v0 = CHROMA_Y(source->map, y0);
    float u1 = CHROMA_X(source->map, x1), v1 = CHROMA_Y(source->map, y1);
    return is_inside(&source->luma, x0, y0) && is_inside(&source->luma, x1, y1) &&
           is_inside(&source->blue, u0, v0) && is_inside(&source->blue, u1, v1) &&
           is_inside(&source->red, u0, v0) && is_inside(&source->red, u1, v1);
}

// Sixteen pixels of a line for which `line_is_inside`.
static inline __attribute__((always_inline)) void crop_inside(
    const crop_source *source, float column, float row, float *restrict out) {
    const lipsmith_affine_map map = source->map;
    const lipsmith_color_conversion conversion = source->conversion;
    const float8 steps = {0, 1, 2, 3, 4, 5, 6, 7}, rows = steps * 0 + row;
    float8 even = column + 2 * steps;
    float8 even_x = map.xx * even + map.xy * rows + map.x0, even_y = map.yx * even + map.yy * rows + map.y0;
    float8 u = CHROMA_X(map, even_x), v = CHROMA_Y(map, even_y);
    float8 blue, red;
    bilinear_inside(&source->blue, &u, &v, &blue);
    bilinear_inside(&source->red, &u, &v, &red);
    blue -= 128;
    red -= 128;
    for (int32_t half = 0; half < 2; half++) {
        float8 columns = column + (float)(8 * half) + steps;
        float8 x = map.xx * columns + map.xy * rows + map.x0, y = map.yx * columns + map.yy * rows + map.y0;
        float8 light;
        bilinear_inside(&source->luma, &x, &y, &light);
        light = (light - conversion.luma_offset) * conversion.luma_scale;
        float8 b = half == 0 ? __builtin_shufflevector(blue, blue, 0, 0, 1, 1, 2, 2, 3, 3)
                             : __builtin_shufflevector(blue, blue, 4, 4, 5, 5, 6, 6, 7, 7);
        float8 r = half == 0 ? __builtin_shufflevector(red, red, 0, 0, 1, 1, 2, 2, 3, 3)
                             : __builtin_shufflevector(red, red, 4, 4, 5, 5, 6, 6, 7, 7);
        float8 reds = light + conversion.red_from_red * r;
        float8 greens = light + conversion.green_from_blue * b + conversion.green_from_red * r;
        float8 blues = light + conversion.blue_from_blue * b;
        hold_in_unit_range(&reds);
        hold_in_unit_range(&greens);
        hold_in_unit_range(&blues);
        for (int32_t i = 0; i < 8; i++, out += 3) {
            out[0] = reds[i];
            out[1] = greens[i];
            out[2] = blues[i];
        }
    }
}

// Pixels of a line from an even column on, wherever they lie.
static inline __attribute__((always_inline)) void crop_anywhere(
    const crop_source *source, int32_t column, int32_t end, float row, float *restrict out) {
    const lipsmith_color_conversion conversion = source->conversion;
    float b = 0, r = 0;
    for (; column < end; column++, out += 3) {
        float x = crop_x(&source->map, (float)column, row), y = crop_y(&source->map, (float)column, row);
        if (!(x > -1 && y > -1 && x < (float)source->luma.width && y < (float)source->luma.height)) {
            out[0] = out[1] = out[2] = 0;
            continue;
        }
        float light = (bilinear(&source->luma, x, y) - conversion.luma_offset) * conversion.luma_scale;
        // Chroma is stored at half the size: two neighbours share one reading, taken between them.
        if (column % 2 == 0) {
            float u = CHROMA_X(source->map, x), v = CHROMA_Y(source->map, y);
            b = bilinear(&source->blue, u, v) - 128;
            r = bilinear(&source->red, u, v) - 128;
        }
        out[0] = clampf(light + conversion.red_from_red * r, 0, 1);
        out[1] = clampf(light + conversion.green_from_blue * b + conversion.green_from_red * r, 0, 1);
        out[2] = clampf(light + conversion.blue_from_blue * b, 0, 1);
    }
}

FAST void lipsmith_crop_turned(
    lipsmith_plane luma, lipsmith_plane blue, lipsmith_plane red, lipsmith_affine_map map,
    lipsmith_color_conversion conversion, int32_t side, float *restrict out) {
    const crop_source source = {luma, blue, red, map, conversion};
    for (int32_t row = 0; row < side; row++, out += 3 * (ptrdiff_t)side) {
        for (int32_t column = 0; column < side; column += 16) {
            if (column + 16 <= side && line_is_inside(&source, (float)column, (float)row)) {
                crop_inside(&source, (float)column, (float)row, out + 3 * column);
            } else {
                crop_anywhere(&source, column, column + 16 < side ? column + 16 : side, (float)row, out + 3 * column);
            }
        }
    }
}

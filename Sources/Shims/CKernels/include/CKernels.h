// Hot loops of the picture path, in C because clang can compile one function for several processors
// (`target_clones`) and choose at run time, which Swift cannot do yet: baseline x86-64 code takes twice as long.
// Each can go when Swift has run-time dispatch on processor features.
#pragma once

#include <stddef.h>
#include <stdint.h>

// One 8-bit plane that is read.
typedef struct {
    const uint8_t *base;
    int32_t width;
    int32_t height;
    ptrdiff_t stride;
} lipsmith_plane;

// Evaluates two thin-plate splines with common centres on a regular grid.
//   centres: `count` pairs (x, y); weights: `count` pairs; affine: (1, x, y) coefficients of both, six values.
//   Node (i, j) lies at (x0 + i · step, y0 + j · step); `out` gets columns × rows pairs.
void lipsmith_spline_grid(
    const float *centres, const float *weights, const float *affine, int32_t count, float x0, float y0, float step,
    int32_t columns, int32_t rows, float *out);

// Solves a dense system of `n` equations with `sides` right-hand sides by Gaussian elimination with partial pivoting.
// Row-major; rows are n + sides long. Returns 0, or 1 when the matrix is singular. The solutions replace the last
// columns.
int lipsmith_solve(double *rows, int32_t n, int32_t sides);

// The same for a symmetric matrix, indefinite or not, with half the work (Bunch and Kaufman's pivots).
// `rows` holds n rows of n values, of which the lower triangle is read, then one row of n values for each side, which its
// solution replaces. `work` holds 2 · (n + sides) values, `order` n.
int lipsmith_solve_symmetric(double *rows, int32_t n, int32_t sides, double *work, int32_t *order);

// Fills the lower triangle without its diagonal, rows `length` apart, with the kernel r² ln r of a thin-plate spline
// between `count` points (pairs x, y); r² is kept from zero by 1e-12.
void lipsmith_spline_kernel(const float *points, int32_t count, double *rows, int32_t length);

// Samples `plane` at (x[i], y[i]), bilinearly or with the Catmull-Rom cubic; positions outside are clamped.
void lipsmith_sample_bilinear(lipsmith_plane plane, const float *x, const float *y, int32_t count, float *out);
void lipsmith_sample_bicubic(lipsmith_plane plane, const float *x, const float *y, int32_t count, float *out);

// A grid of motions (pairs x, y) read linearly between its nodes.
typedef struct {
    const float *nodes;
    int32_t columns;
    int32_t rows;
    // Pixels between nodes, the place of pixel 0 behind node 0, and pixels in a unit of motion.
    float cell_pixels;
    float offset_pixels;
    float scale;
} lipsmith_motion_grid;

// A window of pixels: where its first pixel lies in the source, and its size.
typedef struct {
    int32_t left;
    int32_t top;
    int32_t width;
    int32_t height;
} lipsmith_window;

// Moves every pixel of a window by the grid, whose pixel 0 is the window's, and writes those that move by more than
// `still` pixels (all of them where `still` is negative) to `target`, whose first sample is the window's.
void lipsmith_warp_plane(
    lipsmith_plane source, lipsmith_window window, lipsmith_motion_grid grid, float still, int32_t is_cubic,
    uint8_t *target, ptrdiff_t target_stride);

// The gap between lips as a table over canonical x from `left` to `right`.
typedef struct {
    const float *upper;
    const float *lower;
    int32_t length;
    float left;
    float right;
    float softness;
} lipsmith_lip_gap;

// Where a line of a mouth patch begins: the canonical place of pixel 0, its step for one pixel, and the source position
// of pixel 0 without motion; one pixel on, the source's x grows by one.
typedef struct {
    float canonical_x;
    float canonical_y;
    float step_x;
    float step_y;
    float source_x;
    float source_y;
} lipsmith_patch_start;

// For one line of a mouth patch: where each pixel comes from, mixed from the upper and the lower lip's grid by where it
// lies between the lips (`between`: 0 on the upper lip, 1 on the lower).
void lipsmith_patch_line(
    lipsmith_motion_grid upper, lipsmith_motion_grid lower, lipsmith_lip_gap gap, lipsmith_patch_start start,
    int32_t row, int32_t count, float *x, float *y, float *between);

// From stored luma and chroma to red, green and blue in 0…1.
typedef struct {
    float luma_scale;
    float luma_offset;
    float red_from_red;
    float green_from_blue;
    float green_from_red;
    float blue_from_blue;
} lipsmith_color_conversion;

// Takes crop positions to picture positions: x = xx·u + xy·v + x0, y = yx·u + yy·v + y0.
typedef struct {
    float xx;
    float xy;
    float x0;
    float yx;
    float yy;
    float y0;
} lipsmith_affine_map;

// Fills a square of `side` × `side` red, green, blue triples in 0…1 out of a turned square of a picture, sampled
// bilinearly; outside is black.
void lipsmith_crop_turned(
    lipsmith_plane luma, lipsmith_plane blue, lipsmith_plane red, lipsmith_affine_map map,
    lipsmith_color_conversion conversion, int32_t side, float *out);

// Reads one line of a coarse field linearly: `count` values from pixel `first` on, `step` pixels apart, at height `y`.
// Nodes lie `cell_pixels` apart, the first at pixel 0; places outside are clamped.
void lipsmith_field_line(
    const float *values, int32_t columns, int32_t rows, float cell_pixels, float y, float first, float step,
    int32_t count, float *out);

// Multiplies a dense matrix (`rows` × `columns`, row-major) with four vectors of `columns` values, one behind the other;
// `out` gets four values a row.
void lipsmith_multiply_four(const float *matrix, int32_t rows, int32_t columns, const float *vectors, float *out);

// Turns a forward map into a backward one. Node (i, j) of a grid has moved by `forward` (pairs, in cells); `backward`
// gets for every node where what now lies there came from (pairs, in cells, relative to the node). Triangles that are
// turned over are left out; nodes that nothing covers get the opposite of their own motion.
void lipsmith_invert_grid(const float *forward, int32_t columns, int32_t rows, float *backward);

// Lays one line over another: `target` += (`layer` − `target`) · `mask` / 255.
void lipsmith_lay_over(uint8_t *target, const uint8_t *layer, const uint8_t *mask, int32_t count);

// Averages squares of `factor` × `factor` pixels into one, rounded. The first square begins at the window's corner; the
// window's size is in squares, which lie inside the plane. Rows of `out` are as wide as the window.
void lipsmith_shrink_plane(lipsmith_plane plane, lipsmith_window window, int32_t factor, uint8_t *out);

// Smooths a picture of floats with a symmetric kernel, of which `weights` holds the middle and one half (radius + 1
// values); outside is zero. A row and two radii are at most 512 values; `work` holds columns × rows. `out` may be `values`.
void lipsmith_smooth_picture(
    const float *values, int32_t columns, int32_t rows, const float *weights, int32_t radius, float *work, float *out);

// A plane of luma that is changed.
typedef struct {
    uint8_t *base;
    int32_t width;
    int32_t height;
    ptrdiff_t stride;
    // Additions end at these values; pixels beyond them are never moved further out.
    uint8_t lowest;
    uint8_t highest;
} lipsmith_luma_target;

// A picture of floats that is laid over another one by triangles.
typedef struct {
    const float *values;
    int32_t columns;
    int32_t rows;
} lipsmith_overlay;

// Adds an overlay to a plane, triangle by triangle, rounded. A triangle is three numbers of points; `places` are the points
// in the plane, `sources` in the overlay (pairs x, y). Every pixel whose centre (a whole number) lies in the mesh belongs
// to one triangle of its place; triangles that are turned over in the plane are left out. Beyond its border the overlay
// counts as its border.
void lipsmith_add_overlay(
    lipsmith_luma_target target, lipsmith_overlay overlay, const int32_t *triangles, int32_t count, const float *places,
    const float *sources);

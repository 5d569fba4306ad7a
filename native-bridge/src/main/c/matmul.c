#include "concertina.h"
#include "lanes.h"

/*
 * C += A * B by tiles of C that stay in registers while the depth goes by. Every element is one
 * chain of fused multiply-adds in the order of the depth; that a tile is stored and loaded again
 * between two blocks of the depth changes no bit.
 *
 * Tiles go along rows of C: their lines are next to each other, where those of a column may share
 * a set of the cache. For the same reason blocks of B are copied if enough rows use them.
 */

#define TILE_ROWS 6
#define TILE_COLS (2 * LANES)

/* 32 kB of B, in the stack and in the first-level cache or next to it. */
#define BLOCK_DEPTH 128
#define BLOCK_COLS 64

/* With fewer rows a copy costs more than it saves. */
#define COPY_FROM_ROWS 48

typedef struct {
  int64_t rows, cols, depth;
  const float *a;
  int64_t a_row, a_depth;
  const float *b;
  int64_t b_row, b_tile; /* from a row, and from a tile of columns, to the next */
  float *c;
  int64_t c_row;
} product;

ALWAYS_INLINE lanes load(const float *at, const int64_t count) {
  return count == LANES ? lanes_load(at) : lanes_load_first(at, count);
}

ALWAYS_INLINE void store(float *at, const int64_t count, lanes v) {
  if (count == LANES) {
    lanes_store(at, v);
  } else {
    lanes_store_first(at, count, v);
  }
}

/* Some rows of some vectors; the last vector has so many floats. */
ALWAYS_INLINE void tile(const product *p, const float *a, const float *b, float *c, const int rows,
                        const int vectors, const int64_t last) {
  lanes sums[TILE_ROWS][2];
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
#pragma GCC unroll 2
    for (int v = 0; v < vectors; v++) {
      sums[r][v] = load(c + r * p->c_row + v * LANES, v == vectors - 1 ? last : LANES);
    }
  }
  for (int64_t k = 0; k < p->depth; k++) {
    lanes of[2];
#pragma GCC unroll 2
    for (int v = 0; v < vectors; v++) {
      of[v] = load(b + v * LANES, v == vectors - 1 ? last : LANES);
    }
#pragma GCC unroll 6
    for (int r = 0; r < rows; r++) {
      const lanes x = lanes_splat(a[r * p->a_row]);
#pragma GCC unroll 2
      for (int v = 0; v < vectors; v++) {
        sums[r][v] = lanes_fma(x, of[v], sums[r][v]);
      }
    }
    a += p->a_depth;
    b += p->b_row;
  }
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++) {
#pragma GCC unroll 2
    for (int v = 0; v < vectors; v++) {
      store(c + r * p->c_row + v * LANES, v == vectors - 1 ? last : LANES, sums[r][v]);
    }
  }
}

/* Some rows of all columns. */
ALWAYS_INLINE void strip(const product *p, int64_t first, const int rows) {
  const float *a = p->a + first * p->a_row, *b = p->b;
  float *c = p->c + first * p->c_row;
  int64_t j = 0;
  for (; j + TILE_COLS <= p->cols; j += TILE_COLS, b += p->b_tile) {
    tile(p, a, b, c + j, rows, 2, LANES);
  }
  for (; j + LANES <= p->cols; j += LANES, b += LANES) {
    tile(p, a, b, c + j, rows, 1, LANES);
  }
  if (j < p->cols) {
    tile(p, a, b, c + j, rows, 1, p->cols - j);
  }
}

static void multiply(const product *p) {
  int64_t i = 0;
  for (; i + TILE_ROWS <= p->rows; i += TILE_ROWS) {
    strip(p, i, TILE_ROWS);
  }
  for (; i + 2 <= p->rows; i += 2) {
    strip(p, i, 2);
  }
  if (i < p->rows) {
    strip(p, i, 1);
  }
}

/* Whole tiles of columns only. */
static void copy(float *to, const float *b, int64_t b_row, int64_t depth, int64_t cols) {
  for (int64_t j = 0; j < cols; j += TILE_COLS) {
    for (int64_t k = 0; k < depth; k++, to += TILE_COLS) {
      lanes_store(to, lanes_load(b + k * b_row + j));
      lanes_store(to + LANES, lanes_load(b + k * b_row + j + LANES));
    }
  }
}

/* A product whose columns are whole tiles, in blocks of B that are copied. */
static void multiply_copied(const product *p) {
  float block[BLOCK_DEPTH * BLOCK_COLS];
  for (int64_t j = 0; j < p->cols; j += BLOCK_COLS) {
    for (int64_t k = 0; k < p->depth; k += BLOCK_DEPTH) {
      product part = *p;
      part.cols = p->cols - j < BLOCK_COLS ? p->cols - j : BLOCK_COLS;
      part.depth = p->depth - k < BLOCK_DEPTH ? p->depth - k : BLOCK_DEPTH;
      part.a += k * p->a_depth;
      part.b = block;
      part.b_row = TILE_COLS;
      part.b_tile = TILE_COLS * part.depth;
      part.c += j;
      copy(block, p->b + k * p->b_row + j, p->b_row, part.depth, part.cols);
      multiply(&part);
    }
  }
}

void TIERED(cnct_matmul_add_f32)(int64_t rows, int64_t cols, int64_t depth, const float *a_base,
                                 int64_t a_offset, int64_t a_row_stride, int64_t a_depth_stride,
                                 const float *b_base, int64_t b_offset, int64_t b_row_stride,
                                 float *c_base, int64_t c_offset, int64_t c_row_stride) {
  product whole = {.rows = rows,
                   .cols = cols,
                   .depth = depth,
                   .a = AT(const float, a_base, a_offset),
                   .a_row = a_row_stride,
                   .a_depth = a_depth_stride,
                   .b = AT(const float, b_base, b_offset),
                   .b_row = b_row_stride,
                   .b_tile = TILE_COLS,
                   .c = AT(float, c_base, c_offset),
                   .c_row = c_row_stride};
  if (rows >= COPY_FROM_ROWS) {
    product tiled = whole;
    tiled.cols = cols - cols % TILE_COLS;
    multiply_copied(&tiled);
    whole.b += tiled.cols;
    whole.c += tiled.cols;
    whole.cols -= tiled.cols;
  }
  if (whole.cols > 0) {
    multiply(&whole);
  }
}

#include "concertina.h"
#include "rows.h"

/*
 * Rows of a sparse product: a strip of the result stays in registers while its row's entries go by,
 * each element one chain of fused multiply-adds in their order. Entries of all rows are one run of
 * memory, so fetching ahead crosses from row to row.
 */

#define STRIP_VECTORS 8

typedef struct {
  const int32_t *indices;
  const float *weights;
  const float *table;
  uint64_t table_rows;
  int64_t stride;
  float scale;
  int64_t last; /* behind the last entry of all rows */
} product;

ALWAYS_INLINE void strip(const product *p, int64_t begin, int64_t end, int64_t first,
                         const float *base, float *out, int64_t fetched, const int vectors) {
  lanes sums[STRIP_VECTORS];
#pragma GCC unroll 8
  for (int v = 0; v < vectors; v++) {
    sums[v] = lanes_load(base + first + v * LANES);
  }
  for (int64_t j = begin; j < end; j++) {
    if (fetched > 0 && j + ROWS_AHEAD < p->last) {
      rows_fetch(p->table, p->stride, p->indices[j + ROWS_AHEAD], fetched);
    }
    const float *row = p->table + p->indices[j] * p->stride + first;
    const lanes w = lanes_splat(p->weights[j]);
#pragma GCC unroll 8
    for (int v = 0; v < vectors; v++) {
      sums[v] = lanes_fma(w, lanes_load(row + v * LANES), sums[v]);
    }
  }
#pragma GCC unroll 8
  for (int v = 0; v < vectors; v++) {
    lanes_store(out + first + v * LANES, lanes_splat(p->scale) * sums[v]);
  }
}

ALWAYS_INLINE void last_strip(const product *p, int64_t begin, int64_t end, int64_t first,
                              const float *base, float *out, int64_t rest) {
  lanes sum = lanes_load_first(base + first, rest);
  for (int64_t j = begin; j < end; j++) {
    const float *row = p->table + p->indices[j] * p->stride + first;
    sum = lanes_fma(lanes_splat(p->weights[j]), lanes_load_first(row, rest), sum);
  }
  lanes_store_first(out + first, rest, lanes_splat(p->scale) * sum);
}

/* The position of the first index in a row that is none of the table's, or -1. */
ALWAYS_INLINE int64_t first_outside(const product *p, int64_t begin, int64_t end) {
  for (int64_t j = begin; j < end; j++) {
    if ((uint64_t)(int64_t)p->indices[j] >= p->table_rows) {
      return j;
    }
  }
  return -1;
}

int64_t TIERED(cnct_sparse_matmul_f32)(
    int64_t rows, const int64_t *pointers_base, int64_t pointers_offset, const int32_t *indices,
    const float *weights, const float *table, int64_t table_offset, int64_t table_rows,
    int64_t table_stride_floats, float scale, const float *base, int64_t base_offset,
    int64_t base_stride_floats, float *out, int64_t out_offset, int64_t out_stride_floats,
    int64_t n) {
  const int64_t *pointers = AT(const int64_t, pointers_base, pointers_offset);
  const product p = {indices, weights, AT(const float, table, table_offset), (uint64_t)table_rows,
                     table_stride_floats, scale, pointers[rows]};
  for (int64_t r = 0; r < rows; r++) {
    const int64_t begin = pointers[r], end = pointers[r + 1];
    const int64_t outside = first_outside(&p, begin, end);
    if (outside >= 0) {
      return outside;
    }
    const float *from = AT(const float, base, base_offset) + r * base_stride_floats;
    float *to = AT(float, out, out_offset) + r * out_stride_floats;
    int64_t i = 0;
    for (; i + 8 * LANES <= n; i += 8 * LANES) {
      strip(&p, begin, end, i, from, to, i == 0 ? n : 0, 8);
    }
    for (; i + 4 * LANES <= n; i += 4 * LANES) {
      strip(&p, begin, end, i, from, to, i == 0 ? n : 0, 4);
    }
    for (; i + 2 * LANES <= n; i += 2 * LANES) {
      strip(&p, begin, end, i, from, to, i == 0 ? n : 0, 2);
    }
    for (; i + LANES <= n; i += LANES) {
      strip(&p, begin, end, i, from, to, i == 0 ? n : 0, 1);
    }
    if (i < n) {
      last_strip(&p, begin, end, i, from, to, n - i);
    }
  }
  return -1;
}

#include <immintrin.h>

#include "concertina.h"

#define LANES 8

static inline float sum_lanes(__m256 v) {
  __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  half = _mm_add_ps(half, _mm_movehl_ps(half, half));
  half = _mm_add_ss(half, _mm_movehdup_ps(half));
  return _mm_cvtss_f32(half);
}

/* Selects the first `count` lanes, 0 <= count < LANES. */
static inline __m256i tail_mask(int64_t count) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int32_t)count), lane);
}

static inline float dot_row(const float *row, const float *query, int64_t dim) {
  __m256 acc0 = _mm256_setzero_ps();
  __m256 acc1 = _mm256_setzero_ps();
  int64_t i = 0;
  for (; i + 2 * LANES <= dim; i += 2 * LANES) {
    acc0 = _mm256_fmadd_ps(_mm256_loadu_ps(row + i), _mm256_loadu_ps(query + i), acc0);
    acc1 = _mm256_fmadd_ps(_mm256_loadu_ps(row + i + LANES), _mm256_loadu_ps(query + i + LANES),
                           acc1);
  }
  if (i + LANES <= dim) {
    acc0 = _mm256_fmadd_ps(_mm256_loadu_ps(row + i), _mm256_loadu_ps(query + i), acc0);
    i += LANES;
  }
  if (i < dim) {
    const __m256i mask = tail_mask(dim - i);
    acc1 = _mm256_fmadd_ps(_mm256_maskload_ps(row + i, mask), _mm256_maskload_ps(query + i, mask),
                           acc1);
  }
  return sum_lanes(_mm256_add_ps(acc0, acc1));
}

/* Four rows share each load of the query; two accumulators a row hide the latency of the FMA. */
static inline void dot_four_rows(const float *rows, int64_t stride, const float *query, int64_t dim,
                                 float *restrict out) {
  const float *row0 = rows;
  const float *row1 = rows + stride;
  const float *row2 = rows + 2 * stride;
  const float *row3 = rows + 3 * stride;
  __m256 even0 = _mm256_setzero_ps(), odd0 = _mm256_setzero_ps();
  __m256 even1 = _mm256_setzero_ps(), odd1 = _mm256_setzero_ps();
  __m256 even2 = _mm256_setzero_ps(), odd2 = _mm256_setzero_ps();
  __m256 even3 = _mm256_setzero_ps(), odd3 = _mm256_setzero_ps();
  int64_t i = 0;
  for (; i + 2 * LANES <= dim; i += 2 * LANES) {
    const __m256 q_even = _mm256_loadu_ps(query + i);
    const __m256 q_odd = _mm256_loadu_ps(query + i + LANES);
    even0 = _mm256_fmadd_ps(_mm256_loadu_ps(row0 + i), q_even, even0);
    even1 = _mm256_fmadd_ps(_mm256_loadu_ps(row1 + i), q_even, even1);
    even2 = _mm256_fmadd_ps(_mm256_loadu_ps(row2 + i), q_even, even2);
    even3 = _mm256_fmadd_ps(_mm256_loadu_ps(row3 + i), q_even, even3);
    odd0 = _mm256_fmadd_ps(_mm256_loadu_ps(row0 + i + LANES), q_odd, odd0);
    odd1 = _mm256_fmadd_ps(_mm256_loadu_ps(row1 + i + LANES), q_odd, odd1);
    odd2 = _mm256_fmadd_ps(_mm256_loadu_ps(row2 + i + LANES), q_odd, odd2);
    odd3 = _mm256_fmadd_ps(_mm256_loadu_ps(row3 + i + LANES), q_odd, odd3);
  }
  if (i + LANES <= dim) {
    const __m256 q = _mm256_loadu_ps(query + i);
    even0 = _mm256_fmadd_ps(_mm256_loadu_ps(row0 + i), q, even0);
    even1 = _mm256_fmadd_ps(_mm256_loadu_ps(row1 + i), q, even1);
    even2 = _mm256_fmadd_ps(_mm256_loadu_ps(row2 + i), q, even2);
    even3 = _mm256_fmadd_ps(_mm256_loadu_ps(row3 + i), q, even3);
    i += LANES;
  }
  if (i < dim) {
    const __m256i mask = tail_mask(dim - i);
    const __m256 q = _mm256_maskload_ps(query + i, mask);
    odd0 = _mm256_fmadd_ps(_mm256_maskload_ps(row0 + i, mask), q, odd0);
    odd1 = _mm256_fmadd_ps(_mm256_maskload_ps(row1 + i, mask), q, odd1);
    odd2 = _mm256_fmadd_ps(_mm256_maskload_ps(row2 + i, mask), q, odd2);
    odd3 = _mm256_fmadd_ps(_mm256_maskload_ps(row3 + i, mask), q, odd3);
  }
  out[0] = sum_lanes(_mm256_add_ps(even0, odd0));
  out[1] = sum_lanes(_mm256_add_ps(even1, odd1));
  out[2] = sum_lanes(_mm256_add_ps(even2, odd2));
  out[3] = sum_lanes(_mm256_add_ps(even3, odd3));
}

void cnct_dot_rows_f32_v3(const float *rows, int64_t row_count, int64_t row_stride_floats,
                          const float *query, int64_t dim, float *restrict out) {
  int64_t r = 0;
  for (; r + 4 <= row_count; r += 4) {
    dot_four_rows(rows + r * row_stride_floats, row_stride_floats, query, dim, out + r);
  }
  for (; r < row_count; r++) {
    out[r] = dot_row(rows + r * row_stride_floats, query, dim);
  }
}

#include "concertina.h"

void cnct_dot_rows_f32_v1(const float *rows, int64_t row_count, int64_t row_stride_floats,
                          const float *query, int64_t dim, float *restrict out) {
  for (int64_t r = 0; r < row_count; r++) {
    const float *row = rows + r * row_stride_floats;
    float sum = 0.0f;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < dim; i++) {
      sum += row[i] * query[i];
    }
    out[r] = sum;
  }
}

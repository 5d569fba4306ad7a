#include "concertina.h"

int32_t cnct_abi_version(void) { return CNCT_ABI_VERSION; }

/* Every processor with these four has the rest of x86-64-v3 (F16C, LZCNT, MOVBE) too. */
static int has_v3(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

int32_t cnct_active_tier(void) { return has_v3() ? CNCT_TIER_V3 : CNCT_TIER_V1; }

void cnct_dot_rows_f32(const float *rows, int64_t row_count, int64_t row_stride_floats,
                       const float *query, int64_t dim, float *out) {
  if (has_v3()) {
    cnct_dot_rows_f32_v3(rows, row_count, row_stride_floats, query, dim, out);
  } else {
    cnct_dot_rows_f32_v1(rows, row_count, row_stride_floats, query, dim, out);
  }
}

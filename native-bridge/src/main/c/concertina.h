/*
 * The C interface of Concertina's native kernels.
 *
 * Fixed-width types only; lengths are int64_t; no structs, errno, callbacks, allocation or threads.
 * Callers check sizes: every pointer covers what its lengths say, and `out` overlaps no input.
 */
#ifndef CONCERTINA_H
#define CONCERTINA_H

#include <stdint.h>

/* Raised with every change that an older caller would not survive. */
#define CNCT_ABI_VERSION 1

#define CNCT_TIER_V1 1
#define CNCT_TIER_V3 3

#define CNCT_EXPORT __attribute__((visibility("default")))

CNCT_EXPORT int32_t cnct_abi_version(void);

/* The x86-64 level of the kernels that this processor gets: CNCT_TIER_V1 or CNCT_TIER_V3. */
CNCT_EXPORT int32_t cnct_active_tier(void);

/*
 * out[r] = dot(rows + r * row_stride_floats, query) over dim floats, for r in [0, row_count).
 * Reads no float past dim in any row. The suffixed functions are the tiers that it chooses from.
 */
CNCT_EXPORT void cnct_dot_rows_f32(const float *rows, int64_t row_count, int64_t row_stride_floats,
                                   const float *query, int64_t dim, float *out);
CNCT_EXPORT void cnct_dot_rows_f32_v1(const float *rows, int64_t row_count,
                                      int64_t row_stride_floats, const float *query, int64_t dim,
                                      float *out);
CNCT_EXPORT void cnct_dot_rows_f32_v3(const float *rows, int64_t row_count,
                                      int64_t row_stride_floats, const float *query, int64_t dim,
                                      float *out);

#endif

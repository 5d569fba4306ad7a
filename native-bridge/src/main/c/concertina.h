/*
 * The C interface of Concertina's native kernels.
 *
 * Fixed-width types only; lengths are int64_t; no structs, errno, callbacks, allocation or threads.
 * Callers check sizes: every pointer covers what its lengths say. Every kernel is there once a
 * tier, with the tier as a suffix; which tiers may run is what cnct_best_tier says, and which
 * function to call is the caller's choice.
 */
#ifndef CONCERTINA_H
#define CONCERTINA_H

#include <stdint.h>

/* Raised with every change that an older caller would not survive. */
#define CNCT_ABI_VERSION 5

#if defined(_WIN32)
#define CNCT_EXPORT __declspec(dllexport)
#else
#define CNCT_EXPORT __attribute__((visibility("default")))
#endif

/* The tier that a file is compiled for, such as v4; set by the build. */
#ifdef CNCT_TIER
#define CNCT_JOIN(name, tier) name##_##tier
#define CNCT_EXPAND(name, tier) CNCT_JOIN(name, tier)
#define TIERED(name) CNCT_EXPAND(name, CNCT_TIER)
#endif

CNCT_EXPORT int32_t cnct_abi_version(void);

/*
 * The highest tier that processor and operating system run. On x86-64 2 is the baseline
 * (x86-64-v2), 3 has AVX2 and FMA (x86-64-v3), 4 has AVX-512 (x86-64-v4), 5 also dot products
 * and permutes of bytes (VNNI, VBMI). On aarch64 it is 1: NEON is part of it.
 */
CNCT_EXPORT int32_t cnct_best_tier(void);

#ifdef CNCT_TIER

/*
 * Operands are base addresses and offsets in bytes, as the caller has them. Strides are in floats.
 * What an operation does, to the bit where it says so, is what the engine's kernel package says.
 */
#define AT(type, base, offset) ((type *)((uintptr_t)(base) + (uintptr_t)(offset)))

/* BprOps.bprInPlace; indices are checked. Returns the sum of log(1 + exp(-x)). */
CNCT_EXPORT double TIERED(cnct_bpr_f32)(float learning_rate, float l2, float *user,
                                        int64_t user_offset, float *items, int64_t items_offset,
                                        int64_t item_stride_floats, const int32_t *positives,
                                        int64_t positives_offset, const int32_t *negatives,
                                        int64_t negatives_offset, int64_t count, int64_t n);

/* BprOps.bprCosineInPlace. */
CNCT_EXPORT double TIERED(cnct_bpr_cosine_f32)(float learning_rate, float temperature, float *user,
                                               int64_t user_offset, float *items,
                                               int64_t items_offset, int64_t item_stride_floats,
                                               const int32_t *positives, int64_t positives_offset,
                                               const int32_t *negatives, int64_t negatives_offset,
                                               int64_t count, int64_t n);

/* MatmulOps.matmulAdd; C overlaps neither of the others. */
CNCT_EXPORT void TIERED(cnct_matmul_add_f32)(int64_t rows, int64_t cols, int64_t depth,
                                             const float *a_base, int64_t a_offset,
                                             int64_t a_row_stride, int64_t a_depth_stride,
                                             const float *b_base, int64_t b_offset,
                                             int64_t b_row_stride, float *c_base, int64_t c_offset,
                                             int64_t c_row_stride);

/*
 * SparseOps.sparseMatmul; pointers are checked. Returns -1, or the position of the first index that
 * is no row of the table; rows before its own have been written then.
 */
CNCT_EXPORT int64_t TIERED(cnct_sparse_matmul_f32)(
    int64_t rows, const int64_t *pointers_base, int64_t pointers_offset, const int32_t *indices,
    const float *weights, const float *table, int64_t table_offset, int64_t table_rows,
    int64_t table_stride_floats, float scale, const float *base, int64_t base_offset,
    int64_t base_stride_floats, float *out, int64_t out_offset, int64_t out_stride_floats,
    int64_t n);

/* TileOps.scoreTilesInt4, of at most 1020 dimensions. */
CNCT_EXPORT void TIERED(cnct_score_tiles_int4)(const uint8_t *tiles_base, int64_t tiles_offset,
                                               int64_t tile_count, int64_t dims,
                                               const float *query_base, int64_t query_offset,
                                               float *out_base, int64_t out_offset);

/* ScreenOps.maxSum and ScreenOps.maxByteQuery. */
CNCT_EXPORT int32_t TIERED(cnct_screen_max_sum)(void);
CNCT_EXPORT int32_t TIERED(cnct_screen_max_byte_query)(void);

/*
 * ScreenOps.screenTilesInt8, screenTilesInt4 and screenTilesInt2, of at most 1020 dimensions; the
 * query keeps to what is said above. An offset of -1 stands for no norms or no priors. Ends before a
 * tile for whose rows there may be no room left, of at least sixteen entries. Returns the number of
 * tiles that are done, and of entries in the lower half.
 */
CNCT_EXPORT int64_t TIERED(cnct_screen_tiles_int8)(
    float factor, const int8_t *tiles_base, int64_t tiles_offset, int64_t tile_count, int64_t dims,
    const int8_t *query_base, int64_t query_offset, const int8_t *priors_base,
    int64_t priors_offset, float prior_scale, float prior_base, float bar, float product_bar,
    uint8_t *out_base, int64_t out_offset, int64_t capacity);
CNCT_EXPORT int64_t TIERED(cnct_screen_tiles_int4)(
    float factor, const uint8_t *tiles_base, int64_t tiles_offset, int64_t tile_count, int64_t dims,
    const int8_t *query_base, int64_t query_offset, const int8_t *priors_base,
    int64_t priors_offset, float prior_scale, float prior_base, float bar, float product_bar,
    const uint8_t *norms_base, int64_t norms_offset, float norm_scale, uint8_t *out_base,
    int64_t out_offset, int64_t capacity);
CNCT_EXPORT int64_t TIERED(cnct_screen_tiles_int2)(
    float factor, const uint8_t *tiles_base, int64_t tiles_offset, int64_t tile_count, int64_t dims,
    const int8_t *query_base, int64_t query_offset, const int8_t *priors_base,
    int64_t priors_offset, float prior_scale, float prior_base, float bar, float product_bar,
    const uint8_t *norms_base, int64_t norms_offset, float norm_scale, uint8_t *out_base,
    int64_t out_offset, int64_t capacity);

#endif
#endif

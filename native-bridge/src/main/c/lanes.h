/*
 * One vector of floats per tier, so that a kernel is written once and compiled for each.
 *
 * LANES is its length, `lanes` its type, with the operators that gcc and clang give such types;
 * LANES_RESIDENT is how many a kernel may keep in registers beside a handful of temporaries.
 * lanes_load_first and lanes_store_first touch the first
 * `count` floats only, 0 <= count < LANES, and read or write no byte behind them.
 */
#ifndef CONCERTINA_LANES_H
#define CONCERTINA_LANES_H

#include <stdint.h>

/* Whether three rows of n floats fit. */
#define RESIDENT(n) (3 * (n) / LANES <= LANES_RESIDENT)

#define ALWAYS_INLINE static inline __attribute__((always_inline))

#if defined(__AVX512F__)

#include <immintrin.h>

#define LANES 16
#define LANES_RESIDENT 24

typedef __m512 lanes;

ALWAYS_INLINE lanes lanes_load(const float *at) { return _mm512_loadu_ps(at); }
ALWAYS_INLINE void lanes_store(float *at, lanes v) { _mm512_storeu_ps(at, v); }
ALWAYS_INLINE lanes lanes_splat(float x) { return _mm512_set1_ps(x); }
ALWAYS_INLINE lanes lanes_fma(lanes a, lanes b, lanes c) { return _mm512_fmadd_ps(a, b, c); }

ALWAYS_INLINE lanes lanes_load_first(const float *at, int64_t count) {
  return _mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), at);
}

ALWAYS_INLINE void lanes_store_first(float *at, int64_t count, lanes v) {
  _mm512_mask_storeu_ps(at, (__mmask16)((1u << count) - 1), v);
}

ALWAYS_INLINE float lanes_sum(lanes v) {
  __m256 half = _mm256_add_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps(v, 1));
  __m128 quarter = _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
  quarter = _mm_add_ps(quarter, _mm_movehl_ps(quarter, quarter));
  return _mm_cvtss_f32(_mm_add_ss(quarter, _mm_movehdup_ps(quarter)));
}

#elif defined(__AVX2__)

#include <immintrin.h>

#define LANES 8
#define LANES_RESIDENT 12

typedef __m256 lanes;

ALWAYS_INLINE lanes lanes_load(const float *at) { return _mm256_loadu_ps(at); }
ALWAYS_INLINE void lanes_store(float *at, lanes v) { _mm256_storeu_ps(at, v); }
ALWAYS_INLINE lanes lanes_splat(float x) { return _mm256_set1_ps(x); }
ALWAYS_INLINE lanes lanes_fma(lanes a, lanes b, lanes c) { return _mm256_fmadd_ps(a, b, c); }

ALWAYS_INLINE __m256i lanes_first(int64_t count) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int32_t)count), lane);
}

ALWAYS_INLINE lanes lanes_load_first(const float *at, int64_t count) {
  return _mm256_maskload_ps(at, lanes_first(count));
}

ALWAYS_INLINE void lanes_store_first(float *at, int64_t count, lanes v) {
  _mm256_maskstore_ps(at, lanes_first(count), v);
}

ALWAYS_INLINE float lanes_sum(lanes v) {
  __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  half = _mm_add_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

#else

#define LANES 4
#define LANES_RESIDENT 12

#if defined(__aarch64__)

#include <arm_neon.h>

typedef float32x4_t lanes;

ALWAYS_INLINE lanes lanes_load(const float *at) { return vld1q_f32(at); }
ALWAYS_INLINE void lanes_store(float *at, lanes v) { vst1q_f32(at, v); }
ALWAYS_INLINE lanes lanes_splat(float x) { return vdupq_n_f32(x); }
ALWAYS_INLINE lanes lanes_fma(lanes a, lanes b, lanes c) { return vfmaq_f32(c, a, b); }

#else

#include <immintrin.h>

typedef __m128 lanes;

ALWAYS_INLINE lanes lanes_load(const float *at) { return _mm_loadu_ps(at); }
ALWAYS_INLINE void lanes_store(float *at, lanes v) { _mm_storeu_ps(at, v); }
ALWAYS_INLINE lanes lanes_splat(float x) { return _mm_set1_ps(x); }
/* Rounds twice: no kernel that promises the bits of fused multiply-adds is built for this tier. */
ALWAYS_INLINE lanes lanes_fma(lanes a, lanes b, lanes c) { return a * b + c; }

#endif

ALWAYS_INLINE lanes lanes_load_first(const float *at, int64_t count) {
  float padded[LANES] = {0};
  for (int64_t i = 0; i < count; i++) {
    padded[i] = at[i];
  }
  return lanes_load(padded);
}

ALWAYS_INLINE void lanes_store_first(float *at, int64_t count, lanes v) {
  float padded[LANES];
  lanes_store(padded, v);
  for (int64_t i = 0; i < count; i++) {
    at[i] = padded[i];
  }
}

ALWAYS_INLINE float lanes_sum(lanes v) { return (v[0] + v[2]) + (v[1] + v[3]); }

#endif

ALWAYS_INLINE lanes lanes_zero(void) { return lanes_splat(0.0f); }

#endif

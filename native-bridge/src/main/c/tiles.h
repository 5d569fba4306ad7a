/*
 * Sixteen rows of a tile, a float each. Sums are chains of fused multiply-adds in the order of the
 * dimensions, which is what makes scores the same bits in every provider; so there is no kernel of
 * integer products here, and none for tiers without fused multiply-adds.
 */
#ifndef CONCERTINA_TILES_H
#define CONCERTINA_TILES_H

#include "lanes.h"

#define TILE_ROWS 16

#if LANES == 16

/* Tiles at a time: chains enough to hide a multiply-add's latency. */
#define TILES_TOGETHER 4

typedef struct {
  lanes all;
} tile;

ALWAYS_INLINE tile tile_splat(float x) { return (tile){lanes_splat(x)}; }

/* Code `dim` of each word; the shuffle sees the last four bits of a lane, so nothing is masked. */
ALWAYS_INLINE tile tile_add_nibbles(lanes q, __m256i words, int dim, tile sum) {
  const lanes floats = _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1);
  const __m512i wide = _mm512_srli_epi32(_mm512_cvtepu16_epi32(words), (unsigned)(12 - 4 * dim));
  return (tile){lanes_fma(q, _mm512_permutexvar_ps(wide, floats), sum.all)};
}

/* out = sum * (1 / sqrt(max(1, squares))) */
ALWAYS_INLINE void tile_store_unit(float *out, tile sum, __m256i squares) {
  const lanes one = lanes_splat(1.0f);
  const lanes wide = _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(squares));
  lanes_store(out, sum.all * (one / _mm512_sqrt_ps(_mm512_max_ps(wide, one))));
}

#else

#define TILES_TOGETHER 2

typedef struct {
  lanes low, high;
} tile;

ALWAYS_INLINE tile tile_splat(float x) { return (tile){lanes_splat(x), lanes_splat(x)}; }

ALWAYS_INLINE lanes tile_nibbles(__m128i words, int dim) {
  const __m256i wide = _mm256_slli_epi32(_mm256_cvtepu16_epi32(words), 16 + 4 * dim);
  return _mm256_cvtepi32_ps(_mm256_srai_epi32(wide, 28));
}

ALWAYS_INLINE tile tile_add_nibbles(lanes q, __m256i words, int dim, tile sum) {
  return (tile){lanes_fma(q, tile_nibbles(_mm256_castsi256_si128(words), dim), sum.low),
                lanes_fma(q, tile_nibbles(_mm256_extracti128_si256(words, 1), dim), sum.high)};
}

ALWAYS_INLINE lanes tile_unit(lanes sum, __m128i squares) {
  const lanes one = lanes_splat(1.0f);
  const lanes wide = _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(squares));
  return sum * (one / _mm256_sqrt_ps(_mm256_max_ps(wide, one)));
}

ALWAYS_INLINE void tile_store_unit(float *out, tile sum, __m256i squares) {
  lanes_store(out, tile_unit(sum.low, _mm256_castsi256_si128(squares)));
  lanes_store(out + LANES, tile_unit(sum.high, _mm256_extracti128_si256(squares, 1)));
}

#endif
#endif

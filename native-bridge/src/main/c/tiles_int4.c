#include "concertina.h"
#include "tiles.h"

/*
 * Scores tiles of four-bit codes. A word has four dimensions of a row, the first in its top four
 * bits. The sums of squares are integers, exact in any order, and cost a fifth of what
 * multiply-adds of floats would.
 */

#define WORD_ROW_BYTES (TILE_ROWS * 2)

/* Adds the squares of each word's four codes, at most 4 * 64, to 16 bits a row. */
ALWAYS_INLINE __m256i add_squares(__m256i words, __m256i sums) {
  const __m256i squares = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, 1, 4, 9, 16, 25, 36, 49, 64, 49, 36, 25, 16, 9, 4, 1));
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  const __m256i low = _mm256_shuffle_epi8(squares, _mm256_and_si256(words, nibble));
  const __m256i high =
      _mm256_shuffle_epi8(squares, _mm256_and_si256(_mm256_srli_epi16(words, 4), nibble));
  const __m256i pairs = _mm256_maddubs_epi16(_mm256_add_epi8(low, high), _mm256_set1_epi8(1));
  return _mm256_add_epi16(sums, pairs);
}

/* Scores some tiles; `dims` of a word that count are 4, but for the last word of a row. */
ALWAYS_INLINE void score(const uint8_t *tiles, int64_t tile_bytes, int64_t dims,
                         const float *query, float *out, const int together) {
  tile sums[TILES_TOGETHER];
  __m256i squares[TILES_TOGETHER];
#pragma GCC unroll 8
  for (int t = 0; t < together; t++) {
    sums[t] = tile_splat(0.0f);
    squares[t] = _mm256_setzero_si256();
  }
  const int64_t whole = dims - dims % 4;
  for (int64_t k = 0; k < dims; k += 4) {
    const int64_t left = dims - k;
    const lanes q0 = lanes_splat(query[k]);
    const lanes q1 = lanes_splat(k < whole || left > 1 ? query[k + 1] : 0.0f);
    const lanes q2 = lanes_splat(k < whole || left > 2 ? query[k + 2] : 0.0f);
    const lanes q3 = lanes_splat(k < whole ? query[k + 3] : 0.0f);
#pragma GCC unroll 8
    for (int t = 0; t < together; t++) {
      const __m256i words = _mm256_loadu_si256(
          (const __m256i *)(tiles + t * tile_bytes + k / 4 * WORD_ROW_BYTES));
      squares[t] = add_squares(words, squares[t]);
      sums[t] = tile_add_nibbles(q0, words, 0, sums[t]);
      sums[t] = tile_add_nibbles(q1, words, 1, sums[t]);
      sums[t] = tile_add_nibbles(q2, words, 2, sums[t]);
      sums[t] = tile_add_nibbles(q3, words, 3, sums[t]);
    }
  }
#pragma GCC unroll 8
  for (int t = 0; t < together; t++) {
    tile_store_unit(out + t * TILE_ROWS, sums[t], squares[t]);
  }
}

void TIERED(cnct_score_tiles_int4)(const uint8_t *tiles_base, int64_t tiles_offset,
                                   int64_t tile_count, int64_t dims, const float *query_base,
                                   int64_t query_offset, float *out_base, int64_t out_offset) {
  const uint8_t *tiles = tiles_base + tiles_offset;
  const float *query = AT(const float, query_base, query_offset);
  float *out = AT(float, out_base, out_offset);
  const int64_t tile_bytes = (dims + 3) / 4 * WORD_ROW_BYTES;
  int64_t t = 0;
  for (; t + TILES_TOGETHER <= tile_count; t += TILES_TOGETHER) {
    score(tiles + t * tile_bytes, tile_bytes, dims, query, out + t * TILE_ROWS, TILES_TOGETHER);
  }
  for (; t < tile_count; t++) {
    score(tiles + t * tile_bytes, tile_bytes, dims, query, out + t * TILE_ROWS, 1);
  }
}

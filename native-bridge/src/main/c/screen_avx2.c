#include "concertina.h"
#include "screen.h"

#include <immintrin.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * screen.c for processors without the dot-product instruction: products of pairs are added in 16
 * bits as long as they fit, and then in 32, so sums of integers are exact here too.
 */

#define MAX_DIMS 1020

/* Sums of sixteen rows, eight to a half. */
typedef struct {
  __m256i low, high;
} sums;

/* Shorts at dimensions k and k + 1 of a query, as often as there are rows. */
static inline __m256i pair(int8_t first, int8_t second) {
  return _mm256_set1_epi32((int32_t)(((uint32_t)(uint16_t)second << 16) | (uint16_t)first));
}

static inline __m256i shorts(const int8_t *codes) {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)codes));
}

/* Rows 0 to 3 and 8 to 11 in low, the others in high, as unpacking leaves them. */
static inline void add_pairs(sums *s, __m256i first, __m256i second, __m256i query) {
  const __m256i low = _mm256_unpacklo_epi16(first, second);
  const __m256i high = _mm256_unpackhi_epi16(first, second);
  s->low = _mm256_add_epi32(s->low, _mm256_madd_epi16(low, query));
  s->high = _mm256_add_epi32(s->high, _mm256_madd_epi16(high, query));
}

static inline __m256 scaled(float factor, __m256i rows) {
  return _mm256_mul_ps(_mm256_set1_ps(factor), _mm256_cvtepi32_ps(rows));
}

static inline int any_above(float bar, __m256 low, __m256 high) {
  const __m256 highest = _mm256_max_ps(low, high);
  return _mm256_movemask_ps(_mm256_cmp_ps(highest, _mm256_set1_ps(bar), _CMP_GT_OQ));
}

static inline void store(float *out, __m256 low, __m256 high) {
  _mm256_storeu_ps(out, low);
  _mm256_storeu_ps(out + 8, high);
}

static inline void store_below(float *out) {
  const __m256 below = _mm256_set1_ps(-INFINITY);
  store(out, below, below);
}

static inline sums plus(sums s, __m256i each) {
  return (sums){_mm256_add_epi32(s.low, each), _mm256_add_epi32(s.high, each)};
}

static inline sums all(__m256i each) {
  return (sums){each, each};
}

/* Of an even number of dimensions from one on, or of all that are left. */
static inline void add_bytes(const int8_t *tile, int64_t from, int64_t to, const __m256i *pairs,
                             sums *s) {
  int64_t k = from;
  for (; k + 1 < to; k += 2) {
    const int8_t *codes = tile + k * TILE_ROWS;
    add_pairs(s, shorts(codes), shorts(codes + TILE_ROWS), pairs[k / 2]);
  }
  if (k < to) {
    add_pairs(s, shorts(tile + k * TILE_ROWS), _mm256_setzero_si256(), pairs[k / 2]);
  }
}

/* Rows 0 to 7. */
static inline __m256i lower_rows(sums s) {
  return _mm256_permute2x128_si256(s.low, s.high, 0x20);
}

static inline __m256i upper_rows(sums s) {
  return _mm256_permute2x128_si256(s.low, s.high, 0x31);
}

void TIERED(cnct_screen_tiles_int8)(float factor, const int8_t *tiles_base, int64_t tiles_offset,
                                    int64_t tile_count, int64_t dims, const int8_t *query_base,
                                    int64_t query_offset, const float *bounds_base,
                                    int64_t bounds_offset, int64_t first_dims, float rest_norm,
                                    float bar, float *out_base, int64_t out_offset) {
  const int8_t *tile = tiles_base + tiles_offset;
  const int8_t *query = query_base + query_offset;
  const float *bound = AT(const float, bounds_base, bounds_offset);
  float *out = AT(float, out_base, out_offset);
  __m256i pairs[MAX_DIMS / 2];
  for (int64_t k = 0; k < dims; k += 2) {
    pairs[k / 2] = pair(query[k], k + 1 < dims ? query[k + 1] : 0);
  }
  for (int64_t t = 0; t < tile_count; t++) {
    sums s = all(_mm256_setzero_si256());
    add_bytes(tile, 0, first_dims, pairs, &s);
    if (first_dims > 0 && !any_above(bar - rest_norm * bound[t], scaled(factor, s.low),
                                     scaled(factor, s.high))) {
      store_below(out);
    } else {
      add_bytes(tile, first_dims, dims, pairs, &s);
      store(out, scaled(factor, lower_rows(s)), scaled(factor, upper_rows(s)));
    }
    tile += dims * TILE_ROWS;
    out += TILE_ROWS;
  }
}

/* Adds sixteen shorts to the rows' sums, in order. */
static inline void add_shorts(sums *s, __m256i rows) {
  s->low = _mm256_add_epi32(s->low, _mm256_cvtepi16_epi32(_mm256_castsi256_si128(rows)));
  s->high = _mm256_add_epi32(s->high, _mm256_cvtepi16_epi32(_mm256_extracti128_si256(rows, 1)));
}

/* Two bytes of a query, for the lower and the upper byte of each word. */
static inline __m256i bytes(int8_t lower, int8_t upper) {
  return _mm256_set1_epi16((int16_t)(uint16_t)(((uint8_t)upper << 8) | (uint8_t)lower));
}

static inline __m256i add_squares(__m256i squares, __m256i of_bytes) {
  return _mm256_add_epi16(squares, _mm256_maddubs_epi16(of_bytes, _mm256_set1_epi8(1)));
}

/* 1 / sqrt(max(1, squares)) within 2^-13: an approximate root and a step of Newton's. */
static inline __m256 unit(__m128i squares) {
  const __m256 square = _mm256_max_ps(_mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(squares)),
                                      _mm256_set1_ps(1.0f));
  const __m256 about = _mm256_rsqrt_ps(square);
  const __m256 half = _mm256_mul_ps(_mm256_mul_ps(square, about), _mm256_set1_ps(-0.5f));
  return _mm256_mul_ps(about, _mm256_fmadd_ps(half, about, _mm256_set1_ps(1.5f)));
}

static inline void store_units(float *out, float factor, sums s, __m256i squares) {
  store(out, _mm256_mul_ps(scaled(factor, s.low), unit(_mm256_castsi256_si128(squares))),
        _mm256_mul_ps(scaled(factor, s.high), unit(_mm256_extracti128_si256(squares, 1))));
}

/* The rows' sums by the factors that their bounds begin with. */
static inline __m256 low_units(float factor, sums s, const float *bound) {
  return _mm256_mul_ps(scaled(factor, s.low), _mm256_loadu_ps(bound));
}

static inline __m256 high_units(float factor, sums s, const float *bound) {
  return _mm256_mul_ps(scaled(factor, s.high), _mm256_loadu_ps(bound + 8));
}

/* Of the four codes of a word, each 8 too high; adds the squares of the codes if asked. */
static inline __m256i nibble_products(const uint8_t *at, __m256i lower, __m256i upper,
                                      __m256i *squares) {
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  const __m256i square_of = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(64, 49, 36, 25, 16, 9, 4, 1, 0, 1, 4, 9, 16, 25, 36, 49));
  const __m256i word = _mm256_loadu_si256((const __m256i *)at);
  const __m256i raised = _mm256_xor_si256(word, _mm256_set1_epi8((char)0x88));
  const __m256i low = _mm256_and_si256(raised, nibble);
  const __m256i high = _mm256_and_si256(_mm256_srli_epi16(raised, 4), nibble);
  if (squares != NULL) {
    *squares = add_squares(*squares, _mm256_add_epi8(_mm256_shuffle_epi8(square_of, low),
                                                     _mm256_shuffle_epi8(square_of, high)));
  }
  return _mm256_add_epi16(_mm256_maddubs_epi16(low, lower), _mm256_maddubs_epi16(high, upper));
}

/* Adds the products of some words: of four of them, as 16 * 15 * 127 fits a short, at a time. */
static inline void add_nibbles(const uint8_t *tile, int64_t from, int64_t to, const __m256i *lower,
                               const __m256i *upper, sums *s, __m256i *squares) {
  int64_t m = from;
  for (; m + 4 <= to; m += 4) {
    __m256i of[4];
    for (int w = 0; w < 4; w++) {
      of[w] = nibble_products(tile + (m + w) * WORD_ROW_BYTES, lower[m + w], upper[m + w], squares);
    }
    add_shorts(s, _mm256_add_epi16(_mm256_add_epi16(of[0], of[1]),
                                   _mm256_add_epi16(of[2], of[3])));
  }
  for (; m < to; m++) {
    add_shorts(s, nibble_products(tile + m * WORD_ROW_BYTES, lower[m], upper[m], squares));
  }
}

void TIERED(cnct_screen_tiles_int4)(float factor, const uint8_t *tiles_base, int64_t tiles_offset,
                                    int64_t tile_count, int64_t dims, const int8_t *query_base,
                                    int64_t query_offset, const float *bounds_base,
                                    int64_t bounds_offset, int64_t first_dims, float rest_norm,
                                    float bar, float *out_base, int64_t out_offset) {
  const uint8_t *tile = tiles_base + tiles_offset;
  const int8_t *query = query_base + query_offset;
  const float *bound = bounds_offset < 0 ? NULL : AT(const float, bounds_base, bounds_offset);
  float *out = AT(float, out_base, out_offset);
  const int64_t words = (dims + 3) / 4;
  const int64_t first_words = first_dims / 4;
  __m256i lower[MAX_DIMS / 4], upper[MAX_DIMS / 4];
  for (int64_t m = 0; m < words; m++) {
    int8_t q[4] = {0};
    memcpy(q, query + 4 * m, (size_t)(dims - 4 * m < 4 ? dims - 4 * m : 4));
    lower[m] = bytes(q[3], q[1]);
    upper[m] = bytes(q[2], q[0]);
  }
  const __m256i first_start = _mm256_set1_epi32(-8 * sum_of(query, first_dims));
  const __m256i start = _mm256_set1_epi32(-8 * sum_of(query + first_dims, dims - first_dims));
  for (int64_t t = 0; t < tile_count; t++) {
    if (bound == NULL) {
      sums s = all(start);
      __m256i squares = _mm256_setzero_si256();
      add_nibbles(tile, 0, words, lower, upper, &s, &squares);
      store_units(out, factor, s, squares);
    } else {
      sums s = all(first_start);
      add_nibbles(tile, 0, first_words, lower, upper, &s, NULL);
      if (first_words > 0 &&
          !any_above(bar - rest_norm * bound[TILE_ROWS], low_units(factor, s, bound),
                     high_units(factor, s, bound))) {
        store_below(out);
      } else {
        s = plus(s, start);
        add_nibbles(tile, first_words, words, lower, upper, &s, NULL);
        store(out, low_units(factor, s, bound), high_units(factor, s, bound));
      }
      bound += BOUND_FLOATS;
    }
    tile += words * WORD_ROW_BYTES;
    out += TILE_ROWS;
  }
}

/* As nibble_products of eight two-bit codes; the numbers are raised, a code is twice that less 3. */
static inline __m256i two_products(const uint8_t *at, const __m256i *fours, __m256i *squares) {
  const __m256i two_bits = _mm256_set1_epi8(3);
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  /* Of two codes: nine for each of the outer ones, one for each of the inner. */
  const __m256i square_of = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(18, 10, 10, 18, 10, 2, 2, 10, 10, 2, 2, 10, 18, 10, 10, 18));
  const __m256i word = _mm256_loadu_si256((const __m256i *)at);
  const __m256i raised = _mm256_xor_si256(word, _mm256_set1_epi8((char)0xaa));
  const __m256i high = _mm256_srli_epi16(raised, 4);
  const __m256i first = _mm256_and_si256(_mm256_srli_epi16(raised, 6), two_bits);
  const __m256i second = _mm256_and_si256(high, two_bits);
  const __m256i third = _mm256_and_si256(_mm256_srli_epi16(raised, 2), two_bits);
  const __m256i fourth = _mm256_and_si256(raised, two_bits);
  if (squares != NULL) {
    *squares = add_squares(
        *squares,
        _mm256_add_epi8(_mm256_shuffle_epi8(square_of, _mm256_and_si256(raised, nibble)),
                        _mm256_shuffle_epi8(square_of, _mm256_and_si256(high, nibble))));
  }
  return _mm256_add_epi16(_mm256_add_epi16(_mm256_maddubs_epi16(first, fours[0]),
                                           _mm256_maddubs_epi16(second, fours[1])),
                          _mm256_add_epi16(_mm256_maddubs_epi16(third, fours[2]),
                                           _mm256_maddubs_epi16(fourth, fours[3])));
}

/* As add_nibbles; four words are well below what a short holds. */
static inline void add_twos(const uint8_t *tile, int64_t from, int64_t to,
                            const __m256i (*fours)[4], sums *s, __m256i *squares) {
  int64_t m = from;
  for (; m + 4 <= to; m += 4) {
    __m256i of[4];
    for (int w = 0; w < 4; w++) {
      of[w] = two_products(tile + (m + w) * WORD_ROW_BYTES, fours[m + w], squares);
    }
    add_shorts(s, _mm256_add_epi16(_mm256_add_epi16(of[0], of[1]),
                                   _mm256_add_epi16(of[2], of[3])));
  }
  for (; m < to; m++) {
    add_shorts(s, two_products(tile + m * WORD_ROW_BYTES, fours[m], squares));
  }
}

static inline sums twice(sums s) {
  return (sums){_mm256_slli_epi32(s.low, 1), _mm256_slli_epi32(s.high, 1)};
}

void TIERED(cnct_screen_tiles_int2)(float factor, const uint8_t *tiles_base, int64_t tiles_offset,
                                    int64_t tile_count, int64_t dims, const int8_t *query_base,
                                    int64_t query_offset, const float *bounds_base,
                                    int64_t bounds_offset, int64_t first_dims, float rest_norm,
                                    float bar, float *out_base, int64_t out_offset) {
  const uint8_t *tile = tiles_base + tiles_offset;
  const int8_t *query = query_base + query_offset;
  const float *bound = bounds_offset < 0 ? NULL : AT(const float, bounds_base, bounds_offset);
  float *out = AT(float, out_base, out_offset);
  const int64_t words = (dims + 7) / 8;
  const int64_t first_words = first_dims / 8;
  __m256i fours[(MAX_DIMS + 7) / 8][4];
  for (int64_t m = 0; m < words; m++) {
    int8_t q[8] = {0};
    memcpy(q, query + 8 * m, (size_t)(dims - 8 * m < 8 ? dims - 8 * m : 8));
    for (int j = 0; j < 4; j++) {
      fours[m][j] = bytes(q[4 + j], q[j]);
    }
  }
  const __m256i first_thrice = _mm256_set1_epi32(-3 * sum_of(query, first_dims));
  const __m256i thrice = _mm256_set1_epi32(-3 * sum_of(query, dims));
  /* Codes behind the last dimension are products of zero, but have squares of 1. */
  const __m256i behind = _mm256_set1_epi16((int16_t)(dims - 8 * words));
  for (int64_t t = 0; t < tile_count; t++) {
    sums s = all(_mm256_setzero_si256());
    if (bound == NULL) {
      __m256i squares = behind;
      add_twos(tile, 0, words, fours, &s, &squares);
      store_units(out, factor, plus(twice(s), thrice), squares);
    } else {
      add_twos(tile, 0, first_words, fours, &s, NULL);
      const sums first = plus(twice(s), first_thrice);
      if (first_words > 0 &&
          !any_above(bar - rest_norm * bound[TILE_ROWS], low_units(factor, first, bound),
                     high_units(factor, first, bound))) {
        store_below(out);
      } else {
        add_twos(tile, first_words, words, fours, &s, NULL);
        s = plus(twice(s), thrice);
        store(out, low_units(factor, s, bound), high_units(factor, s, bound));
      }
      bound += BOUND_FLOATS;
    }
    tile += words * WORD_ROW_BYTES;
    out += TILE_ROWS;
  }
}

#include "concertina.h"
#include "screen.h"

#include <immintrin.h>
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

static inline void store_scaled(float *out, float factor, __m256i rows) {
  _mm256_storeu_ps(out, _mm256_mul_ps(_mm256_set1_ps(factor), _mm256_cvtepi32_ps(rows)));
}

void TIERED(cnct_screen_tiles_int8)(float factor, const int8_t *tiles_base, int64_t tiles_offset,
                                    int64_t tile_count, int64_t dims, const int8_t *query_base,
                                    int64_t query_offset, float *out_base, int64_t out_offset) {
  const int8_t *tile = tiles_base + tiles_offset;
  const int8_t *query = query_base + query_offset;
  float *out = AT(float, out_base, out_offset);
  __m256i pairs[MAX_DIMS / 2];
  for (int64_t k = 0; k + 1 < dims; k += 2) {
    pairs[k / 2] = pair(query[k], query[k + 1]);
  }
  for (int64_t t = 0; t < tile_count; t++) {
    sums s = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    int64_t k = 0;
    for (; k + 1 < dims; k += 2) {
      const int8_t *codes = tile + k * TILE_ROWS;
      add_pairs(&s, shorts(codes), shorts(codes + TILE_ROWS), pairs[k / 2]);
    }
    if (k < dims) {
      add_pairs(&s, shorts(tile + k * TILE_ROWS), _mm256_setzero_si256(), pair(query[k], 0));
    }
    store_scaled(out, factor, _mm256_permute2x128_si256(s.low, s.high, 0x20));
    store_scaled(out + 8, factor, _mm256_permute2x128_si256(s.low, s.high, 0x31));
    tile += dims * TILE_ROWS;
    out += TILE_ROWS;
  }
}

/* Adds sixteen shorts to the rows' sums, in order, and empties them. */
static inline void drain(sums *s, __m256i *rows) {
  s->low = _mm256_add_epi32(s->low, _mm256_cvtepi16_epi32(_mm256_castsi256_si128(*rows)));
  s->high = _mm256_add_epi32(s->high, _mm256_cvtepi16_epi32(_mm256_extracti128_si256(*rows, 1)));
  *rows = _mm256_setzero_si256();
}

/* Two bytes of a query, for the lower and the upper byte of each word. */
static inline __m256i bytes(int8_t lower, int8_t upper) {
  return _mm256_set1_epi16((int16_t)(uint16_t)(((uint8_t)upper << 8) | (uint8_t)lower));
}

static inline __m256i add_squares(__m256i squares, __m256i of_bytes) {
  return _mm256_add_epi16(squares, _mm256_maddubs_epi16(of_bytes, _mm256_set1_epi8(1)));
}

/* factor * sum / sqrt(max(1, squares)) within 2^-13: an approximate root and a step of Newton's. */
static inline void store_unit(float *out, float factor, __m256i sum, __m128i squares) {
  const __m256 square = _mm256_max_ps(_mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(squares)),
                                      _mm256_set1_ps(1.0f));
  const __m256 about = _mm256_rsqrt_ps(square);
  const __m256 half = _mm256_mul_ps(_mm256_mul_ps(square, about), _mm256_set1_ps(-0.5f));
  const __m256 unit = _mm256_mul_ps(about, _mm256_fmadd_ps(half, about, _mm256_set1_ps(1.5f)));
  const __m256 scaled = _mm256_mul_ps(_mm256_set1_ps(factor), _mm256_cvtepi32_ps(sum));
  _mm256_storeu_ps(out, _mm256_mul_ps(scaled, unit));
}

static inline void store_units(float *out, float factor, sums s, __m256i squares) {
  store_unit(out, factor, s.low, _mm256_castsi256_si128(squares));
  store_unit(out + 8, factor, s.high, _mm256_extracti128_si256(squares, 1));
}

/* Four words, sixteen dimensions: 16 * 15 * 127 fits a short. */
#define NIBBLE_WORDS_IN_SHORTS 4

void TIERED(cnct_screen_tiles_int4)(float factor, const uint8_t *tiles_base, int64_t tiles_offset,
                                    int64_t tile_count, int64_t dims, const int8_t *query_base,
                                    int64_t query_offset, float *out_base, int64_t out_offset) {
  const uint8_t *tile = tiles_base + tiles_offset;
  const int8_t *query = query_base + query_offset;
  float *out = AT(float, out_base, out_offset);
  const int64_t words = (dims + 3) / 4;
  __m256i lower[MAX_DIMS / 4], upper[MAX_DIMS / 4];
  for (int64_t m = 0; m < words; m++) {
    int8_t q[4] = {0};
    memcpy(q, query + 4 * m, (size_t)(dims - 4 * m < 4 ? dims - 4 * m : 4));
    lower[m] = bytes(q[3], q[1]);
    upper[m] = bytes(q[2], q[0]);
  }
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  const __m256i raise = _mm256_set1_epi8((char)0x88);
  const __m256i square_of = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(64, 49, 36, 25, 16, 9, 4, 1, 0, 1, 4, 9, 16, 25, 36, 49));
  const __m256i start = _mm256_set1_epi32(-8 * sum_of(query, dims));
  for (int64_t t = 0; t < tile_count; t++) {
    sums s = {start, start};
    __m256i rows = _mm256_setzero_si256();
    __m256i squares = _mm256_setzero_si256();
    for (int64_t m = 0; m < words; m++) {
      const __m256i word = _mm256_loadu_si256((const __m256i *)(tile + m * WORD_ROW_BYTES));
      const __m256i raised = _mm256_xor_si256(word, raise);
      const __m256i low = _mm256_and_si256(raised, nibble);
      const __m256i high = _mm256_and_si256(_mm256_srli_epi16(raised, 4), nibble);
      rows = _mm256_add_epi16(rows, _mm256_maddubs_epi16(low, lower[m]));
      rows = _mm256_add_epi16(rows, _mm256_maddubs_epi16(high, upper[m]));
      squares = add_squares(squares, _mm256_add_epi8(_mm256_shuffle_epi8(square_of, low),
                                                     _mm256_shuffle_epi8(square_of, high)));
      if (m % NIBBLE_WORDS_IN_SHORTS == NIBBLE_WORDS_IN_SHORTS - 1) {
        drain(&s, &rows);
      }
    }
    drain(&s, &rows);
    store_units(out, factor, s, squares);
    tile += words * WORD_ROW_BYTES;
    out += TILE_ROWS;
  }
}

/* Eight words, 64 dimensions: 64 * 3 * 127 fits a short. */
#define PAIR_WORDS_IN_SHORTS 8

void TIERED(cnct_screen_tiles_int2)(float factor, const uint8_t *tiles_base, int64_t tiles_offset,
                                    int64_t tile_count, int64_t dims, const int8_t *query_base,
                                    int64_t query_offset, float *out_base, int64_t out_offset) {
  const uint8_t *tile = tiles_base + tiles_offset;
  const int8_t *query = query_base + query_offset;
  float *out = AT(float, out_base, out_offset);
  const int64_t words = (dims + 7) / 8;
  __m256i fours[(MAX_DIMS + 7) / 8][4];
  for (int64_t m = 0; m < words; m++) {
    int8_t q[8] = {0};
    memcpy(q, query + 8 * m, (size_t)(dims - 8 * m < 8 ? dims - 8 * m : 8));
    for (int j = 0; j < 4; j++) {
      fours[m][j] = bytes(q[4 + j], q[j]);
    }
  }
  const __m256i two_bits = _mm256_set1_epi8(3);
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  const __m256i raise = _mm256_set1_epi8((char)0xaa);
  /* Of two codes: nine for each of the outer ones, one for each of the inner. */
  const __m256i square_of = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(18, 10, 10, 18, 10, 2, 2, 10, 10, 2, 2, 10, 18, 10, 10, 18));
  /* A code is twice the raised number less three. */
  const __m256i thrice = _mm256_set1_epi32(-3 * sum_of(query, dims));
  /* Codes behind the last dimension are products of zero, but have squares of 1. */
  const __m256i behind = _mm256_set1_epi16((int16_t)(dims - 8 * words));
  for (int64_t t = 0; t < tile_count; t++) {
    sums s = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    __m256i rows = _mm256_setzero_si256();
    __m256i squares = behind;
    for (int64_t m = 0; m < words; m++) {
      const __m256i word = _mm256_loadu_si256((const __m256i *)(tile + m * WORD_ROW_BYTES));
      const __m256i raised = _mm256_xor_si256(word, raise);
      const __m256i high = _mm256_srli_epi16(raised, 4);
      const __m256i first = _mm256_and_si256(_mm256_srli_epi16(raised, 6), two_bits);
      const __m256i second = _mm256_and_si256(high, two_bits);
      const __m256i third = _mm256_and_si256(_mm256_srli_epi16(raised, 2), two_bits);
      const __m256i fourth = _mm256_and_si256(raised, two_bits);
      rows = _mm256_add_epi16(
          rows, _mm256_add_epi16(_mm256_add_epi16(_mm256_maddubs_epi16(first, fours[m][0]),
                                                  _mm256_maddubs_epi16(second, fours[m][1])),
                                 _mm256_add_epi16(_mm256_maddubs_epi16(third, fours[m][2]),
                                                  _mm256_maddubs_epi16(fourth, fours[m][3]))));
      squares = add_squares(
          squares, _mm256_add_epi8(
                       _mm256_shuffle_epi8(square_of, _mm256_and_si256(raised, nibble)),
                       _mm256_shuffle_epi8(square_of, _mm256_and_si256(high, nibble))));
      if (m % PAIR_WORDS_IN_SHORTS == PAIR_WORDS_IN_SHORTS - 1) {
        drain(&s, &rows);
      }
    }
    drain(&s, &rows);
    s.low = _mm256_add_epi32(_mm256_slli_epi32(s.low, 1), thrice);
    s.high = _mm256_add_epi32(_mm256_slli_epi32(s.high, 1), thrice);
    store_units(out, factor, s, squares);
    tile += words * WORD_ROW_BYTES;
    out += TILE_ROWS;
  }
}

#include "concertina.h"

#include <immintrin.h>
#include <string.h>

/*
 * Scores tiles by integer products, exact in any order: four dimensions of a row at a time by the
 * dot-product instruction. Its first operand is unsigned, so codes are taken too high by a number
 * that the sum starts without.
 */

#define TILE_ROWS 16
#define WORD_ROW_BYTES (TILE_ROWS * 2)

static inline __m512i four(const int8_t *query) {
  int32_t quad;
  memcpy(&quad, query, sizeof quad);
  return _mm512_set1_epi32(quad);
}

static inline int32_t sum_of(const int8_t *query, int64_t dims) {
  int32_t sum = 0;
  for (int64_t k = 0; k < dims; k++) {
    sum += query[k];
  }
  return sum;
}

/* Of 64 signed bytes, four dimensions of sixteen rows; a permute puts a row's four together. */
static inline __m512i add_bytes(__m512i sums, __m512i codes, __m512i query) {
  const __m512i by_row = _mm512_set_epi8(
      63, 47, 31, 15, 62, 46, 30, 14, 61, 45, 29, 13, 60, 44, 28, 12, 59, 43, 27, 11, 58, 42, 26,
      10, 57, 41, 25, 9, 56, 40, 24, 8, 55, 39, 23, 7, 54, 38, 22, 6, 53, 37, 21, 5, 52, 36, 20, 4,
      51, 35, 19, 3, 50, 34, 18, 2, 49, 33, 17, 1, 48, 32, 16, 0);
  const __m512i raised = _mm512_xor_si512(codes, _mm512_set1_epi8((char)0x80));
  return _mm512_dpbusd_epi32(sums, _mm512_permutexvar_epi8(by_row, raised), query);
}

void TIERED(cnct_screen_tiles_int8)(float factor, const int8_t *tiles_base, int64_t tiles_offset,
                                    int64_t tile_count, int64_t dims, const int8_t *query_base,
                                    int64_t query_offset, float *out_base, int64_t out_offset) {
  const int8_t *tile = tiles_base + tiles_offset;
  const int8_t *query = query_base + query_offset;
  float *out = AT(float, out_base, out_offset);
  const __m512i start = _mm512_set1_epi32(-128 * sum_of(query, dims));
  const int64_t whole = dims - dims % 4;
  const __mmask64 rest = (1ull << (dims - whole) * TILE_ROWS) - 1;
  int8_t last[4] = {0};
  memcpy(last, query + whole, (size_t)(dims - whole));
  for (int64_t t = 0; t < tile_count; t++) {
    /* Two chains hide the latency of a product. */
    __m512i even = start;
    __m512i odd = _mm512_setzero_si512();
    int64_t k = 0;
    for (; k + 8 <= dims; k += 8) {
      const int8_t *codes = tile + k * TILE_ROWS;
      even = add_bytes(even, _mm512_loadu_si512(codes), four(query + k));
      odd = add_bytes(odd, _mm512_loadu_si512(codes + 64), four(query + k + 4));
    }
    if (k < whole) {
      even = add_bytes(even, _mm512_loadu_si512(tile + k * TILE_ROWS), four(query + k));
    }
    if (rest != 0) {
      odd = add_bytes(odd, _mm512_maskz_loadu_epi8(rest, tile + whole * TILE_ROWS), four(last));
    }
    const __m512 sums = _mm512_cvtepi32_ps(_mm512_add_epi32(even, odd));
    _mm512_storeu_ps(out, _mm512_mul_ps(_mm512_set1_ps(factor), sums));
    tile += dims * TILE_ROWS;
    out += TILE_ROWS;
  }
}

/* A word's four codes as four bytes in the order of the dimensions, each 8 too high. */
static inline __m512i raised_nibbles(const uint8_t *words) {
  const __m512i top_first = _mm512_set1_epi64(0x2024282c0004080c);
  const __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)words));
  const __m512i codes = _mm512_and_si512(_mm512_multishift_epi64_epi8(top_first, wide),
                                         _mm512_set1_epi8(0x0f));
  return _mm512_xor_si512(codes, _mm512_set1_epi8(8));
}

static inline __m512i add_squares(__m512i sums, __m512i raised) {
  const __m512i squares = _mm512_broadcast_i32x4(
      _mm_setr_epi8(64, 49, 36, 25, 16, 9, 4, 1, 0, 1, 4, 9, 16, 25, 36, 49));
  return _mm512_dpbusd_epi32(sums, _mm512_shuffle_epi8(squares, raised), _mm512_set1_epi8(1));
}

static inline __m512 unit(__m512 sums, __m512i squares) {
  const __m512 one = _mm512_set1_ps(1.0f);
  const __m512 norm = _mm512_sqrt_ps(_mm512_max_ps(_mm512_cvtepi32_ps(squares), one));
  return _mm512_mul_ps(sums, _mm512_div_ps(one, norm));
}

void TIERED(cnct_screen_tiles_int4)(float factor, const uint8_t *tiles_base, int64_t tiles_offset,
                                    int64_t tile_count, int64_t dims, const int8_t *query_base,
                                    int64_t query_offset, float *out_base, int64_t out_offset) {
  const uint8_t *tile = tiles_base + tiles_offset;
  const int8_t *query = query_base + query_offset;
  float *out = AT(float, out_base, out_offset);
  const __m512i start = _mm512_set1_epi32(-8 * sum_of(query, dims));
  const int64_t whole = dims - dims % 4;
  const int64_t tile_bytes = (dims + 3) / 4 * WORD_ROW_BYTES;
  int8_t last[4] = {0};
  memcpy(last, query + whole, (size_t)(dims - whole));
  for (int64_t t = 0; t < tile_count; t++) {
    __m512i sums = start;
    __m512i squares = _mm512_setzero_si512();
    const uint8_t *words = tile;
    for (int64_t k = 0; k < whole; k += 4, words += WORD_ROW_BYTES) {
      const __m512i raised = raised_nibbles(words);
      sums = _mm512_dpbusd_epi32(sums, raised, four(query + k));
      squares = add_squares(squares, raised);
    }
    if (whole < dims) {
      const __m512i raised = raised_nibbles(words);
      sums = _mm512_dpbusd_epi32(sums, raised, four(last));
      squares = add_squares(squares, raised);
    }
    const __m512 scaled = _mm512_mul_ps(_mm512_set1_ps(factor), _mm512_cvtepi32_ps(sums));
    _mm512_storeu_ps(out, unit(scaled, squares));
    tile += tile_bytes;
    out += TILE_ROWS;
  }
}

#include "concertina.h"
#include "screen.h"

#include <math.h>
#include <stdbool.h>

/*
 * screen.c for processors without the dot-product instruction. Products of pairs are added in 16
 * bits and wrap, which is no harm where the whole sum fits: queries are made so that it does, and
 * until the end nothing has to be widened. Words of four-bit and two-bit codes hold a row's
 * neighbours side by side; codes of bytes are taken two dimensions at a time from either half.
 */

#define MAX_DIMS 1020

int32_t TIERED(cnct_screen_max_sum)(void) { return INT16_MAX; }

/* 255 * 64 * 2 is the largest sum of a pair that 16 bits hold. */
int32_t TIERED(cnct_screen_max_byte_query)(void) { return 64; }

/* Two bytes of a query, for the lower and the upper byte of each of sixteen shorts. */
static inline __m256i bytes(int8_t lower, int8_t upper) {
  return _mm256_set1_epi16((int16_t)(uint16_t)(((uint8_t)upper << 8) | (uint8_t)lower));
}

static inline __m256i short_of(int32_t sum) { return _mm256_set1_epi16((int16_t)(uint16_t)sum); }

static inline __m256i load(const void *at) { return _mm256_loadu_si256((const __m256i *)at); }

static inline __m256 low_floats(__m256i shorts) {
  return _mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(_mm256_castsi256_si128(shorts)));
}

static inline __m256 high_floats(__m256i shorts) {
  return _mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(_mm256_extracti128_si256(shorts, 1)));
}

/*
 * The largest short that no product above product_bar is rounded to, if a count of `unit` makes it;
 * a little low, which lets more rows through to the comparison of floats.
 */
static inline __m256i short_bar(float product_bar, float unit) {
  double bar = floor((double)product_bar / (double)unit * (1 - copysign(0x1p-20, product_bar))) - 2;
  if (!(unit > 0) || !(bar > INT16_MIN)) {
    bar = INT16_MIN;
  }
  return _mm256_set1_epi16((int16_t)(bar < INT16_MAX ? bar : INT16_MAX));
}

static inline bool any_above(__m256i shorts, __m256i bar) {
  return _mm256_movemask_epi8(_mm256_cmpgt_epi16(shorts, bar)) != 0;
}

/* Sums of sixteen rows of bytes, eight to a register: of even dimensions, then of odd ones. */
typedef struct {
  __m256i first_rows, last_rows;
} byte_sums;

/* Adds the products of four dimensions, each code 128 too high; 0 and 1 stand before 2 and 3. */
static inline byte_sums add_four(byte_sums s, const int8_t *at, __m256i query) {
  const __m256i high = _mm256_set1_epi8((char)0x80);
  const __m256i before = _mm256_xor_si256(load(at), high);
  const __m256i behind = _mm256_xor_si256(load(at + 2 * TILE_ROWS), high);
  const __m256i first = _mm256_maddubs_epi16(_mm256_unpacklo_epi8(before, behind), query);
  const __m256i last = _mm256_maddubs_epi16(_mm256_unpackhi_epi8(before, behind), query);
  return (byte_sums){_mm256_add_epi16(s.first_rows, first), _mm256_add_epi16(s.last_rows, last)};
}

/* Sixteen rows of bytes, as shorts in order. Two steps at a time, as counting costs as much as one. */
static inline __m256i sum_bytes(const int8_t *tile, int64_t dims, const __m256i *fours,
                                __m256i start) {
  byte_sums s = {start, start};
  int64_t k = 0;
  for (; k + 8 <= dims; k += 8) {
    s = add_four(s, tile + k * TILE_ROWS, fours[k / 4]);
    s = add_four(s, tile + (k + 4) * TILE_ROWS, fours[k / 4 + 1]);
  }
  for (; k < dims; k += 4) {
    int8_t last[4 * TILE_ROWS] = {0};
    memcpy(last, tile + k * TILE_ROWS, (size_t)((dims - k < 4 ? dims - k : 4) * TILE_ROWS));
    s = add_four(s, last, fours[k / 4]);
  }
  return _mm256_add_epi16(_mm256_permute2x128_si256(s.first_rows, s.last_rows, 0x20),
                          _mm256_permute2x128_si256(s.first_rows, s.last_rows, 0x31));
}

int64_t TIERED(cnct_screen_tiles_int8)(float factor, const int8_t *tiles_base, int64_t tiles_offset,
                                       int64_t tile_count, int64_t dims, const int8_t *query_base,
                                       int64_t query_offset, const int8_t *priors_base,
                                       int64_t priors_offset, float prior_scale, float prior_base,
                                       float bar, float product_bar, uint8_t *out_base,
                                       int64_t out_offset, int64_t capacity) {
  const int8_t *tile = tiles_base + tiles_offset;
  const int8_t *query = query_base + query_offset;
  const priors p = priors_of(bar, prior_scale, prior_base, priors_base, priors_offset);
  uint8_t *out = out_base + out_offset;
  __m256i fours[(MAX_DIMS + 3) / 4];
  for (int64_t k = 0; k < dims; k += 4) {
    int8_t q[4] = {0};
    memcpy(q, query + k, (size_t)(dims - k < 4 ? dims - k : 4));
    fours[k / 4] = _mm256_blend_epi32(bytes(q[0], q[2]), bytes(q[1], q[3]), 0xf0);
  }
  /* Both halves start so, and are added. */
  const __m256i start = _mm256_blend_epi32(short_of(-128 * sum_of(query, dims)),
                                           _mm256_setzero_si256(), 0xf0);
  const __m256i least = short_bar(product_bar, factor);
  const __m256 f = _mm256_set1_ps(factor);
  int64_t count = 0, t = 0;
  for (; t < tile_count && has_room(count, capacity); t++) {
    const __m256i sums = sum_bytes(tile, dims, fours, start);
    if (any_above(sums, least)) {
      count = report(&p, t * TILE_ROWS, _mm256_mul_ps(f, low_floats(sums)),
                     _mm256_mul_ps(f, high_floats(sums)), out, count);
    }
    tile += dims * TILE_ROWS;
  }
  return done(t, count);
}

/* Adds the squares of codes in bytes, or of pairs of codes, to 16 bits a row. */
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

/* How rows of unit codes become scores: by norms that are known, or by the sums of squares. */
typedef struct {
  float factor;
  const uint8_t *norms;
  __m256 by_norm;
  __m256i least;
} units;

static inline units units_of(float factor, float product_bar, const uint8_t *norms_base,
                             int64_t norms_offset, float norm_scale) {
  const uint8_t *norms = norms_offset < 0 ? NULL : norms_base + norms_offset;
  const float by_norm = factor * norm_scale;
  return (units){factor, norms, _mm256_set1_ps(by_norm), short_bar(product_bar, by_norm * 0x1p15f)};
}

static inline int64_t report_units(const units *u, const priors *p, int64_t t, __m256i sums,
                                   __m256i squares, uint8_t *out, int64_t count) {
  if (u->norms == NULL) {
    const __m256 f = _mm256_set1_ps(u->factor);
    return report(p, t * TILE_ROWS,
                  _mm256_mul_ps(_mm256_mul_ps(f, low_floats(sums)),
                                unit(_mm256_castsi256_si128(squares))),
                  _mm256_mul_ps(_mm256_mul_ps(f, high_floats(sums)),
                                unit(_mm256_extracti128_si256(squares, 1))),
                  out, count);
  }
  const __m256i norms = load(u->norms + t * TILE_ROWS * (int64_t)sizeof(int16_t));
  if (!any_above(_mm256_mulhrs_epi16(sums, norms), u->least)) {
    return count;
  }
  return report(p, t * TILE_ROWS,
                _mm256_mul_ps(u->by_norm, _mm256_mul_ps(low_floats(sums), low_floats(norms))),
                _mm256_mul_ps(u->by_norm, _mm256_mul_ps(high_floats(sums), high_floats(norms))),
                out, count);
}

/* Of the four codes of a word, each 8 too high; adds the squares of the codes if asked. */
static inline __m256i nibble_products(const uint8_t *at, const __m256i *query, __m256i *squares) {
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  const __m256i square_of = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(64, 49, 36, 25, 16, 9, 4, 1, 0, 1, 4, 9, 16, 25, 36, 49));
  const __m256i raised = _mm256_xor_si256(load(at), _mm256_set1_epi8((char)0x88));
  const __m256i low = _mm256_and_si256(raised, nibble);
  const __m256i high = _mm256_and_si256(_mm256_srli_epi16(raised, 4), nibble);
  if (squares != NULL) {
    *squares = add_squares(*squares, _mm256_add_epi8(_mm256_shuffle_epi8(square_of, low),
                                                     _mm256_shuffle_epi8(square_of, high)));
  }
  return _mm256_add_epi16(_mm256_maddubs_epi16(low, query[0]),
                          _mm256_maddubs_epi16(high, query[1]));
}

/* Sixteen rows of four-bit codes; two chains hide the latency of adding. */
static inline __m256i nibble_sums(const uint8_t *tile, int64_t words, const __m256i (*query)[2],
                                  __m256i start, __m256i *squares) {
  __m256i even = start, odd = _mm256_setzero_si256();
  int64_t m = 0;
  for (; m + 4 <= words; m += 4) {
    const uint8_t *at = tile + m * WORD_ROW_BYTES;
    even = _mm256_add_epi16(even, nibble_products(at, query[m], squares));
    odd = _mm256_add_epi16(odd, nibble_products(at + WORD_ROW_BYTES, query[m + 1], squares));
    even = _mm256_add_epi16(even, nibble_products(at + 2 * WORD_ROW_BYTES, query[m + 2], squares));
    odd = _mm256_add_epi16(odd, nibble_products(at + 3 * WORD_ROW_BYTES, query[m + 3], squares));
  }
  for (; m < words; m++) {
    even = _mm256_add_epi16(even, nibble_products(tile + m * WORD_ROW_BYTES, query[m], squares));
  }
  return _mm256_add_epi16(even, odd);
}

int64_t TIERED(cnct_screen_tiles_int4)(float factor, const uint8_t *tiles_base,
                                       int64_t tiles_offset, int64_t tile_count, int64_t dims,
                                       const int8_t *query_base, int64_t query_offset,
                                       const int8_t *priors_base, int64_t priors_offset,
                                       float prior_scale, float prior_base, float bar,
                                       float product_bar, const uint8_t *norms_base,
                                       int64_t norms_offset, float norm_scale, uint8_t *out_base,
                                       int64_t out_offset, int64_t capacity) {
  const uint8_t *tile = tiles_base + tiles_offset;
  const int8_t *query = query_base + query_offset;
  const priors p = priors_of(bar, prior_scale, prior_base, priors_base, priors_offset);
  const units u = units_of(factor, product_bar, norms_base, norms_offset, norm_scale);
  uint8_t *out = out_base + out_offset;
  const int64_t words = (dims + 3) / 4;
  __m256i pairs[(MAX_DIMS + 3) / 4][2];
  for (int64_t m = 0; m < words; m++) {
    int8_t q[4] = {0};
    memcpy(q, query + 4 * m, (size_t)(dims - 4 * m < 4 ? dims - 4 * m : 4));
    pairs[m][0] = bytes(q[3], q[1]);
    pairs[m][1] = bytes(q[2], q[0]);
  }
  const __m256i start = short_of(-8 * sum_of(query, dims));
  int64_t count = 0, t = 0;
  for (; t < tile_count && has_room(count, capacity); t++) {
    __m256i squares = _mm256_setzero_si256();
    const __m256i sums = u.norms == NULL ? nibble_sums(tile, words, pairs, start, &squares)
                                         : nibble_sums(tile, words, pairs, start, NULL);
    count = report_units(&u, &p, t, sums, squares, out, count);
    tile += words * WORD_ROW_BYTES;
  }
  return done(t, count);
}

/*
 * Sums of two-bit codes, whose numbers are 2 too high; a code is twice its number less 3. Numbers
 * of even dimensions stand two bits higher than they should and are left there.
 */
typedef struct {
  __m256i four_numbers, numbers;
} two_sums;

static inline two_sums add_twos(two_sums s, const uint8_t *at, const __m256i *query,
                                __m256i *squares) {
  const __m256i odd = _mm256_set1_epi8(0x03);
  const __m256i even = _mm256_set1_epi8(0x0c);
  const __m256i later = _mm256_xor_si256(load(at), _mm256_set1_epi8((char)0xaa));
  const __m256i first = _mm256_srli_epi16(later, 4);
  if (squares != NULL) {
    /* Of two codes: nine for each of the outer ones, one for each of the inner. */
    const __m256i square_of = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(18, 10, 10, 18, 10, 2, 2, 10, 10, 2, 2, 10, 18, 10, 10, 18));
    const __m256i nibble = _mm256_set1_epi8(0x0f);
    *squares = add_squares(
        *squares, _mm256_add_epi8(_mm256_shuffle_epi8(square_of, _mm256_and_si256(later, nibble)),
                                  _mm256_shuffle_epi8(square_of, _mm256_and_si256(first, nibble))));
  }
  return (two_sums){
      _mm256_add_epi16(
          s.four_numbers,
          _mm256_add_epi16(_mm256_maddubs_epi16(_mm256_and_si256(first, even), query[0]),
                           _mm256_maddubs_epi16(_mm256_and_si256(later, even), query[2]))),
      _mm256_add_epi16(s.numbers, _mm256_add_epi16(_mm256_maddubs_epi16(
                                                       _mm256_and_si256(first, odd), query[1]),
                                                   _mm256_maddubs_epi16(
                                                       _mm256_and_si256(later, odd), query[3])))};
}

static inline two_sums add_all_twos(two_sums s, const uint8_t *tile, int64_t words,
                                    const __m256i (*query)[4], __m256i *squares) {
  int64_t m = 0;
  for (; m + 2 <= words; m += 2) {
    s = add_twos(s, tile + m * WORD_ROW_BYTES, query[m], squares);
    s = add_twos(s, tile + (m + 1) * WORD_ROW_BYTES, query[m + 1], squares);
  }
  return m < words ? add_twos(s, tile + m * WORD_ROW_BYTES, query[m], squares) : s;
}

int64_t TIERED(cnct_screen_tiles_int2)(float factor, const uint8_t *tiles_base,
                                       int64_t tiles_offset, int64_t tile_count, int64_t dims,
                                       const int8_t *query_base, int64_t query_offset,
                                       const int8_t *priors_base, int64_t priors_offset,
                                       float prior_scale, float prior_base, float bar,
                                       float product_bar, const uint8_t *norms_base,
                                       int64_t norms_offset, float norm_scale, uint8_t *out_base,
                                       int64_t out_offset, int64_t capacity) {
  const uint8_t *tile = tiles_base + tiles_offset;
  const int8_t *query = query_base + query_offset;
  const priors p = priors_of(bar, prior_scale, prior_base, priors_base, priors_offset);
  const units u = units_of(factor, product_bar, norms_base, norms_offset, norm_scale);
  uint8_t *out = out_base + out_offset;
  const int64_t words = (dims + 7) / 8;
  __m256i fours[(MAX_DIMS + 7) / 8][4];
  int32_t even = 0, odd = 0;
  for (int64_t m = 0; m < words; m++) {
    int8_t q[8] = {0};
    memcpy(q, query + 8 * m, (size_t)(dims - 8 * m < 8 ? dims - 8 * m : 8));
    for (int j = 0; j < 4; j++) {
      fours[m][j] = bytes(q[4 + j], q[j]);
      *(j % 2 == 0 ? &even : &odd) += q[j] + q[4 + j];
    }
  }
  /* Twice the sum of even dimensions comes of it, and half of this of odd ones but for `thrice`. */
  const two_sums start = {short_of(-6 * even), _mm256_setzero_si256()};
  const __m256i thrice = short_of(-3 * odd);
  /* Codes behind the last dimension are products of zero, but have squares of 1. */
  const __m256i behind = _mm256_set1_epi16((int16_t)(dims - 8 * words));
  int64_t count = 0, t = 0;
  for (; t < tile_count && has_room(count, capacity); t++) {
    __m256i squares = behind;
    const two_sums s = u.norms == NULL ? add_all_twos(start, tile, words, fours, &squares)
                                       : add_all_twos(start, tile, words, fours, NULL);
    const __m256i sums =
        _mm256_add_epi16(_mm256_srai_epi16(s.four_numbers, 1),
                         _mm256_add_epi16(thrice, _mm256_slli_epi16(s.numbers, 1)));
    count = report_units(&u, &p, t, sums, squares, out, count);
    tile += words * WORD_ROW_BYTES;
  }
  return done(t, count);
}

#include "concertina.h"
#include "screen.h"

/*
 * Scores tiles by integer products, exact in any order: four dimensions of a row at a time by the
 * dot-product instruction. Its first operand is unsigned, so codes are taken too high by a number
 * that the sum starts without.
 */

int32_t TIERED(cnct_screen_max_sum)(void) { return INT32_MAX; }

int32_t TIERED(cnct_screen_max_byte_query)(void) { return INT8_MAX; }

/* Most tiles have no row whose product alone leaves it a chance; these are done with here. */
static inline int64_t report_all(const priors *p, int64_t row, __m512 products, __m512 least,
                                 uint8_t *out, int64_t count) {
  if (_mm512_cmp_ps_mask(products, least, _CMP_GT_OQ) == 0) {
    return count;
  }
  return report(p, row, _mm512_castps512_ps256(products), _mm512_extractf32x8_ps(products, 1), out,
                count);
}

static inline __m512i four(const int8_t *query) {
  int32_t quad;
  memcpy(&quad, query, sizeof quad);
  return _mm512_set1_epi32(quad);
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

int64_t TIERED(cnct_screen_tiles_int8)(float factor, const int8_t *tiles_base, int64_t tiles_offset,
                                       int64_t tile_count, int64_t dims, const int8_t *query_base,
                                       int64_t query_offset, const int8_t *priors_base,
                                       int64_t priors_offset, float prior_scale, float prior_base,
                                       float bar, float product_bar, uint8_t *out_base,
                                       int64_t out_offset, int64_t capacity) {
  const int8_t *tile = tiles_base + tiles_offset;
  const int8_t *query = query_base + query_offset;
  const priors prior = priors_of(bar, prior_scale, prior_base, priors_base, priors_offset);
  uint8_t *out = out_base + out_offset;
  const __m512i start = _mm512_set1_epi32(-128 * sum_of(query, dims));
  const __m512 least = _mm512_set1_ps(product_bar);
  const int64_t whole = dims - dims % 4;
  const __mmask64 rest = (1ull << (dims - whole) * TILE_ROWS) - 1;
  int8_t last[4] = {0};
  memcpy(last, query + whole, (size_t)(dims - whole));
  int64_t reported = 0, t = 0;
  for (; t < tile_count && has_room(reported, capacity); t++) {
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
    reported = report_all(&prior, t * TILE_ROWS, _mm512_mul_ps(_mm512_set1_ps(factor), sums), least,
                          out, reported);
    tile += dims * TILE_ROWS;
  }
  return done(t, reported);
}

/*
 * Two words of every row, eight dimensions, stand in 64 bytes: the first of all sixteen rows, then
 * the second. A multishift by these takes two rows of every four to bytes in the order of the
 * dimensions: rows 0 and 1, or rows 2 and 3.
 */
#define FIRST_ROWS 0x1014181c0004080c
#define LAST_ROWS 0x3034383c2024282c

#define WORDS_AT_ONCE 2
#define MAX_PAIRS 128

/* Codes as bytes, each 8 too high: (x & 15) ^ 8. */
static inline __m512i raised_nibbles(int64_t rows, __m512i words) {
  const __m512i shifted = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(rows), words);
  return _mm512_ternarylogic_epi64(shifted, _mm512_set1_epi8(0x0f), _mm512_set1_epi8(8), 0x6a);
}

static inline __m512i add_squares(__m512i sums, __m512i raised) {
  const __m512i squares = _mm512_broadcast_i32x4(
      _mm_setr_epi8(64, 49, 36, 25, 16, 9, 4, 1, 0, 1, 4, 9, 16, 25, 36, 49));
  return _mm512_dpbusd_epi32(sums, _mm512_shuffle_epi8(squares, raised), _mm512_set1_epi8(1));
}

/* Adds the two words' sums of a row and puts the rows in order. */
static inline __m512i by_row(__m512i first_rows, __m512i last_rows) {
  const __m512i lower = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
  const __m512i upper = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
  return _mm512_add_epi32(_mm512_permutex2var_epi64(first_rows, lower, last_rows),
                          _mm512_permutex2var_epi64(first_rows, upper, last_rows));
}

/* How rows of unit codes become scores: by norms that are known, or by the sums of squares. */
typedef struct {
  const uint8_t *norms;
  __m512 factor, by_norm, least;
} units;

static inline units units_of(float factor, float product_bar, const uint8_t *norms_base,
                             int64_t norms_offset, float norm_scale) {
  return (units){norms_offset < 0 ? NULL : norms_base + norms_offset, _mm512_set1_ps(factor),
                 _mm512_set1_ps(factor * norm_scale), _mm512_set1_ps(product_bar)};
}

/* Division and square root of sixteen floats would cost more than four dimensions do. */
static inline __m512 unit(__m512 sums, __m512i squares) {
  const __m512 at_least_one = _mm512_max_ps(_mm512_cvtepi32_ps(squares), _mm512_set1_ps(1.0f));
  return _mm512_mul_ps(sums, _mm512_rsqrt14_ps(at_least_one));
}

/* Squares are looked at only if there are no norms. */
static inline int64_t report_units(const units *u, const priors *p, int64_t t, __m512 sums,
                                   __m512i squares, uint8_t *out, int64_t count) {
  if (u->norms == NULL) {
    return report_all(p, t * TILE_ROWS, unit(_mm512_mul_ps(u->factor, sums), squares), u->least,
                      out, count);
  }
  const __m256i shorts = _mm256_loadu_si256(
      (const __m256i *)(u->norms + t * TILE_ROWS * (int64_t)sizeof(int16_t)));
  const __m512 norms = _mm512_cvtepi32_ps(_mm512_cvtepi16_epi32(shorts));
  return report_all(p, t * TILE_ROWS, _mm512_mul_ps(u->by_norm, _mm512_mul_ps(sums, norms)),
                    u->least, out, count);
}

/* The sums of sixteen rows, and of the squares of their codes if asked. */
typedef struct {
  __m512i products, squares;
} row_sums;

/* The query's four bytes for the first word and for the second, zeros behind the last dimension. */
static inline int64_t pairs_of(const int8_t *query, int64_t dims, __m512i *pairs) {
  int64_t count = 0;
  for (int64_t k = 0; k < dims; k += 8) {
    int8_t eight[8] = {0};
    memcpy(eight, query + k, (size_t)(dims - k < 8 ? dims - k : 8));
    pairs[count++] = _mm512_inserti64x4(four(eight), _mm512_castsi512_si256(four(eight + 4)), 1);
  }
  return count;
}

static inline row_sums nibble_sums(const uint8_t *tile, int64_t count, const __m512i *pairs,
                                   __mmask16 last, __m512i start, int squared) {
  __m512i first_sums = start;
  __m512i last_sums = start;
  __m512i first_squares = _mm512_setzero_si512();
  __m512i last_squares = _mm512_setzero_si512();
  for (int64_t p = 0; p < count; p++) {
    const uint8_t *at = tile + p * WORDS_AT_ONCE * WORD_ROW_BYTES;
    const __m512i both = p + 1 < count ? _mm512_loadu_si512(at)
                                       : _mm512_maskz_loadu_epi32(last, at);
    const __m512i first_rows = raised_nibbles(FIRST_ROWS, both);
    const __m512i last_rows = raised_nibbles(LAST_ROWS, both);
    first_sums = _mm512_dpbusd_epi32(first_sums, first_rows, pairs[p]);
    last_sums = _mm512_dpbusd_epi32(last_sums, last_rows, pairs[p]);
    if (squared) {
      first_squares = add_squares(first_squares, first_rows);
      last_squares = add_squares(last_squares, last_rows);
    }
  }
  return (row_sums){by_row(first_sums, last_sums), by_row(first_squares, last_squares)};
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
  const priors prior = priors_of(bar, prior_scale, prior_base, priors_base, priors_offset);
  const units u = units_of(factor, product_bar, norms_base, norms_offset, norm_scale);
  uint8_t *out = out_base + out_offset;
  const int64_t words = (dims + 3) / 4;
  __m512i pairs[MAX_PAIRS];
  const int64_t count = pairs_of(query, dims, pairs);
  const __mmask16 last = words % WORDS_AT_ONCE == 0 ? 0xffff : 0xff;
  const __m512i start = _mm512_maskz_set1_epi32(0xff, -8 * sum_of(query, dims));
  int64_t reported = 0, t = 0;
  for (; t < tile_count && has_room(reported, capacity); t++) {
    const row_sums of = u.norms == NULL ? nibble_sums(tile, count, pairs, last, start, 1)
                                        : nibble_sums(tile, count, pairs, last, start, 0);
    reported = report_units(&u, &prior, t, _mm512_cvtepi32_ps(of.products), of.squares, out,
                            reported);
    tile += words * WORD_ROW_BYTES;
  }
  return done(t, reported);
}

/*
 * The same of two-bit codes, eight to a word: two rows of every four, and of a word its first or
 * its last four dimensions.
 */
#define FIRST_ROWS_FIRST_FOUR 0x181a1c1e080a0c0e
#define FIRST_ROWS_LAST_FOUR 0x1012141600020406
#define LAST_ROWS_FIRST_FOUR 0x383a3c3e282a2c2e
#define LAST_ROWS_LAST_FOUR 0x3032343620222426

/* Numbers t of the codes 2 t + 1 as bytes, each 2 too high: (x & 3) ^ 2. */
static inline __m512i raised_pairs(int64_t rows, __m512i words) {
  const __m512i shifted = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(rows), words);
  return _mm512_ternarylogic_epi64(shifted, _mm512_set1_epi8(3), _mm512_set1_epi8(2), 0x6a);
}

static inline __m512i add_pair_squares(__m512i sums, __m512i raised) {
  const __m512i squares = _mm512_set1_epi32(0x09010109);
  return _mm512_dpbusd_epi32(sums, _mm512_shuffle_epi8(squares, raised), _mm512_set1_epi8(1));
}

/* The query's fours for two words: the first of both, then the last of both. */
static inline int64_t fours_of(const int8_t *query, int64_t dims, __m512i *fours) {
  int64_t count = 0;
  for (int64_t k = 0; k < dims; k += 16) {
    int8_t sixteen[16] = {0};
    memcpy(sixteen, query + k, (size_t)(dims - k < 16 ? dims - k : 16));
    for (int part = 0; part < 8; part += 4) {
      fours[count++] = _mm512_inserti64x4(four(sixteen + part),
                                          _mm512_castsi512_si256(four(sixteen + part + 8)), 1);
    }
  }
  return count;
}

static inline row_sums pair_sums(const uint8_t *tile, int64_t count, const __m512i *fours,
                                 __mmask16 last, __m512i behind, int squared) {
  __m512i first_sums = _mm512_setzero_si512();
  __m512i last_sums = _mm512_setzero_si512();
  __m512i first_squares = behind;
  __m512i last_squares = behind;
  for (int64_t p = 0; p < count; p += 2) {
    const uint8_t *at = tile + p * WORD_ROW_BYTES;
    const __m512i both = p + 2 < count ? _mm512_loadu_si512(at)
                                       : _mm512_maskz_loadu_epi32(last, at);
    const __m512i first_a = raised_pairs(FIRST_ROWS_FIRST_FOUR, both);
    const __m512i first_b = raised_pairs(FIRST_ROWS_LAST_FOUR, both);
    const __m512i last_a = raised_pairs(LAST_ROWS_FIRST_FOUR, both);
    const __m512i last_b = raised_pairs(LAST_ROWS_LAST_FOUR, both);
    first_sums = _mm512_dpbusd_epi32(first_sums, first_a, fours[p]);
    first_sums = _mm512_dpbusd_epi32(first_sums, first_b, fours[p + 1]);
    last_sums = _mm512_dpbusd_epi32(last_sums, last_a, fours[p]);
    last_sums = _mm512_dpbusd_epi32(last_sums, last_b, fours[p + 1]);
    if (squared) {
      first_squares = add_pair_squares(add_pair_squares(first_squares, first_a), first_b);
      last_squares = add_pair_squares(add_pair_squares(last_squares, last_a), last_b);
    }
  }
  return (row_sums){by_row(first_sums, last_sums), by_row(first_squares, last_squares)};
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
  const priors prior = priors_of(bar, prior_scale, prior_base, priors_base, priors_offset);
  const units u = units_of(factor, product_bar, norms_base, norms_offset, norm_scale);
  uint8_t *out = out_base + out_offset;
  const int64_t words = (dims + 7) / 8;
  __m512i fours[MAX_PAIRS];
  const int64_t count = fours_of(query, dims, fours);
  const __mmask16 last = words % WORDS_AT_ONCE == 0 ? 0xffff : 0xff;
  const __m512i thrice = _mm512_set1_epi32(3 * sum_of(query, dims));
  /* Codes behind the last dimension are products of zero, but have squares of 1. */
  const __m512i behind = _mm512_maskz_set1_epi32(0xff, (int32_t)(dims - 8 * count));
  int64_t reported = 0, t = 0;
  for (; t < tile_count && has_room(reported, capacity); t++) {
    const row_sums of = u.norms == NULL ? pair_sums(tile, count, fours, last, behind, 1)
                                        : pair_sums(tile, count, fours, last, behind, 0);
    const __m512i sums = _mm512_sub_epi32(_mm512_slli_epi32(of.products, 1), thrice);
    reported = report_units(&u, &prior, t, _mm512_cvtepi32_ps(sums), of.squares, out, reported);
    tile += words * WORD_ROW_BYTES;
  }
  return done(t, reported);
}

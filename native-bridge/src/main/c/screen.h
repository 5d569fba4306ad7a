/* What all kinds of screening need: see ScreenOps.screenTilesInt8 and its siblings. */
#ifndef CONCERTINA_SCREEN_H
#define CONCERTINA_SCREEN_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define TILE_ROWS 16
#define WORD_ROW_BYTES (TILE_ROWS * 2)

static inline int32_t sum_of(const int8_t *query, int64_t dims) {
  int32_t sum = 0;
  for (int64_t k = 0; k < dims; k++) {
    sum += query[k];
  }
  return sum;
}

/* What a row is above if it is reported, and what its prior is made of. */
typedef struct {
  float bar, scale, base;
  const int8_t *codes;
} priors;

static inline priors priors_of(float bar, float scale, float base, const int8_t *codes_base,
                               int64_t offset) {
  return (priors){bar, scale, base, offset < 0 ? NULL : codes_base + offset};
}

static inline __m256 eight_priors(const priors *p, int64_t row) {
  const __m256 base = _mm256_set1_ps(p->base);
  if (p->codes == NULL) {
    return base;
  }
  const __m128i codes = _mm_loadl_epi64((const __m128i *)(p->codes + row));
  return _mm256_fmadd_ps(_mm256_set1_ps(p->scale), _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(codes)),
                         base);
}

/*
 * Appends those of the sixteen rows from `row` on that are above the bar: the score's bits above
 * the row's number. Returns how many entries there are now.
 */
static inline int64_t report(const priors *p, int64_t row, __m256 low, __m256 high, uint8_t *out,
                             int64_t count) {
  const __m256 bar = _mm256_set1_ps(p->bar);
  const __m256 first = _mm256_add_ps(low, eight_priors(p, row));
  const __m256 second = _mm256_add_ps(high, eight_priors(p, row + 8));
  uint32_t above = (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(first, bar, _CMP_GT_OQ)) |
                   (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(second, bar, _CMP_GT_OQ)) << 8;
  if (above != 0) {
    uint32_t bits[TILE_ROWS];
    _mm256_storeu_si256((__m256i *)bits, _mm256_castps_si256(first));
    _mm256_storeu_si256((__m256i *)(bits + 8), _mm256_castps_si256(second));
    for (; above != 0; above &= above - 1) {
      const int lane = __builtin_ctz(above);
      const uint64_t entry = (uint64_t)bits[lane] << 32 | (uint64_t)(row + lane);
      memcpy(out + count++ * (int64_t)sizeof entry, &entry, sizeof entry);
    }
  }
  return count;
}

/* Whether a tile's rows have room, and what a kernel returns. */
static inline int has_room(int64_t count, int64_t capacity) { return count + TILE_ROWS <= capacity; }

static inline int64_t done(int64_t tiles, int64_t count) { return tiles << 32 | count; }

#endif

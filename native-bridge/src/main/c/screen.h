/* What all kinds of screening need: see ScreenOps.screenTilesInt8 and its siblings. */
#ifndef CONCERTINA_SCREEN_H
#define CONCERTINA_SCREEN_H

#include <stdint.h>

#define TILE_ROWS 16
#define WORD_ROW_BYTES (TILE_ROWS * 2)

/* Of a tile of four-bit or two-bit codes: a factor for every row, then the rest. */
#define BOUND_FLOATS (TILE_ROWS + 1)

static inline int32_t sum_of(const int8_t *query, int64_t dims) {
  int32_t sum = 0;
  for (int64_t k = 0; k < dims; k++) {
    sum += query[k];
  }
  return sum;
}

#endif

/*
 * One user's triples and how their rows are fetched. A triple waits for the one before, through the
 * user's row; its two item rows come from anywhere in the table, so they are fetched ROWS_AHEAD
 * triples ahead.
 */
#ifndef CONCERTINA_TRIPLES_H
#define CONCERTINA_TRIPLES_H

#include "rows.h"

typedef struct {
  float *user;
  float *items;
  int64_t stride;
  const int32_t *positives;
  const int32_t *negatives;
  int64_t count;
} triples;

ALWAYS_INLINE void triples_fetch(const triples *t, int64_t k, int64_t n) {
  if (k < t->count) {
    rows_fetch(t->items, t->stride, t->positives[k], n);
    rows_fetch(t->items, t->stride, t->negatives[k], n);
  }
}

ALWAYS_INLINE void triples_fetch_first(const triples *t, int64_t n) {
  for (int64_t k = 0; k < ROWS_AHEAD; k++) {
    triples_fetch(t, k, n);
  }
}

ALWAYS_INLINE float *triples_liked(const triples *t, int64_t k) {
  return t->items + t->positives[k] * t->stride;
}

ALWAYS_INLINE float *triples_other(const triples *t, int64_t k) {
  return t->items + t->negatives[k] * t->stride;
}

#endif

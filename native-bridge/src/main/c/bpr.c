#include "concertina.h"
#include "numbers.h"
#include "triples.h"

/* BPR steps on dot products. */

typedef struct {
  float learning_rate;
  float keep;
} rates;

/* g of exp(-x), and its share of the loss. */
ALWAYS_INLINE float slope(float learning_rate, float x, log_sum *loss) {
  const float e = exp_f32(-x);
  log_sum_add(loss, e);
  return learning_rate * (e / (1.0f + e));
}

/* The user's row stays in registers over all triples; an item's row is loaded and stored once. */
ALWAYS_INLINE double steps_resident(rates rate, const triples *t, const int vectors) {
  const int64_t n = (int64_t)vectors * LANES;
  log_sum loss = LOG_SUM_ZERO;
  const lanes keep = lanes_splat(rate.keep);
  lanes u[LANES_RESIDENT / 3];
#pragma GCC unroll 16
  for (int i = 0; i < vectors; i++) {
    u[i] = lanes_load(t->user + i * LANES);
  }
  triples_fetch_first(t, n);
  for (int64_t k = 0; k < t->count; k++) {
    triples_fetch(t, k + ROWS_AHEAD, n);
    float *liked = triples_liked(t, k);
    float *other = triples_other(t, k);
    lanes p[LANES_RESIDENT / 3], q[LANES_RESIDENT / 3];
    lanes even = lanes_zero(), odd = lanes_zero();
#pragma GCC unroll 16
    for (int i = 0; i < vectors; i++) {
      p[i] = lanes_load(liked + i * LANES);
      q[i] = lanes_load(other + i * LANES);
      if (i % 2 == 0) {
        even = lanes_fma(u[i], p[i] - q[i], even);
      } else {
        odd = lanes_fma(u[i], p[i] - q[i], odd);
      }
    }
    const float slope_k = slope(rate.learning_rate, lanes_sum(even + odd), &loss);
    const lanes g = lanes_splat(slope_k);
    const lanes minus_g = lanes_splat(-slope_k);
#pragma GCC unroll 16
    for (int i = 0; i < vectors; i++) {
      lanes_store(liked + i * LANES, lanes_fma(g, u[i], keep * p[i]));
      lanes_store(other + i * LANES, lanes_fma(minus_g, u[i], keep * q[i]));
      u[i] = lanes_fma(g, p[i] - q[i], keep * u[i]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < vectors; i++) {
    lanes_store(t->user + i * LANES, u[i]);
  }
  return log_sum_value(&loss);
}

ALWAYS_INLINE float difference(const float *u, const float *liked, const float *other,
                               const int64_t n) {
  lanes s0 = lanes_zero(), s1 = lanes_zero(), s2 = lanes_zero(), s3 = lanes_zero();
  int64_t i = 0;
  for (; i + 4 * LANES <= n; i += 4 * LANES) {
    s0 = lanes_fma(lanes_load(u + i), lanes_load(liked + i) - lanes_load(other + i), s0);
    const int64_t i1 = i + LANES, i2 = i + 2 * LANES, i3 = i + 3 * LANES;
    s1 = lanes_fma(lanes_load(u + i1), lanes_load(liked + i1) - lanes_load(other + i1), s1);
    s2 = lanes_fma(lanes_load(u + i2), lanes_load(liked + i2) - lanes_load(other + i2), s2);
    s3 = lanes_fma(lanes_load(u + i3), lanes_load(liked + i3) - lanes_load(other + i3), s3);
  }
  for (; i + LANES <= n; i += LANES) {
    s0 = lanes_fma(lanes_load(u + i), lanes_load(liked + i) - lanes_load(other + i), s0);
  }
  if (i < n) {
    const int64_t rest = n - i;
    s1 = lanes_fma(lanes_load_first(u + i, rest),
                   lanes_load_first(liked + i, rest) - lanes_load_first(other + i, rest), s1);
  }
  return lanes_sum((s0 + s1) + (s2 + s3));
}

ALWAYS_INLINE void update(float slope_k, float shrink, float *user, float *liked, float *other,
                          const int64_t n) {
  const lanes g = lanes_splat(slope_k);
  const lanes minus_g = lanes_splat(-slope_k);
  const lanes keep = lanes_splat(shrink);
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    const lanes u = lanes_load(user + i), p = lanes_load(liked + i), q = lanes_load(other + i);
    lanes_store(user + i, lanes_fma(g, p - q, keep * u));
    lanes_store(liked + i, lanes_fma(g, u, keep * p));
    lanes_store(other + i, lanes_fma(minus_g, u, keep * q));
  }
  if (i < n) {
    const int64_t rest = n - i;
    const lanes u = lanes_load_first(user + i, rest);
    const lanes p = lanes_load_first(liked + i, rest);
    const lanes q = lanes_load_first(other + i, rest);
    lanes_store_first(user + i, rest, lanes_fma(g, p - q, keep * u));
    lanes_store_first(liked + i, rest, lanes_fma(g, u, keep * p));
    lanes_store_first(other + i, rest, lanes_fma(minus_g, u, keep * q));
  }
}

ALWAYS_INLINE double steps_streamed(rates rate, const triples *t, const int64_t n) {
  log_sum loss = LOG_SUM_ZERO;
  triples_fetch_first(t, n);
  for (int64_t k = 0; k < t->count; k++) {
    triples_fetch(t, k + ROWS_AHEAD, n);
    float *liked = triples_liked(t, k);
    float *other = triples_other(t, k);
    const float g = slope(rate.learning_rate, difference(t->user, liked, other, n), &loss);
    update(g, rate.keep, t->user, liked, other, n);
  }
  return log_sum_value(&loss);
}

/* A constant number of floats lets the compiler unroll; these are the usual ones. */
double TIERED(cnct_bpr_f32)(float learning_rate, float l2, float *user, int64_t user_offset,
                            float *items, int64_t items_offset, int64_t item_stride_floats,
                            const int32_t *positives, int64_t positives_offset,
                            const int32_t *negatives, int64_t negatives_offset, int64_t count,
                            int64_t n) {
  const rates rate = {learning_rate, 1.0f - learning_rate * l2};
  const triples t = {AT(float, user, user_offset), AT(float, items, items_offset),
                     item_stride_floats, AT(const int32_t, positives, positives_offset),
                     AT(const int32_t, negatives, negatives_offset), count};
  switch (n) {
#if RESIDENT(128)
    case 64:
      return steps_resident(rate, &t, 64 / LANES);
    case 128:
      return steps_resident(rate, &t, 128 / LANES);
#else
    case 64:
      return steps_streamed(rate, &t, 64);
    case 128:
      return steps_streamed(rate, &t, 128);
#endif
    default:
      return steps_streamed(rate, &t, n);
  }
}

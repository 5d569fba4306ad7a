#include "concertina.h"
#include "numbers.h"
#include "triples.h"

/*
 * BPR steps on cosines: five sums over the three rows, from which follows how every row turns, and
 * one pass to turn them. The user's length stays, so its square is summed once.
 */

/* The shortest square that a float's inverse root survives: FLT_MIN. */
#define LEAST_SQUARED_ROW 0x1p-126f

/* Steps that cancel a direction leave it this short, squared, and not zero. */
#define LEAST_SQUARED_LENGTH 1e-6f

typedef struct {
  float learning_rate;
  float inverse_temperature;
} rates;

/* Products of the rows of a user, of a liked and of another item. */
typedef struct {
  float up, uq, pq, pp, qq;
} products;

/* u = su u + gp p - gq q, p = sp p + hp u, q = sq q - hq u. */
typedef struct {
  float su, gp, gq, sp, hp, sq, hq;
} turns;

/* 0 for a row that has no direction. */
ALWAYS_INLINE float inverse_length(float squared) {
  return squared < LEAST_SQUARED_ROW ? 0.0f : 1.0f / __builtin_sqrtf(squared);
}

/* What brings a direction back to unit length. */
ALWAYS_INLINE float shrink(float squared) {
  const float kept = squared < LEAST_SQUARED_LENGTH ? LEAST_SQUARED_LENGTH : squared;
  return 1.0f / __builtin_sqrtf(kept);
}

/* Squared lengths of the directions after their steps come from the angles before them. */
ALWAYS_INLINE turns turn(rates rate, float uu, float iu, products s, log_sum *loss) {
  const float ip = inverse_length(s.pp), iq = inverse_length(s.qq);
  const float cos_p = s.up * iu * ip, cos_q = s.uq * iu * iq, cos_pq = s.pq * ip * iq;
  const float e = exp_f32((cos_q - cos_p) * rate.inverse_temperature);
  log_sum_add(loss, e);
  const float g = rate.learning_rate * rate.inverse_temperature * (e / (1.0f + e));
  const float one_u = iu > 0 ? 1.0f : 0.0f;
  const float one_p = ip > 0 ? 1.0f : 0.0f;
  const float one_q = iq > 0 ? 1.0f : 0.0f;
  const float su =
      shrink(1.0f + g * (2.0f * (cos_p - cos_q) + g * (one_p + one_q - 2.0f * cos_pq)));
  const float sp = shrink(1.0f + g * (2.0f * cos_p + g * one_u));
  const float sq = shrink(1.0f + g * (g * one_u - 2.0f * cos_q));
  const float gu = g * su * uu * iu;
  const turns result = {su, gu * ip, gu * iq, sp, g * sp * s.pp * ip * iu, sq,
                        g * sq * s.qq * iq * iu};
  return result;
}

ALWAYS_INLINE float squared(const float *row, const int64_t n) {
  lanes even = lanes_zero(), odd = lanes_zero();
  int64_t i = 0;
  for (; i + 2 * LANES <= n; i += 2 * LANES) {
    const lanes x = lanes_load(row + i), y = lanes_load(row + i + LANES);
    even = lanes_fma(x, x, even);
    odd = lanes_fma(y, y, odd);
  }
  for (; i < n; i += LANES) {
    const lanes x = n - i < LANES ? lanes_load_first(row + i, n - i) : lanes_load(row + i);
    even = lanes_fma(x, x, even);
  }
  return lanes_sum(even + odd);
}

/* The user's row stays in registers over all triples; an item's row is loaded and stored once. */
ALWAYS_INLINE double steps_resident(rates rate, const triples *t, const int vectors) {
  const int64_t n = (int64_t)vectors * LANES;
  log_sum loss = LOG_SUM_ZERO;
  const float uu = squared(t->user, n);
  const float iu = inverse_length(uu);
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
    lanes up = lanes_zero(), uq = up, pq = up, pp = up, qq = up;
#pragma GCC unroll 16
    for (int i = 0; i < vectors; i++) {
      p[i] = lanes_load(liked + i * LANES);
      q[i] = lanes_load(other + i * LANES);
      up = lanes_fma(u[i], p[i], up);
      uq = lanes_fma(u[i], q[i], uq);
      pq = lanes_fma(p[i], q[i], pq);
      pp = lanes_fma(p[i], p[i], pp);
      qq = lanes_fma(q[i], q[i], qq);
    }
    const products s = {lanes_sum(up), lanes_sum(uq), lanes_sum(pq), lanes_sum(pp), lanes_sum(qq)};
    const turns c = turn(rate, uu, iu, s, &loss);
    const lanes gp = lanes_splat(c.gp), gq = lanes_splat(-c.gq), hp = lanes_splat(c.hp);
    const lanes hq = lanes_splat(-c.hq);
#pragma GCC unroll 16
    for (int i = 0; i < vectors; i++) {
      lanes_store(liked + i * LANES, lanes_fma(hp, u[i], lanes_splat(c.sp) * p[i]));
      lanes_store(other + i * LANES, lanes_fma(hq, u[i], lanes_splat(c.sq) * q[i]));
      u[i] = lanes_fma(gp, p[i], lanes_fma(gq, q[i], lanes_splat(c.su) * u[i]));
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < vectors; i++) {
    lanes_store(t->user + i * LANES, u[i]);
  }
  return log_sum_value(&loss);
}

ALWAYS_INLINE products multiply(const float *user, const float *liked, const float *other,
                                const int64_t n) {
  lanes up = lanes_zero(), uq = up, pq = up, pp = up, qq = up;
  for (int64_t i = 0; i < n; i += LANES) {
    const int64_t rest = n - i;
    const int whole = rest >= LANES;
    const lanes u = whole ? lanes_load(user + i) : lanes_load_first(user + i, rest);
    const lanes p = whole ? lanes_load(liked + i) : lanes_load_first(liked + i, rest);
    const lanes q = whole ? lanes_load(other + i) : lanes_load_first(other + i, rest);
    up = lanes_fma(u, p, up);
    uq = lanes_fma(u, q, uq);
    pq = lanes_fma(p, q, pq);
    pp = lanes_fma(p, p, pp);
    qq = lanes_fma(q, q, qq);
  }
  const products s = {lanes_sum(up), lanes_sum(uq), lanes_sum(pq), lanes_sum(pp), lanes_sum(qq)};
  return s;
}

ALWAYS_INLINE void update(turns c, float *user, float *liked, float *other, const int64_t n) {
  const lanes su = lanes_splat(c.su), gp = lanes_splat(c.gp), gq = lanes_splat(-c.gq);
  const lanes sp = lanes_splat(c.sp), hp = lanes_splat(c.hp);
  const lanes sq = lanes_splat(c.sq), hq = lanes_splat(-c.hq);
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    const lanes u = lanes_load(user + i), p = lanes_load(liked + i), q = lanes_load(other + i);
    lanes_store(user + i, lanes_fma(gp, p, lanes_fma(gq, q, su * u)));
    lanes_store(liked + i, lanes_fma(hp, u, sp * p));
    lanes_store(other + i, lanes_fma(hq, u, sq * q));
  }
  if (i < n) {
    const int64_t rest = n - i;
    const lanes u = lanes_load_first(user + i, rest);
    const lanes p = lanes_load_first(liked + i, rest);
    const lanes q = lanes_load_first(other + i, rest);
    lanes_store_first(user + i, rest, lanes_fma(gp, p, lanes_fma(gq, q, su * u)));
    lanes_store_first(liked + i, rest, lanes_fma(hp, u, sp * p));
    lanes_store_first(other + i, rest, lanes_fma(hq, u, sq * q));
  }
}

ALWAYS_INLINE double steps_streamed(rates rate, const triples *t, const int64_t n) {
  log_sum loss = LOG_SUM_ZERO;
  const float uu = squared(t->user, n);
  const float iu = inverse_length(uu);
  triples_fetch_first(t, n);
  for (int64_t k = 0; k < t->count; k++) {
    triples_fetch(t, k + ROWS_AHEAD, n);
    float *liked = triples_liked(t, k);
    float *other = triples_other(t, k);
    update(turn(rate, uu, iu, multiply(t->user, liked, other, n), &loss), t->user, liked, other, n);
  }
  return log_sum_value(&loss);
}

/* A constant number of floats lets the compiler unroll; these are the usual ones. */
double TIERED(cnct_bpr_cosine_f32)(float learning_rate, float temperature, float *user,
                                   int64_t user_offset, float *items, int64_t items_offset,
                                   int64_t item_stride_floats, const int32_t *positives,
                                   int64_t positives_offset, const int32_t *negatives,
                                   int64_t negatives_offset, int64_t count, int64_t n) {
  const rates rate = {learning_rate, 1.0f / temperature};
  const triples t = {AT(float, user, user_offset), AT(float, items, items_offset),
                     item_stride_floats, AT(const int32_t, positives, positives_offset),
                     AT(const int32_t, negatives, negatives_offset), count};
  switch (n) {
#if RESIDENT(64)
    case 64:
      return steps_resident(rate, &t, 64 / LANES);
#else
    case 64:
      return steps_streamed(rate, &t, 64);
#endif
    case 128:
      return steps_streamed(rate, &t, 128);
    default:
      return steps_streamed(rate, &t, n);
  }
}

/* The scalar functions of the kernels; no mathematics library, so no version of it to depend on. */
#ifndef CONCERTINA_NUMBERS_H
#define CONCERTINA_NUMBERS_H

#include <stdint.h>
#include <string.h>

#include "lanes.h"

#if defined(__FMA__) || defined(__aarch64__)
#define FUSED 1
#define FMADD(a, b, c) __builtin_fmaf(a, b, c)
#else
#define FUSED 0
#define FMADD(a, b, c) ((a) * (b) + (c))
#endif

/* log2(e), and what it lacks of the number. */
#define LOG2_E 1.44269502f
#define LOG2_E_LOW 1.92596299e-8f

/* ln(2) = LN_2 - LN_2_EXCESS; LN_2 has so few bits that its products with exponents are exact. */
#define LN_2 (355.0f / 512.0f)
#define LN_2_EXCESS 2.12194440e-4f

/*
 * exp(x) = 2^n 2^f: relative error below 4e-7 in [-86, 88], to which x is clamped; NaN for NaN.
 *
 * BPR waits for it at every step, so the polynomial is split into halves that run side by side, and
 * f is reduced in one rounding instead of two: not the bits of the engine's FastExp.
 */
ALWAYS_INLINE float exp_f32(float x) {
  const float magic = 12583039.0f; /* 1.5 * 2^23 + 127: leaves the biased exponent in low bits */
  const float clamped = x > 88.0f ? 88.0f : x < -86.0f ? -86.0f : x;
  const float shifted = FMADD(clamped, LOG2_E, magic);
  const float n = shifted - magic;
#if FUSED
  const float f = FMADD(clamped, LOG2_E_LOW, FMADD(clamped, LOG2_E, -n));
#else
  const float f = ((clamped - n * LN_2) + n * LN_2_EXCESS) * LOG2_E;
#endif
  /* Taylor's coefficients of 2^f: the term after the last is below 1.3e-7 for |f| <= 1/2. */
  const float f2 = f * f;
  const float low = FMADD(FMADD(0.055504109f, f, 0.24022651f), f2, FMADD(0.69314718f, f, 1.0f));
  const float high = FMADD(0.00015403530f, f2, FMADD(0.0013333558f, f, 0.0096181291f));
  const float p = FMADD(high, f2 * f2, low);
  uint32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits <<= 23;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return p * scale;
}

/* log(x) of a normal x >= 1, to a few units of the last place; NaN for NaN. */
ALWAYS_INLINE double log_f64(double x) {
  if (!(x >= 1.0)) {
    return x - x; /* NaN: nothing else comes here */
  }
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  int64_t exponent = (int64_t)(bits >> 52) - 1023;
  bits = (bits & 0x000fffffffffffffu) | 0x3ff0000000000000u;
  double m;
  memcpy(&m, &bits, sizeof m);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent++;
  }
  /* log m = 2 atanh((m - 1) / (m + 1)), whose argument is below 0.172. */
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;
  double series = 1.0 / 19;
  for (int odd = 17; odd > 0; odd -= 2) {
    series = series * z + 1.0 / odd;
  }
  return 2.0 * s * series + (double)exponent * 0.6931471805599453;
}

/* sum log(1 + e) as the logarithm of a product, scaled back before it overflows. */
typedef struct {
  double product;
  int64_t scaled;
} log_sum;

#define LOG_SUM_ZERO {1.0, 0}
#define LOG_SUM_LARGE 0x1p500

/* e is at most exp(88): a product below the limit survives one more factor. */
ALWAYS_INLINE void log_sum_add(log_sum *sum, float e) {
  sum->product *= 1.0 + (double)e;
  if (sum->product > LOG_SUM_LARGE) {
    sum->product /= LOG_SUM_LARGE;
    sum->scaled++;
  }
}

ALWAYS_INLINE double log_sum_value(const log_sum *sum) {
  return log_f64(sum->product) + (double)sum->scaled * (500 * 0.6931471805599453);
}

#endif

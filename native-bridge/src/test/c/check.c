/*
 * Holds every kernel of every tier that this processor runs to a plain loop, on operands that end
 * where readable memory ends. Java's tests do the same through the bindings; this program is for
 * what no JVM is at hand for: sanitisers, and other architectures under an emulator.
 *
 * Prints what it checked; a wrong number is a message and exit status 1, a wrong address a signal.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef double bpr_kernel(float, float, float *, int64_t, float *, int64_t, int64_t,
                          const int32_t *, int64_t, const int32_t *, int64_t, int64_t, int64_t);
typedef int64_t sparse_kernel(int64_t, const int64_t *, int64_t, const int32_t *, const float *,
                              const float *, int64_t, int64_t, int64_t, float, const float *,
                              int64_t, int64_t, float *, int64_t, int64_t, int64_t);
typedef void tiles_kernel(const uint8_t *, int64_t, int64_t, int64_t, const float *, int64_t,
                          float *, int64_t);
typedef void matmul_kernel(int64_t, int64_t, int64_t, const float *, int64_t, int64_t, int64_t,
                           const float *, int64_t, int64_t, float *, int64_t, int64_t);

typedef int64_t screen_int8_kernel(float, const int8_t *, int64_t, int64_t, int64_t,
                                   const int8_t *, int64_t, const int8_t *, int64_t, float, float,
                                   float, float, uint8_t *, int64_t, int64_t);
typedef int64_t screen_units_kernel(float, const uint8_t *, int64_t, int64_t, int64_t,
                                    const int8_t *, int64_t, const int8_t *, int64_t, float, float,
                                    float, float, const uint8_t *, int64_t, float, uint8_t *,
                                    int64_t, int64_t);
typedef int32_t screen_limit(void);

int32_t cnct_abi_version(void);
int32_t cnct_best_tier(void);

#if defined(__aarch64__)
bpr_kernel cnct_bpr_f32_neon, cnct_bpr_cosine_f32_neon;
sparse_kernel cnct_sparse_matmul_f32_neon;
#else
bpr_kernel cnct_bpr_f32_v2, cnct_bpr_f32_v3, cnct_bpr_f32_v4;
bpr_kernel cnct_bpr_cosine_f32_v2, cnct_bpr_cosine_f32_v3, cnct_bpr_cosine_f32_v4;
sparse_kernel cnct_sparse_matmul_f32_v3, cnct_sparse_matmul_f32_v4;
matmul_kernel cnct_matmul_add_f32_v3;
tiles_kernel cnct_score_tiles_int4_v3, cnct_score_tiles_int4_v4;
screen_int8_kernel cnct_screen_tiles_int8_vnni, cnct_screen_tiles_int8_v3;
screen_units_kernel cnct_screen_tiles_int4_vnni, cnct_screen_tiles_int2_vnni;
screen_units_kernel cnct_screen_tiles_int4_v3, cnct_screen_tiles_int2_v3;
screen_limit cnct_screen_max_sum_vnni, cnct_screen_max_sum_v3;
screen_limit cnct_screen_max_byte_query_vnni, cnct_screen_max_byte_query_v3;
#endif

#define ROWS 14
#define STEPS 21

static const char *tier;

static void fail(const char *what, int64_t n, int64_t i, double expected, double actual) {
  fprintf(stderr, "%s, tier %s, n %lld: element %lld: expected %.9g, got %.9g\n", what, tier,
          (long long)n, (long long)i, expected, actual);
  exit(1);
}

/* Memory that ends at an unreadable page, or at a sanitiser's red zone. */
typedef struct {
  void *start;
  size_t bytes;
  char *mapping;
  size_t mapped;
} operand;

static operand allocate(size_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
  operand o = {malloc(bytes), bytes, NULL, 0};
  return o;
#else
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  const size_t readable = (bytes + page - 1) / page * page;
  char *mapping = mmap(NULL, readable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                       -1, 0);
  if (mapping == MAP_FAILED || mprotect(mapping + readable, page, PROT_NONE) != 0) {
    perror("mmap");
    exit(1);
  }
  operand o = {mapping + readable - bytes, bytes, mapping, readable + page};
  return o;
#endif
}

static void release(operand o) {
#if defined(__SANITIZE_ADDRESS__)
  free(o.start);
#else
  munmap(o.mapping, o.mapped);
#endif
}

static uint64_t state = 42;

static uint32_t next_bits(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 32);
}

static float next_float(void) { return (float)next_bits() * 0x1p-31f - 1.0f; }

static operand floats(int64_t count) {
  operand o = allocate((size_t)count * sizeof(float));
  for (int64_t i = 0; i < count; i++) {
    ((float *)o.start)[i] = next_float();
  }
  return o;
}

static double product(const double *x, const double *y, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) {
    sum += x[i] * y[i];
  }
  return sum;
}

/* To unit length; returns the length. */
static double normalize(double *x, int64_t n) {
  const double length = sqrt(product(x, x, n));
  for (int64_t i = 0; i < n && length > 0; i++) {
    x[i] /= length;
  }
  return length;
}

/* One step in double; returns the loss. Cosines if the temperature is above 0. */
static double step(double rate, double l2, double temperature, double *u, double *p, double *q,
                   int64_t n) {
  double lengths[3] = {1, 1, 1};
  double *rows[3] = {u, p, q};
  const double sharpness = temperature > 0 ? 1 / temperature : 1;
  for (int r = 0; temperature > 0 && r < 3; r++) {
    lengths[r] = normalize(rows[r], n);
  }
  const double x = (product(u, p, n) - product(u, q, n)) * sharpness;
  const double g = rate * sharpness / (1 + exp(x));
  const double keep = temperature > 0 ? 1 : 1 - rate * l2;
  for (int64_t i = 0; i < n; i++) {
    const double before = u[i];
    u[i] = keep * before + g * (p[i] - q[i]);
    p[i] = keep * p[i] + g * before;
    q[i] = keep * q[i] - g * before;
  }
  for (int r = 0; temperature > 0 && r < 3; r++) {
    normalize(rows[r], n);
    for (int64_t i = 0; i < n; i++) {
      rows[r][i] *= lengths[r];
    }
  }
  return log1p(exp(-x));
}

static void check_near(const char *what, int64_t n, const double *expected, const float *actual,
                       int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    if (!(fabs(expected[i] - actual[i]) <= 5e-5)) {
      fail(what, n, i, expected[i], actual[i]);
    }
  }
}

static void check_bpr(const char *what, bpr_kernel *kernel, float l2, float temperature,
                      int64_t n) {
  operand user = floats(n), items = floats(ROWS * n);
  operand liked = allocate(STEPS * sizeof(int32_t)), other = allocate(STEPS * sizeof(int32_t));
  double *u = malloc((size_t)(n + ROWS * n) * sizeof(double)), *v = u + n;
  for (int64_t i = 0; i < n; i++) {
    u[i] = ((float *)user.start)[i];
  }
  for (int64_t i = 0; i < ROWS * n; i++) {
    v[i] = ((float *)items.start)[i];
  }
  double expected = 0;
  for (int k = 0; k < STEPS; k++) {
    const int32_t p = 2 * (int32_t)(next_bits() % (ROWS / 2));
    const int32_t q = 2 * (int32_t)(next_bits() % (ROWS / 2)) + 1;
    ((int32_t *)liked.start)[k] = p;
    ((int32_t *)other.start)[k] = q;
    expected += step(0.05, l2, temperature, u, v + p * n, v + q * n, n);
  }
  /* The second argument is the one of the two that the kernel has. */
  const double loss = kernel(0.05f, temperature > 0 ? temperature : l2, user.start, 0, items.start,
                             0, n, liked.start, 0, other.start, 0, STEPS, n);
  if (!(fabs(loss - expected) <= 1e-4 * fmax(1, expected))) {
    fail(what, n, -1, expected, loss);
  }
  check_near(what, n, u, user.start, n);
  check_near(what, n, v, items.start, ROWS * n);
  free(u);
  release(user);
  release(items);
  release(liked);
  release(other);
}

static void check_bits(const char *what, int64_t n, int64_t i, float expected, float actual) {
  if (memcmp(&expected, &actual, sizeof expected) != 0) {
    fail(what, n, i, expected, actual);
  }
}

static void check_sparse(sparse_kernel *kernel, int64_t n) {
  enum { OUT_ROWS = 5, ENTRIES = 30 };
  const int64_t pointers[OUT_ROWS + 1] = {0, 0, 1, 9, 9, ENTRIES};
  operand positions = allocate(sizeof pointers), indices = allocate(ENTRIES * sizeof(int32_t));
  operand weights = floats(ENTRIES), table = floats(ROWS * n), base = floats(n);
  operand out = floats(OUT_ROWS * n);
  memcpy(positions.start, pointers, sizeof pointers);
  int32_t *index = indices.start;
  for (int j = 0; j < ENTRIES; j++) {
    index[j] = (int32_t)(next_bits() % ROWS);
  }
  int64_t outside = kernel(OUT_ROWS, positions.start, 0, index, weights.start, table.start, 0, ROWS,
                           n, 0.25f, base.start, 0, 0, out.start, 0, n, n);
  if (outside != -1) {
    fail("sparse, all inside", n, 0, -1, (double)outside);
  }
  for (int64_t r = 0; r < OUT_ROWS; r++) {
    for (int64_t i = 0; i < n; i++) {
      float sum = ((float *)base.start)[i];
      for (int64_t j = pointers[r]; j < pointers[r + 1]; j++) {
        sum = fmaf(((float *)weights.start)[j], ((float *)table.start)[index[j] * n + i], sum);
      }
      check_bits("sparse", n, r * n + i, 0.25f * sum, ((float *)out.start)[r * n + i]);
    }
  }
  const int32_t bad[] = {-1, ROWS, INT32_MAX, INT32_MIN};
  for (int b = 0; b < 4; b++) {
    const int32_t good = index[ENTRIES - 1];
    index[ENTRIES - 1] = bad[b];
    outside = kernel(OUT_ROWS, positions.start, 0, index, weights.start, table.start, 0, ROWS, n,
                     0.25f, base.start, 0, 0, out.start, 0, n, n);
    if (outside != ENTRIES - 1) {
      fail("sparse, one outside", n, bad[b], ENTRIES - 1, (double)outside);
    }
    index[ENTRIES - 1] = good;
  }
  operand all[] = {positions, indices, weights, table, base, out};
  for (int o = 0; o < 6; o++) {
    release(all[o]);
  }
}

#if !defined(__aarch64__)
/* With rows of A next to each other, or its columns. */
static void check_matmul(matmul_kernel *kernel, int64_t rows, int64_t cols, int64_t depth,
                         int transposed) {
  const int64_t row = transposed ? 1 : depth, deep = transposed ? rows : 1;
  operand a = floats(rows * depth), b = floats(depth * cols), c = floats(rows * cols);
  float *before = malloc((size_t)(rows * cols) * sizeof(float));
  memcpy(before, c.start, (size_t)(rows * cols) * sizeof(float));
  kernel(rows, cols, depth, a.start, 0, row, deep, b.start, 0, cols, c.start, 0, cols);
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t j = 0; j < cols; j++) {
      float sum = before[r * cols + j];
      for (int64_t k = 0; k < depth; k++) {
        sum = fmaf(((float *)a.start)[r * row + k * deep], ((float *)b.start)[k * cols + j], sum);
      }
      check_bits("matmul", depth, r * cols + j, sum, ((float *)c.start)[r * cols + j]);
    }
  }
  free(before);
  release(a);
  release(b);
  release(c);
}

static void check_matmuls(matmul_kernel *kernel) {
  for (int64_t rows = 1; rows <= 14; rows++) {
    for (int64_t cols = 1; cols <= 35; cols++) {
      check_matmul(kernel, rows, cols, 1 + (rows * cols) % 19, cols % 2);
    }
  }
  check_matmul(kernel, 53, 171, 300, 0);
  check_matmul(kernel, 48, 64, 256, 1);
  printf("tier %s: matmul\n", tier);
}

/* Tiles of four-bit codes, any but those behind the last dimension. */
static operand nibbles(int64_t tiles, int64_t dims) {
  const int64_t words = (dims + 3) / 4;
  operand codes = allocate((size_t)(tiles * words * 32));
  uint16_t *word = codes.start;
  for (int64_t w = 0; w < tiles * words * 16; w++) {
    const int64_t left = dims - (w / 16 % words) * 4;
    word[w] = (uint16_t)(next_bits() & (left >= 4 ? 0xffffu : 0xffffu << (16 - 4 * left)));
  }
  return codes;
}

static int nibble_at(operand codes, int64_t row, int64_t k, int64_t dims) {
  const int64_t words = (dims + 3) / 4;
  const uint16_t word = ((uint16_t *)codes.start)[(row / 16 * words + k / 4) * 16 + row % 16];
  const int nibble = word >> (12 - 4 * (k % 4)) & 15;
  return nibble < 8 ? nibble : nibble - 16;
}

/* Any bits are two-bit codes; those behind the last dimension count for nothing. */
static int pair_at(operand codes, int64_t row, int64_t k, int64_t dims) {
  const int64_t words = (dims + 7) / 8;
  const uint16_t word = ((uint16_t *)codes.start)[(row / 16 * words + k / 8) * 16 + row % 16];
  const int pair = word >> (14 - 2 * (k % 8)) & 3;
  return pair < 2 ? 2 * pair + 1 : 2 * pair - 7;
}

static operand zero_behind(int64_t tiles, int64_t dims) {
  const int64_t words = (dims + 7) / 8;
  operand o = allocate((size_t)(tiles * words * 32));
  for (int64_t i = 0; i < tiles * words * 16; i++) {
    const int unused = i / 16 % words == words - 1 ? (int)(words * 8 - dims) * 2 : 0;
    ((uint16_t *)o.start)[i] = (uint16_t)(next_bits() >> unused << unused);
  }
  return o;
}

static operand signed_bytes(int64_t count) {
  operand o = allocate((size_t)count);
  for (int64_t i = 0; i < count; i++) {
    ((int8_t *)o.start)[i] = (int8_t)(next_bits() % 255 - 127);
  }
  return o;
}

static int byte_at(operand codes, int64_t row, int64_t k, int64_t dims) {
  return ((int8_t *)codes.start)[(row / 16 * dims + k) * 16 + row % 16];
}

typedef int code_at(operand, int64_t row, int64_t k, int64_t dims);

/* Codes up to `most`, as many as a query of that norm has room for. */
static operand query_of(int64_t dims, int most, double norm) {
  operand query = signed_bytes(dims);
  int8_t *q = query.start;
  double left = norm * norm;
  for (int64_t k = 0; k < dims; k++) {
    q[k] = (int8_t)(q[k] % (most + 1));
    q[k] = (int8_t)(left >= q[k] * q[k] ? q[k] : left >= 1 ? 1 : 0);
    left -= q[k] * q[k];
  }
  return query;
}

typedef struct {
  screen_int8_kernel *int8;
  screen_units_kernel *units;
  code_at *at;
  const char *what;
  int most;
  double max_sum;
} screen;

/* Returns how many rows were reported, of two tiles. */
static int64_t check_screen(screen s, operand codes, int64_t dims, int with_norms) {
  double longest = 1, inverse[32];
  for (int64_t row = 0; row < 32; row++) {
    double squares = 0;
    for (int64_t k = 0; k < dims; k++) {
      squares += s.at(codes, row, k, dims) * s.at(codes, row, k, dims);
    }
    longest = fmax(longest, sqrt(squares));
    inverse[row] = s.units == NULL ? 1 : squares == 0 ? 0 : 1 / sqrt(squares);
  }
  operand query = query_of(dims, s.most, s.max_sum / longest), priors = signed_bytes(32);
  operand norms = allocate(32 * sizeof(int16_t)), out = allocate(32 * sizeof(int64_t));
  const int8_t *q = query.start, *prior = priors.start;
  double expected[32], most = 0, most_inverse = 0;
  for (int64_t row = 0; row < 32; row++) {
    int sum = 0;
    for (int64_t k = 0; k < dims; k++) {
      sum += q[k] * s.at(codes, row, k, dims);
    }
    expected[row] = 0.5 * sum * inverse[row];
    most = fmax(most, fabs(expected[row]));
    most_inverse = fmax(most_inverse, inverse[row]);
  }
  const double scale = most_inverse == 0 ? 1 : most_inverse / INT16_MAX;
  int nearest = 1;
  for (int64_t row = 0; row < 32; row++) {
    ((int16_t *)norms.start)[row] = (int16_t)lrint(inverse[row] / scale);
    nearest = nearest && (inverse[row] == 0 || inverse[row] / scale >= 4200);
  }
  const int64_t norms_offset = with_norms && nearest ? 0 : -1;
  int64_t all = 0;
  for (int step = 0; step < 6; step++) {
    const float bar = step == 0 ? -INFINITY : (float)(most * (step - 2) / 3);
    const float product_bar = bar - 128 * 0.01f - fabsf(bar) * 0x1p-18f;
    const int64_t done =
        s.units == NULL
            ? s.int8(0.5f, codes.start, 0, 2, dims, q, 0, prior, 0, 0.01f, 0, bar, product_bar,
                     out.start, 0, 32)
            : s.units(0.5f, codes.start, 0, 2, dims, q, 0, prior, 0, 0.01f, 0, bar, product_bar,
                      norms.start, norms_offset, (float)scale, out.start, 0, 32);
    const int64_t count = done & 0xffff;
    if (done >> 32 != 2) {
      fail(s.what, dims, step, 2, (double)(done >> 32));
    }
    int64_t next = 0;
    for (int64_t row = 0; row < 32; row++) {
      const double score = expected[row] + 0.01 * prior[row];
      const double off = fabs(expected[row]) * (s.units == NULL ? 0x1p-22 : 0x1p-13 * 1.01) + 1e-6;
      const int64_t entry = next < count ? ((int64_t *)out.start)[next] : -1;
      if (next < count && (int32_t)entry == row) {
        const int32_t bits = (int32_t)(entry >> 32);
        float actual;
        memcpy(&actual, &bits, sizeof actual);
        if (!(fabs(actual - score) <= off) || !(actual > bar)) {
          fail(s.what, dims, row, score, actual);
        }
        next++;
      } else if (score > bar + off) {
        fail(s.what, dims, row, score, bar);
      }
    }
    if (next != count) {
      fail(s.what, dims, next, (double)count, (double)next);
    }
    all += count;
  }
  operand operands[] = {query, priors, norms, out};
  for (int o = 0; o < 4; o++) {
    release(operands[o]);
  }
  return all;
}

static void check_screens(screen_int8_kernel *int8, screen_units_kernel *int4,
                          screen_units_kernel *int2, screen_limit *max_sum, screen_limit *max_query) {
  const screen bytes = {int8, NULL, byte_at, "screened bytes", max_query(), max_sum()};
  const screen fours = {NULL, int4, nibble_at, "screened four-bit codes", 127, max_sum()};
  const screen twos = {NULL, int2, pair_at, "screened two-bit codes", 127, max_sum() / 2.0};
  int64_t reported = 0;
  for (int64_t dims = 1; dims <= 1020; dims += dims < 72 ? 1 : 79) {
    operand codes[] = {signed_bytes(2 * dims * 16), nibbles(2, dims), zero_behind(2, dims)};
    reported += check_screen(bytes, codes[0], dims, 0);
    for (int with_norms = 0; with_norms <= 1; with_norms++) {
      reported += check_screen(fours, codes[1], dims, with_norms);
      reported += check_screen(twos, codes[2], dims, with_norms);
    }
    for (int o = 0; o < 3; o++) {
      release(codes[o]);
    }
  }
  printf("tier %s: screened bytes, four-bit and two-bit codes, %lld rows reported\n", tier,
         (long long)reported);
}

static void check_tiles(tiles_kernel *kernel, int64_t dims) {
  for (int64_t tiles = 1; tiles <= 6; tiles++) {
    operand codes = nibbles(tiles, dims);
    operand query = floats(dims), out = floats(tiles * 16);
    kernel(codes.start, 0, tiles, dims, query.start, 0, out.start, 0);
    for (int64_t row = 0; row < tiles * 16; row++) {
      float sum = 0, squares = 0;
      for (int64_t k = 0; k < dims; k++) {
        const float code = (float)nibble_at(codes, row, k, dims);
        sum = fmaf(((float *)query.start)[k], code, sum);
        squares = fmaf(code, code, squares);
      }
      const float expected = sum * (1.0f / sqrtf(fmaxf(1.0f, squares)));
      check_bits("tiles of four-bit codes", dims, row, expected, ((float *)out.start)[row]);
    }
    release(codes);
    release(query);
    release(out);
  }
}
#endif

static void check_tier(bpr_kernel *bpr, bpr_kernel *cosine, sparse_kernel *sparse,
                       tiles_kernel *tiles) {
  for (int64_t n = 1; n <= 300; n += n < 72 ? 1 : n == 72 ? 55 : n < 130 ? 1 : 17) {
    check_bpr("bpr", bpr, 0.02f, 0, n);
    check_bpr("bpr on cosines", cosine, 0, 0.5f, n);
    if (sparse != NULL) {
      check_sparse(sparse, n);
    }
#if !defined(__aarch64__)
    if (tiles != NULL) {
      check_tiles(tiles, n);
    }
#else
    (void)tiles;
#endif
  }
#if !defined(__aarch64__)
  if (tiles != NULL) {
    check_tiles(tiles, 1020);
  }
#endif
  printf("tier %s: bpr, bpr on cosines%s%s\n", tier, sparse ? ", sparse" : "",
         tiles ? ", tiles of four-bit codes" : "");
}

int main(void) {
  const int32_t best = cnct_best_tier();
  printf("ABI %d, best tier %d\n", cnct_abi_version(), best);
#if defined(__aarch64__)
  tier = "neon";
  check_tier(cnct_bpr_f32_neon, cnct_bpr_cosine_f32_neon, cnct_sparse_matmul_f32_neon, NULL);
#else
  tier = "v2";
  check_tier(cnct_bpr_f32_v2, cnct_bpr_cosine_f32_v2, NULL, NULL);
  if (best >= 3) {
    tier = "v3";
    check_tier(cnct_bpr_f32_v3, cnct_bpr_cosine_f32_v3, cnct_sparse_matmul_f32_v3,
               cnct_score_tiles_int4_v3);
    check_matmuls(cnct_matmul_add_f32_v3);
    check_screens(cnct_screen_tiles_int8_v3, cnct_screen_tiles_int4_v3, cnct_screen_tiles_int2_v3,
                  cnct_screen_max_sum_v3, cnct_screen_max_byte_query_v3);
  }
  if (best >= 4) {
    tier = "v4";
    check_tier(cnct_bpr_f32_v4, cnct_bpr_cosine_f32_v4, cnct_sparse_matmul_f32_v4,
               cnct_score_tiles_int4_v4);
  }
  if (best >= 5) {
    tier = "vnni";
    check_screens(cnct_screen_tiles_int8_vnni, cnct_screen_tiles_int4_vnni,
                  cnct_screen_tiles_int2_vnni, cnct_screen_max_sum_vnni,
                  cnct_screen_max_byte_query_vnni);
  }
#endif
  return 0;
}

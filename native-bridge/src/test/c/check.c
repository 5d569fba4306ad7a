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

typedef void screen_int8_kernel(float, const int8_t *, int64_t, int64_t, int64_t, const int8_t *,
                                int64_t, const float *, int64_t, int64_t, float, float, float *,
                                int64_t);
typedef void screen_int4_kernel(float, const uint8_t *, int64_t, int64_t, int64_t, const int8_t *,
                                int64_t, const float *, int64_t, int64_t, float, float, float *,
                                int64_t);

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
screen_int4_kernel cnct_screen_tiles_int4_vnni, cnct_screen_tiles_int2_vnni;
screen_int4_kernel cnct_screen_tiles_int4_v3, cnct_screen_tiles_int2_v3;
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

static void check_screen(screen_int8_kernel *int8, screen_int4_kernel *int4,
                            screen_int4_kernel *int2, int64_t dims) {
  for (int64_t tiles = 1; tiles <= 2; tiles++) {
    operand bytes = signed_bytes(tiles * dims * 16), codes = nibbles(tiles, dims);
    operand pairs = zero_behind(tiles, dims), out2 = floats(tiles * 16);
    operand query = signed_bytes(dims), out8 = floats(tiles * 16), out4 = floats(tiles * 16);
    const int8_t *q = query.start;
    int8(0.5f, bytes.start, 0, tiles, dims, q, 0, NULL, -1, 0, 0, 0, out8.start, 0);
    int4(0.5f, codes.start, 0, tiles, dims, q, 0, NULL, -1, 0, 0, 0, out4.start, 0);
    int2(0.5f, pairs.start, 0, tiles, dims, q, 0, NULL, -1, 0, 0, 0, out2.start, 0);
    for (int64_t row = 0; row < tiles * 16; row++) {
      int sum8 = 0, sum4 = 0, squares = 0, sum2 = 0, pair_squares = 0;
      for (int64_t k = 0; k < dims; k++) {
        const int code = nibble_at(codes, row, k, dims);
        sum8 += q[k] * ((int8_t *)bytes.start)[(row / 16 * dims + k) * 16 + row % 16];
        sum4 += q[k] * code;
        squares += code * code;
        const int pair = pair_at(pairs, row, k, dims);
        sum2 += q[k] * pair;
        pair_squares += pair * pair;
      }
      const float of_pairs = 0.5f * (float)sum2 / sqrtf((float)(pair_squares > 1 ? pair_squares : 1));
      const float screened = ((float *)out2.start)[row];
      if (!(fabsf(of_pairs - screened) <= ldexpf(fabsf(of_pairs), -13))) {
        fail("screened two-bit codes", dims, row, of_pairs, screened);
      }
      const float unit = 1.0f / sqrtf((float)(squares > 1 ? squares : 1));
      check_bits("screened bytes", dims, row, 0.5f * (float)sum8, ((float *)out8.start)[row]);
      const float expected = 0.5f * (float)sum4 * unit, actual = ((float *)out4.start)[row];
      if (!(fabsf(expected - actual) <= ldexpf(fabsf(expected), -13))) {
        fail("screened four-bit codes", dims, row, expected, actual);
      }
    }
    operand all[] = {bytes, codes, query, out8, out4, pairs, out2};
    for (int o = 0; o < 7; o++) {
      release(all[o]);
    }
  }
}

static int byte_at(operand codes, int64_t row, int64_t k, int64_t dims) {
  return ((int8_t *)codes.start)[(row / 16 * dims + k) * 16 + row % 16];
}

typedef int code_at(operand, int64_t row, int64_t k, int64_t dims);

/* Bounds of one tile; dimensions from first_dims on are the rest. */
static operand bounds_of(code_at *at, operand codes, int64_t dims, int64_t first_dims,
                         int has_factors) {
  operand bounds = allocate((has_factors ? 17 : 1) * sizeof(float));
  float most = 0;
  for (int64_t row = 0; row < 16; row++) {
    int squares = 0, rest = 0;
    for (int64_t k = 0; k < dims; k++) {
      const int code = at(codes, row, k, dims);
      squares += code * code;
      rest += k < first_dims ? 0 : code * code;
    }
    const float factor = has_factors ? 1.0f / sqrtf((float)(squares > 1 ? squares : 1)) : 1.0f;
    if (has_factors) {
      ((float *)bounds.start)[row] = factor;
    }
    most = fmaxf(most, sqrtf((float)rest) * factor);
  }
  ((float *)bounds.start)[has_factors ? 16 : 0] = most;
  return bounds;
}

/* Returns whether the tile was left out; it must be right to do so. */
static int check_bounded(const char *what, operand out, operand plain, float bar, int64_t dims) {
  int left_out = 0;
  for (int64_t row = 0; row < 16; row++) {
    const float expected = ((float *)plain.start)[row], actual = ((float *)out.start)[row];
    left_out += actual == -INFINITY;
    if (actual == -INFINITY ? expected > bar + fabsf(bar) * 0x1p-12f
                            : !(fabsf(expected - actual) <= ldexpf(fabsf(expected), -12))) {
      fail(what, dims, row, expected, actual);
    }
  }
  if (left_out % 16 != 0) {
    fail(what, dims, left_out, 16, left_out);
  }
  return left_out != 0;
}

/* A bar that many rows, few or none of them are above. */
static float bar_of(operand plain, int share) {
  float most = 0;
  for (int64_t row = 0; row < 16; row++) {
    most = fmaxf(most, fabsf(((float *)plain.start)[row]));
  }
  return share == 0 ? -INFINITY : (float)share * most / 2;
}

/* Returns how many tiles were left out. */
static int check_bounds(screen_int8_kernel *int8, screen_int4_kernel *int4,
                        screen_int4_kernel *int2, int64_t dims) {
  const int64_t first_dims = dims / 2 / 8 * 8;
  operand bytes = signed_bytes(dims * 16), codes = nibbles(1, dims), pairs = zero_behind(1, dims);
  operand query = signed_bytes(dims), plain = floats(16), out = floats(16);
  const int8_t *q = query.start;
  int rest_squares = 0, left_out = 0;
  for (int64_t k = first_dims; k < dims; k++) {
    rest_squares += q[k] * q[k];
  }
  const float rest = 0.5f * sqrtf((float)rest_squares);
  operand of8 = bounds_of(byte_at, bytes, dims, first_dims, 0);
  operand of4 = bounds_of(nibble_at, codes, dims, first_dims, 1);
  operand of2 = bounds_of(pair_at, pairs, dims, first_dims, 1);
  for (int b = 0; b <= 6; b++) {
    int8(0.5f, bytes.start, 0, 1, dims, q, 0, NULL, -1, 0, 0, 0, plain.start, 0);
    float bar = bar_of(plain, b);
    int8(0.5f, bytes.start, 0, 1, dims, q, 0, of8.start, 0, first_dims, rest, bar, out.start, 0);
    left_out += check_bounded("bounded bytes", out, plain, bar, dims);
    int4(0.5f, codes.start, 0, 1, dims, q, 0, NULL, -1, 0, 0, 0, plain.start, 0);
    bar = bar_of(plain, b);
    int4(0.5f, codes.start, 0, 1, dims, q, 0, of4.start, 0, first_dims, rest, bar, out.start, 0);
    left_out += check_bounded("bounded four-bit codes", out, plain, bar, dims);
    int2(0.5f, pairs.start, 0, 1, dims, q, 0, NULL, -1, 0, 0, 0, plain.start, 0);
    bar = bar_of(plain, b);
    int2(0.5f, pairs.start, 0, 1, dims, q, 0, of2.start, 0, first_dims, rest, bar, out.start, 0);
    left_out += check_bounded("bounded two-bit codes", out, plain, bar, dims);
  }
  operand all[] = {bytes, codes, pairs, query, plain, out, of8, of4, of2};
  for (int o = 0; o < 9; o++) {
    release(all[o]);
  }
  return left_out;
}

static void check_screens(screen_int8_kernel *int8, screen_int4_kernel *int4,
                          screen_int4_kernel *int2) {
  int left_out = 0;
  for (int64_t dims = 1; dims <= 1020; dims += dims < 72 ? 1 : 79) {
    check_screen(int8, int4, int2, dims);
    left_out += check_bounds(int8, int4, int2, dims);
  }
  printf("tier %s: screened bytes, screened four-bit and two-bit codes, %d tiles left out\n", tier,
         left_out);
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
    check_screens(cnct_screen_tiles_int8_v3, cnct_screen_tiles_int4_v3, cnct_screen_tiles_int2_v3);
  }
  if (best >= 4) {
    tier = "v4";
    check_tier(cnct_bpr_f32_v4, cnct_bpr_cosine_f32_v4, cnct_sparse_matmul_f32_v4,
               cnct_score_tiles_int4_v4);
  }
  if (best >= 5) {
    tier = "vnni";
    check_screens(cnct_screen_tiles_int8_vnni, cnct_screen_tiles_int4_vnni,
                  cnct_screen_tiles_int2_vnni);
  }
#endif
  return 0;
}

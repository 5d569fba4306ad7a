#include "concertina.h"

int32_t cnct_abi_version(void) { return CNCT_ABI_VERSION; }

#if defined(__aarch64__)

int32_t cnct_best_tier(void) { return 1; }

#else

/*
 * The compiler's run-time library asks the processor once, when it is first loaded, and counts a
 * feature only if the operating system saves its registers (XGETBV).
 */
int32_t cnct_best_tier(void) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
      !__builtin_cpu_supports("bmi") || !__builtin_cpu_supports("bmi2")) {
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt") ? 2 : 0;
  }
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512cd") || !__builtin_cpu_supports("avx512dq") ||
      !__builtin_cpu_supports("avx512vl")) {
    return 3;
  }
  return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vbmi") ? 5 : 4;
}

#endif

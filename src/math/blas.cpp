// SPDX-License-Identifier: MIT
//
// All calls of BLAS are here; no other file includes cblas.h.
#include "nabla/math/blas.h"

#include <cassert>
#include <cblas.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#include <limits>
#include <string_view>
#include <type_traits>

#include "nabla/base/error.h"

#include "math/gemm.h"

namespace nabla {

namespace {

constexpr CBLAS_TRANSPOSE transpose(Op op) { return op == Op::kNone ? CblasNoTrans : CblasTrans; }

blasint to_blas(std::size_t n) {
  assert(n <= static_cast<std::size_t>(std::numeric_limits<blasint>::max()));
  return static_cast<blasint>(n);
}

#if defined(__x86_64__)
/// Returns whether CPUID's extended leaf has these bits, which the compiler's list of features
/// lacks.
bool has_extended_feature(unsigned edx_mask, unsigned ecx_mask) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(0x80000001U, &a, &b, &c, &d) == 0) return false;
  return (d & edx_mask) == edx_mask && (c & ecx_mask) == ecx_mask;
}
#endif

/// Returns the instructions that a kernel of OpenBLAS executes and this CPU lacks; empty if it has
/// them.
std::string_view missing_instructions([[maybe_unused]] std::string_view kernel) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool has_avx = __builtin_cpu_supports("avx");
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") &&
                          __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  const bool has_bf16 = has_avx512 && __builtin_cpu_supports("avx512bf16");
  const bool has_fma4 = has_avx && has_extended_feature(0, 1U << 16);
  const bool has_3dnow = has_extended_feature(1U << 31, 0);
  const struct {
    std::string_view kernel;
    std::string_view instructions;
    bool are_there;
  } needs[] = {
      {"Sandybridge", "AVX", has_avx},
      {"Haswell", "AVX2 and FMA", has_avx2},
      {"Zen", "AVX2 and FMA", has_avx2},
      {"SkylakeX", "AVX-512", has_avx512},
      {"Cooperlake", "AVX-512 with BF16", has_bf16},
      {"SapphireRapids", "AVX-512 with BF16", has_bf16},
      {"Bulldozer", "FMA4", has_fma4},
      {"Piledriver", "FMA4", has_fma4},
      {"Steamroller", "FMA4", has_fma4},
      {"Excavator", "FMA4", has_fma4},
      {"Opteron", "3DNow!", has_3dnow},
      {"Opteron_SSE3", "3DNow!", has_3dnow},
  };
  for (const auto& need : needs)
    if (need.kernel == kernel && !need.are_there) return need.instructions;
#endif
  return {};
}

}  // namespace

void prepare_blas() {
  [[maybe_unused]] static const bool prepared = [] {
    const std::string_view kernel = openblas_get_corename();
    if (const std::string_view missing = missing_instructions(kernel); !missing.empty())
      throw Error("OPENBLAS_CORETYPE: OpenBLAS's kernel " + std::string(kernel) + " needs " +
                  std::string(missing) +
                  ", which this CPU lacks; expected the name of a kernel that it can execute, or "
                  "no such variable");
    openblas_set_num_threads(1);
    return true;
  }();
}

BlasInfo blas_info() {
  prepare_blas();
  constexpr const char* kThreading[] = {"serial", "pthread", "openmp"};
  const int parallel = openblas_get_parallel();
  return {openblas_get_config(), openblas_get_corename(),
          parallel >= 0 && parallel < 3 ? kThreading[parallel] : "unknown"};
}

template <class T>
void blas_gemm(Op op_a, Op op_b, T alpha, MatrixView<const T> a, MatrixView<const T> b, T beta,
               MatrixView<T> c) {
  prepare_blas();
  const std::size_t inner = op_a == Op::kNone ? a.cols : a.rows;
  constexpr auto kBlasGemm = [] {
    if constexpr (std::is_same_v<T, float>)
      return &cblas_sgemm;
    else
      return &cblas_dgemm;
  }();
  kBlasGemm(CblasRowMajor, transpose(op_a), transpose(op_b), to_blas(c.rows), to_blas(c.cols),
            to_blas(inner), alpha, a.data, to_blas(a.stride), b.data, to_blas(b.stride), beta,
            c.data, to_blas(c.stride));
}

template void blas_gemm(Op, Op, float, MatrixView<const float>, MatrixView<const float>, float,
                        MatrixView<float>);
template void blas_gemm(Op, Op, double, MatrixView<const double>, MatrixView<const double>, double,
                        MatrixView<double>);

}  // namespace nabla

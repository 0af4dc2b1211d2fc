// SPDX-License-Identifier: MIT
#include "math/kernel_table.h"

#include <atomic>
#include <cstdlib>
#include <string>
#include <type_traits>

#include "nabla/base/error.h"

namespace nabla::kernels {

namespace {

constexpr const char* kNames[] = {"avx512", "avx2", "x86-64"};  // the best first

/// Returns the table of that name if this CPU and its operating system can run it, else null.
const KernelTable* find_table(std::string_view name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (name == kAvx512Kernels.name) {
    const bool supported = __builtin_cpu_supports("avx512f") &&
                           __builtin_cpu_supports("avx512bw") &&
                           __builtin_cpu_supports("avx512dq") &&
                           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
    return supported ? &kAvx512Kernels : nullptr;
  }
  if (name == kAvx2Kernels.name) {
    const bool supported = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return supported ? &kAvx2Kernels : nullptr;
  }
#endif
  return name == kBaselineKernels.name ? &kBaselineKernels : nullptr;
}

std::string_view best_name() {
  for (const char* name : kNames)
    if (find_table(name) != nullptr) return name;
  return kBaselineKernels.name;
}

/// Returns the table that NABLA_INSTRUCTION_SET names, else the best.
const KernelTable* wanted_table() {
  const char* const wanted = std::getenv(kInstructionSetVariable);
  if (wanted == nullptr || *wanted == '\0') return find_table(best_name());
  if (const KernelTable* table = find_table(wanted)) return table;
  std::string expected;
  for (const char* name : kNames)
    if (find_table(name) != nullptr) expected += (expected.empty() ? "" : ", ") + std::string(name);
  throw ConfigError(std::string(kInstructionSetVariable) + ": this CPU has no instruction set '" +
                    wanted + "', expected one of " + expected);
}

/// Returns the table in use; it changes in tests and benchmarks only.
std::atomic<const KernelTable*>& current_table() {
  static std::atomic<const KernelTable*> table = wanted_table();
  return table;
}

}  // namespace

template <class T>
const Kernels<T>& current() {
  const KernelTable& table = *current_table().load(std::memory_order_relaxed);
  if constexpr (std::is_same_v<T, float>) {
    return table.single_precision;
  } else {
    return table.double_precision;
  }
}

template const Kernels<float>& current();
template const Kernels<double>& current();

std::string_view current_name() { return current_table().load()->name; }

std::string_view best() { return best_name(); }

bool select(std::string_view name) {
  const KernelTable* const table = find_table(name);
  if (table != nullptr) current_table().store(table);
  return table != nullptr;
}

}  // namespace nabla::kernels

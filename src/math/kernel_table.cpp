// SPDX-License-Identifier: MIT
#include "math/kernel_table.h"

#include <atomic>
#include <cstdlib>
#include <string>
#include <type_traits>

#include "nabla/base/error.h"

namespace nabla::kernels {

namespace {

/// An instruction set and its kernels.
struct InstructionSet {
  const char* name;
  const KernelTable* table;
  const Bfloat16Kernels* bfloat16;
  bool (*is_there)();  ///< whether this CPU and its operating system can run it
};

#if defined(__x86_64__)
bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

bool has_avx512bf16() { return has_avx512() && __builtin_cpu_supports("avx512bf16"); }
#endif

/// The best first.
constexpr InstructionSet kInstructionSets[] = {
#if defined(__x86_64__)
    {"avx512bf16", &kAvx512Kernels, &kAvx512Bf16Kernels, has_avx512bf16},
    {"avx512", &kAvx512Kernels, &kAvx512Kernels.bfloat16, has_avx512},
    {"avx2", &kAvx2Kernels, &kAvx2Kernels.bfloat16, has_avx2},
#endif
    {"x86-64", &kBaselineKernels, &kBaselineKernels.bfloat16, [] { return true; }},
};

/// Returns the instruction set of that name if it is there, else null.
const InstructionSet* find_set(std::string_view name) {
  for (const InstructionSet& set : kInstructionSets)
    if (set.name == name && set.is_there()) return &set;
  return nullptr;
}

const InstructionSet* best_set() {
  const InstructionSet* set = kInstructionSets;
  while (!set->is_there()) ++set;
  return set;
}

/// Returns the instruction set that NABLA_INSTRUCTION_SET names, else the best.
const InstructionSet* wanted_set() {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  const char* const wanted = std::getenv(kInstructionSetVariable);
  if (wanted == nullptr || *wanted == '\0') return best_set();
  if (const InstructionSet* set = find_set(wanted)) return set;
  std::string expected;
  for (const InstructionSet& set : kInstructionSets)
    if (set.is_there()) expected += (expected.empty() ? "" : ", ") + std::string(set.name);
  throw ConfigError(std::string(kInstructionSetVariable) + ": this CPU has no instruction set '" +
                    wanted + "', expected one of " + expected);
}

/// Returns the instruction set in use; it changes in tests and benchmarks only.
std::atomic<const InstructionSet*>& current_set() {
  static std::atomic<const InstructionSet*> set = wanted_set();
  return set;
}

}  // namespace

template <class T>
const Kernels<T>& current() {
  const KernelTable& table = *current_set().load(std::memory_order_relaxed)->table;
  if constexpr (std::is_same_v<T, float>) {
    return table.single_precision;
  } else {
    return table.double_precision;
  }
}

template const Kernels<float>& current();
template const Kernels<double>& current();

const Bfloat16Kernels& current_bfloat16() {
  return *current_set().load(std::memory_order_relaxed)->bfloat16;
}

std::string_view current_name() { return current_set().load()->name; }

std::string_view best() {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  return best_set()->name;
}

bool select(std::string_view name) {
  std::atomic<const InstructionSet*>& current = current_set();
  const InstructionSet* const set = find_set(name);
  if (set != nullptr) current.store(set);
  return set != nullptr;
}

}  // namespace nabla::kernels

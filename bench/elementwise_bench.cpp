// SPDX-License-Identifier: MIT
//
// elementwise/<kernel>/<float or double>/<instruction set> runs the kernels between the matrix
// products on data that fit the second level of the cache. Reports elements and bytes (read and
// written) per second.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cmath>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/math/elementwise.h"

#include "engine/executor_backend.h"
#include "machine.h"
#include "support/exact_activations.h"

namespace nabla::bench {

namespace {

using testing_support::exact;
using testing_support::exact_derivative;

constexpr std::size_t kRows = 64, kCols = 512;
constexpr std::string_view kInstructionSets[] = {"x86-64", "avx2", "avx512"};

/// The operands of the kernels.
template <class T>
struct Operands {
  Matrix<T> x = random_matrix<T>(kRows, kCols);
  Matrix<T> y = random_matrix<T>(kRows, kCols);
  Matrix<T> bias = random_matrix<T>(1, kCols);
  std::vector<T> sums = std::vector<T>(kCols);
  std::vector<T> log_sums = std::vector<T>(kRows);
  std::vector<double> costs = std::vector<double>(kRows);
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(kRows * kCols, 100);
  double scalar = 0;

  std::span<const T> all_x() const { return x.elements(); }
  std::span<T> all_y() { return y.elements(); }
};

/// A kernel, the bytes that it moves per element and the check of its first call on fresh operands.
template <class T>
struct Case {
  std::string name;
  double bytes_per_element;
  std::function<void(Operands<T>&)> run;
  std::function<bool(const Operands<T>& before, const Operands<T>& after)> is_right;
};

bool near(double a, double b) { return std::abs(a - b) <= 1e-5 * std::max(1.0, std::abs(b)); }

template <class T>
void add_activations(std::vector<Case<T>>& cases) {
  constexpr double kSize = sizeof(T);
  for (const ActivationTraits& row : kActivations) {
    if (!row.is_elementwise() || row.kind == Activation::kIdentity) continue;
    const Activation f = row.kind;
    cases.push_back(
        {"add-bias-apply-" + std::string(row.name), 2 * kSize,
         [f](Operands<T>& o) { elementwise::add_bias_apply<T>(f, o.bias.row(0), o.x.view()); },
         [f](const Operands<T>& before, const Operands<T>& after) {
           return near(after.x(3, 5), exact(f, before.x(3, 5) + before.bias(0, 5)));
         }});
    cases.push_back(
        {"multiply-derivative-" + std::string(row.name), 3 * kSize,
         [f](Operands<T>& o) { elementwise::multiply_derivative<T>(f, o.x.view(), o.y.view()); },
         [f](const Operands<T>& before, const Operands<T>& after) {
           return near(after.y(3, 5), before.y(3, 5) * exact_derivative(f, before.x(3, 5)));
         }});
  }
}

template <class T>
std::vector<Case<T>> make_cases() {
  constexpr double kSize = sizeof(T);
  using O = Operands<T>;
  std::vector<Case<T>> cases;
  add_activations(cases);
  const auto softmax = [](O& o) {
    elementwise::add_bias_softmax<T>(o.bias.row(0), o.x.view(), o.log_sums);
  };
  const auto adds_to_one = [](const O&, const O& after) {
    double sum = 0;
    for (const T a : after.x.row(7)) sum += static_cast<double>(a);
    return near(sum, 1);
  };
  cases.push_back({"add-bias-softmax", 2 * kSize, softmax, adds_to_one});
  cases.push_back(
      {"sigmoid-cross-entropy", 2 * kSize,
       [](O& o) { elementwise::sigmoid_cross_entropy<T>(o.x.view(), o.y.view(), o.costs); },
       [](const O& before, const O& after) {
         double sum = 0;
         for (std::size_t j = 0; j < kCols; ++j)
           sum += exact(Activation::kSoftplus, before.x(2, j)) -
                  static_cast<double>(before.y(2, j)) * before.x(2, j);
         return near(after.costs[2], sum);
       }});
  cases.push_back(
      {"softmax-cross-entropy", 2 * kSize,
       [](O& o) { elementwise::softmax_cross_entropy<T>(o.x.view(), o.y.view(), o.costs); },
       [](const O& before, const O& after) {
         double exponentials = 0, sum = 0;
         for (const T z : before.x.row(2)) exponentials += std::exp(static_cast<double>(z));
         for (std::size_t j = 0; j < kCols; ++j)
           sum += before.y(2, j) * (std::log(exponentials) - before.x(2, j));
         return near(after.costs[2], sum);
       }});
  cases.push_back(
      {"column-sums", kSize,
       [](O& o) { elementwise::column_sums<T>(T(1), o.x.view(), T(0), std::span<T>(o.sums)); },
       [](const O& before, const O& after) {
         double sum = 0;
         for (std::size_t r = 0; r < kRows; ++r) sum += before.x(r, 9);
         return near(after.sums[9], sum);
       }});
  cases.push_back(
      {"convert-bytes", 1 + kSize,
       [](O& o) { elementwise::convert_bytes<T>(o.bytes, T(0.5), o.all_y().first(kRows * kCols)); },
       [](const O&, const O& after) { return near(after.y(0, 1), 50); }});
  cases.push_back({"axpby", 3 * kSize,
                   [](O& o) { elementwise::axpby<T>(T(0.5), o.all_x(), T(0.5), o.all_y()); },
                   [](const O& before, const O& after) {
                     return near(after.y(4, 4), 0.5 * (before.x(4, 4) + before.y(4, 4)));
                   }});
  cases.push_back({"add", 3 * kSize, [](O& o) { elementwise::add<T>(o.all_x(), o.all_y()); },
                   [](const O& before, const O& after) {
                     return near(after.y(4, 4), before.x(4, 4) + before.y(4, 4));
                   }});
  cases.push_back({"sum-of-squares", kSize,
                   [](O& o) { o.scalar = elementwise::sum_of_squares<T>(o.all_x()); },
                   [](const O& before, const O& after) {
                     double sum = 0;
                     for (const T x : before.all_x()) sum += static_cast<double>(x) * x;
                     return near(after.scalar, sum);
                   }});
  cases.push_back({"all-finite", kSize,
                   [](O& o) { o.scalar = elementwise::all_finite<T>(o.all_x()); },
                   [](const O&, const O& after) { return near(after.scalar, 1); }});
  return cases;
}

template <class T>
void run_case(benchmark::State& state, const Case<T>& kernel, std::string_view instruction_set) {
  const std::string chosen(elementwise::instruction_set());
  if (!elementwise::select_instruction_set(instruction_set))
    return state.SkipWithError("this CPU lacks the instruction set");
  const FlushDenormals flush;  // as in the engine, since derivatives repeated in place fade to zero
  const Operands<T> before;
  Operands<T> operands = before;
  kernel.run(operands);
  if (kernel.is_right && !kernel.is_right(before, operands)) {
    state.SkipWithError("differs from the naive result");
  } else {
    for (auto _ : state) {
      kernel.run(operands);
      benchmark::ClobberMemory();
    }
    constexpr double kElements = kRows * kCols;
    constexpr auto kRate = benchmark::Counter::kIsIterationInvariantRate;
    state.counters["elements/s"] = benchmark::Counter(kElements, kRate);
    state.counters["GB/s"] = benchmark::Counter(kElements * kernel.bytes_per_element * 1e-9, kRate);
  }
  elementwise::select_instruction_set(chosen);
}

template <class T>
void register_cases(const std::string& type) {
  for (const Case<T>& kernel : make_cases<T>()) {
    for (const std::string_view set : kInstructionSets) {
      const std::string name = "elementwise/" + kernel.name + "/" + type + "/" + std::string(set);
      benchmark::RegisterBenchmark(name.c_str(), [kernel, set](benchmark::State& state) {
        run_case(state, kernel, set);
      })->UseRealTime();
    }
  }
}

[[maybe_unused]] const bool elementwise_registered = [] {
  register_cases<float>("float");
  register_cases<double>("double");
  return true;
}();

}  // namespace

}  // namespace nabla::bench

// SPDX-License-Identifier: MIT
//
// augmentation/<deformation>/<instruction set> deforms one image of 28 × 28 pixels, from stored
// bytes to float.
#include <benchmark/benchmark.h>
#include <memory>
#include <string>
#include <vector>

#include "data/augmentation.h"
#include "math/elementwise.h"
#include "workloads.h"

namespace nabla::bench {

namespace {

void run(benchmark::State& state, const AugmentOptions& options, std::string_view set) {
  const std::string chosen(elementwise::instruction_set());
  if (!elementwise::select_instruction_set(set))
    return state.SkipWithError("this CPU lacks the instruction set");
  const Dataset& data = digits(1000);
  const Augmentation augmentation(options, data.image_height, data.image_width, 1);
  const auto scratch = std::make_unique<AugmentScratch<float>>();
  std::vector<float> image(data.inputs());
  std::uint32_t row = 0;
  const auto& features = std::get<FeatureMatrix<std::uint8_t>>(data.features);
  for (auto _ : state) {
    augmentation.deform(features.row(row % 1000), 1, row, std::span<float>(image), *scratch);
    benchmark::ClobberMemory();
    ++row;
  }
  constexpr auto kRate = benchmark::Counter::kIsIterationInvariantRate;
  state.counters["images/s"] = benchmark::Counter(1, kRate);
  elementwise::select_instruction_set(chosen);
}

[[maybe_unused]] const bool augmentation_registered = [] {
  for (const std::string set : {"x86-64", "avx2", "avx512"})
    for (const bool elastic : {false, true})
      for (const bool affine : {false, true}) {
        if (!affine && !elastic) continue;
        const std::string kind = !elastic ? "affine" : affine ? "affine,elastic" : "elastic";
        const AugmentOptions options{.affine = affine, .elastic = elastic};
        benchmark::RegisterBenchmark(("augmentation/" + kind + "/" + set).c_str(),
                                     [=](benchmark::State& state) { run(state, options, set); })
            ->UseRealTime();
      }
  return true;
}();

}  // namespace

}  // namespace nabla::bench

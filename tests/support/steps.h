// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "engine/step.h"
#include "support/models.h"

/// These train by steps alone, without a trainer.
namespace nabla::testing_support {

inline constexpr Reduction kReductions[] = {Reduction::kPerShard, Reduction::kTiled};

/// Returns a classification in uint8, as MNIST is stored.
inline Dataset random_bytes(std::size_t rows, std::size_t inputs, std::size_t classes) {
  Dataset data = random_classes(rows, inputs, classes);
  Matrix<std::uint8_t> features(rows, inputs);
  Random random(2);
  for (std::uint8_t& x : features.elements()) x = static_cast<std::uint8_t>(random.below(256));
  data.features = std::move(features);
  return data;
}

struct StepsConfig {
  std::size_t batch;
  ParallelOptions parallel;
  double rate = 0.5;
  double l2 = 0;
  std::size_t epochs = 2;
};

inline StepOptions options_of(const StepsConfig& config) {
  StepOptions options;
  options.penalty.l2 = config.l2;
  return options;
}

/// Steps the model through the data in order, mini-batch by mini-batch; the last one may be ragged.
/// Calls on_step(first row, rows, result) after each step.
template <class T, class OnStep>
void run_steps(Model<T>& model, const Dataset& data, const StepsConfig& config, Executor& executor,
               OnStep on_step) {
  const Topology& topology = model.network.topology();
  Step<Uniform<T>> step(topology, model.cost, data, model.preprocess,
                        plan_step(topology, config.batch, config.parallel), options_of(config),
                        executor);
  const auto rows = first_rows(data.rows());
  for (std::size_t epoch = 0; epoch < config.epochs; ++epoch)
    for (std::size_t first = 0; first < rows.size(); first += config.batch) {
      const std::size_t count = std::min(config.batch, rows.size() - first);
      on_step(first, count,
              step.run(model.network, std::span(rows).subspan(first, count), {config.rate}));
    }
}

/// Does the same and returns the result of each mini-batch.
template <class T>
std::vector<BatchResult> run_steps(Model<T>& model, const Dataset& data, const StepsConfig& config,
                                   Executor& executor) {
  std::vector<BatchResult> results;
  run_steps(
      model, data, config, executor,
      [&](std::size_t, std::size_t, const BatchResult& result) { results.push_back(result); });
  return results;
}

}  // namespace nabla::testing_support

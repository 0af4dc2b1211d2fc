// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "nabla/base/random.h"
#include "nabla/data/dataset.h"
#include "nabla/model/initialize.h"
#include "nabla/model/model.h"

/// Small models and data sets that are drawn from a seed alone.
namespace nabla::testing_support {

inline std::vector<std::string> class_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

/// Returns the activations that a hidden layer may have.
inline std::vector<Activation> hidden_activations() {
  std::vector<Activation> hidden;
  for (const ActivationTraits& row : kActivations)
    if (row.is_for_hidden) hidden.push_back(row.kind);
  return hidden;
}

/// Returns widths.size() − 1 activations: the hidden one repeated, then the output's.
inline std::vector<Activation> activations_of(const std::vector<std::size_t>& widths,
                                              Activation hidden, Activation output) {
  std::vector<Activation> activations(widths.size() - 1, hidden);
  activations.back() = output;
  return activations;
}

/// Draws weights from N(0, 1/n_in) and biases from N(0, 1), so that none of them is zero.
template <class T>
Model<T> make_model(const std::vector<std::size_t>& widths,
                    const std::vector<Activation>& activations, const CostFunction& cost, Task task,
                    std::uint64_t seed = 1) {
  Model<T> model{.network = Network<T>(Topology(widths, activations)),
                 .cost = cost,
                 .preprocess = {},
                 .task = task,
                 .classes = {}};
  if (task == Task::kClassification) model.classes = class_names(widths.back());
  initialize(model.network, Initializer::kLecun, {.kind = BiasInitializer::Kind::kGaussian}, seed);
  return model;
}

inline Matrix<double> random_values(std::size_t rows, std::size_t cols, Random& random) {
  Matrix<double> values(rows, cols);
  for (double& x : values.elements()) x = random.uniform(-1.0, 1.0);
  return values;
}

/// Draws features from U(−1, 1) and labels that do not depend on them.
inline Dataset random_classes(std::size_t rows, std::size_t inputs, std::size_t classes,
                              std::uint64_t seed = 1) {
  Random random(seed, 100);
  Dataset data;
  data.features = random_values(rows, inputs, random);
  data.classes = class_names(classes);
  for (std::size_t i = 0; i < rows; ++i)
    data.labels.push_back(random.below(static_cast<std::uint32_t>(classes)));
  return data;
}

/// Draws features from U(−1, 1) and computes targets between 0.1 and 0.9 from them.
inline Dataset random_targets(std::size_t rows, std::size_t inputs, std::size_t targets,
                              std::uint64_t seed = 1) {
  Random random(seed, 100);
  Matrix<double> features = random_values(rows, inputs, random);
  Dataset data;
  data.task = Task::kRegression;
  data.targets = Matrix<double>(rows, targets);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < targets; ++j)
      data.targets(i, j) = 0.5 + 0.4 * features(i, j % inputs) * features(i, (j + 1) % inputs);
  data.features = std::move(features);
  return data;
}

/// Returns data of training rows alone.
inline DataSplit only_train(Dataset train) {
  return {.train = std::move(train), .validation = {}, .test = {}};
}

/// Returns 0, 1, …, count − 1.
inline std::vector<std::uint32_t> first_rows(std::size_t count) {
  std::vector<std::uint32_t> rows(count);
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

}  // namespace nabla::testing_support

// SPDX-License-Identifier: MIT
#include <cmath>
#include <span>
#include <variant>

#include "nabla/engine/executor.h"
#include "nabla/model/model.h"
#include "nabla/train/evaluation.h"

#include "fuzz/check.h"
#include "fuzz/target.h"
#include "support/models.h"

namespace {

using namespace nabla;
using namespace nabla::testing_support;

std::string classifier() {
  Model<float> model = make_model<float>({3, 4, 2}, {Activation::kTanh, Activation::kSoftmax},
                                         Cost::kCrossEntropy, Task::kClassification);
  model.preprocess = fit_preprocess(Normalization::kStandardize, random_classes(5, 3, 2));
  return serialize_model(model);
}

std::string regressor() {
  Model<double> model =
      make_model<double>({2, 1}, {Activation::kIdentity}, Cost::kMse, Task::kRegression);
  const Dataset data = random_targets(9, 3, 1);
  model.preprocess = fit_preprocess(Normalization::kPca, data, 2);
  model.preprocess.targets = fit_targets(data);
  return serialize_model(model);
}

/// Expects that an accepted model can be written and reads back as the same.
template <class T>
void check_model(const Model<T>& model) {
  for (const T parameter : model.network.parameters())
    if (!std::isfinite(parameter)) fuzz::fail("a parameter is not finite");
  const std::string bytes = serialize_model(model);
  const AnyModel again = parse_model(std::as_bytes(std::span(bytes)), "again");
  if (serialize_model(std::get<Model<T>>(again)) != bytes)
    fuzz::fail("a model changes when it is written and read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::allow_errors([&] {
    const AnyModel model = parse_model(std::as_bytes(std::span(data, size)), "model");
    std::visit([](const auto& typed) { check_model(typed); }, model);
  });
  const fuzz::InputFile file(fuzz::text_of(data, size));
  Network<float> network(Topology({3, 4, 2}, {Activation::kTanh, Activation::kSoftmax}));
  fuzz::allow_errors([&] { load_parameters(file.path(), network); });
  return 0;
}

std::vector<std::string> nabla::fuzz::seeds() { return {classifier(), regressor()}; }

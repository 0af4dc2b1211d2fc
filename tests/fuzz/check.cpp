// SPDX-License-Identifier: MIT
#include "fuzz/check.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <map>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>
#include <variant>

#include "nabla/model/model.h"

#include "data/row_entries.h"
#include "run/prediction.h"
#include "support/models.h"

namespace nabla::fuzz {

namespace {

void require(bool holds, const char* promise) {
  if (!holds) fail(std::string("broken promise: ") + promise);
}

const AnyModel& model_of(std::size_t inputs) {
  static std::map<std::size_t, AnyModel> models;
  const auto found = models.find(inputs);
  if (found != models.end()) return found->second;
  AnyModel model = testing_support::make_model<float>({inputs, 2}, {Activation::kSoftmax},
                                                      Cost::kCrossEntropy, Task::kClassification);
  return models.emplace(inputs, std::move(model)).first->second;
}

}  // namespace

void fail(const std::string& what) {
  std::cerr << what << std::endl;
  std::abort();
}

void check_message(const std::string& message) {
  const auto is_control = [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; };
  if (message.empty() || std::ranges::any_of(message, is_control))
    fail("an error that is not one printable line: " + message);
}

void check_dataset(const Dataset& data) {
  std::visit(
      [](const auto& features) {
        for (std::size_t row = 0; row < features.rows(); ++row)
          for_each_entry(features.row(row), [&](std::size_t column, auto x) {
            require(column < features.cols(), "entries are in range");
            require(std::isfinite(static_cast<double>(x)), "features are finite");
          });
      },
      data.features);
  if (data.task == Task::kClassification) {
    require(data.labels.size() == data.rows(), "one label per row");
    for (const std::uint32_t label : data.labels)
      require(label < data.classes.size(), "labels are below the number of classes");
  } else {
    require(data.targets.rows() == data.rows(), "targets for each row");
    for (const double target : data.targets.elements())
      require(std::isfinite(target), "targets are finite");
  }
  require(data.weights.empty() || data.weights.size() == data.rows(), "one weight per row");
}

InputFile::InputFile(std::string_view content) : descriptor_(::memfd_create("input", 0)) {
  if (descriptor_ < 0) throw std::runtime_error("memfd_create failed");
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor_, content.data(), content.size());
    if (written <= 0) throw std::runtime_error("write failed");
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

InputFile::~InputFile() { ::close(descriptor_); }

std::string InputFile::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

void try_load(const DataOptions& options) {
  allow_errors([&] {
    const DataSplit data = load_data(options);
    check_dataset(data.train);
    check_dataset(data.validation);
    check_dataset(data.test);
  });
}

void try_source(DataSource source, std::string_view content, std::size_t inputs) {
  const InputFile file(content);
  DataOptions options;
  options.source = source;
  options.train = {file.path()};
  try_load(options);
  options.csv.task = TaskChoice::kRegression;
  try_load(options);
  allow_errors([&] {
    PredictionInput input;
    input.name = file.path();
    input.source = source;
    predict_rows(model_of(inputs), input, {.probabilities = true}, 1, [](std::string_view) {});
  });
}

}  // namespace nabla::fuzz

// SPDX-License-Identifier: MIT
#include "run/data_identity.h"

#include <cstddef>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "nabla/base/error.h"

#include "base/file.h"
#include "base/option_values.h"
#include "base/text.h"

namespace nabla {

namespace {

constexpr std::string_view kEquals = " = ";

/// A fact with its value as people read it.
using Fact = std::pair<std::string, std::string>;

/// Names in one line, or their checksum if they are many or not made for a line.
std::string names_text(const std::vector<std::string>& names) {
  constexpr std::size_t kMostShown = 400;
  const std::string text = join(names);
  if (text.size() <= kMostShown && is_utf8(text) && text.find('\n') == std::string::npos)
    return text.empty() ? "none" : text;
  return std::to_string(names.size()) + " names, sha256 " + sha256(std::as_bytes(std::span(text)));
}

/// Features, targets and weights of all rows, in their order.
std::string checksum_of(const Dataset& rows) {
  Sha256 sum;
  std::visit(
      [&](const auto& features) {
        for (std::size_t i = 0; i < features.rows(); ++i)
          sum.update(std::as_bytes(features.row(i)));
      },
      rows.features);
  sum.update(std::as_bytes(std::span(rows.labels)));
  for (std::size_t i = 0; i < rows.targets.rows(); ++i)
    sum.update(std::as_bytes(rows.targets.row(i)));
  sum.update(std::as_bytes(std::span(rows.weights)));
  return std::move(sum).digits();
}

/// The checksum comes last, because every other difference explains more.
std::vector<Fact> facts_of(const DataSplit& data) {
  const Dataset& train = data.train;
  return {{"training rows", std::to_string(train.rows())},
          {"validation rows", std::to_string(data.validation.rows())},
          {"test rows", std::to_string(data.test.rows())},
          {"inputs", std::to_string(train.inputs())},
          {"task", train.task == Task::kClassification ? "classification" : "regression"},
          {"outputs", std::to_string(train.outputs())},
          {"columns", names_text(train.columns.names)},
          {"classes", names_text(train.classes)},
          {"checksum of the training rows", checksum_of(train)}};
}

std::string line_of(const Fact& fact) { return fact.first + std::string(kEquals) + fact.second; }

}  // namespace

std::string data_identity(const DataSplit& data) {
  std::string text;
  for (const Fact& fact : facts_of(data)) text += line_of(fact) + "\n";
  return text;
}

void require_same_data(const DataSplit& data, std::string_view written, const std::string& place) {
  for (const Fact& fact : facts_of(data)) {
    const std::string start = fact.first + std::string(kEquals);
    const std::size_t first = written.find(start);
    const std::string_view before =
        first == std::string_view::npos
            ? "unknown"
            : written.substr(first + start.size(),
                             written.find('\n', first) - first - start.size());
    if (before != fact.second)
      throw DataError("the data have changed: " + line_of(fact) + ", expected " +
                      std::string(before) + " as in " + place);
  }
}

}  // namespace nabla

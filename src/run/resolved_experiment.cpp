// SPDX-License-Identifier: MIT
#include "run/resolved_experiment.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "nabla/data/preprocess.h"
#include "nabla/model/network_options.h"
#include "nabla/train/resolved.h"

#include "base/option_values.h"
#include "base/text.h"
#include "config/option_table.h"
#include "data/csv_columns.h"
#include "data/input_names.h"
#include "data/normalization.h"
#include "data/option_rows.h"
#include "data/row_entries.h"
#include "data/source.h"
#include "train/improvement.h"

namespace nabla {

namespace {

constexpr std::string_view kAuto = "auto";

/// Sets what network and cost follow from the task.
void resolve_network(const Dataset& train, ExperimentOptions& options) {
  const NetworkPlan plan =
      plan_network(options.network, train.inputs(), train.outputs(), train.task);
  options.network.output = plan.activations.back();
  if (!options.train.cost) options.train.cost = plan.cost.kind;
}

/// Sets what the table's files show.
void resolve_table(const Dataset& train, CsvOptions& options) {
  CsvFormat& format = options.format;
  if (format.separator == CsvSeparator::kAuto) format.separator = train.format.separator;
  if (format.decimal == CsvDecimal::kAuto) format.decimal = train.format.decimal;
  if (format.header == CsvHeader::kAuto) format.header = train.format.header;
  if (options.one_hot) return;
  options.one_hot.emplace();
  const std::vector<std::size_t> features = train.columns.features();
  for (const OneHotColumn& column : train.one_hot.columns)
    options.one_hot->push_back(option_name(train.columns.names, features[column.feature]));
}

}  // namespace

ExperimentOptions resolved(const ExperimentOptions& options, const Dataset& train) {
  ExperimentOptions result = options;
  result.data = resolved(options.data, options.network, options.train, train);
  result.data.csv.task = chosen_task(train.task);
  if (train.is_table()) resolve_table(train, result.data.csv);
  result.data.validation_shuffle = split_order(options.data, train.task);
  result.train = resolved(options.train, train);
  result.train.stop.monitor = monitor_of(options.train.stop);
  resolve_network(train, result);
  // A key without effect that no one has set would be warned of when the file is read again.
  for (const ExperimentOption& option : option_table())
    if (!reason_of_no_effect(option, result).empty())
      option.parse(result, option.write(options), {});
  return result;
}

std::string choices_text(const ExperimentOptions& given, const ExperimentOptions& chosen) {
  std::vector<std::string> choices;
  for (const ExperimentOption& option : option_table())
    if (option.write(given) == kAuto && option.write(chosen) != kAuto)
      choices.push_back(written(option_table(), option.key, chosen));
  return join(choices);
}

std::vector<std::string> scales_warnings(const ExperimentOptions& given, const Dataset& train) {
  constexpr double kDifference = 100;
  if (given.data.normalize != Normalization::kAuto ||
      resolved(given.data.normalize, train) != Normalization::kNone)
    return {};
  const auto [lowest, ranges] = column_ranges(train);
  std::size_t narrowest = 0, widest = 0;
  for (std::size_t j = 0; j < ranges.size(); ++j) {
    if (ranges[j] > ranges[widest]) widest = j;
    if (ranges[j] > 0 && (ranges[narrowest] == 0 || ranges[j] < ranges[narrowest])) narrowest = j;
  }
  // Pixels from 0 to 1 are of one scale, although some of them are never bright.
  if (ranges.empty() || ranges[widest] <= 1 || ranges[widest] <= kDifference * ranges[narrowest])
    return {};
  const std::vector<std::string> names = input_names(train);
  return {"the features differ in scale: " + names[narrowest] + " spans " +
          general(ranges[narrowest]) + ", " + names[widest] + " " + general(ranges[widest]) +
          "; data.normalize = " +
          std::string(
              name_of(is_sparse(train) ? Normalization::kMaxAbs : Normalization::kStandardize)) +
          " brings them together"};
}

}  // namespace nabla

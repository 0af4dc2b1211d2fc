// SPDX-License-Identifier: MIT
#include "config/sweep_options.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "nabla/base/error.h"
#include "nabla/base/kinds.h"

#include "base/option_builders.h"
#include "base/option_values.h"
#include "base/text.h"
#include "config/option_table.h"
#include "data/option_rows.h"

namespace nabla {

namespace {

using Kind = SweptRange::Kind;

constexpr Named<SweepMethod> kMethods[] = {{SweepMethod::kGrid, "grid"},
                                           {SweepMethod::kRandom, "random"},
                                           {SweepMethod::kHalving, "halving"}};
static_assert(is_complete(kMethods));

constexpr Named<SweepScore> kScores[] = {{SweepScore::kValidation, "validation"},
                                         {SweepScore::kCrossval, "crossval"}};
static_assert(is_complete(kScores));

constexpr Named<Kind> kRanges[] = {
    {Kind::kUniform, "uniform"}, {Kind::kLogUniform, "loguniform"}, {Kind::kInteger, "integer"}};
static_assert(is_complete(kRanges));

/// The most whole numbers of a range, all of which one draw of 32 bits reaches, and the largest of
/// them that a double holds exactly.
constexpr double kMostIntegers = 4294967295.0;
constexpr double kLargestInteger = 9007199254740992.0;

const ExperimentOption& swept_option(std::string_view key) {
  const ExperimentOption* option = find_option(key);
  if (option == nullptr)
    throw ConfigError(
        "unknown key, expected sweep.<section.key> with a key that `nabla options` lists" +
        did_you_mean_key(key, "sweep."));
  if (const std::string reason = option->flags.obstacle; !reason.empty())
    throw ConfigError("cannot be swept, because " + reason + "; expected another key");
  return *option;
}

/// The value as the option writes it. A relative data file stays relative.
std::string canonical(const ExperimentOption& option, std::string_view text,
                      const ValueOrigin& origin) {
  ExperimentOptions scratch;
  option.parse(scratch, text, origin);
  return option.write(scratch);
}

/// Takes "NAME(A,B)" apart.
std::optional<SweptRange> parse_range(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || !text.ends_with(')')) return std::nullopt;
  const std::string_view name = trim(text.substr(0, open));
  std::vector<std::string> names;
  for (const auto& range : kRanges) names.emplace_back(range.name);
  const std::optional<Kind> kind = find_kind(kRanges, name);
  if (!kind) throw_bad_choice(name, names, " or alternatives with ; between them");

  const std::string expected = std::string(name) + "(LOW, HIGH)";
  const auto ends = split_list(text.substr(open + 1, text.size() - open - 2));
  if (ends.size() != 2) throw_bad_value(text, "has not two numbers", expected);
  const SweptRange range{*kind, parse_number(ends[0]), parse_number(ends[1])};
  if (range.low >= range.high) throw_bad_value(text, "is empty", expected + " with LOW below HIGH");
  if (kind == Kind::kLogUniform && range.low <= 0)
    throw_bad_value(text, "has no logarithm", expected + " with LOW above 0");
  if (!std::isfinite(range.high - range.low))
    throw_bad_value(text, "is out of range", expected + " with a finite distance");
  if (kind != Kind::kInteger) return range;
  for (const double end : {range.low, range.high})
    if (end != std::floor(end) || std::abs(end) > kLargestInteger)
      throw_bad_value(text, "is not of whole numbers", expected + " with whole numbers");
  if (range.high - range.low >= kMostIntegers)
    throw_bad_value(text, "is too wide", expected + " with fewer than 2^32 numbers");
  return range;
}

/// Throws ConfigError unless the key takes both ends of the range and the numbers between them.
void require_taken(const ExperimentOption& option, const SweptRange& range,
                   const ValueOrigin& origin) {
  const bool is_integer = range.kind == Kind::kInteger;
  for (const double end : {range.low, range.high}) canonical(option, write_number(end), origin);
  if (is_integer) return;
  const double between = range.low + 0.381966011250105 * (range.high - range.low);
  try {
    canonical(option, write_number(between), origin);
  } catch (const ConfigError& error) {
    throw ConfigError("draws numbers that the key does not take (" + std::string(error.what()) +
                      "), expected alternatives or integer(LOW, HIGH)");
  }
}

OptionRows<SweepOptions> make_sweep_rows() {
  using S = SweepOptions;
  using Row = OptionRow<S>;
  const OptionCondition draws = is_not("sweep.method", {"grid"});
  OptionRows<S> rows = {
      Row::choice("sweep.method", &S::method, choices_of<SweepMethod>(kinds_of(kMethods)),
                  "grid: every combination of the alternatives; random: sweep.trials trials, each "
                  "drawn from sweep.seed and its number alone; halving: the same trials, first "
                  "with few epochs, and in each round the best third of them anew with three times "
                  "as many, up to train.epochs."),
      Row::whole("sweep.trials", &S::trials, from_to(1, kMostTrials),
                 "Trials of random and halving.")
          .only_if({draws}),
      Row::whole("sweep.parallel", &S::parallel, from_to(0, kMaxThreads),
                 "Trials side by side, which share parallel.threads; 0: small networks one per "
                 "thread, large ones with several threads each. Never changes a result."),
      Row::whole("sweep.seed", &S::seed, at_least(0), "Seed of what random and halving draw.")
          .only_if({draws}),
      Row::choice("sweep.score", &S::score, choices_of<SweepScore>(kinds_of(kScores)),
                  "What trials are ranked by. validation: the scores of the models that they leave "
                  "on the validation rows, without these the test rows, else the training rows; "
                  "best/ is the winner's run. crossval: the mean of a cross-validation of each, "
                  "with the keys of [crossval] and no validation rows; best/ is the winner trained "
                  "on all training rows. Of equals the lower cost wins."),
  };
  for (Option<S>& row : rows)
    row.flags = {.essential = false,
                 .changes_in_sweep = row.key == "sweep.parallel",
                 .obstacle = kNoTrainingReads};
  return rows;
}

}  // namespace

std::string_view name_of(SweepMethod method) { return row_of(kMethods, method).name; }
std::string_view name_of(SweepScore score) { return row_of(kScores, score).name; }

const OptionRows<SweepOptions>& sweep_rows() {
  static const OptionRows<SweepOptions> kRows = make_sweep_rows();
  return kRows;
}

void validate(const SweepOptions& options) {
  check_rows(sweep_rows(), options);
  const std::string method = written(sweep_rows(), "sweep.method", options);
  for (const SweptKey& swept : options.keys) {
    const std::string key = "sweep." + swept.key;
    require_option(options.method != SweepMethod::kGrid || !swept.range, key.c_str(),
                   "a range contradicts " + method +
                       ", expected alternatives separated by ; or sweep.method = random");
    require_option(
        options.method != SweepMethod::kHalving || swept.key != "train.epochs", key.c_str(),
        "contradicts " + method + ", which divides train.epochs itself, expected another method");
  }
}
std::string_view swept_name(std::string_view setting_key) {
  constexpr std::string_view kPrefix = "sweep.";
  if (!setting_key.starts_with(kPrefix)) return {};
  const std::string_view name = setting_key.substr(kPrefix.size());
  return name.find('.') == std::string_view::npos ? std::string_view() : name;
}

SweptKey parse_swept_key(const Setting& setting) {
  SweptKey swept;
  swept.key = swept_name(setting.key);
  const ExperimentOption& option = swept_option(swept.key);
  const std::string_view text = trim(setting.value);
  // The name of a file may end in brackets.
  if (option.type.find("path") == std::string::npos) swept.range = parse_range(text);
  if (swept.range) {
    require_taken(option, *swept.range, setting.origin);
    return swept;
  }
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(';', start), text.size());
    const std::string_view item = trim(text.substr(start, end - start));
    std::string value = canonical(option, item, setting.origin);
    if (std::ranges::find(swept.alternatives, value) != swept.alternatives.end())
      throw_bad_value(item, "is given twice", "each alternative once");
    swept.alternatives.push_back(std::move(value));
    start = end + 1;
  }
  return swept;
}

std::string write_swept_key(const SweptKey& key) {
  if (!key.range) {
    std::string text;
    for (std::size_t i = 0; i < key.alternatives.size(); ++i)
      text += (i == 0 ? "" : key.alternatives[i].empty() ? ";" : "; ") + key.alternatives[i];
    return text;
  }
  return std::string(row_of(kRanges, key.range->kind).name) + "(" + write_number(key.range->low) +
         ", " + write_number(key.range->high) + ")";
}

}  // namespace nabla

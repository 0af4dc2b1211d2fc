// SPDX-License-Identifier: MIT
#include "sweep/trials.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "nabla/base/error.h"

#include "base/option_values.h"
#include "base/random.h"
#include "config/option_table.h"

namespace nabla {

namespace {

/// Halving divides the trials by this number, and multiplies the epochs by it, from round to round.
constexpr std::size_t kThird = 3;

/// The value in six digits, which people can read, if the range is wide enough for them.
double readable(double value, const SweptRange& range) {
  const double largest = std::max(std::abs(range.low), std::abs(range.high));
  if (range.high - range.low < 0.01 * largest) return value;
  char text[32];
  std::snprintf(text, sizeof text, "%.5e", value);
  return std::clamp(std::strtod(text, nullptr), range.low, range.high);
}

/// Takes one number of the stream, whatever the key is.
std::string draw(const SweptKey& key, Random& random) {
  const double u = random.uniform();
  if (!key.range) {
    const auto count = static_cast<double>(key.alternatives.size());
    return key.alternatives[static_cast<std::size_t>(u * count)];
  }
  const auto [kind, low, high] = *key.range;
  switch (kind) {
    case SweptRange::Kind::kInteger:
      return write_number(std::min(high, low + std::floor(u * (high - low + 1))));
    case SweptRange::Kind::kLogUniform:
      return write_number(readable(low * std::exp(u * std::log(high / low)), *key.range));
    case SweptRange::Kind::kUniform:
      break;
  }
  return write_number(readable(low + u * (high - low), *key.range));
}

std::size_t grid_size(const std::vector<SweptKey>& keys) {
  std::size_t size = 1;
  for (const SweptKey& key : keys) {
    size *= key.alternatives.size();
    if (size > kMostTrials)
      throw ConfigError("sweep.method",
                        "grid makes more than " + std::to_string(kMostTrials) +
                            " trials of these keys, expected fewer alternatives or random");
  }
  return size;
}

std::vector<std::string> grid_values(const std::vector<SweptKey>& keys, std::size_t index) {
  std::vector<std::string> values(keys.size());
  for (std::size_t i = keys.size(); i-- > 0;) {
    const auto& alternatives = keys[i].alternatives;
    values[i] = alternatives[index % alternatives.size()];
    index /= alternatives.size();
  }
  return values;
}

std::vector<std::string> drawn_values(const SweepOptions& sweep, std::size_t number) {
  Random random(sweep.seed, Stream::kSweep, static_cast<std::uint32_t>(number));
  std::vector<std::string> values;
  for (const SweptKey& key : sweep.keys) values.push_back(draw(key, random));
  return values;
}

}  // namespace

std::vector<Trial> make_trials(const Configuration& configuration) {
  const SweepOptions& sweep = configuration.options.sweep;
  if (sweep.keys.empty())
    throw ConfigError(
        "sweep: no key to sweep, expected a section [sweep] with lines like "
        "train.learning-rate = 0.1; 1");
  const bool is_grid = sweep.method == SweepMethod::kGrid;
  const std::size_t count = is_grid ? grid_size(sweep.keys) : sweep.trials;
  const std::vector<SweepRound> rounds = sweep_rounds(configuration.options, count);
  std::vector<Trial> trials;
  for (std::size_t number = 1; number <= count; ++number) {
    Trial trial{number, is_grid ? grid_values(sweep.keys, number - 1) : drawn_values(sweep, number),
                configuration.options};
    trial.options.sweep = {};
    trial.options.output.overwrite = trial.options.output.report = false;
    for (std::size_t i = 0; i < sweep.keys.size(); ++i)
      find_option(sweep.keys[i].key)->parse(trial.options, trial.values[i], {});
    try {
      require_option(sweep.score != SweepScore::kCrossval || trial.options.data.validation == 0,
                     "sweep.score", kNoValidationRows);
      for (const SweepRound& round : rounds) {
        ExperimentOptions options = trial.options;
        if (round.epochs > 0) options.train.epochs = round.epochs;
        validate_training(options);
      }
    } catch (const ConfigError& error) {
      throw ConfigError(trial_error(error.what(), configuration, trial));
    }
    trials.push_back(std::move(trial));
  }
  return trials;
}

std::vector<SweepRound> sweep_rounds(const ExperimentOptions& options, std::size_t trials) {
  if (options.sweep.method != SweepMethod::kHalving || !options.train.epochs) return {{trials, 0}};
  std::vector<SweepRound> rounds = {{trials, 0}};
  std::size_t epochs = *options.train.epochs;
  for (; rounds.back().trials >= kThird && epochs >= kThird; epochs /= kThird)
    rounds.push_back({rounds.back().trials / kThird, 0});
  // From the last round back: a third of the epochs each, rounded up.
  epochs = *options.train.epochs;
  for (std::size_t i = rounds.size(); i-- > 0; epochs = (epochs + kThird - 1) / kThird)
    rounds[i].epochs = epochs;
  return rounds;
}

std::string describe_trial(const std::vector<SweptKey>& keys, const Trial& trial) {
  std::string text;
  for (std::size_t i = 0; i < keys.size(); ++i)
    text += (i == 0 ? "" : "; ") + keys[i].key + " = " +
            (trial.values[i].empty() ? "(empty)" : trial.values[i]);
  return text;
}

std::string trial_error(const std::string& message, const Configuration& configuration,
                        const Trial& trial) {
  std::string placed = message;
  const std::string key = message.substr(0, message.find(": "));
  for (const std::string& given : {"sweep." + key, key})
    if (const auto origin = configuration.origins.find(given);
        origin != configuration.origins.end()) {
      placed = origin->second + message.substr(key.size());
      break;
    }
  return placed + " (trial " + std::to_string(trial.number) + ": " +
         describe_trial(configuration.options.sweep.keys, trial) + ")";
}

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "run/summary_file.h"

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "nabla/base/version.h"

#include "base/option_values.h"
#include "base/text.h"
#include "config/option_table.h"
#include "math/blas.h"
#include "math/elementwise.h"
#include "math/gemm.h"

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;

/// One epoch's figures under the column names of metrics.csv, `prefix` before each.
void put_epoch(Json& json, const std::string& prefix, const EpochReport& report) {
  const bool measured = report.epoch > 0;
  json[prefix + "seconds"] = measured ? Json(report.seconds) : Json();
  json[prefix + "samples_per_second"] = measured ? Json(report.samples_per_second) : Json();
  json[prefix + "learning_rate"] = measured ? Json(report.learning_rate) : Json();
  put_scores(json, prefix, measured ? scores_of(report) : RowScores{});
}

Json to_json(const Divergence& divergence) {
  Json json = {{"epoch", divergence.epoch}};
  if (divergence.rows.empty()) {
    json["batch"] = divergence.batch;
  } else {
    json["rows"] = divergence.rows;
    json["row"] = divergence.row;
  }
  return json;
}

/// Returns "epoch 3, mini-batch 7: NaN or infinity", or what else was not finite.
std::string symptom_text(const Divergence& divergence) {
  const std::string epoch = "epoch " + std::to_string(divergence.epoch) + ", ";
  if (!divergence.rows.empty())
    return epoch + "row " + std::to_string(divergence.row) + " of the " + divergence.rows +
           " rows" + (divergence.place.empty() ? "" : " (" + divergence.place + ")") +
           ": its prediction is NaN or infinite";
  const std::string batch = epoch + "mini-batch " + std::to_string(divergence.batch) + ": ";
  if (divergence.is_initial)
    return batch + "the initial model's cost is NaN or infinite, before any step";
  if (divergence.is_by_epsilon)
    return batch + "NaN, as a parameter whose nabla is 0 was divided by optimizer.epsilon = 0";
  return batch + "NaN or infinity";
}

std::string advice_text(const Divergence& divergence) {
  // A step changes a weight in proportion to its input, so it may be too large by that factor.
  constexpr double kLarge = 10;
  const std::string rate = "a train.learning-rate below " + general(divergence.rate);
  if (divergence.is_by_epsilon) return "try one above 0, such as 1e-8";
  if (divergence.largest_input > kLarge)
    return "the inputs of the network reach " + general(divergence.largest_input) +
           ": scale the features first, by data.normalize" +
           (divergence.is_initial ? "" : ", then try " + rate);
  if (divergence.largest_target > kLarge)
    return "the targets reach " + general(divergence.largest_target) +
           ": scale them first, by data.standardize-targets" +
           (divergence.is_initial ? "" : ", then try " + rate);
  if (divergence.is_initial) return "try smaller parameters, by network.init or network.initial";
  return (divergence.rows.empty() ? "try " : "expected features near those trained on, or try ") +
         rate;
}

}  // namespace

std::string divergence_text(const Divergence& divergence) {
  return symptom_text(divergence) + "; " + advice_text(divergence);
}

std::string summary_json(const TrainSummary& summary, const DataIdentity& data,
                         const ExperimentOptions& options, const std::string& model_sha256) {
  Json json;
  json["status"] = name_of(summary.status);
  json["epochs"] = summary.epochs;
  json["model_epoch"] = summary.model_epoch > 0 ? Json(summary.model_epoch) : Json();
  json["best_epoch"] = summary.best.epoch > 0 ? Json(summary.best.epoch) : Json();
  put_epoch(json, "", summary.last);
  put_epoch(json, "best_", summary.best);
  json["train_seconds"] = summary.train_seconds;
  // The whole run's, not the last epoch's.
  json["samples_per_second"] = summary.samples_per_second;
  for (const auto& [name, seconds] : kPhases)
    json["phase_seconds"][name] = summary.phase_seconds.*seconds;
  json["threads"] = summary.threads;
  json["shards"] = summary.shards;
  json["reduction"] = name_of(summary.reduction);
  json["ranks"] = summary.ranks;
  json["bytes_sent_per_step"] = summary.bytes_sent_per_step;
  json["parameters"] = summary.parameters;
  json["task"] = data.task;
  put_program(json, options);
  json["model_sha256"] = model_sha256.empty() ? Json() : Json(model_sha256);
  if (summary.status == TrainStatus::kDiverged) json["diverged"] = to_json(summary.divergence);
  json["data"] = to_json(data);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

nlohmann::ordered_json finite_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

void put_scores(nlohmann::ordered_json& json, const std::string& prefix, const RowScores& scores) {
  for (const ScoredRows& rows : kScoredRows) {
    const std::optional<Score>& score = scores.*rows.score;
    json[prefix + rows.column + "_cost"] = score ? Json(score->cost) : Json();
    json[prefix + rows.column + "_accuracy"] = score ? Json(score->goodness) : Json();
  }
}

void put_program(nlohmann::ordered_json& json, const ExperimentOptions& options) {
  json["seed"] = options.train.seed;
  json["precision"] = find_option("train.precision")->write(options);
  json["version"] = version();
  const BlasInfo blas = blas_info();
  json["blas"] = {
      {"library", blas.library}, {"kernel", blas.kernel}, {"threading", blas.threading}};
  json["cpu"] = cpu_name();
  json["instruction_set"] = elementwise::instruction_set();
  json["products"] = options.train.precision == Precision::kBfloat16 ? products_by<bfloat16_t>()
                                                                     : products_by<float>();
  json["sparse"] = options.data.sparse == true;
}

std::string cpu_name() {
  std::ifstream stream("/proc/cpuinfo");
  for (std::string line; std::getline(stream, line);)
    if (line.starts_with("model name"))
      return std::string(trim(std::string_view(line).substr(line.find(':') + 1)));
  return "unknown";
}

}  // namespace nabla

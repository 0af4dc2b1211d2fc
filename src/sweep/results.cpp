// SPDX-License-Identifier: MIT
#include "sweep/results.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "nabla/base/version.h"

#include "base/option_values.h"
#include "config/option_table.h"
#include "run/summary_file.h"

namespace nabla {

namespace {

std::size_t whole(const Columns& table, std::size_t row, const std::string& name) {
  const std::string text = table.text(row, name);
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

bool has_values(const Columns& table, std::size_t row, const SweepOptions& sweep,
                const Trial& trial) {
  for (std::size_t i = 0; i < sweep.keys.size(); ++i)
    if (!table.has(sweep.keys[i].key) || table.text(row, sweep.keys[i].key) != trial.values[i])
      return false;
  return true;
}

using namespace std::string_literals;

constexpr const char* kCrossvalColumn = "crossval";

bool is_crossval(const SweepOptions& sweep) { return sweep.score == SweepScore::kCrossval; }

std::string scores_header(const SweepOptions& sweep) {
  return is_crossval(sweep) ? "crossval_cost,crossval_accuracy,crossval_deviation" : score_header();
}

std::string crossval_cells(const TrialResult& result) {
  if (!result.crossval) return ",,";
  return write_number(result.crossval->cost) + "," + write_number(result.crossval->goodness) + "," +
         write_number(result.crossval_deviation);
}

bool is_better(const TrialResult& a, const TrialResult& b) {
  return a.round != b.round ? a.round > b.round : a.is_better_than(b);
}

}  // namespace

std::optional<JudgedScore> TrialResult::judged() const {
  if (crossval) return JudgedScore{"cross-validation", kCrossvalColumn, *crossval};
  const ScoredRows* rows = judged_rows(*this);
  if (rows == nullptr) return std::nullopt;
  return JudgedScore{rows->name, rows->column, *(this->*rows->score)};
}

bool TrialResult::is_better_than(const TrialResult& other) const {
  constexpr Score kNone = {.cost = HUGE_VAL, .goodness = -HUGE_VAL};
  const auto score_of = [&](const TrialResult& result) {
    const auto judged = result.judged();
    const Score score = judged ? judged->score : kNone;
    return std::isfinite(score.cost) && std::isfinite(score.goodness) ? score : kNone;
  };
  const Score one = score_of(*this), two = score_of(other);
  return one.goodness != two.goodness ? one.goodness > two.goodness : one.cost < two.cost;
}

std::size_t count_status(const TrialResults& results, const std::string& status) {
  return static_cast<std::size_t>(std::ranges::count_if(
      results, [&](const auto& entry) { return entry.second.status == status; }));
}

std::vector<const TrialResult*> ranked_results(const TrialResults& results) {
  std::vector<const TrialResult*> ranked;
  for (const auto& [number, result] : results)
    if (result.is_finished()) ranked.push_back(&result);
  std::ranges::stable_sort(
      ranked, [](const TrialResult* a, const TrialResult* b) { return is_better(*a, *b); });
  return ranked;
}

const TrialResult* best_result(const TrialResults& results) {
  const TrialResult* best = nullptr;
  for (const auto& [number, result] : results)
    if (result.is_finished() && (best == nullptr || is_better(result, *best))) best = &result;
  return best;
}

std::string results_header(const SweepOptions& sweep) {
  std::string line = "trial";
  for (const SweptKey& key : sweep.keys) line += "," + key.key;
  return line + (sweep.method == SweepMethod::kHalving ? ",status,round" : ",status") +
         ",epochs,model_epoch," + scores_header(sweep) + ",seconds,error\n";
}

std::string result_line(const SweepOptions& sweep, const Trial& trial, const TrialResult& result) {
  std::string line = std::to_string(trial.number);
  for (const std::string& value : trial.values) line += "," + csv_cell(value);
  line += "," + result.status;
  if (sweep.method == SweepMethod::kHalving) line += "," + std::to_string(result.round);
  return line + "," + std::to_string(result.epochs) + "," +
         (result.model_epoch > 0 ? std::to_string(result.model_epoch) : "") + "," +
         (is_crossval(sweep) ? crossval_cells(result) : score_cells(result)) + "," +
         write_number(result.seconds) + "," + csv_cell(result.error) + "\n";
}

TrialResults read_results(const std::filesystem::path& file, const SweepOptions& sweep,
                          const std::vector<Trial>& trials) {
  TrialResults results;
  const Columns table(file);
  if (!table.has("model_epoch")) return results;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::size_t number = whole(table, row, "trial");
    if (number < 1 || number > trials.size() || !has_values(table, row, sweep, trials[number - 1]))
      continue;
    TrialResult result;
    result.trial = number;
    result.status = table.text(row, "status");
    if (!result.is_finished() && result.status != "diverged") {
      results.erase(number);
      continue;
    }
    if (sweep.method == SweepMethod::kHalving) result.round = whole(table, row, "round");
    result.epochs = whole(table, row, "epochs");
    result.model_epoch = whole(table, row, "model_epoch");
    static_cast<RowScores&>(result) = table.scores(row);
    const auto cost = table.number(row, kCrossvalColumn + "_cost"s);
    const auto accuracy = table.number(row, kCrossvalColumn + "_accuracy"s);
    if (cost && accuracy) result.crossval = {.cost = *cost, .goodness = *accuracy};
    result.crossval_deviation = table.number(row, kCrossvalColumn + "_deviation"s).value_or(0);
    result.seconds = table.number(row, "seconds").value_or(0);
    results[number] = std::move(result);
  }
  return results;
}

std::string sweep_json(const ExperimentOptions& options, const std::vector<Trial>& trials,
                       const TrialResults& results, bool interrupted, double seconds,
                       const std::optional<DataIdentity>& data) {
  using Json = nlohmann::ordered_json;
  Json json;
  json["status"] = interrupted ? "interrupted" : "completed";
  json["method"] = find_option("sweep.method")->write(options);
  json["trials"] = trials.size();
  for (const char* status : kTrialStatuses) json[status] = count_status(results, status);
  const TrialResult* best = best_result(results);
  json["best_trial"] = best != nullptr ? Json(best->trial) : Json();
  if (best != nullptr) {
    const auto judged = best->judged();
    json["ranked_by"] = (judged ? judged->column : "train") + "_accuracy";
    const Trial& trial = trials[best->trial - 1];
    for (std::size_t i = 0; i < trial.values.size(); ++i)
      json["best_settings"][options.sweep.keys[i].key] = trial.values[i];
    if (best->crossval) {
      json["best_crossval_cost"] = best->crossval->cost;
      json["best_crossval_accuracy"] = best->crossval->goodness;
      json["best_crossval_deviation"] = best->crossval_deviation;
    } else {
      json["model_epoch"] = best->model_epoch;
      put_scores(json, "best_", *best);
    }
  }
  json["seconds"] = seconds;
  if (data) json["data"] = to_json(*data);
  json["version"] = version();
  json["cpu"] = cpu_name();
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nabla

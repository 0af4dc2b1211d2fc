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

bool is_better(const TrialResult& a, const TrialResult& b) {
  return a.round != b.round ? a.round > b.round : a.is_better_than(b);
}

}  // namespace

bool TrialResult::is_better_than(const TrialResult& other) const {
  constexpr Score kNone = {.cost = HUGE_VAL, .goodness = -HUGE_VAL};
  const auto judged = [&](const TrialResult& result) {
    const ScoredRows* rows = judged_rows(result);
    const Score score = rows != nullptr ? *(result.*rows->score) : kNone;
    return std::isfinite(score.cost) && std::isfinite(score.goodness) ? score : kNone;
  };
  const Score one = judged(*this), two = judged(other);
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
         ",epochs,model_epoch," + score_header() + ",seconds,error\n";
}

std::string result_line(const SweepOptions& sweep, const Trial& trial, const TrialResult& result) {
  std::string line = std::to_string(trial.number);
  for (const std::string& value : trial.values) line += "," + csv_cell(value);
  line += "," + result.status;
  if (sweep.method == SweepMethod::kHalving) line += "," + std::to_string(result.round);
  return line + "," + std::to_string(result.epochs) + "," +
         (result.model_epoch > 0 ? std::to_string(result.model_epoch) : "") + "," +
         score_cells(result) + "," + write_number(result.seconds) + "," + csv_cell(result.error) +
         "\n";
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
    result.seconds = table.number(row, "seconds").value_or(0);
    results[number] = std::move(result);
  }
  return results;
}

std::string sweep_json(const ExperimentOptions& options, const std::vector<Trial>& trials,
                       const TrialResults& results, bool interrupted, double seconds) {
  using Json = nlohmann::ordered_json;
  Json json;
  json["status"] = interrupted ? "interrupted" : "completed";
  json["method"] = find_option("sweep.method")->write(options);
  json["trials"] = trials.size();
  for (const char* status : kTrialStatuses) json[status] = count_status(results, status);
  const TrialResult* best = best_result(results);
  json["best_trial"] = best != nullptr ? Json(best->trial) : Json();
  if (best != nullptr) {
    const ScoredRows* judged = judged_rows(*best);
    json["ranked_by"] = std::string(judged != nullptr ? judged->column : "train") + "_accuracy";
    const Trial& trial = trials[best->trial - 1];
    for (std::size_t i = 0; i < trial.values.size(); ++i)
      json["best_settings"][options.sweep.keys[i].key] = trial.values[i];
    json["model_epoch"] = best->model_epoch;
    put_scores(json, "best_", *best);
  }
  json["seconds"] = seconds;
  json["version"] = version();
  json["cpu"] = cpu_name();
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nabla

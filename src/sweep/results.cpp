// SPDX-License-Identifier: MIT
#include "sweep/results.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/option_values.h"
#include "run/columns.h"

namespace nabla {

namespace {

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",;\t\"\n\r") == std::string::npos) return cell;
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

std::string cells(const std::optional<Score>& score) {
  if (!score) return ",,";
  return "," + write_number(score->cost) + "," + write_number(score->accuracy);
}

std::size_t whole(const Columns& table, std::size_t row, const std::string& name) {
  const std::string text = table.text(row, name);
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

std::optional<Score> score(const Columns& table, std::size_t row, const std::string& rows) {
  const auto cost = table.number(row, rows + "_cost");
  const auto accuracy = table.number(row, rows + "_accuracy");
  if (!cost || !accuracy) return std::nullopt;
  return Score{.cost = *cost, .accuracy = *accuracy};
}

bool has_values(const Columns& table, std::size_t row, const SweepOptions& sweep,
                const Trial& trial) {
  for (std::size_t i = 0; i < sweep.keys.size(); ++i)
    if (!table.has(sweep.keys[i].key) || table.text(row, sweep.keys[i].key) != trial.values[i])
      return false;
  return true;
}

}  // namespace

double TrialResult::ranking() const {
  const std::optional<Score>& judged = validation ? validation : test ? test : train;
  const double accuracy = judged ? judged->accuracy : std::nan("");
  return std::isnan(accuracy) ? -std::numeric_limits<double>::infinity() : accuracy;
}

std::string_view TrialResult::ranking_name() const {
  return validation ? "validation_accuracy" : test ? "test_accuracy" : "train_accuracy";
}

const TrialResult* best_result(const TrialResults& results) {
  const TrialResult* best = nullptr;
  for (const auto& [number, result] : results) {
    if (!result.is_finished()) continue;
    if (best == nullptr || result.round > best->round ||
        (result.round == best->round && result.ranking() > best->ranking()))
      best = &result;
  }
  return best;
}

std::string results_header(const SweepOptions& sweep) {
  std::string line = "trial";
  for (const SweptKey& key : sweep.keys) line += "," + key.key;
  return line + (sweep.method == SweepMethod::kHalving ? ",status,round" : ",status") +
         ",epochs,best_epoch,train_cost,train_accuracy,validation_cost,validation_accuracy,"
         "test_cost,test_accuracy,seconds,error\n";
}

std::string result_line(const SweepOptions& sweep, const Trial& trial, const TrialResult& result) {
  std::string line = std::to_string(trial.number);
  for (const std::string& value : trial.values) line += "," + quoted(value);
  line += "," + result.status;
  if (sweep.method == SweepMethod::kHalving) line += "," + std::to_string(result.round);
  return line + "," + std::to_string(result.epochs) + "," +
         (result.best_epoch > 0 ? std::to_string(result.best_epoch) : "") + cells(result.train) +
         cells(result.validation) + cells(result.test) + "," + write_number(result.seconds) + "," +
         quoted(result.error) + "\n";
}

TrialResults read_results(const std::filesystem::path& file, const SweepOptions& sweep,
                          const std::vector<Trial>& trials) {
  TrialResults results;
  const Columns table(file);
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
    result.best_epoch = whole(table, row, "best_epoch");
    result.train = score(table, row, "train");
    result.validation = score(table, row, "validation");
    result.test = score(table, row, "test");
    result.seconds = table.number(row, "seconds").value_or(0);
    results[number] = std::move(result);
  }
  return results;
}

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "sweep/summary.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "nabla/base/version.h"

#include "base/file.h"
#include "config/option_table.h"
#include "run/summary_file.h"

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;

std::size_t count_of(const TrialResults& results, std::string_view status) {
  return static_cast<std::size_t>(std::ranges::count_if(
      results, [&](const auto& entry) { return entry.second.status == status; }));
}

void put_score(Json& json, const std::string& rows, const std::optional<Score>& score) {
  json["best_" + rows + "_cost"] = score ? Json(score->cost) : Json();
  json["best_" + rows + "_accuracy"] = score ? Json(score->accuracy) : Json();
}

}  // namespace

void replace_sweep_summary(const std::filesystem::path& file, const ExperimentOptions& options,
                           const SweepResult& result, double seconds) {
  Json json;
  json["status"] = result.interrupted ? "interrupted" : "completed";
  json["method"] = find_option("sweep.method")->write(options);
  json["trials"] = result.start.trials.size();
  for (const char* status : {"completed", "early-stopped", "diverged", "failed"})
    json[status] = count_of(result.results, status);
  const TrialResult* best = best_result(result.results);
  json["best_trial"] = best != nullptr ? Json(best->trial) : Json();
  if (best != nullptr) {
    json["ranked_by"] = best->ranking_name();
    const Trial& trial = result.start.trials[best->trial - 1];
    for (std::size_t i = 0; i < trial.values.size(); ++i)
      json["best_settings"][options.sweep.keys[i].key] = trial.values[i];
    json["best_epoch"] = best->best_epoch;
    put_score(json, "train", best->train);
    put_score(json, "validation", best->validation);
    put_score(json, "test", best->test);
  }
  json["seconds"] = seconds;
  json["version"] = version();
  json["cpu"] = cpu_name();
  replace_file(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "report/compared_run.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

#include "base/option_values.h"
#include "config/option_table.h"
#include "run/data_identity.h"
#include "run/run_folder.h"
#include "sweep/folder.h"

namespace nabla::report {

namespace {

namespace fs = std::filesystem;

/// Columns of scores, in the order in which runs are judged by them.
std::vector<std::string> judged_columns() {
  std::vector<std::string> columns;
  for (const char* score : {"_accuracy", "_cost"})
    for (const std::string rows : {"crossval", "validation", "test", "train"})
      columns.push_back(rows + score);
  return columns;
}

/// "trial-007" → "7", "7" → "7"; empty if the name does not end with digits.
std::string number_of(const std::string& name) {
  std::size_t first = name.size();
  while (first > 0 && std::isdigit(static_cast<unsigned char>(name[first - 1])) != 0) --first;
  while (first + 1 < name.size() && name[first] == '0') ++first;
  return name.substr(first);
}

/// Whether the folder holds a trial: a training or, with sweep.score = crossval, a
/// cross-validation.
bool has_trial(const fs::path& folder) {
  const auto kind = kind_of_folder(folder);
  return kind == FolderKind::kTrain || kind == FolderKind::kCrossval;
}

/// The runs below a sweep's folder by the number of their trial.
std::map<std::string, fs::path> trial_folders(const fs::path& folder) {
  std::map<std::string, fs::path> folders;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry.depth() > 1) entry.disable_recursion_pending();
    const std::string name = entry->path().filename().string();
    if (entry->is_directory(error) && is_trial_name(name) && has_trial(entry->path()))
      folders.emplace(number_of(name), entry->path());
  }
  return folders;
}

bool is_key(const std::string& name) { return name.find('.') != std::string::npos; }

}  // namespace

std::string ComparedRun::setting(const std::string& key) const {
  for (const auto& [known, value] : settings)
    if (known == key) return value;
  return "";
}

std::optional<double> ComparedRun::figure(const std::string& column) const {
  for (const auto& [known, value] : figures)
    if (known == column) return value;
  return std::nullopt;
}

ComparedRun read_compared_run(const fs::path& folder) {
  ComparedRun run;
  run.files = read_run(folder, false);
  run.name = run.files.name;
  run.status = run.files.status();
  run.settings = run.files.settings;
  for (const std::string& score : judged_columns())
    if (const auto value = run.files.figure(run.files.model_prefix() + score))
      run.figures.emplace_back(score, *value);
  if (const auto seconds = run.files.figure("train_seconds"))
    run.figures.emplace_back("seconds", *seconds);
  if (const auto speed = run.files.figure("samples_per_second"))
    run.figures.emplace_back("samples_per_second", *speed);
  return run;
}

std::vector<ComparedRun> read_trials(const fs::path& folder) {
  const Columns trials(folder / "trials.csv");
  const std::map<std::string, fs::path> folders = trial_folders(folder);
  std::vector<ComparedRun> runs;
  for (std::size_t row = 0; row < trials.rows(); ++row) {
    ComparedRun run;
    run.name = trials.has("trial") ? trials.text(row, "trial") : std::to_string(row + 1);
    run.status = trials.text(row, "status");
    const auto own = folders.find(number_of(run.name));
    if (own != folders.end()) run.files = read_run(own->second, false);
    for (const std::string& name : trials.names()) {
      if (name == "trial" || name == "status") continue;
      const auto value = trials.number(row, name);
      if (is_key(name))
        run.settings.emplace_back(name, trials.text(row, name));
      else if (value)
        run.figures.emplace_back(name, *value);
    }
    run.name = "trial " + run.name;
    runs.push_back(std::move(run));
  }
  return runs;
}

std::vector<std::string> differing_keys(const std::vector<ComparedRun>& runs) {
  std::vector<std::string> keys;
  for (const ComparedRun& run : runs)
    for (const auto& [key, value] : run.settings)
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  std::erase_if(keys, [&](const std::string& key) {
    const std::string first = runs.front().setting(key);
    return key.starts_with("output.") ||
           std::ranges::all_of(runs, [&](const auto& run) { return run.setting(key) == first; });
  });
  return keys;
}

std::string data_difference(const std::vector<ComparedRun>& runs) {
  const ComparedRun* first = nullptr;
  std::optional<DataIdentity> expected;
  for (const ComparedRun& run : runs) {
    if (run.files.folder.empty()) continue;
    const auto identity = identity_in_folder(run.files.folder);
    if (!identity) continue;
    if (expected) {
      const std::string text = difference(*identity, *expected);
      if (!text.empty()) return run.name + ": " + text + " as in " + first->name;
    } else {
      first = &run;
      expected = identity;
    }
  }
  if (expected) return "";
  std::vector<std::string> keys = differing_keys(runs);
  std::erase_if(keys, [](const std::string& key) {
    const ExperimentOption* option = find_option(key);
    return option == nullptr || option->section() != "data" || option->flags.after_reading;
  });
  return keys.empty() ? "" : "they differ in " + join(keys);
}

Task task_of(const std::vector<ComparedRun>& runs) {
  const auto all_are = [&](Task task) {
    return std::ranges::all_of(runs, [&](const ComparedRun& run) {
      return run.figures.empty() || run.files.task() == task;
    });
  };
  for (const Task task : {Task::kRegression, Task::kMultiLabel})
    if (all_are(task)) return task;
  return Task::kClassification;
}

std::string ranking_figure(const std::vector<ComparedRun>& runs) {
  for (const std::string& score : judged_columns())
    if (std::ranges::any_of(runs, [&](const auto& run) { return run.figure(score).has_value(); }))
      return score;
  return "";
}

}  // namespace nabla::report

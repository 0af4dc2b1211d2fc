// SPDX-License-Identifier: MIT
#include "report/run_files.h"

#include <array>
#include <ctime>
#include <sys/stat.h>

#include "nabla/base/error.h"
#include "nabla/train/checkpoint.h"

#include "base/file.h"
#include "config/configuration.h"
#include "data/option_rows.h"
#include "run/saved_model.h"

namespace nabla::report {

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  const std::vector<std::byte> bytes = read_file(file);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string time_of(const fs::path& file) {
  struct stat status {};
  std::tm time{};
  if (::stat(file.c_str(), &status) != 0 || ::gmtime_r(&status.st_mtime, &time) == nullptr)
    return "";
  std::array<char, 40> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &time);
  return {text.data(), size};
}

void read_config(const fs::path& file, RunFiles& run) {
  run.config_text = text_of(file);
  run.options = read_configuration(file, {}).options;
  for (const Setting& setting : read_ini(file))
    run.settings.emplace_back(setting.key, setting.value);
}

void read_summary(const fs::path& file, RunFiles& run) {
  const std::string text = text_of(file);
  run.summary = nlohmann::json::parse(text, nullptr, false);
  if (run.summary.is_object()) {
    run.finished = time_of(file);
    return;
  }
  run.summary = nullptr;
  throw DataError(file.string() + ": no JSON object, expected the summary of a run");
}

/// The model, or what an interrupted run has of it; its faults become notes.
void read_model(const fs::path& folder, RunFiles& run) {
  try {
    const std::optional<fs::path> file = model_file_in(folder);
    if (!file) {
      run.notes.emplace_back("there is no model.safetensors, and no checkpoint");
      return;
    }
    run.model = load_trained_model(*file);
    if (file->filename() != "model.safetensors")
      run.notes.push_back("there is no model.safetensors yet: the model is that of " +
                          file->filename().string());
    else if (run.summary.is_object() && run.summary.value("model_sha256", nlohmann::json()) !=
                                            nlohmann::json(sha256(read_file(*file))))
      run.notes.emplace_back("model.safetensors is not the one that summary.json tells of");
  } catch (const Error& error) {
    run.notes.emplace_back(error.what());
  }
}

/// Reads one file; its faults become notes.
template <class Read>
void try_to(const fs::path& file, RunFiles& run, Read read) {
  if (!fs::exists(file)) {
    run.notes.push_back("there is no " + file.filename().string());
    return;
  }
  try {
    read();
  } catch (const Error& error) {
    run.notes.emplace_back(error.what());
  }
}

}  // namespace

std::string name_of_folder(const fs::path& folder) {
  const fs::path absolute = fs::absolute(folder).lexically_normal();
  return (absolute.has_filename() ? absolute : absolute.parent_path()).filename().string();
}

std::string RunFiles::status() const {
  if (summary.is_object() && summary.contains("status") && summary["status"].is_string())
    return summary["status"];
  return "not finished: killed or still running";
}

std::optional<double> RunFiles::figure(const std::string& key) const {
  if (!summary.is_object() || !summary.contains(key) || !summary[key].is_number())
    return std::nullopt;
  return summary[key].get<double>();
}

RowScores RunFiles::scores(const std::string& prefix) const {
  RowScores scores;
  for (const ScoredRows& rows : kScoredRows) {
    const auto cost = figure(prefix + rows.column + "_cost");
    const auto accuracy = figure(prefix + rows.column + "_accuracy");
    if (cost && accuracy) scores.*rows.score = Score{.cost = *cost, .goodness = *accuracy};
  }
  return scores;
}

std::string RunFiles::model_prefix() const {
  const auto epoch = figure("model_epoch");
  return epoch && epoch == best_epoch() ? "best_" : "";
}

Task RunFiles::task() const {
  if (model) return std::visit([](const auto& typed) { return typed.task; }, *model);
  const auto named = [](const nlohmann::json& json) {
    return json.is_object() && json.contains("task") && json["task"].is_string()
               ? parse_task(json["task"].get<std::string>())
               : std::nullopt;
  };
  if (const auto task = named(summary)) return *task;
  if (summary.is_object() && summary.contains("data"))
    if (const auto task = named(summary["data"])) return *task;
  // A run that was killed has left nothing but its configuration.
  return (options ? known_task(options->data) : std::nullopt).value_or(Task::kClassification);
}

RunFiles read_run(const fs::path& folder, bool with_model) {
  RunFiles run;
  run.folder = folder;
  run.name = name_of_folder(folder);
  const fs::path config = folder / "config.ini", metrics = folder / "metrics.csv",
                 summary = folder / "summary.json";
  try_to(config, run, [&] { read_config(config, run); });
  try_to(metrics, run, [&] { run.metrics = Columns(metrics); });
  try_to(summary, run, [&] { read_summary(summary, run); });
  if (with_model) read_model(folder, run);
  return run;
}

}  // namespace nabla::report

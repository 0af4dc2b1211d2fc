// SPDX-License-Identifier: MIT
#include "run/stopped_run.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "nabla/base/error.h"
#include "nabla/train/checkpoint.h"
#include "nabla/train/trainer.h"

#include "base/file.h"
#include "config/configuration.h"
#include "config/essential_keys.h"
#include "config/option_table.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

void require_changeable(const std::vector<Setting>& settings) {
  for (const Setting& setting : settings)
    if (const ExperimentOption* option = find_option(setting.key);
        option == nullptr || !option->flags.changes_on_resume)
      throw ConfigError(setting.place() +
                        ": cannot be given with --resume, expected parallel.threads, "
                        "train.epochs or output.report");
}

/// Other commands' folders have a config.ini, too.
void require_training(const fs::path& folder) {
  const std::optional<FolderKind> kind = kind_of_folder(folder);
  if (!kind || kind == FolderKind::kTrain) return;
  const std::string command(name_of(*kind));
  throw ConfigError("--resume: " + folder.string() + " is the folder of nabla " + command +
                    ", expected that of nabla train; nabla " + command + " " +
                    (folder / "config.ini").string() +
                    (kind == FolderKind::kSweep ? " goes on with it" : " does it again"));
}

/// Whether the model in the folder is the one that the summary tells of. It may be of fewer epochs
/// if the last one could not be written.
bool is_model_of(const nlohmann::json& summary, const RunFolder& folder) {
  if (!summary.contains("model_sha256")) return false;
  try {
    return summary["model_sha256"] == sha256(read_file(folder.model()));
  } catch (const DataError&) {
    return false;
  }
}

/// How the run ended by its summary.json; empty if it needs more epochs.
std::string ending_of(const RunFolder& folder, std::size_t epochs) {
  std::ifstream stream(folder.summary(), std::ios::binary);
  const auto json = nlohmann::json::parse(std::string{std::istreambuf_iterator<char>(stream), {}},
                                          nullptr, false);
  if (!json.is_object() || !json.contains("status") || !json.contains("epochs") ||
      !json["epochs"].is_number_unsigned())
    return "";
  const auto done = json["epochs"].get<std::size_t>();
  const bool is_ended = json["status"] == name_of(TrainStatus::kEarlyStopped) ||
                        (json["status"] == name_of(TrainStatus::kCompleted) && done >= epochs);
  if (!is_ended || !is_model_of(json, folder)) return "";
  return json["status"].get<std::string>() + " after " + std::to_string(done) +
         (done == 1 ? " epoch" : " epochs");
}

/// Returns the epochs that a run's config.ini asks for. It names their number whatever the run was
/// given.
std::size_t epochs_in(const ExperimentOptions& options, const RunFolder& folder) {
  if (!options.train.epochs)
    throw ConfigError(folder.config().string() +
                      ": train.epochs = auto, expected a number to go on with");
  return *options.train.epochs;
}

}  // namespace

bool evaluates_after(const TrainOptions& options, std::size_t epoch) {
  return options.evaluate_every > 0 && epoch % options.evaluate_every == 0;
}

StoppedRun open_stopped_run(const fs::path& path, const std::vector<Setting>& settings,
                            bool is_first_rank) {
  require_changeable(settings);
  require_training(path);
  StoppedRun run{RunFolder::open(path, is_first_rank), {}, {}, {}};
  const ExperimentOptions before = read_configuration(run.folder.config(), {}).options;
  Configuration now = read_configuration(run.folder.config(), settings);
  run.options = std::move(now.options);
  run.warnings = std::move(now.warnings);
  const std::size_t epochs = epochs_in(run.options, run.folder);
  const std::size_t epochs_before = epochs_in(before, run.folder);
  if (epochs != epochs_before && traits_of(run.options.train.schedule.policy).depends_on_epochs)
    run.warnings.push_back(
        "schedule.policy = cosine depends on train.epochs: the epochs so far had the rates of " +
        std::to_string(epochs_before) + " epochs");
  run.ending = ending_of(run.folder, epochs);
  return run;
}

template <class T>
std::optional<TrainState<T>> newest_state(const RunFolder& folder, const ExperimentOptions& options,
                                          const DataIdentity* data,
                                          std::vector<std::string>& warnings) {
  for (const fs::path& file : {folder.checkpoint(), folder.previous_checkpoint()}) {
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(file, ignored))) continue;
    std::optional<TrainState<T>> state;
    std::optional<DataIdentity> before;
    try {
      const CheckpointFile checkpoint = read_checkpoint(file);
      require_same_experiment(options, checkpoint.configuration, folder.config().string(),
                              file.string());
      state = state_in<T>(checkpoint);
      before = parse_identity(checkpoint.data, file.string() + ": metadata \"data\"");
    } catch (const CheckpointVersionError& error) {
      throw DataError(std::string(error.what()) + "; nabla train " + folder.config().string() +
                      " trains the run anew");
    } catch (const DataError& error) {
      warnings.push_back(std::string(error.what()) + "; put aside as " +
                         folder.damaged_checkpoint().filename().string());
      fs::rename(file, folder.damaged_checkpoint(), ignored);
      continue;
    }
    if (data != nullptr)
      if (const std::string changed = difference(*data, *before); !changed.empty())
        throw DataError(file.string() + ": the data have changed since: " + changed +
                        "; nabla train " + folder.config().string() + " trains a new run on them");
    return state;
  }
  warnings.push_back(folder.path().string() + ": no good checkpoint, starting over");
  return std::nullopt;
}

template std::optional<TrainState<float>> newest_state(const RunFolder&, const ExperimentOptions&,
                                                       const DataIdentity*,
                                                       std::vector<std::string>&);
template std::optional<TrainState<double>> newest_state(const RunFolder&, const ExperimentOptions&,
                                                        const DataIdentity*,
                                                        std::vector<std::string>&);

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "sweep/folder.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "nabla/base/error.h"

#include "base/file.h"
#include "base/text.h"
#include "config/option_table.h"
#include "config/sweep_options.h"
#include "run/run_folder.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTrialPrefix = "trial-";
constexpr std::size_t kTrialDigits = 3;

void remove_file(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) throw std::system_error(error, file.string());
}

/// Removes the files of a sweep; other files stay.
void remove_sweep(const fs::path& folder) {
  remove_run_files(folder);
  std::vector<fs::path> trials;
  const fs::path best = folder / "best";
  if (fs::is_symlink(best))
    remove_file(best);
  else if (fs::is_directory(best))
    trials.push_back(best);
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && is_trial_name(entry.path().filename().string()))
      trials.push_back(entry.path());
  for (const fs::path& trial : trials) {
    remove_run_files(trial);
    if (fs::is_empty(trial)) remove_file(trial);
  }
}

/// Whether a sweep goes on although the option has another value than before: no trial's result
/// depends on it.
bool may_differ(const ExperimentOption& option, const ExperimentOptions& options) {
  return option.flags.changes_in_sweep ||
         (option.section() == "sweep" && !reason_of_no_effect(option, options).empty());
}

/// "train.epochs = 5 there, 30 here" for the first key in which the sweeps differ; empty for the
/// same sweep. A random one may grow.
std::string difference(const ExperimentOptions& there, const ExperimentOptions& here) {
  const auto differs = [](const std::string& key, const std::string& a, const std::string& b) {
    return key + " = " + in_quotes(a) + " there and " + in_quotes(b) + " here";
  };
  for (const ExperimentOption& option : option_table()) {
    const std::string a = option.write(there), b = option.write(here);
    if (a == b || may_differ(option, here)) continue;
    if (option.key == "sweep.trials" && here.sweep.method == SweepMethod::kRandom &&
        there.sweep.trials < here.sweep.trials)
      continue;
    return differs(option.key, a, b);
  }
  const auto& a = there.sweep.keys;
  const auto& b = here.sweep.keys;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i < a.size() && i < b.size() && a[i] == b[i]) continue;
    if (i >= b.size()) return "sweep." + a[i].key + " is swept there only";
    if (i >= a.size()) return "sweep." + b[i].key + " is swept here only";
    if (a[i].key != b[i].key) return "sweep." + a[i].key + " there and sweep." + b[i].key + " here";
    return differs("sweep." + a[i].key, write_swept_key(a[i]), write_swept_key(b[i]));
  }
  return "";
}

void require_same_sweep(const fs::path& folder, const ExperimentOptions& options) {
  const ExperimentOptions there = read_configuration(folder / "config.ini", {}).options;
  const std::string text = difference(there, options);
  if (!text.empty())
    throw ConfigError(
        "output.dir",
        folder.string() + " holds a different sweep (" + text +
            "), expected the same configuration, another folder or output.overwrite = "
            "yes");
}

}  // namespace

bool is_trial_name(const std::string& name) {
  return name.starts_with(kTrialPrefix) && name.size() > kTrialPrefix.size() &&
         std::ranges::all_of(name.substr(kTrialPrefix.size()),
                             [](unsigned char c) { return std::isdigit(c) != 0; });
}

fs::path trial_folder(const fs::path& folder, std::size_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, kTrialDigits - std::min(kTrialDigits, digits.size()), '0');
  return folder / (std::string(kTrialPrefix) + digits);
}

SweepFolder::SweepFolder(fs::path path) : path_(std::move(path)) {
  make_output_folder(path_);
  if (::access(path_.c_str(), W_OK) != 0) throw_no_folder("output.dir", path_, errno);
  lock_ = std::make_unique<const FolderLock>(path_, "output.dir", "a sweep");
}

SweepFolder::SweepFolder(SweepFolder&& other) noexcept
    : path_(std::move(other.path_)),
      lock_(std::move(other.lock_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      unwritten_(std::move(other.unwritten_)),
      earlier_(std::move(other.earlier_)) {}

SweepFolder::~SweepFolder() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

SweepFolder SweepFolder::open(const ExperimentOptions& options, const std::vector<Trial>& trials) {
  for (std::size_t number = 1;; ++number) {
    const fs::path path = output_folder(options.output.dir, number);
    const bool is_taken = file_exists(path);
    if (is_taken && !fs::is_directory(path)) {
      if (number > 1) continue;
      throw ConfigError("output.dir", path.string() + " is a file, expected a folder");
    }
    const bool is_sweep = file_exists(path / "trials.csv");
    if (is_taken && !is_sweep && !options.output.overwrite && !is_empty_output_folder(path))
      continue;
    SweepFolder folder(path);
    if (options.output.overwrite) {
      remove_sweep(path);
    } else if (is_sweep) {
      require_same_sweep(path, options);
      folder.earlier_ = read_results(folder.trials(), options.sweep, trials);
      const char* last_file =
          options.sweep.score == SweepScore::kCrossval ? "summary.json" : "model.safetensors";
      std::erase_if(folder.earlier_, [&](const auto& entry) {
        return !file_exists(folder.trial(entry.first) / last_file);
      });
    }
    return folder;
  }
}

void SweepFolder::begin(const ExperimentOptions& options, const std::vector<Trial>& trials) {
  replace_file(path_ / "config.ini", write_configuration(options));
  std::string text = results_header(options.sweep);
  for (const auto& [trial, result] : earlier_)
    text += result_line(options.sweep, trials[trial - 1], result);
  rewrite(text);
  remove_file(summary());
  // Until the sweep has ended it is not known which trial is the best.
  if (fs::is_symlink(best())) remove_file(best());
}

void SweepFolder::link_best(std::size_t number) {
  // A link costs nothing and cannot differ from its trial; a rename replaces an older one at once.
  fs::path link = best();
  link += ".tmp";
  remove_file(link);
  fs::create_directory_symlink(trial(number).filename(), link);
  fs::rename(link, best());
}

void SweepFolder::append(const std::string& line) {
  unwritten_ += line;
  while (!unwritten_.empty()) {
    const ssize_t count = ::write(descriptor_, unwritten_.data(), unwritten_.size());
    if (count > 0) unwritten_.erase(0, static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), trials().string());
  }
}

void SweepFolder::rewrite(const std::string& text) {
  replace_file(trials(), text);
  unwritten_.clear();
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = ::open(trials().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), trials().string());
}

}  // namespace nabla

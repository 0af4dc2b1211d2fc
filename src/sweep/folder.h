// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "run/run_folder.h"
#include "sweep/results.h"

namespace nabla {

/// Whether a trial's folder is called so: "trial-007".
bool is_trial_name(const std::string& name);

/// The run folder of a trial of the sweep in `folder`.
std::filesystem::path trial_folder(const std::filesystem::path& folder, std::size_t number);

/// The folder of a sweep, which belongs to this process while the object lives. A line of
/// trials.csv is on disk as soon as its trial has ended.
class SweepFolder {
 public:
  /// Opens output.dir, or if that holds something else than a sweep output.dir-2, -3, …: a new
  /// folder, or that of the same sweep begun earlier. output.overwrite starts over in output.dir.
  /// Otherwise no file changes until `begin`.
  /// Throws ConfigError if the folder holds a different sweep, if another process works in it, and
  /// if it cannot be made.
  static SweepFolder open(const ExperimentOptions& options, const std::vector<Trial>& trials);
  ~SweepFolder();
  SweepFolder(SweepFolder&&) noexcept;
  SweepFolder& operator=(SweepFolder&&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path trials() const { return path_ / "trials.csv"; }
  std::filesystem::path summary() const { return path_ / "summary.json"; }
  /// The winner's run: a link to its trial, or a run folder of its own.
  std::filesystem::path best() const { return path_ / "best"; }
  std::filesystem::path trial(std::size_t number) const { return trial_folder(path_, number); }
  /// Results of trials that need not run again.
  const TrialResults& earlier() const { return earlier_; }
  /// Has a trial run again.
  void forget(std::size_t number) { earlier_.erase(number); }
  /// Writes the files that a sweep begins with.
  void begin(const ExperimentOptions& options, const std::vector<Trial>& trials);

  /// Adds a line. Throws std::system_error naming the file; the line is then written before the
  /// next one.
  void append(const std::string& line);
  /// Makes best() a link to the trial's folder. It is relative, so that it holds when the sweep's
  /// folder is moved. Throws std::system_error.
  void link_best(std::size_t number);
  /// Writes the whole of trials.csv anew.
  void rewrite(const std::string& text);

 private:
  explicit SweepFolder(std::filesystem::path path);

  std::filesystem::path path_;
  std::unique_ptr<const FolderLock> lock_;
  int descriptor_ = -1;
  std::string unwritten_;
  TrialResults earlier_;
};

}  // namespace nabla

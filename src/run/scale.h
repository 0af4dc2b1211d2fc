// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nabla/engine/parallel_options.h"
#include "nabla/engine/phase_seconds.h"
#include "nabla/engine/ranks.h"

#include "config/experiment_options.h"

namespace nabla {

/// A wall time measured with so many threads, those of all ranks, in any unit of time.
struct ThreadTime {
  double threads;
  double time;
};

/// The serial fraction s of Amdahl's law, fitted to measurements.
struct SerialFraction {
  /// s: the part of the time of one thread that threads do not shorten. Not clamped: it is below
  /// 0 if the speed-up is larger than the number of threads.
  double value;
  /// Standard error of s; none for two measurements, which every line fits.
  std::optional<double> error;
};

/// The least-squares fit of T(n) = T(1)·(s + (1 − s)/n), a straight line in 1/n, with the error of
/// s carried over from those of the line's two coefficients (delta method). Returns nullopt for
/// fewer than two different thread counts, or if the fitted T(1) is not above 0. Law: G. M. Amdahl,
/// "Validity of the single processor approach to achieving large scale computing capabilities",
/// AFIPS 1967.
std::optional<SerialFraction> fit_amdahl(std::span<const ThreadTime> measured);

/// One batch size with one count of ranks and threads: the round of median speed of those measured.
struct ScaleRow {
  std::size_t batch_size;  ///< rows, at most those there are
  std::size_t ranks;
  std::size_t threads;  ///< of a rank
  std::size_t shards;
  Reduction reduction;
  double samples_per_second;
  double speedup;     ///< over the first counts of the lists
  double efficiency;  ///< speed-up per thread of all ranks, that of the first being 1
  /// Wall seconds per 1,000,000 samples, of the first rank.
  PhaseSeconds phase_seconds;
  /// In the same unit: those in which the first rank waited for others, and the same if it waits
  /// for each exchange as soon as it has begun; 0 if it is alone. The difference is hidden behind
  /// work.
  double waited = 0;
  double waited_without_overlap = 0;
  double seconds;       ///< of training, all rounds
  std::size_t samples;  ///< trained on, all rounds
  /// The smallest batch size that is work enough for more than one thread.
  std::size_t split_from;
  std::size_t rows;  ///< of the training data
};

/// Returns why more threads change nothing for this batch size, and batch sizes that they do divide
/// among themselves; empty if they divide this one. The arguments are those of ScaleRow.
std::string unsplit_text(std::size_t batch_size, std::size_t split_from, std::size_t rows);

/// Amdahl's law for one batch size, from its thread counts that the machine has cores for.
struct ScaleFit {
  std::size_t batch_size;
  std::optional<SerialFraction> serial;
};

struct ScaleResult {
  std::filesystem::path folder;  ///< empty if nothing was measured
  std::vector<ScaleRow> rows;    ///< by batch size, then by threads as listed
  std::vector<ScaleFit> fits;
  bool interrupted = false;
};

/// One round is over; for progress.
struct ScaleRound {
  std::size_t round;  ///< from 1
  std::size_t rounds;
  std::size_t batch_size;
  std::size_t ranks;
  std::size_t threads;
  double samples_per_second;
};

/// All called on the thread that runs the study, never while it measures but for `stop`, which is
/// asked after each mini-batch. Any may be empty.
struct ScaleCallbacks {
  std::function<void(const ScaleRound&)> on_round;
  std::function<void(const std::string&)> on_warning;
  std::function<bool()> stop;
};

/// Trains the experiment with each batch size and thread count of options.scale, always from the
/// same start and without evaluation, and leaves config.ini and scale.csv in a folder of its own;
/// scale.csv is replaced after each round, so that it holds all that is known. The thread counts
/// take turns in short rounds, so that a machine whose speed drifts treats them alike. Warns if
/// there are fewer cores than threads, and if other processes used them (see CoreSharing). Throws
/// as load_data, plan_network and train do, DivergedError if the training diverges.
///
/// Of several ranks the first of options.scale.ranks train and the others rest. The first one alone
/// has folder and rows, and calls back, but for `stop`; what fails on one is a RankError on all.
ScaleResult run_scale(const ExperimentOptions& options, const ScaleCallbacks& callbacks,
                      Ranks& ranks = lone_rank());

/// 1, 2, 4, … below `cores`, and `cores`.
std::vector<std::size_t> doubled_up_to(std::size_t cores);

/// The rows as the text of scale.csv.
std::string scale_csv(const std::vector<ScaleRow>& rows);

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "config/experiment_options.h"

#include <algorithm>
#include <string>

#include "base/option_builders.h"
#include "data/option_rows.h"
#include "engine/option_rows.h"
#include "train/option_rows.h"

namespace nabla {

namespace {

using Sizes = std::vector<std::size_t>;

void require_different(const Sizes& sizes, std::string (*write)(std::size_t)) {
  for (auto size = sizes.begin(); size != sizes.end(); ++size)
    if (std::find(sizes.begin(), size, *size) != size)
      throw_bad_value(write(*size), "is given twice", "each once");
}

}  // namespace

OptionRows<OutputOptions> output_rows() {
  using O = OutputOptions;
  using Row = OptionRow<O>;
  OptionRows<O> rows = {
      Row::path("output.dir", &O::dir, "runs/NAME for NAME.ini",
                "Folder of the run; where it holds something, -2, -3 … is appended."),
      Row::yes_no("output.overwrite", &O::overwrite,
                  "Write into an existing run's folder instead."),
      Row::whole("output.checkpoint-every", &O::checkpoint_every, from_to(0, 1'000'000'000),
                 "Write a checkpoint every so many epochs; 0: only where the run is interrupted."),
      Row::yes_no("output.report", &O::report,
                  "Write report.html into the folder once the training has ended, as `nabla "
                  "report` does."),
  };
  for (Option<O>& row : rows)
    row.flags = {.essential = false,
                 .changes_on_resume = row.key == "output.report",
                 .changes_in_sweep = true,
                 .obstacle = "each trial has a folder of its own"};
  return rows;
}

OptionRows<ScaleOptions> scale_rows() {
  using S = ScaleOptions;
  using Row = OptionRow<S>;
  const auto write_whole = [](std::size_t size) { return std::to_string(size); };
  OptionRows<S> rows = {
      Row::wholes(
          "scale.threads", &S::threads, from_to(1, kMaxThreads),
          [=](const Sizes& sizes) { require_different(sizes, write_whole); },
          "Thread counts that `nabla scale` compares, each with the first.")
          .empty_means("1, 2, 4, … up to all cores"),
      Row::wholes(
          "scale.ranks", &S::ranks, from_to(1, 65536),
          [=](const Sizes& sizes) { require_different(sizes, write_whole); },
          "Counts of ranks that `nabla scale` compares under an MPI launcher.")
          .empty_means("1, 2, 4, … up to all ranks"),
      Row::whole("scale.shards", &S::shards, from_to(0, 65536),
                 "Shards per mini-batch in `nabla scale`; 0: as parallel.shards."),
      Row::list(
          "scale.batch-sizes", &S::batch_sizes, "list of whole numbers or all",
          "each at least 1 · all", parse_batch_size, write_batch_size,
          [](const Sizes& sizes) { require_different(sizes, write_batch_size); },
          "Rows per mini-batch that `nabla scale` tries with each thread count.")
          .empty_means("train.batch-size alone"),
      Row::number("scale.seconds", &S::seconds, above_to(0, 86'400),
                  "Wall time that `nabla scale` trains for each batch size and thread count.")};
  for (Option<S>& row : rows)
    row.flags = {.essential = false, .changes_in_sweep = true, .obstacle = kNoTrainingReads};
  return rows;
}

void validate_training(const ExperimentOptions& options) {
  validate(options.train, options.network, options.data);
  validate(options.parallel);
}

}  // namespace nabla

// SPDX-License-Identifier: MIT
//
// The estimate of a training's memory is the memory of its objects.
#include "run/initial_model.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/train/trainer.h"

#include "engine/blas_guard.h"
#include "engine/update.h"
#include "support/allocation_counter.h"
#include "support/models.h"
#include "train/improvement.h"
#include "train/step_options.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

constexpr std::size_t kRows = 400;

/// Every combination of the options that decide what a step keeps.
std::vector<ExperimentOptions> combinations() {
  std::vector<ExperimentOptions> all;
  for (const Reduction reduction : {Reduction::kPerShard, Reduction::kTiled})
    for (const double clip_norm : {0.0, 1.0})
      for (const double max_norm : {0.0, 1.0})
        for (const Algorithm algorithm :
             {Algorithm::kSgd, Algorithm::kMomentum, Algorithm::kRmsprop, Algorithm::kAdam})
          for (const bool keeps_best : {false, true}) {
            ExperimentOptions options;
            options.parallel = {2, 3, reduction};
            options.train.batch_size = kRows;
            options.train.clip_norm = clip_norm;
            options.train.max_norm = max_norm;
            options.train.optimizer.algorithm = algorithm;
            options.data.validation = 10;
            options.train.stop.restore_best = keeps_best;
            all.push_back(options);
          }
  return all;
}

std::string description(const ExperimentOptions& options) {
  return std::string(name_of(options.parallel.reduction)) + ", " +
         std::string(name_of(options.train.optimizer.rule())) + ", clip-norm " +
         std::to_string(options.train.clip_norm) + ", max-norm " +
         std::to_string(options.train.max_norm) + ", restore-best " +
         std::to_string(options.train.stop.restore_best);
}

/// Bytes that are in use because of what `make` returns.
template <class Make>
double bytes_of(Make make) {
  const std::size_t before = *bytes_in_use();
  const auto object = make();
  return static_cast<double>(*bytes_in_use()) - static_cast<double>(before);
}

/// The allocator's overhead for some dozens of arrays, and vectors and functions of a few bytes.
constexpr double kBookkeeping = 200e3;

void expect_estimated(double estimate, double bytes) {
  EXPECT_GE(bytes, estimate);
  EXPECT_LE(bytes, estimate + kBookkeeping);
}

TEST(MemoryNeed, IsWhatTheObjectsTake) {
  if (!bytes_in_use()) GTEST_SKIP() << "a sanitizer is in the way of counting bytes";
  // A nabla of the network takes 1 MB, an activation of the widest layer 1.2 MB.
  const std::vector<std::size_t> widths = {300, 770, 10};
  const Dataset data = random_classes(kRows, 300, 10);
  const auto executor = make_executor(2);
  require_safe_blas(*executor);  // BLAS keeps the memory that it takes first.
  for (const bool batch_norm : {false, true}) {
    Model<float> model =
        make_model<float>(widths, {kGelu, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
    model.network = Network<float>(Topology(widths, {kGelu, kSoftmax}, batch_norm));
    const Topology& topology = model.network.topology();
    const StepPlan plan = plan_step(topology, kRows, {2, 3, Reduction::kTiled});
    expect_estimated(Workspace<Float32>::bytes(topology, kRows),
                     bytes_of([&] { return Workspace<Float32>(topology, kRows); }));
    expect_estimated(BatchNorm<Float32>::bytes(topology, kRows, 3),
                     bytes_of([&] { return BatchNorm<Float32>(topology, kRows, 3); }));
    const BatchNorm<Float32> norm(topology, kRows, 3);
    for (const ExperimentOptions& options : combinations()) {
      SCOPED_TRACE(description(options) + (batch_norm ? ", batch-norm" : ""));
      const TrainOptions& train = options.train;
      const Penalty penalty{train.l1, train.l2};
      const StepPlan steps = plan_training(topology, data, train, options.parallel, false);
      const ShardRows shard_rows(steps, lone_rank());
      const double storage = static_cast<double>(topology.storage());
      const double optimizer = Optimizer<float>::bytes(train.optimizer, topology.storage());
      expect_estimated(
          Update<Float32>::bytes(topology, steps, train.optimizer, penalty, norm_bounds(train), 2) +
              optimizer,
          bytes_of([&] {
            return std::make_unique<Update<Float32>>(topology, steps, train.optimizer, penalty,
                                                     norm_bounds(train), norm, shard_rows,
                                                     *executor);
          }));
      const DataSplit split{data, data, {}};
      const double training = bytes_of([&] {
        return std::make_unique<Trainer<float>>(model, split, train, options.parallel, *executor);
      });
      // The network itself and the three states of a checkpoint are not in a training.
      const double state =
          optimizer + (keeps_best(train.stop, true) ? 2 : 1) * storage * sizeof(float);
      expect_estimated(training_bytes(topology, options, data) - 3 * state -
                           storage * sizeof(float) - kRows * sizeof(double),
                       training);
    }
  }
}

TEST(MemoryNeed, CountsTheNablaThatClipNormKeeps) {
  const Topology topology({300, 770, 10}, {kTanh, kSoftmax});
  const Dataset data = random_classes(kRows, 300, 10);
  ExperimentOptions options;
  options.parallel.reduction = Reduction::kTiled;
  const double plain = training_bytes(topology, options, data);
  options.train.clip_norm = 1;
  EXPECT_EQ(training_bytes(topology, options, data) - plain,
            static_cast<double>(topology.storage() * sizeof(float)));
}

}  // namespace
}  // namespace nabla

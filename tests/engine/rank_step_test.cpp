// SPDX-License-Identifier: MIT
//
// The result of a step does not depend on the ranks that compute it.
#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "data/entry_counts.h"
#include "engine/step.h"
#include "support/models.h"
#include "support/steps.h"
#include "support/thread_ranks.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

constexpr std::size_t kRankShards = 8;

struct RankCase {
  std::string name;
  StepOptions options = {};
  bool batch_norm = false;
  bool sparse = false;
  std::size_t batch = 40;  ///< of 90 rows, so that the last mini-batch is ragged
  std::vector<std::size_t> hidden = {70, 33};
};

std::vector<RankCase> rank_cases() {
  StepOptions everything{.optimizer = {.algorithm = Algorithm::kAdamw},
                         .penalty = {.l1 = 1e-4, .l2 = 1e-3},
                         .bounds = {.neuron = 2, .nabla = 0.5},
                         .dropout = {0.2, 0.5, 0.5},
                         .seed = 3};
  return {
      {"plain"},
      {"shards without rows", {}, false, false, 87},  // Three rows are left for eight shards.
      {"momentum", {.optimizer = {.algorithm = Algorithm::kMomentum}, .penalty = {0, 1e-3}}},
      {"everything", everything},
      {"everything and batch-norm", everything, true},
      {"sparse", everything, false, true},
      {"sparse and batch-norm", everything, true, true},
      // Several bands, some of which are of one rank alone.
      {"wide", {.optimizer = {.algorithm = Algorithm::kMomentum}}, false, false, 40, {300, 560}},
      {"one layer", {}, false, false, 40, {}},
      {"one layer, sparse", {}, false, true, 40, {}}};
}

Dataset rank_data(bool sparse) {
  Dataset data = random_classes(90, 50, 4);
  Random random(5);
  Matrix<std::uint8_t> features(90, 50);
  for (std::uint8_t& x : features.elements())
    x = sparse && random.below(4) > 0 ? 0 : static_cast<std::uint8_t>(random.below(256));
  data.features = std::move(features);
  return sparse ? to_sparse(data) : data;
}

template <class T>
struct RankResult {
  std::vector<T> parameters;
  std::vector<double> costs;
  StepState<T> state;
};

template <class P>
RankResult<ParameterOf<P>> trained_on(const RankCase& test, const Dataset& data, Ranks& ranks,
                                      std::size_t threads) {
  using T = ParameterOf<P>;
  std::vector<std::size_t> widths = {50};
  widths.insert(widths.end(), test.hidden.begin(), test.hidden.end());
  widths.push_back(4);
  std::vector<Activation> activations(test.hidden.size(), kTanh);
  if (!activations.empty()) activations.back() = kRelu;
  activations.push_back(kSoftmax);
  Model<T> model = make_model<T>(widths, activations, Cost::kCrossEntropy, Task::kClassification);
  model.network = Network<T>(Topology(widths, activations, test.batch_norm));
  initialize(model.network, Initializer::kAuto, {}, 1);
  model.preprocess.kind = Normalization::kScale;
  const Topology& topology = model.network.topology();
  const EntryCounts entries = count_entries(data, widths.front(), test.batch);
  StepPlan plan = plan_step(topology, test.batch, {threads, kRankShards, Reduction::kPerShard},
                            test.options.bounds.neuron > 0 ? TileCut::kWholeNeurons : TileCut::kAny,
                            test.sparse ? &entries : nullptr);
  plan.worth_threads = true;
  const auto executor = make_executor(threads);
  Step<P> step(topology, model.cost, data, model.preprocess, plan, test.options, *executor, ranks);
  step.take_weights(model.network);
  RankResult<T> result;
  const auto rows = first_rows(data.rows());
  for (std::size_t epoch = 0; epoch < 2; ++epoch)
    for (std::size_t first = 0; first < rows.size(); first += test.batch) {
      const auto batch = std::span(rows).subspan(first, std::min(test.batch, rows.size() - first));
      const BatchResult of_batch =
          step.run(model.network, batch, {0.01, epoch, first / test.batch});
      result.costs.push_back(of_batch.cost);
      result.costs.push_back(of_batch.misfit);
    }
  step.give_weights(model.network);
  step.copy_state(result.state);
  const auto parameters = model.network.parameters();
  result.parameters.assign(parameters.begin(), parameters.end());
  return result;
}

template <class T>
bool same_bytes(std::span<const T> a, std::span<const T> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

template <class P>
void expect_same_bytes_on_ranks() {
  using T = ParameterOf<P>;
  for (const RankCase& test : rank_cases()) {
    const Dataset data = rank_data(test.sparse);
    const RankResult<T> expected = trained_on<P>(test, data, lone_rank(), 1);
    for (const std::size_t count : {2UL, 3UL, 4UL, 8UL})
      run_ranks(count, [&](Ranks& ranks) {
        const std::size_t threads = 1 + ranks.rank() % 2;
        const RankResult<T> actual = trained_on<P>(test, data, ranks, threads);
        const std::string which =
            test.name + ", rank " + std::to_string(ranks.rank()) + " of " + std::to_string(count);
        EXPECT_TRUE(same_bytes<T>(actual.parameters, expected.parameters)) << which;
        EXPECT_EQ(actual.costs, expected.costs) << which;
        if (ranks.rank() > 0) return;
        ASSERT_EQ(actual.state.slots.size(), expected.state.slots.size()) << which;
        for (std::size_t i = 0; i < actual.state.slots.size(); ++i)
          EXPECT_TRUE(same_bytes<T>(actual.state.slots[i].span(), expected.state.slots[i].span()))
              << which << ", slot " << i;
      });
  }
}

TEST(RankStep, HasTheBytesOfOneProcess) { expect_same_bytes_on_ranks<Float32>(); }
TEST(RankStep, HasTheBytesOfOneProcessInDouble) { expect_same_bytes_on_ranks<Float64>(); }
TEST(RankStep, HasTheBytesOfOneProcessInBfloat16) { expect_same_bytes_on_ranks<Bfloat16>(); }

TEST(RankStep, SendsEachParameterTwice) {
  const RankCase test{"plain"};
  const Dataset data = rank_data(false);
  const Topology topology({50, 70, 33, 4}, {kTanh, kRelu, kSoftmax});
  const std::size_t steps = 6;
  for (const std::size_t count : {2UL, 4UL})
    run_ranks(count, [&](Ranks& ranks) {
      trained_on<Float32>(test, data, ranks, 1);
      // Its nabla to who steps it, and its own ones to all others; with the padding of rows, and
      // costs and flags of a few bytes.
      const double most = 2.0 * static_cast<double>(topology.storage() * sizeof(float));
      EXPECT_LE(static_cast<double>(ranks.bytes_sent()), steps * (most + 1024));
    });
}

}  // namespace
}  // namespace nabla

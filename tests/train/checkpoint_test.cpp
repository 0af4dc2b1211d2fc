// SPDX-License-Identifier: MIT
#include "nabla/train/checkpoint.h"

#include <cmath>
#include <gtest/gtest.h>
#include <span>
#include <string>

#include "nabla/base/error.h"
#include "nabla/model/model.h"

#include "support/errors.h"
#include "support/models.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

template <class T>
TrainState<T> some_state() {
  TrainState<T> state;
  state.progress.epochs = 3;
  state.progress.row = 20;
  state.progress.cost = 0.1;
  state.progress.train_seconds = 1.0 / 3;
  state.progress.last.epoch = 3;
  state.progress.last.validation = Score{HUGE_VAL, -HUGE_VAL};
  state.progress.best.test = Score{std::nan(""), 1e-300};
  state.progress.is_early_stopped = true;
  state.optimizer_steps = 18446744073709551615U;
  state.parameters = AlignedArray<T>(5);
  for (std::size_t i = 0; i < 5; ++i) state.parameters[i] = T(0.1) * static_cast<T>(i);
  state.last_good = AlignedArray<T>(5);
  state.optimizer.assign(2, state.parameters);
  return state;
}

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

template <class T>
TrainState<T> read_back(const std::string& bytes) {
  return state_in<T>(parse_checkpoint(bytes_of(bytes), "c"));
}

template <class T>
class Checkpoint : public testing::Test {};
using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(Checkpoint, Precisions);

TYPED_TEST(Checkpoint, ReadsBackTheSame) {
  const auto state = some_state<TypeParam>();
  const std::string bytes = serialize_checkpoint(state, "a = \"b\"\n", "rows = 3\n");
  EXPECT_EQ(parse_checkpoint(bytes_of(bytes), "c").configuration, "a = \"b\"\n");
  EXPECT_EQ(parse_checkpoint(bytes_of(bytes), "c").data, "rows = 3\n");
  const auto again = read_back<TypeParam>(bytes);
  EXPECT_EQ(serialize_checkpoint(again, "a = \"b\"\n", "rows = 3\n"), bytes);
  EXPECT_EQ(again.progress.train_seconds, 1.0 / 3);
  EXPECT_EQ(again.progress.last.validation->cost, HUGE_VAL);
  EXPECT_TRUE(std::isnan(again.progress.best.test->cost));
  EXPECT_FALSE(again.progress.last.test);
  EXPECT_EQ(again.progress.improvement.reference, -HUGE_VAL);
  EXPECT_EQ(again.parameters[4], TypeParam(0.1) * 4);
  EXPECT_EQ(again.best.size(), 0U);
  EXPECT_EQ(again.optimizer.size(), 2U);
}

TEST(CheckpointFile, KeepsThePrecision) {
  auto state = some_state<float>();
  const std::string single = serialize_checkpoint(state);
  EXPECT_EQ(read_back<float>(single).precision, Precision::kFloat32);
  state.precision = Precision::kBfloat16;
  const std::string mixed = serialize_checkpoint(state);
  EXPECT_EQ(read_back<float>(mixed).precision, Precision::kBfloat16);
  EXPECT_EQ(serialize_checkpoint(read_back<float>(mixed)), mixed);
}

TEST(CheckpointFile, SeesEveryDamage) {
  const std::string good = serialize_checkpoint(some_state<float>(), "a = b\n");
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_THROW(read_back<float>(bad), DataError) << "byte " << i;
  }
  for (std::size_t size = 0; size < good.size(); size += 7)
    EXPECT_THROW(read_back<float>(good.substr(0, size)), DataError) << size << " bytes";
  EXPECT_THROW(read_back<float>(good + "x"), DataError);
}

TEST(CheckpointFile, SaysWhatIsWrong) {
  const std::string good = serialize_checkpoint(some_state<float>());
  std::string bad = good;
  bad.back() = static_cast<char>(bad.back() ^ 1);
  expect_in("c: damaged: its checksum is not the",
            error_of<DataError>([&] { read_back<float>(bad); }));
  expect_in("element type \"F32\", expected F64",
            error_of<DataError>([&] { read_back<double>(good); }));
  const auto model = testing_support::make_model<float>({2, 2}, {Activation::kSoftmax},
                                                        Cost::kCrossEntropy, Task::kClassification);
  expect_in("c: format \"nabla\"",
            error_of<DataError>([&] { read_back<float>(serialize_model(model)); }));
  auto state = some_state<float>();
  state.last_good[2] = HUGE_VALF;
  expect_in("tensor \"last_good\": element 2",
            error_of<DataError>([&] { read_back<float>(serialize_checkpoint(state)); }));
  state = some_state<float>();
  state.parameters = {};
  expect_in("none of the parameters",
            error_of<DataError>([&] { read_back<float>(serialize_checkpoint(state)); }));
}

TEST(CheckpointFile, GoesThroughAFile) {
  const TempFolder folder;
  const auto path = folder.path() / "checkpoint";
  save_checkpoint(some_state<double>(), path);
  EXPECT_EQ(serialize_checkpoint(load_checkpoint<double>(path)),
            serialize_checkpoint(some_state<double>()));
  expect_in(path.string() + "x",
            error_of<DataError>([&] { load_checkpoint<double>(path.string() + "x"); }));
}

TEST(CheckpointFile, HoldsTheModelOfTheBestEpochElseOfTheLastCompleteOne) {
  const auto model = testing_support::make_model<float>({2, 1}, {Activation::kIdentity}, Cost::kMse,
                                                        Task::kRegression);
  const std::size_t size = model.network.parameters().size();
  TrainState<float> state;
  state.progress.row = 20;
  state.progress.epochs = 1;
  for (auto* array : {&state.parameters, &state.last_good, &state.best})
    *array = AlignedArray<float>(size);
  state.parameters[0] = 1;
  state.last_good[0] = 2;
  state.best[0] = 3;
  const auto first_weight = [&] {
    const std::string bytes = serialize_checkpoint(state, "", "", model_text(model));
    const AnyModel read = model_in(parse_checkpoint(bytes_of(bytes), "c"));
    return std::get<Model<float>>(read).network.parameters()[0];
  };
  EXPECT_EQ(first_weight(), 2);  // no epoch is the best yet
  state.progress.best.epoch = 1;
  EXPECT_EQ(first_weight(), 3);
  state.best = {};
  state.last_good = {};
  state.progress.row = 0;
  EXPECT_EQ(first_weight(), 1);

  const auto error = [&](const std::string& text) {
    const std::string bytes = serialize_checkpoint(state, "", "", text);
    return error_of<DataError>([&] { model_in(parse_checkpoint(bytes_of(bytes), "c")); });
  };
  expect_in("c: metadata \"model\" is missing", error(""));
  expect_in("expected those of its metadata", [&] {
    const auto other = testing_support::make_model<float>({200, 1}, {Activation::kIdentity},
                                                          Cost::kMse, Task::kRegression);
    return error(model_text(other));
  }());
}

}  // namespace
}  // namespace nabla

// SPDX-License-Identifier: MIT
#include <cstdint>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include <nabla/nabla.h>

#include "support/files.h"
#include "support/numpy_bytes.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;

/// 60 rows of four numbers in three classes.
void write_flowers(const std::filesystem::path& path) {
  std::vector<float> features;
  std::vector<std::int64_t> labels;
  for (int row = 0; row < 60; ++row) {
    labels.push_back(row % 3);
    for (int column = 0; column < 4; ++column)
      features.push_back(static_cast<float>((row * (column + 3)) % 11 + 2 * (row % 3)) / 8);
  }
  write_zip(path, {{"x_train.npy", npy("<f4", "(60, 4)", bytes_of(features))},
                   {"y_train.npy", npy("<i8", "(60,)", bytes_of(labels))}});
}

// tests/python compares the program with the module in the same way.
TEST(ApiTraining, LeavesTheBytesOfTheProgram) {
  const TempFolder folder;
  const std::filesystem::path rows = folder.path() / "flowers.npz";
  write_flowers(rows);
  const ProgramResult result =
      run_program({"train", "--data.source=npz", "--data.train=flowers.npz",
                   "--data.normalize=standardize", "--network.hidden=9,7", "--network.dropout=0.2",
                   "--optimizer.algorithm=adam", "--train.learning-rate=0.01", "--train.epochs=4",
                   "--train.batch-size=8", "--train.seed=5", "-q", "-o", "run"},
                  folder.path());
  ASSERT_EQ(result.code, 0) << result.err;

  DataOptions source;
  source.source = DataSource::kNpz;
  source.normalize = Normalization::kStandardize;
  source.train = {rows};
  TrainOptions options{.epochs = 4, .batch_size = 8, .learning_rate = 0.01, .seed = 5};
  options.optimizer.algorithm = Algorithm::kAdam;
  const DataSplit data = load_data(source);
  AnyModel model = make_model(data.train, {.hidden = {9, 7}, .dropout = {0.2}}, options, source);
  train(model, data, options);
  save_model(model, folder.path() / "api.safetensors");
  EXPECT_EQ(read_text(folder.path() / "api.safetensors"),
            read_text(folder.path() / "run" / "model.safetensors"));
}

}  // namespace
}  // namespace nabla

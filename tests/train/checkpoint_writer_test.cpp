// SPDX-License-Identifier: MIT
#include "train/checkpoint_writer.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

#include "nabla/train/checkpoint.h"

#include "support/errors.h"
#include "support/files.h"
#include "support/models.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;

// In the name so that the thread sanitizer's tests have it, too.
class TrainerCheckpointWriter : public testing::Test {
 protected:
  TempFolder temp_;
  std::filesystem::path path_ = temp_.path() / "checkpoint.safetensors";
  std::filesystem::path previous_path_ = temp_.path() / "checkpoint.previous.safetensors";
  std::filesystem::path unfinished_path_ = temp_.path() / "checkpoint.safetensors.tmp";
  DataSplit data_ = only_train(random_classes(64, 6, 3));
  std::unique_ptr<Executor> executor_ = make_executor(2);
  Model<float> model_ = make_model<float>({6, 64, 3}, {Activation::kTanh, Activation::kSoftmax},
                                          Cost::kCrossEntropy, Task::kClassification);
  TrainOptions options_{.epochs = 60, .batch_size = 8};
  int calls_ = 0;  ///< of before_write
};

TEST_F(TrainerCheckpointWriter, LeavesTheNewestStateAndOneBefore) {
  Trainer<float> trainer(model_, data_, options_, {}, *executor_);
  {
    CheckpointWriter<float> writer(path_, previous_path_, "a = b", "c = d", "{}",
                                   [&] { ++calls_; });
    trainer.run({.on_batch = {}, .on_epoch = [&](const EpochReport&) {
                   writer.write(trainer);
                   return Flow::kContinue;
                 }});
    writer.finish();
    EXPECT_EQ(read_text(path_), serialize_checkpoint(trainer.state(), "a = b", "c = d", "{}"));
    EXPECT_TRUE(writer.take_errors().empty());
    // The last checkpoint is written before the writer is gone.
    model_.network.bias(0)[0] = 7;
    options_.epochs = 61;
    Trainer<float> other(model_, data_, options_, {}, *executor_);
    writer.write(other);
  }
  EXPECT_GE(calls_, 2);
  EXPECT_LE(calls_, 61);
  EXPECT_EQ(load_checkpoint<float>(path_).progress.epochs, 0U);
  EXPECT_EQ(read_text(previous_path_),
            serialize_checkpoint(trainer.state(), "a = b", "c = d", "{}"));
}

TEST_F(TrainerCheckpointWriter, TellsWhatItCouldNotWriteAndGoesOn) {
  const Trainer<float> trainer(model_, data_, options_, {}, *executor_);
  CheckpointWriter<float> writer(path_, previous_path_, "", "", "", [] {});
  std::filesystem::create_directory(unfinished_path_);
  writer.write(trainer);
  writer.finish();
  const auto errors = writer.take_errors();
  ASSERT_EQ(errors.size(), 1U);
  expect_in("checkpoint.safetensors.tmp", errors[0]);
  EXPECT_TRUE(writer.take_errors().empty());
  std::filesystem::remove(unfinished_path_);
  writer.write(trainer);
  writer.finish();
  EXPECT_TRUE(writer.take_errors().empty());
  EXPECT_EQ(read_text(path_), serialize_checkpoint(trainer.state()));
}

}  // namespace
}  // namespace nabla

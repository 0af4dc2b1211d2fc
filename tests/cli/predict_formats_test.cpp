// SPDX-License-Identifier: MIT
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "support/errors.h"
#include "support/numpy_bytes.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;

TEST(PredictFormats, TheSameRowsGiveTheSameClasses) {
  const TempFolder folder;
  const std::vector<double> x{0, 0.25, 1, 0.5, 0.5, 2, 3, 0};
  const std::string array = npy("<f8", "(4, 2)", bytes_of(x));
  const std::string labels = npy("<i8", "(4,)", bytes_of<std::int64_t>({7, -1, 7, 3}));
  folder.write("x.csv", "0,0.25\n1,0.5\n0.5,2\n3,0\n");
  folder.write("x.npy", array);
  folder.write("packed", gzip(array));
  folder.write("x.libsvm", "7 2:0.25\n-1 1:1 2:0.5\n1:0.5 2:2\n3 1:3\n");
  write_zip(folder.path() / "x.npz", {{"x_train.npy", array},
                                      {"y_train.npy", labels},
                                      {"x_test.npy", array},
                                      {"y_test.npy", labels}});
  const auto run = [&](const std::vector<std::string>& arguments) {
    return run_program(arguments, folder.path());
  };
  const ProgramResult trained =
      run({"train", "--data.source=npz", "--data.train=x.npz", "--data.task=classification",
           "--train.epochs=40", "--network.hidden=4", "-o", "run", "-q"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  const std::string model = "run/model.safetensors";
  const ProgramResult classes = run({"predict", model, "x.csv", "--proba"});
  ASSERT_EQ(classes.code, 0) << classes.err;
  EXPECT_TRUE(classes.out.starts_with("-1,3,7\n")) << classes.out;
  for (const std::string input : {"x.npy", "packed", "x.npz", "x.libsvm"})
    EXPECT_EQ(run({"predict", model, input, "--proba"}).out, classes.out) << input;

  folder.write("wide.libsvm", "2:0.25 9:1\n1:1 2:0.5\n1:0.5 2:2 3:1\n1:3\n");
  const ProgramResult wide = run({"predict", model, "wide.libsvm", "--proba"});
  EXPECT_EQ(wide.out, classes.out);
  expect_in("warning: wide.libsvm: 2 entries were dropped", wide.err);
  EXPECT_EQ(run({"predict", model, "wide.libsvm", "-q"}).err, "");
  folder.write("rows.libsvm", "7 2:0.25\n-1 1:1\n3 1:3\n");
  folder.write("test.libsvm", "7 2:0.25 9:1\n");
  ASSERT_EQ(run({"train", "--data.source=libsvm", "--data.train=rows.libsvm", "-e", "1",
                 "--data.task=classification", "--data.test=test.libsvm", "-o", "svm", "-q"})
                .code,
            0);
  expect_in("test.libsvm: 1 entry was dropped", run({"evaluate", "svm"}).err);
  EXPECT_EQ(run({"evaluate", "svm", "-q"}).err.find("warning"), std::string::npos);
  // Rows take as many features as the model has, whatever the largest index of their file.
  folder.write("narrow.libsvm", "7 1:0.25\n3 1:2\n");
  EXPECT_EQ(run({"evaluate", "svm", "narrow.libsvm", "-q"}).code, 0);
  expect_in("test.libsvm: 1 entry was dropped, whose index is above 2, the model's inputs",
            run({"evaluate", "svm", "test.libsvm"}).err);

  const ProgramResult evaluated = run({"evaluate", model});
  EXPECT_EQ(evaluated.code, 0) << evaluated.err;
  expect_in("4 test rows", evaluated.out);
  folder.write("x.pkl", "cos\nsystem\n.");
  const ProgramResult refused = run({"predict", model, "x.pkl"});
  EXPECT_EQ(refused.code, 3);
  expect_in("x.pkl: byte 0: the pickle names 'os.system'", refused.err);
  const ProgramResult both =
      run({"train", "--data.source=npz", "--data.train=x.npz", "--data.test=x.npz", "-o", "other"});
  EXPECT_EQ(both.code, 2);
  expect_in("data.test: contradicts data.source = npz", both.err);
}

TEST(PredictFormats, NanIsAMissingValueAsAnEmptyCellIs) {
  const TempFolder folder;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string holes = npy("<f8", "(4, 2)", bytes_of<double>({0, 1, nan, 2, 1, nan, 3, 0}));
  const std::string labels = npy("<i8", "(4,)", bytes_of<std::int64_t>({0, 1, 0, 1}));
  folder.write("holes.npy", holes);
  folder.write("holes.csv", "0,1\n,2\n1,\n3,0\n");
  write_zip(folder.path() / "holes.npz", {{"X.npy", holes}, {"y.npy", labels}});
  const auto run = [&](std::vector<std::string> arguments) {
    return run_program(std::move(arguments), folder.path());
  };
  const ProgramResult refused = run({"train", "holes.npz"});
  EXPECT_EQ(refused.code, 3);
  expect_in(
      "holes.npz: X: row 2: feature 0: the value is missing (NaN); expected a number, or "
      "data.missing = median",
      refused.err);
  const ProgramResult trained =
      run({"train", "holes.npz", "--data.missing=mean", "--data.missing-indicator=yes",
           "--network.hidden=3", "-e", "2", "-o", "run", "-q"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  const ProgramResult predicted = run({"predict", "run", "holes.npy", "--proba"});
  EXPECT_EQ(predicted.code, 0) << predicted.err;
  EXPECT_EQ(run({"predict", "run", "holes.csv", "--proba"}).out, predicted.out);
  EXPECT_EQ(run({"evaluate", "run"}).code, 0);

  folder.write("whole.csv", "1,2,0\n2,1,1\n");
  ASSERT_EQ(run({"train", "whole.csv", "-e", "1", "-o", "whole", "-q"}).code, 0);
  const ProgramResult unfilled = run({"predict", "whole", "holes.npy"});
  EXPECT_EQ(unfilled.code, 3);
  expect_in(
      "holes.npy: row 2: feature 0: the value is missing (NaN); expected a number, or a "
      "model trained with data.missing",
      unfilled.err);
  // The model is there, and would have to be another one.
  write_zip(folder.path() / "full.npz",
            {{"X.npy", npy("<f8", "(2, 2)", bytes_of<double>({0, 1, 1, 2}))},
             {"y.npy", npy("<i8", "(2,)", bytes_of<std::int64_t>({0, 1}))}});
  ASSERT_EQ(run({"train", "full.npz", "-e", "1", "-o", "full", "-q"}).code, 0);
  const ProgramResult evaluated = run({"evaluate", "full", "holes.npz"});
  EXPECT_EQ(evaluated.code, 3);
  expect_in(
      "holes.npz: X: row 2: feature 0: the value is missing (NaN); expected a number, or a "
      "model trained with data.missing",
      evaluated.err);
}

}  // namespace
}  // namespace nabla

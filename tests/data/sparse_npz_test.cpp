// SPDX-License-Identifier: MIT
#include "data/sparse_npz.h"

#include <cmath>
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"
#include "nabla/data/sparse_matrix.h"

#include "base/mapped_file.h"
#include "support/errors.h"
#include "support/features.h"
#include "support/files.h"
#include "support/hostile.h"
#include "support/numpy_bytes.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;

using Arrays = std::map<std::string, std::string>;
using Indices = std::vector<std::int32_t>;

template <class T>
std::string numbers(const std::string& type, const std::vector<T>& elements) {
  return npy(type, "(" + std::to_string(elements.size()) + ",)", bytes_of(elements));
}

/// The arrays that scipy.sparse.save_npz writes for
///     0 2 0 0
///     1 0 0 3
///     0 0 0 0
Arrays csr() {
  return {{"format", npy("|S3", "()", "csr")},
          {"shape", numbers<std::int64_t>("<i8", {3, 4})},
          {"data", numbers<double>("<f8", {2, 1, 3})},
          {"indices", numbers<std::int32_t>("<i4", {1, 0, 3})},
          {"indptr", numbers<std::int32_t>("<i4", {0, 1, 3, 3})}};
}
Arrays coo(const Indices& row, const Indices& col, const std::string& data) {
  return {{"format", npy("|S3", "()", "coo")},
          {"shape", numbers<std::int64_t>("<i8", {3, 4})},
          {"data", data},
          {"row", numbers("<i4", row)},
          {"col", numbers("<i4", col)}};
}
Arrays with(Arrays arrays, const std::string& name, const std::string& array) {
  arrays[name] = array;
  return arrays;
}

class SparseNpz : public testing::Test {
 protected:
  std::string write(const Arrays& arrays, const std::string& name = "x.npz",
                    zip_int32_t method = ZIP_CM_DEFLATE) {
    ZipMembers members;
    for (const auto& [array, content] : arrays) members.emplace_back(array + ".npy", content);
    return write_zip(folder_.path() / name, members, method).string();
  }
  Dataset read(const Arrays& arrays) { return read_numpy_features(write(arrays)); }
  std::vector<double> features_of(const Arrays& arrays) {
    const Matrix<double> copy = copy_of_features(read(arrays));
    return {copy.elements().begin(), copy.elements().end()};
  }
  std::string refuse(const Arrays& arrays) {
    const std::string message = error_of<DataError>([&] { read(arrays); });
    expect_in("x.npz: ", message);
    expect_in("expected", message);
    return message;
  }

  TempFolder folder_;
  const std::vector<double> expected_ = {0, 2, 0, 0, 1, 0, 0, 3, 0, 0, 0, 0};
};

TEST_F(SparseNpz, ReadsEveryFormat) {
  EXPECT_EQ(features_of(csr()), expected_);
  Arrays wide = with(csr(), "indices", numbers<std::int64_t>("<i8", {1, 0, 3}));
  wide = with(wide, "indptr", numbers<std::int64_t>("<i8", {0, 1, 3, 3}));
  EXPECT_EQ(features_of(wide), expected_);
  Arrays csc = with(csr(), "format", npy("|S3", "()", "csc"));
  csc = with(csc, "data", numbers<double>("<f8", {1, 2, 3}));
  csc = with(csc, "indices", numbers<std::int32_t>("<i4", {1, 0, 1}));
  csc = with(csc, "indptr", numbers<std::int32_t>("<i4", {0, 1, 2, 2, 3}));
  EXPECT_EQ(features_of(csc), expected_);
  const std::string values = numbers<double>("<f8", {3, 2, 1});
  EXPECT_EQ(features_of(coo({1, 0, 1}, {3, 1, 0}, values)), expected_);
  const std::string text = npy("<U3", "()", bytes_of<std::uint32_t>({'c', 's', 'r'}));
  EXPECT_EQ(features_of(with(csr(), "format", text)), expected_);
}

TEST_F(SparseNpz, RowsKeepTheArraysOfTheFile) {
  const auto rows = std::get<SparseMatrix<double>>(read(csr()).features).slice(0, 2);
  EXPECT_EQ(rows.entries(), 3U);
  EXPECT_EQ(rows.row(1).columns[1], 3U);
  EXPECT_EQ(rows.row(1).value(1), 3);
}

// As scipy.sparse.load_npz(FILE).toarray() gives them.
TEST_F(SparseNpz, SumsEntriesOfOnePlaceAsSciPyDoes) {
  const Indices row = {1, 0, 1, 1, 2, 2};
  const Indices col = {3, 1, 0, 3, 2, 2};
  EXPECT_EQ(features_of(coo(row, col, numbers<double>("<f8", {1, 2, 1, 2, 5, -5}))), expected_);
  const auto entries = [&](const std::string& data) {
    return std::visit([](const auto& m) { return m.row(2).size(); },
                      read(coo(row, col, data)).features);
  };
  EXPECT_EQ(entries(numbers<float>("<f4", {1, 2, 1, 2, 5, -5})), 0U) << "a sum of 0 is no entry";
  const std::string bools = npy("|b1", "(6,)", std::string("\1\1\1\1\1\1", 6));
  EXPECT_EQ(features_of(coo(row, col, bools))[7], 1);
  EXPECT_EQ(features_of(coo(row, col, npy("|u1", "(6,)", "\x80\1\1\x81\1\1")))[7], 1)
      << "modulo 256";
  EXPECT_EQ(features_of(coo(row, col, npy("|i1", "(6,)", "\x7f\1\1\1\1\1")))[7], -128);
}

TEST_F(SparseNpz, KeepsOrNarrowsTheType) {
  const auto type_of = [&](const std::string& data) {
    return read(with(csr(), "data", data)).features.index();
  };
  using Features = Dataset::Features;
  const std::size_t bytes = Features(SparseMatrix<std::uint8_t>()).index();
  const std::size_t floats = Features(SparseMatrix<float>()).index();
  const std::size_t doubles = Features(SparseMatrix<double>()).index();
  EXPECT_EQ(type_of(npy("|u1", "(3,)", "\2\1\3")), bytes);
  EXPECT_EQ(type_of(npy("|b1", "(3,)", "\1\1\1")), floats);
  EXPECT_EQ(type_of(numbers<std::uint16_t>("<f2", {0x3c00, 0x3c00, 0x3555})), floats);
  EXPECT_EQ(type_of(numbers<float>("<f4", {1, 2, 3})), floats);
  EXPECT_EQ(type_of(numbers<std::int64_t>("<i8", {1, 2, 3})), floats);
  EXPECT_EQ(type_of(numbers<std::int64_t>("<i8", {1, 2, 16777217})), doubles);
  EXPECT_EQ(type_of(npy(">f8", "(3,)",
                        std::string("\x3f\xf8\0\0\0\0\0\0\x3f\xf8\0\0\0\0\0\0"
                                    "\x3f\xf8\0\0\0\0\0\0",
                                    24))),
            doubles);
  const Dataset ones = read(with(csr(), "data", numbers<double>("<f8", {1, 1, 1})));
  EXPECT_TRUE(std::get<SparseMatrix<double>>(ones.features).row(0).values.empty());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(features_of(with(csr(), "data", numbers<double>("<f8", {2, nan, 3})))[4]));
}

TEST_F(SparseNpz, MayHaveNoEntries) {
  Arrays empty = with(csr(), "data", numbers<double>("<f8", {}));
  empty = with(empty, "indices", numbers<std::int32_t>("<i4", {}));
  empty = with(empty, "indptr", numbers<std::int32_t>("<i4", {0, 0, 0, 0}));
  EXPECT_EQ(features_of(empty), std::vector<double>(12));
}

TEST_F(SparseNpz, RefusesArraysThatContradict) {
  const auto wrong = [&](const std::string& name, const std::string& array) {
    return refuse(with(csr(), name, array));
  };
  expect_in("found a sparse matrix of format 'bsr'", wrong("format", npy("|S3", "()", "bsr")));
  expect_in("expected one text", wrong("format", npy("|S1", "(3,)", "csr")));
  expect_in("the array shape has the length 1", wrong("shape", numbers<std::int64_t>("<i8", {3})));
  expect_in("shape[1]: found -4", wrong("shape", numbers<std::int64_t>("<i8", {3, -4})));
  expect_in("found 1099511627776", wrong("shape", numbers<std::int64_t>("<i8", {3, 1LL << 40})));
  expect_in("a matrix of shape 0 × 4", wrong("shape", numbers<std::int64_t>("<i8", {0, 4})));
  expect_in("indptr: found 4 numbers; expected 3",
            wrong("shape", numbers<std::int64_t>("<i8", {2, 4})));
  expect_in("indices[2]: found 3; expected a column from 0 to 2",
            wrong("shape", numbers<std::int64_t>("<i8", {3, 3})));
  expect_in("found 1000000000 rows and only 3 entries",
            wrong("shape", numbers<std::int64_t>("<i8", {1000000000, 4})));
  expect_in("found 1000000000 columns and only 3 entries",
            wrong("shape", numbers<std::int64_t>("<i8", {3, 1000000000})));
  expect_in("indices[0]: found -1", wrong("indices", numbers<std::int32_t>("<i4", {-1, 0, 3})));
  expect_in("indices: found 2 indices; expected 3",
            wrong("indices", numbers<std::int32_t>("<i4", {1, 0})));
  expect_in("expected integers", wrong("indices", numbers<float>("<f4", {1, 0, 3})));
  expect_in("expected numbers in one dimension",
            wrong("indices", npy("<i4", "(3, 1)", bytes_of<std::int32_t>({1, 0, 3}))));
  expect_in("indptr[0]: found 1; expected 0",
            wrong("indptr", numbers<std::int32_t>("<i4", {1, 1, 3, 3})));
  expect_in("indptr[2]: found 0; expected 1 or more",
            wrong("indptr", numbers<std::int32_t>("<i4", {0, 1, 0, 3})));
  expect_in("indptr[3]: found 4; expected a place among the entries from 0 to 3",
            wrong("indptr", numbers<std::int32_t>("<i4", {0, 1, 3, 4})));
  const double infinity = std::numeric_limits<double>::infinity();
  expect_in("data[1, 3]: found inf; expected finite",
            wrong("data", numbers<double>("<f8", {2, 1, infinity})));
  expect_in("data[0, 1]: found 9007199254740993; expected integers",
            wrong("data", numbers<std::int64_t>("<i8", {9007199254740993, 1, 1})));
  Arrays lacks = csr();
  lacks.erase("indptr");
  expect_in("the array indptr is missing", refuse(lacks));
  expect_in("row[1]: found 3; expected a row from 0 to 2",
            refuse(coo({0, 3}, {0, 0}, numbers<double>("<f8", {1, 2}))));
}

TEST_F(SparseNpz, ComesWithAFileOfLabels) {
  DataOptions options;
  options.source = DataSource::kNpz;
  options.dir = folder_.path();
  options.train = {"x.npz"};
  options.csv.task = TaskChoice::kClassification;
  write(csr());
  expect_in("data.train-labels: missing, but", error_of<ConfigError>([&] { load_data(options); }));
  options.train_labels = "y.txt";
  folder_.write("y.txt", "b\na\nb\n");
  const DataSplit data = load_data(options);
  EXPECT_EQ(data.train.classes, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(data.train.labels, (std::vector<std::uint32_t>{1, 0, 1}));
  EXPECT_EQ(data.test.rows(), 0U);

  write(coo({0}, {2}, numbers<double>("<f8", {7})), "t.npz");
  options.test = {"t.npz"};
  expect_in("data.test-labels: missing", error_of<ConfigError>([&] { load_data(options); }));
  options.test_labels = "y.txt";
  EXPECT_EQ(copy_of_features(load_data(options).test)(0, 2), 7);

  folder_.write("y.txt", "b\na\n");
  expect_in("y.txt: found 2 labels; expected 3, one for each row of",
            error_of<DataError>([&] { load_data(options); }));
  write({{"X", npy("<f4", "(1, 1)", std::string(4, '\0'))}});
  expect_in("data.train-labels: contradicts", error_of<ConfigError>([&] { load_data(options); }));
  options.train_labels.clear();
  options.test_labels.clear();
  expect_in("or data.train-labels for a sparse matrix",
            error_of<ConfigError>([&] { load_data(options); }));
}

TEST_F(SparseNpz, DamagedFilesAreRefusedOrRead) {
  for (const Arrays& arrays :
       {csr(), coo({1, 0, 1, 1}, {3, 1, 0, 3}, numbers<float>("<f4", {3, 2, 1, 1}))}) {
    const std::string content = read_text(write(arrays, "a.npz", ZIP_CM_STORE));
    survive_changes(content, 20'000'000, 400, [&](const std::string& damaged) {
      read_npz_features({std::as_bytes(std::span(damaged)), nullptr}, "a");
    });
    // Behind the headers and the checksums: the numbers of each array.
    for (const auto& array : arrays)
      survive_changes(array.second, 20'000'000, 60, [&](const std::string& damaged) {
        read(with(arrays, array.first, damaged));
      });
  }
}

}  // namespace
}  // namespace nabla

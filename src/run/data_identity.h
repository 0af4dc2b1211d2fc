// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

namespace nabla {

/// The rows of one part of the data, by hashes of their bytes.
struct RowsIdentity {
  std::size_t rows = 0;
  std::uint64_t features = 0;
  std::uint64_t targets = 0;  ///< labels, or targets of a regression
  std::uint64_t weights = 0;
  /// The same for the same rows in another order.
  std::uint64_t in_any_order = 0;

  bool operator==(const RowsIdentity&) const = default;
};

/// A column of categories by its name, "column 3" without a header, and its categories in order.
struct CategoricalColumn {
  std::string column;
  std::vector<std::string> categories;
};

/// The facts by which data are known again: a run does not go on with others.
struct DataIdentity {
  std::string task;                  ///< "classification" or "regression"
  std::vector<std::string> columns;  ///< names of all columns of a table, if it has a header
  std::vector<CategoricalColumn> categorical;
  std::vector<std::string> classes;
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  std::string type;  ///< of the features as stored: "uint8", "float32" or "float64"
  RowsIdentity train;
  RowsIdentity validation;
  RowsIdentity test;
};

/// Reads all rows once, on the calling thread.
DataIdentity identify(const DataSplit& data);

/// Returns the first fact in which the data differ from those of `then`, the one that explains most
/// first: "column 3 is 'x', expected 'y'", "150 training rows, expected 149". Empty: the same data.
std::string difference(const DataIdentity& now, const DataIdentity& then);

nlohmann::ordered_json to_json(const DataIdentity& identity);
/// Returns the identity that to_json has written. Throws DataError, which begins with `place`, for
/// any other text.
DataIdentity parse_identity(std::string_view json, const std::string& place);

/// Data with their identity, which is found once.
struct KnownData {
  DataSplit split;
  DataIdentity identity;
};

/// Identifies the data.
KnownData identified(DataSplit data);

/// Returns the identity of the data that a run, or a cross-validation, in the folder was trained
/// on: that in its summary.json, else in its newest checkpoint. Returns nullopt if neither can be
/// read or tells.
std::optional<DataIdentity> identity_in_folder(const std::filesystem::path& folder);

}  // namespace nabla

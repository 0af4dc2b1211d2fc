// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "nabla/data/data_options.h"

namespace nabla {

/// The features of a row as they stand in its file.
struct CsvTexts {
  std::vector<std::string> features;
  char decimal = '.';  ///< the mark in the file's numbers
};

/// Reads these rows, counted from 0 over all files without their headers, for a table that was read
/// with the options and has options.known_columns; a row that is not there is left empty. Throws
/// DataError if a file cannot be read or has other columns.
std::vector<CsvTexts> read_csv_texts(std::span<const std::filesystem::path> files,
                                     const CsvOptions& options, std::span<const std::size_t> rows);

}  // namespace nabla

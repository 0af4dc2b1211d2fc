// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "nabla/data/data_options.h"

namespace nabla {

/// Some rows of a table as they stand in its files.
struct CsvTexts {
  std::vector<std::string> header;             ///< a name per column; empty if the table has none
  char decimal = '.';                          ///< the mark in its numbers
  std::vector<std::vector<std::string>> rows;  ///< a text per column
};

/// Reads these rows, counted from 0 over all files without their headers; a row that is not there
/// is left empty. Throws DataError if a file cannot be read or is no table.
CsvTexts read_csv_texts(std::span<const std::filesystem::path> files, const CsvOptions& options,
                        std::span<const std::uint32_t> rows);

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "data/csv_texts.h"

#include <cstddef>
#include <map>

#include "data/csv_columns.h"
#include "data/csv_tokens.h"

namespace nabla {

std::vector<CsvTexts> read_csv_texts(std::span<const std::filesystem::path> files,
                                     const CsvOptions& options, std::span<const std::size_t> rows) {
  std::vector<CsvTexts> texts(rows.size());
  std::multimap<std::size_t, std::size_t> wanted;  // a row of the files and its place in `rows`
  for (std::size_t i = 0; i < rows.size(); ++i) wanted.emplace(rows[i], i);
  std::size_t row = 0;
  auto next = wanted.begin();
  for (auto file = files.begin(); file != files.end() && next != wanted.end(); ++file) {
    CsvTokens tokens = open_csv(*file, options.format);
    const CsvLayout layout = find_layout(tokens, names_of_columns(options));
    const std::vector<std::size_t> columns =
        match_features(options.known_columns, resolve_columns(options, layout, false), layout,
                       OtherColumns::kLeftAside);
    for (; next != wanted.end() && tokens.next_row(); ++row)
      for (; next != wanted.end() && next->first == row; ++next) {
        CsvTexts& found = texts[next->second];
        layout.check_width(tokens);
        found.decimal = layout.dialect.decimal;
        for (const std::size_t column : columns)
          found.features.emplace_back(tokens.cells()[column]);
      }
  }
  return texts;
}

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "data/csv_texts.h"

#include <cstddef>
#include <map>

#include "data/csv_columns.h"
#include "data/csv_tokens.h"

namespace nabla {

CsvTexts read_csv_texts(std::span<const std::filesystem::path> files, const CsvOptions& options,
                        std::span<const std::uint32_t> rows) {
  CsvTexts texts;
  texts.rows.resize(rows.size());
  std::multimap<std::size_t, std::size_t> wanted;  // a row of the files and its place in `rows`
  for (std::size_t i = 0; i < rows.size(); ++i) wanted.emplace(rows[i], i);
  std::size_t row = 0;
  auto next = wanted.begin();
  for (auto file = files.begin(); file != files.end() && next != wanted.end(); ++file) {
    CsvTokens tokens = open_csv(*file, options.format);
    const CsvLayout layout = find_layout(tokens, names_of_columns(options));
    if (file == files.begin()) {
      texts.header = layout.header;
      texts.decimal = layout.dialect.decimal;
    }
    for (; next != wanted.end() && tokens.next_row(); ++row)
      for (; next != wanted.end() && next->first == row; ++next)
        texts.rows[next->second].assign(tokens.cells().begin(), tokens.cells().end());
  }
  return texts;
}

}  // namespace nabla

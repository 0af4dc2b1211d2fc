// SPDX-License-Identifier: MIT
#include "nabla/data/csv.h"

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "data/csv_rows.h"
#include "data/csv_tokens.h"

namespace nabla {

namespace {

Dataset read_all(CsvTokens tokens, const CsvOptions& options) {
  CsvTable table(options);
  table.read(tokens);
  CsvRows rows = table.finish();
  if (rows.categories.empty()) return std::move(rows.dataset);
  Dataset dataset = rows.dataset;
  std::vector<std::uint32_t> all(dataset.rows());
  std::iota(all.begin(), all.end(), 0U);
  const auto& raw = std::get<FeatureMatrix<double>>(dataset.features);
  rows.expand(dataset, all,
              options.known_one_hot ? *options.known_one_hot : rows.categories.fit(raw, all));
  return dataset;
}

}  // namespace

Dataset parse_csv(std::string_view text, const std::string& name, const CsvOptions& options) {
  return read_all(CsvTokens(read_from(text), name), options);
}

Dataset read_csv(const std::filesystem::path& path, const CsvOptions& options) {
  return read_all(open_csv(path), options);
}

}  // namespace nabla

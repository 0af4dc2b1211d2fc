// SPDX-License-Identifier: MIT
#include "nabla/train/model_data.h"

#include <cstddef>
#include <string>
#include <utility>
#include <variant>

#include "nabla/base/error.h"

#include "data/csv.h"
#include "data/csv_tokens.h"
#include "data/load.h"
#include "data/source.h"

namespace nabla {

DataSplit load_data_for(const AnyModel& model, DataOptions options) {
  std::visit(
      [&](const auto& typed) {
        options.csv.classes = typed.classes;
        options.known_features = typed.preprocess.features(typed.network.topology().inputs());
        if (!traits_of(options.source).has_task_choice) return;
        options.csv.known_columns = typed.columns;
        options.csv.known_one_hot = typed.one_hot;
        if (typed.columns.count > 0) options.csv.missing_values = typed.columns.missing_values;
        options.missing = typed.preprocess.missing.kind;
        options.csv.task = chosen_task(typed.task);
      },
      model);
  return load_rows(options);
}

Dataset load_features(const AnyModel& model, const std::filesystem::path& file, DataSource source,
                      const CsvFormat& format) {
  const DataSourceTraits& traits = traits_of(source);
  if (!traits.has_files())
    throw ConfigError("data.source", std::string(name_of(source)) +
                                         " comes from no file, expected a format of files");
  return std::visit(
      [&](const auto& typed) {
        const std::size_t inputs = typed.preprocess.features(typed.network.topology().inputs());
        const bool fills = !typed.preprocess.missing.is_identity();
        Dataset rows = traits.has_columns ? CsvFeatures(open_csv(file, format), typed.columns,
                                                        typed.one_hot, inputs, fills)
                                                .rest()
                                          : traits.read_features(file, inputs);
        if (rows.origin.empty()) rows.origin = RowOrigin({{.name = file.string()}});
        rows.columns = typed.columns;
        rows.one_hot = typed.one_hot;
        return rows;
      },
      model);
}

}  // namespace nabla

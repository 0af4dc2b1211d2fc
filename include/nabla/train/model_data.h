// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"
#include "nabla/model/model.h"

namespace nabla {

/// Reads rows with their targets as load_data does, for a model that is there: task, classes and
/// columns of a table are those of the model. Features that are missing are refused when the model
/// meets them and does not fill them in. Else throws as load_data does, and DataError for classes
/// or categories that the model does not know.
DataSplit load_data_for(const AnyModel& model, DataOptions options);

/// Reads the features of one file for a model to predict. The columns of a table are found as the
/// model knows them; it may, but need not, have those of targets and weights, which are ignored.
/// `format` concerns tables alone. Throws ConfigError if the source is the built-in digits, which
/// come from no file, and DataError for a file that is missing, bad or has other features.
Dataset load_features(const AnyModel& model, const std::filesystem::path& file, DataSource source,
                      const CsvFormat& format = {});

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "run/crossval.h"

#include <algorithm>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "nabla/data/data_options.h"
#include "nabla/engine/executor.h"

#include "base/file.h"
#include "config/configuration.h"
#include "run/initial_model.h"
#include "run/run_folder.h"

namespace nabla {

namespace {

/// Training and validation rows.
DataSplit load_rows(DataOptions options) {
  options.digits_test = 0;
  DataSplit data = load_data(options);
  data.test = {};
  return data;
}

template <class T>
CrossvalResult run_crossval_as(const ExperimentOptions& options,
                               const CrossvalCallbacks& callbacks) {
  const std::string config = write_configuration(options);
  const DataSplit data = load_rows(options.data);
  const auto executor = make_executor(options.parallel);
  const ModelMaker<T> make = [&](const Dataset& train, std::uint64_t seed) {
    ExperimentOptions own = options;
    own.train.seed = seed;
    return make_model<T>(own, train);
  };

  std::optional<RunFolder> folder;
  CrossvalResult result{{}, data.train.task, {}, {}};
  std::vector<FoldResult> ended;
  const auto write = [&](const std::filesystem::path& file, const std::string& text) {
    try {
      replace_file(file, text);
    } catch (const std::system_error& error) {
      if (result.write_error.empty()) result.write_error = error.what();
      if (callbacks.on_warning) callbacks.on_warning(error.what());
    }
  };
  CrossValidationCallbacks inner = callbacks;
  inner.on_start = [&](const CrossValidationStart& start) {
    folder = RunFolder::claim(options.output.dir, options.output.overwrite);
    result.folder = folder->path();
    replace_file(folder->config(), config);
    replace_file(folder->crossval(), crossval_csv(result.task, {}));
    if (callbacks.on_start) callbacks.on_start(start);
  };
  inner.on_fold = [&](const FoldResult& fold) {
    const auto place = std::ranges::find_if(ended, [&](const FoldResult& other) {
      return std::pair(other.repeat, other.fold) > std::pair(fold.repeat, fold.fold);
    });
    ended.insert(place, fold);
    write(folder->crossval(), crossval_csv(result.task, ended));
    if (callbacks.on_fold) callbacks.on_fold(fold);
  };
  result.validation = cross_validate<T>(data, options.crossval, make, options.train,
                                        options.parallel, *executor, inner);
  write(folder->summary(), crossval_json(result, options, executor->threads()));
  return result;
}

}  // namespace

CrossvalResult run_crossval(const ExperimentOptions& options, const CrossvalCallbacks& callbacks) {
  return options.train.precision == Precision::kFloat64
             ? run_crossval_as<double>(options, callbacks)
             : run_crossval_as<float>(options, callbacks);
}

}  // namespace nabla

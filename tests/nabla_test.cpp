// SPDX-License-Identifier: MIT
//
// Every option of the library, through its public header alone: each has the effect that is
// documented, and a value that cannot be is refused with the option's key.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <nabla/nabla.h>

#include "data/option_rows.h"
#include "engine/option_rows.h"
#include "model/option_rows.h"
#include "optimize/option_rows.h"
#include "support/numpy_bytes.h"
#include "support/temp_folder.h"
#include "train/option_rows.h"

namespace nabla {
namespace {

using testing_support::bytes_of;
using testing_support::npy;
using testing_support::write_zip;

struct ApiExperiment {
  DataOptions data;
  NetworkOptions network;
  TrainOptions train;
  ParallelOptions parallel;
  FoldOptions folds;
};

/// The bytes of the model that an experiment leaves, and all figures that it reports.
struct ApiOutcome {
  std::string model;
  std::string figures;
};

enum class Effect {
  kModel,    ///< another value leads to another model
  kFigures,  ///< the same model, other figures
  kNone,     ///< the same model, the same figures
  kRefused,  ///< rows that were taken are refused
};

using Change = std::function<void(ApiExperiment&)>;

struct OptionCase {
  const char* key;
  Change setup;     ///< makes an experiment in which the option has an effect
  Change change;    ///< gives it another value
  Change bad = {};  ///< gives it one that is refused
  Effect effect = Effect::kModel;
};

void PrintTo(const OptionCase& option, std::ostream* out) { *out << option.key; }

void unchanged(ApiExperiment&) {}

/// Files in the formats of the cases below, in a folder of their own.
class ApiFiles {
 public:
  ApiFiles() {
    folder_.write("table.csv", table(1));
    folder_.write("other.csv", table(2));
    std::filesystem::create_directory(folder_.path() / "elsewhere");
    folder_.write("elsewhere/table.csv", table(3));
    std::string images("\0\0\10\3\0\0\0\4\0\0\0\2\0\0\0\2", 16);
    for (int i = 0; i < 16; ++i) images += static_cast<char>(i * i);
    folder_.write("images", images);
    const std::string header("\0\0\10\1\0\0\0\4", 8);
    folder_.write("labels", header + std::string("\0\1\1\0", 4));
    folder_.write("opposite-labels", header + std::string("\1\0\0\1", 4));
    folder_.write("fractions.csv", "0.5,1,0\n1,0,1\n1.5,1,0\n");
    folder_.write("holes.csv", "1,0,0\n,1,1\n3,1,0\n5,0,1\nNA,1,1\n2,0,0\n");
    folder_.write("unknown.csv", table(2) + "1,1,9,1,0\n");
    folder_.write("rows.libsvm", "0 1:1 2:2\n1 1:3\n0 2:1\n1 1:2 2:1\n");
    const auto floats = [](const std::vector<float>& numbers) {
      return npy("<f4", "(4, 2)", bytes_of(numbers));
    };
    const std::string labels = npy("<i8", "(4,)", bytes_of<std::int64_t>({0, 1, 1, 0}));
    write_zip(folder_.path() / "arrays.npz", {{"x_train.npy", floats({0, 0, 0, 1, 1, 0, 1, 1})},
                                              {"y_train.npy", labels},
                                              {"x_more.npy", floats({0, 0, 0, 2, 2, 0, 2, 2})},
                                              {"y_more.npy", labels}});
    save_model(make_model(load_data(small_digits()).train, {.hidden = {6}}, {.seed = 99}), start());
  }

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path start() const { return folder_.path() / "start.safetensors"; }

  static DataOptions small_digits() {
    DataOptions data;
    data.digits_train = 60;
    data.digits_test = 20;
    return data;
  }

 private:
  /// Columns 0 and 1 are numbers, 2 is one of three categories, 3 a weight, 4 a class.
  static std::string table(int seed) {
    std::ostringstream text;
    for (int row = 0; row < 24; ++row)
      text << row * seed % 7 << ',' << (row + seed) % 5 << ',' << row % 3 << ',' << 1 + row % 2
           << ',' << (row * seed + row / 4) % 4 / 2 << '\n';
    return text.str();
  }

  TempFolder folder_;
};

const ApiFiles& files() {
  static const ApiFiles kFiles;
  return kFiles;
}

ApiExperiment digits_experiment() {
  ApiExperiment experiment;
  experiment.data = ApiFiles::small_digits();
  experiment.network.hidden = {6};
  experiment.network.activation = {Activation::kSigmoid};
  experiment.train.epochs = 3;
  experiment.train.batch_size = 10;
  experiment.train.learning_rate = 0.1;
  experiment.train.optimizer.algorithm = Algorithm::kSgd;
  experiment.parallel.threads = 1;
  return experiment;
}

void table(ApiExperiment& e) {
  e.data.source = DataSource::kCsv;
  e.data.dir = files().folder();
  e.data.train = {"table.csv"};
}

void holes(ApiExperiment& e) {
  table(e);
  e.data.train = {"holes.csv"};
  e.data.test.clear();
  e.data.missing = Missing::kMean;
}

void regression(ApiExperiment& e) {
  table(e);
  e.data.csv.task = TaskChoice::kRegression;
  e.data.standardize_targets = false;
  e.train.learning_rate = 0.01;
}

void images(ApiExperiment& e) {
  e.data.source = DataSource::kIdx;
  e.data.dir = files().folder();
  e.data.train = e.data.test = {"images"};
  e.data.train_labels = e.data.test_labels = "labels";
  e.train.batch_size = 2;
}

void watched(ApiExperiment& e) { e.data.validation = 20; }

/// No evaluation improves by so much, so that the first after it is one too many.
void hopeless(ApiExperiment& e) {
  watched(e);
  e.train.stop.patience = 1;
  e.train.stop.min_delta = 1e9;
}

void plateau(ApiExperiment& e) {
  watched(e);
  e.train.schedule.policy = SchedulePolicy::kPlateau;
  e.train.schedule.patience = 1;
  e.train.stop.min_delta = 1e9;
}

Change affine(double AugmentOptions::*left) {
  return [=](ApiExperiment& e) {
    e.train.augment = {.affine = true, .rotation = 0, .scale = 0, .shift = 0};
    e.train.augment.*left = 0.5;
  };
}

Change algorithm(Algorithm wanted) {
  return [=](ApiExperiment& e) { e.train.optimizer.algorithm = wanted; };
}

Change policy(SchedulePolicy wanted) {
  return [=](ApiExperiment& e) {
    e.train.schedule.policy = wanted;
    e.train.schedule.step_epochs = 1;
  };
}

const std::vector<OptionCase>& data_cases() {
  using E = ApiExperiment&;
  static const std::vector<OptionCase> kCases = {
      {"data.source", images, [](E e) { e.data = ApiFiles::small_digits(); }},
      {"data.dir", table, [](E e) { e.data.dir = files().folder() / "elsewhere"; }},
      {"data.train", table, [](E e) { e.data.train = {"other.csv"}; },
       [](E e) { e.data.train.clear(); }},
      {"data.test", table, [](E e) { e.data.test = {"other.csv"}; },
       [](E e) {
         e.data = {};
         e.data.test = {"other.csv"};
       },
       Effect::kFigures},
      {"data.train-labels", images, [](E e) { e.data.train_labels = "opposite-labels"; },
       [](E e) { table(e); }},
      {"data.test-labels", images, [](E e) { e.data.test_labels = "opposite-labels"; },
       [](E e) {
         table(e);
         e.data.train_labels.clear();
       },
       Effect::kFigures},
      {"data.validation", unchanged, [](E e) { e.data.validation = 10; },
       [](E e) { e.data.validation = -1; }},
      {"data.validation-shuffle", watched,
       [](E e) { e.data.validation_shuffle = SplitOrder::kShuffled; }},
      {"data.split-seed",
       [](E e) {
         watched(e);
         e.data.validation_shuffle = SplitOrder::kShuffled;
       },
       [](E e) { e.data.split_seed = 2; }},
      {"data.limit", unchanged, [](E e) { e.data.limit = 30; }},
      {"data.target", table, [](E e) { e.data.csv.targets = {"2"}; }},
      {"data.ignore", table, [](E e) { e.data.csv.ignored = {"1"}; }},
      {"data.separator",
       table,
       [](E e) { e.data.csv.format.separator = CsvSeparator::kSemicolon; },
       {},
       Effect::kRefused},
      {"data.decimal",
       [](E e) {
         table(e);
         e.data.train = {"fractions.csv"};
         e.data.test.clear();
       },
       [](E e) { e.data.csv.format.decimal = CsvDecimal::kComma; },
       {},
       Effect::kRefused},
      {"data.header", table, [](E e) { e.data.csv.format.header = CsvHeader::kYes; }},
      {"data.task", table, [](E e) { e.data.csv.task = TaskChoice::kRegression; }},
      {"data.normalize", unchanged, [](E e) { e.data.normalize = Normalization::kStandardize; }},
      {"data.components", [](E e) { e.data.normalize = Normalization::kPca; },
       [](E e) { e.data.components = 5; }, [](E e) { e.data.components = 785; }},
      {"data.sparse", [](E e) { e.data.sparse = false; }, [](E e) { e.data.sparse = true; }},
      {"data.standardize-targets", regression, [](E e) { e.data.standardize_targets = true; },
       [](E e) {
         e.data.csv.task = TaskChoice::kClassification, e.data.standardize_targets = true;
       }},
      {"data.weights", table, [](E e) { e.data.csv.weights = "3"; }},
      {"data.one-hot", table, [](E e) { e.data.csv.one_hot = {"2"}; }},
      {"data.missing", holes, [](E e) { e.data.missing = Missing::kMedian; }},
      {"data.missing-indicator", holes, [](E e) { e.data.missing_indicator = true; }},
      {"data.missing-values",
       holes,
       [](E e) { e.data.csv.missing_values.clear(); },
       {},
       Effect::kRefused},
      {"data.unknown-category",
       [](E e) {
         table(e);
         e.data.test = {"unknown.csv"};
         e.data.csv.one_hot = {"2"};
         e.data.csv.unknown_category = UnknownCategory::kIgnore;
       },
       [](E e) { e.data.csv.unknown_category = UnknownCategory::kError; },
       {},
       Effect::kRefused},
      {"data.features",
       [](E e) {
         table(e);
         e.data.source = DataSource::kLibsvm;
         e.data.train = {"rows.libsvm"};
       },
       [](E e) { e.data.features = 3; }, [](E e) { e.data.features = std::size_t{1} << 60; }},
      {"data.arrays",
       [](E e) {
         table(e);
         e.data.source = DataSource::kNpz;
         e.data.train = {"arrays.npz"};
       },
       [](E e) {
         e.data.arrays = {"x_more", "y_more"};
       },
       [](E e) { e.data.arrays = {"x_more"}; }},
      {"data.digits-train", unchanged, [](E e) { e.data.digits_train = 61; },
       [](E e) { e.data.digits_train = 0; }},
      {"data.digits-test", unchanged, [](E e) { e.data.digits_test = 21; },
       [](E e) { e.data.digits_test = 1'000'000'000'000; }, Effect::kFigures},
      {"data.digits-seed", unchanged, [](E e) { e.data.digits_seed = 2; }},
      {"data.class-weights", table,
       [](E e) {
         e.train.class_weights = {ClassWeights::Kind::kList, {1, 3}};
       },
       [](E e) {
         e.train.class_weights = {ClassWeights::Kind::kList, {1, -1}};
       }},
      {"data.augment", unchanged, [](E e) { e.train.augment.affine = true; },
       [](E e) {
         table(e);
         e.train.augment.elastic = true;
       }},
      {"augment.rotation", affine(&AugmentOptions::rotation),
       [](E e) { e.train.augment.rotation = 45; }, [](E e) { e.train.augment.rotation = 181; }},
      {"augment.rotation-of", affine(&AugmentOptions::rotation),
       [](E e) {
         e.train.augment.rotation_of = {{"1", 45}};
       },
       [](E e) {
         e.train.augment.rotation_of = {{"1", 181}};
       }},
      {"augment.scale", affine(&AugmentOptions::scale), [](E e) { e.train.augment.scale = 0.2; },
       [](E e) { e.train.augment.scale = 1; }},
      {"augment.shift", affine(&AugmentOptions::shift), [](E e) { e.train.augment.shift = 3; },
       [](E e) { e.train.augment.shift = -1; }},
      {"augment.elastic-alpha", [](E e) { e.train.augment.elastic = true; },
       [](E e) { e.train.augment.elastic_alpha = 9; },
       [](E e) { e.train.augment.elastic_alpha = 101; }},
      {"augment.elastic-sigma", [](E e) { e.train.augment.elastic = true; },
       [](E e) { e.train.augment.elastic_sigma = 5; },
       [](E e) { e.train.augment.elastic_sigma = 0; }},
      {"crossval.folds", unchanged, [](E e) { e.folds.folds = 3; }, [](E e) { e.folds.folds = 1; },
       Effect::kFigures},
      {"crossval.seed", unchanged, [](E e) { e.folds.seed = 2; }, {}, Effect::kFigures},
      {"crossval.stratified", unchanged, [](E e) { e.folds.stratified = false; },
       [](E e) {
         regression(e);
         e.folds.stratified = true;
       },
       Effect::kFigures},
      {"crossval.repeats", unchanged, [](E e) { e.folds.repeats = 2; },
       [](E e) { e.folds.repeats = 0; }, Effect::kFigures},
  };
  return kCases;
}

const std::vector<OptionCase>& training_cases() {
  using E = ApiExperiment&;
  static const std::vector<OptionCase> kCases = {
      {"network.hidden", unchanged,
       [](E e) {
         e.network.hidden = {7, 5};
       },
       [](E e) { e.network.hidden = {0}; }},
      {"network.activation", unchanged, [](E e) { e.network.activation = {Activation::kRelu}; },
       [](E e) { e.network.activation = {Activation::kSoftmax}; }},
      {"network.output", unchanged, [](E e) { e.network.output = Activation::kSigmoid; },
       [](E e) { e.network.output = Activation::kRelu; }},
      {"network.init", unchanged, [](E e) { e.network.init = Initializer::kGlorot; }},
      {"network.init-bias", unchanged,
       [](E e) {
         e.network.init_bias = {BiasInitializer::Kind::kConstant, 0.5};
       },
       [](E e) { e.network.init_bias.value = INFINITY; }},
      {"network.initial", unchanged, [](E e) { e.network.initial = files().start(); }},
      {"network.dropout", unchanged, [](E e) { e.network.dropout = {0.5}; },
       [](E e) { e.network.dropout = {1}; }},
      {"network.input-dropout", unchanged, [](E e) { e.network.input_dropout = 0.5; },
       [](E e) { e.network.input_dropout = -0.1; }},
      {"network.batch-norm", unchanged, [](E e) { e.network.batch_norm = true; }},
      {"train.cost", unchanged, [](E e) { e.train.cost = Cost::kMse; },
       [](E e) {
         regression(e);
         e.train.cost = Cost::kCrossEntropy;
       }},
      {"train.huber-delta", [](E e) { e.train.cost = Cost::kHuber; },
       [](E e) { e.train.huber_delta = 0.1; }, [](E e) { e.train.huber_delta = 0; }},
      {"train.epochs", unchanged, [](E e) { e.train.epochs = 4; }, [](E e) { e.train.epochs = 0; }},
      {"train.batch-size", unchanged, [](E e) { e.train.batch_size = 0; },
       [](E e) { e.network.batch_norm = true, e.train.batch_size = 1; }},
      {"train.learning-rate", unchanged, [](E e) { e.train.learning_rate = 0.2; },
       [](E e) { e.train.learning_rate = 0; }},
      {"train.seed", unchanged, [](E e) { e.train.seed = 2; }},
      {"train.shuffle", unchanged, [](E e) { e.train.shuffle = false; }},
      {"train.last-batch", [](E e) { e.train.batch_size = 25; },
       [](E e) { e.train.last_batch = LastBatch::kDrop; }},
      {"train.l1", unchanged, [](E e) { e.train.l1 = 0.01; }, [](E e) { e.train.l1 = -1; }},
      {"train.l2", unchanged, [](E e) { e.train.l2 = 0.01; }, [](E e) { e.train.l2 = -1; }},
      {"train.max-norm", unchanged, [](E e) { e.train.max_norm = 0.5; },
       [](E e) { e.train.max_norm = -1; }},
      {"train.clip-norm", unchanged, [](E e) { e.train.clip_norm = 0.1; },
       [](E e) { e.train.clip_norm = -1; }},
      {"train.label-smoothing", unchanged, [](E e) { e.train.label_smoothing = 0.1; },
       [](E e) { e.train.label_smoothing = 1; }},
      {"train.evaluate-every", unchanged, [](E e) { e.train.evaluate_every = 2; },
       [](E e) { e.train.evaluate_every = 2'000'000'000; }, Effect::kFigures},
      {"train.precision", unchanged, [](E e) { e.train.precision = Precision::kFloat64; }},
      {"optimizer.algorithm", unchanged, algorithm(Algorithm::kAdam)},
      {"optimizer.momentum", algorithm(Algorithm::kMomentum),
       [](E e) { e.train.optimizer.momentum = 0.5; }, [](E e) { e.train.optimizer.momentum = 1; }},
      {"optimizer.beta1", algorithm(Algorithm::kAdam), [](E e) { e.train.optimizer.beta1 = 0.5; },
       [](E e) { e.train.optimizer.beta1 = 1; }},
      {"optimizer.beta2", algorithm(Algorithm::kAdam), [](E e) { e.train.optimizer.beta2 = 0.5; },
       [](E e) { e.train.optimizer.beta2 = 1; }},
      {"optimizer.epsilon", algorithm(Algorithm::kAdagrad),
       [](E e) { e.train.optimizer.epsilon = 0.1; }, [](E e) { e.train.optimizer.epsilon = -1; }},
      {"optimizer.decay", algorithm(Algorithm::kRmsprop),
       [](E e) { e.train.optimizer.decay = 0.5; }, [](E e) { e.train.optimizer.decay = 1; }},
      {"optimizer.weight-decay", algorithm(Algorithm::kAdamw),
       [](E e) { e.train.optimizer.weight_decay = 0.5; },
       [](E e) { e.train.optimizer.weight_decay = -1; }},
      {"optimizer.lazy",
       [](E e) {
         algorithm(Algorithm::kAdam)(e);
         e.data.sparse = true;
       },
       [](E e) { e.train.optimizer.lazy = true; }},
      {"schedule.policy", unchanged, policy(SchedulePolicy::kCosine)},
      {"schedule.step-epochs", policy(SchedulePolicy::kStep),
       [](E e) { e.train.schedule.step_epochs = 2; },
       [](E e) { e.train.schedule.step_epochs = 0; }},
      {"schedule.factor", policy(SchedulePolicy::kStep), [](E e) { e.train.schedule.factor = 0.9; },
       [](E e) { e.train.schedule.factor = 0; }},
      {"schedule.min-rate", policy(SchedulePolicy::kStep),
       [](E e) { e.train.schedule.min_rate = 0.04; }, [](E e) { e.train.schedule.min_rate = 1; }},
      {"schedule.patience", plateau, [](E e) { e.train.schedule.patience = 2; },
       [](E e) { e.train.schedule.patience = 0; }},
      {"schedule.warmup-epochs", unchanged, [](E e) { e.train.schedule.warmup_epochs = 2; },
       [](E e) { e.train.schedule.warmup_epochs = 4; }},
      {"stop.patience", hopeless, [](E e) { e.train.stop.patience = 0; },
       [](E e) { e.data.validation = 0; }},
      {"stop.min-delta", [](E e) { hopeless(e); }, [](E e) { e.train.stop.min_delta = 0; },
       [](E e) { e.train.stop.min_delta = -1; }},
      // The cost of so few epochs falls, their accuracy stays.
      {"stop.monitor",
       [](E e) {
         watched(e);
         e.train.learning_rate = 0.001;
         e.train.stop.patience = 1;
       },
       [](E e) { e.train.stop.monitor = Monitor::kValidationAccuracy; }},
      // From 0.01 the rate grows to 100, at which the cost explodes.
      {"stop.restore-best",
       [](E e) {
         watched(e);
         e.train.learning_rate = 0.01;
         e.train.schedule.policy = SchedulePolicy::kExponential;
         e.train.schedule.factor = 100;
       },
       [](E e) { e.train.stop.restore_best = false; }},
      {"parallel.threads",
       [](E e) {
         e.parallel = {1, 2, Reduction::kPerShard};
       },
       [](E e) { e.parallel.threads = 2; }, [](E e) { e.parallel.threads = kMaxThreads + 1; },
       Effect::kNone},
      {"parallel.shards", [](E e) { e.parallel.reduction = Reduction::kPerShard; },
       [](E e) { e.parallel.shards = 3; }, [](E e) { e.parallel.shards = 100'000; }},
      {"parallel.reduction",
       [](E e) {
         e.parallel = {1, 3, Reduction::kTiled};
       },
       [](E e) { e.parallel.reduction = Reduction::kPerShard; }},
  };
  return kCases;
}

std::vector<OptionCase> all_cases() {
  std::vector<OptionCase> cases = data_cases();
  cases.insert(cases.end(), training_cases().begin(), training_cases().end());
  return cases;
}

std::ostream& operator<<(std::ostream& out, const Score& score) {
  return out << score.cost << ' ' << score.goodness << '\n';
}

ApiOutcome outcome_of(const ApiExperiment& e) {
  const DataSplit data = load_data(e.data);
  AnyModel model = make_model(data.train, e.network, e.train, e.data);
  std::ostringstream figures;
  figures.precision(17);
  TrainCallbacks callbacks;
  callbacks.on_epoch = [&](const EpochReport& epoch) {
    figures << epoch.epoch << ' ' << epoch.learning_rate << ' ' << epoch.train;
    if (epoch.validation) figures << "validation " << *epoch.validation;
    if (epoch.test) figures << "test " << *epoch.test;
    return Flow::kContinue;
  };
  train(model, data, e.train, callbacks, e.parallel);
  for (const Dataset* rows : {&data.train, &data.validation, &data.test})
    if (rows->rows() > 0) figures << rows->rows() << evaluate(model, *rows, e.parallel).score;
  return {serialize_model(model), figures.str()};
}

ApiOutcome outcome_of_folds(const ApiExperiment& e) {
  std::ostringstream figures;
  figures.precision(17);
  const DataSplit data = load_data(e.data);
  for (const FoldResult& fold :
       cross_validate(data, e.folds, e.network, e.train, e.data, e.parallel).folds)
    figures << fold.repeat << ' ' << fold.fold << ' ' << fold.evaluation.score;
  return {"", figures.str()};
}

class NablaOption : public testing::TestWithParam<OptionCase> {
 protected:
  ApiOutcome run(const Change& change) const {
    ApiExperiment experiment = digits_experiment();
    GetParam().setup(experiment);
    change(experiment);
    const bool folds = std::string(GetParam().key).starts_with("crossval.");
    return folds ? outcome_of_folds(experiment) : outcome_of(experiment);
  }
};

TEST_P(NablaOption, HasItsEffect) {
  const ApiOutcome plain = run(unchanged);
  if (GetParam().effect == Effect::kRefused) {
    EXPECT_THROW(run(GetParam().change), DataError);
    return;
  }
  const ApiOutcome changed = run(GetParam().change);
  EXPECT_EQ(changed.model != plain.model, GetParam().effect == Effect::kModel);
  EXPECT_EQ(changed.figures != plain.figures, GetParam().effect != Effect::kNone)
      << plain.figures << changed.figures;
}

using NablaBadValue = NablaOption;

TEST_P(NablaBadValue, IsRefusedWithItsKey) {
  try {
    run(GetParam().bad);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.key(), GetParam().key) << error.what();
  }
}

std::vector<OptionCase> cases_with_bad_values() {
  std::vector<OptionCase> cases = all_cases();
  std::erase_if(cases, [](const OptionCase& option) { return !option.bad; });
  return cases;
}

std::string name_of_case(const testing::TestParamInfo<OptionCase>& instance) {
  std::string name = instance.param.key;
  std::ranges::replace_if(
      name, [](char c) { return c == '.' || c == '-'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Each, NablaOption, testing::ValuesIn(all_cases()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Each, NablaBadValue, testing::ValuesIn(cases_with_bad_values()),
                         name_of_case);

/// Calls use(key, whether some value of the field's type is outside the option's interval).
template <class Struct, class Use>
void for_each_row(const OptionRows<Struct>& rows, Use use) {
  for (const Option<Struct>& row : rows) {
    const bool all_wholes = row.type == "whole number" && row.interval && row.interval->low <= 0 &&
                            std::isinf(row.interval->high);
    use(row.key, row.interval && !all_wholes);
  }
}

TEST(NablaOptions, EachIsAmongTheCases) {
  std::set<std::string> tested, tested_to_refuse, known;
  for (const OptionCase& option : all_cases()) {
    EXPECT_TRUE(tested.insert(option.key).second) << option.key << " twice";
    if (option.bad) tested_to_refuse.insert(option.key);
  }
  const auto expect_tested = [&](const std::string& key, bool has_bad_values) {
    known.insert(key);
    EXPECT_TRUE(tested.contains(key)) << key << " has no case";
    if (has_bad_values) {
      EXPECT_TRUE(tested_to_refuse.contains(key)) << key << " lacks a bad value";
    }
  };
  for_each_row(data_rows(), expect_tested);
  for_each_row(augment_rows(), expect_tested);
  for_each_row(fold_rows(), expect_tested);
  for_each_row(network_rows(), expect_tested);
  for_each_row(train_rows(), expect_tested);
  for_each_row(optimizer_rows(), expect_tested);
  for_each_row(schedule_rows(), expect_tested);
  for_each_row(stop_rows(), expect_tested);
  for_each_row(parallel_rows(), expect_tested);
  EXPECT_EQ(tested, known);
}

TEST(Nabla, AModelReadsPredictsAndEvaluatesRowsItHasNotSeen) {
  ApiExperiment e = digits_experiment();
  table(e);
  e.data.csv.one_hot = {"2"};
  const DataSplit data = load_data(e.data);
  AnyModel model = make_model(data.train, e.network, e.train, e.data);
  EXPECT_EQ(train(model, data, e.train).status, TrainStatus::kCompleted);
  EXPECT_EQ(model.precision(), Precision::kFloat32);
  EXPECT_EQ(model.task(), Task::kClassification);
  EXPECT_EQ(model.classes(), (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(model.topology().widths(), (std::vector<std::size_t>{6, 6, 2}));
  EXPECT_EQ(model.cost(), Cost::kCrossEntropy);

  const TempFolder folder;
  save_model(model, folder.path() / "table.safetensors");
  const AnyModel again = load_model(folder.path() / "table.safetensors");
  EXPECT_EQ(serialize_model(again), serialize_model(model));

  // A table with one of the classes and two of the categories means the same to the model.
  DataOptions few;
  few.source = DataSource::kCsv;
  few.train = {folder.write("few.csv", "3,1,0,1,1\n2,4,2,1,1\n")};
  const DataSplit rows = load_data_for(again, few);
  const Prediction prediction = predict(again, rows.train);
  EXPECT_EQ(prediction.outputs.rows(), 2U);
  EXPECT_EQ(prediction.outputs.cols(), 2U);
  EXPECT_EQ(prediction.classes.size(), 2U);
  EXPECT_EQ(evaluate(again, rows.train).rows, 2U);
  // Without the class, too.
  const auto features = folder.write("features.csv", "3,1,0,1\n2,4,2,1\n");
  EXPECT_EQ(predict(again, load_features(again, features, DataSource::kCsv)).classes,
            prediction.classes);
  EXPECT_EQ(load_features(again, few.train[0], DataSource::kCsv).rows(), 2U);
  EXPECT_THROW(load_features(again, features, DataSource::kDigits), ConfigError);
}

TEST(Nabla, PredictsFeaturesFromMemory) {
  const std::vector<float> features = {0, 0, 0, 1, 1, 0, 1, 1};
  const std::vector<int> labels = {0, 1, 1, 0};
  const Dataset rows =
      make_classification(borrow_features(features, 4, 2), labels, {"equal", "different"});
  const DataSplit data{.train = rows, .validation = {}, .test = {}};
  const TrainOptions options{.epochs = 500, .batch_size = 4, .learning_rate = 2};
  AnyModel model = make_model(rows, {.hidden = {4}, .activation = {Activation::kTanh}}, options);
  train(model, data, options);
  EXPECT_EQ(predict(model, copy_features(features, 4, 2)).classes, rows.labels);
  EXPECT_EQ(evaluate(model, rows).score.goodness, 1);
  EXPECT_THROW(predict(model, copy_features(features, 2, 4)), DataError);
  const Dataset unknown = make_classification(borrow_features(features, 4, 2), labels, 2);
  EXPECT_THROW(evaluate(model, unknown), DataError);
  EXPECT_THROW(evaluate(model, Dataset{}), DataError);
}

}  // namespace
}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "nabla/train/trainer.h"

#include <memory>
#include <string_view>
#include <utility>
#include <variant>

#include "nabla/base/error.h"
#include "nabla/base/kinds.h"
#include "nabla/train/resolved.h"

#include "engine/blas_guard.h"
#include "train/checked_rows.h"
#include "train/option_rows.h"
#include "train/step_options.h"
#include "train/training.h"

namespace nabla {

namespace {

constexpr Named<TrainStatus> kNames[] = {
    {TrainStatus::kCompleted, "completed"},
    {TrainStatus::kEarlyStopped, "early-stopped"},
    {TrainStatus::kInterrupted, "interrupted"},
    {TrainStatus::kDiverged, "diverged"},
};
static_assert(is_complete(kNames));

}  // namespace

std::string_view name_of(TrainStatus status) { return row_of(kNames, status).name; }

namespace {

template <class T>
std::unique_ptr<Training<T>> checked_training(Model<T>& model, const DataSplit& data,
                                              const TrainOptions& given,
                                              const ParallelOptions& parallel, Executor& executor,
                                              Ranks& ranks) {
  if (data.train.rows() == 0) throw DataError("training data: no rows to train on");
  const TrainOptions options = resolved(given, data.train);
  require_valid(options, data);
  validate(parallel);
  model.cost = training_cost(model, options);
  require_usable(model, data.train, "training data");
  require_norm_rows(model.network.topology().batch_norm(), options.batch_rows(data.train.rows()));
  require_usable(model, data.validation, "validation data");
  require_usable(model, data.test, "test data");
  require_safe_blas(executor);
  return std::make_unique<Training<T>>(model, data, options, parallel, executor, ranks);
}

}  // namespace

template <class T>
Trainer<T>::Trainer(Model<T>& model, const DataSplit& data, const TrainOptions& options,
                    const ParallelOptions& parallel)
    : own_executor_(make_executor(parallel)),
      training_(checked_training(model, data, options, parallel, *own_executor_, lone_rank())) {}

template <class T>
Trainer<T>::Trainer(Model<T>& model, const DataSplit& data, const TrainOptions& options,
                    const ParallelOptions& parallel, Executor& executor, Ranks& ranks)
    : training_(checked_training(model, data, options, parallel, executor, ranks)) {}

template <class T>
Trainer<T>::~Trainer() = default;

template <class T>
void Trainer<T>::resume(const TrainState<T>& state) {
  training_->resume(state);
}

template <class T>
TrainSummary Trainer<T>::run(const TrainCallbacks& callbacks) {
  return training_->run(callbacks);
}

template <class T>
TrainState<T> Trainer<T>::state() const {
  TrainState<T> state;
  training_->copy_state(state);
  return state;
}

template <class T>
void Trainer<T>::copy_state(TrainState<T>& to) const {
  training_->copy_state(to);
}

template <class T>
const TrainProgress& Trainer<T>::progress() const {
  return training_->progress();
}

template <class T>
TrainSummary train(Model<T>& model, const DataSplit& data, const TrainOptions& options,
                   const ParallelOptions& parallel, Executor& executor,
                   const TrainCallbacks& callbacks) {
  return Trainer<T>(model, data, options, parallel, executor).run(callbacks);
}

template <class T>
TrainSummary train(Model<T>& model, const DataSplit& data, const TrainOptions& options,
                   const TrainCallbacks& callbacks, const ParallelOptions& parallel) {
  return Trainer<T>(model, data, options, parallel).run(callbacks);
}

TrainSummary train(AnyModel& model, const DataSplit& data, const TrainOptions& options,
                   const TrainCallbacks& callbacks, const ParallelOptions& parallel) {
  return std::visit([&](auto& typed) { return train(typed, data, options, callbacks, parallel); },
                    model);
}

template class Trainer<float>;
template class Trainer<double>;
template TrainSummary train(Model<float>&, const DataSplit&, const TrainOptions&,
                            const ParallelOptions&, Executor&, const TrainCallbacks&);
template TrainSummary train(Model<double>&, const DataSplit&, const TrainOptions&,
                            const ParallelOptions&, Executor&, const TrainCallbacks&);
template TrainSummary train(Model<float>&, const DataSplit&, const TrainOptions&,
                            const TrainCallbacks&, const ParallelOptions&);
template TrainSummary train(Model<double>&, const DataSplit&, const TrainOptions&,
                            const TrainCallbacks&, const ParallelOptions&);

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "nabla/train/trainer.h"

#include "nabla/base/error.h"
#include "nabla/base/kinds.h"

#include "engine/blas_guard.h"
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

template <class T>
Trainer<T>::Trainer(Model<T>& model, const DataSplit& data, const TrainOptions& options,
                    const ParallelOptions& parallel, Executor& executor) {
  if (data.train.rows() == 0) throw DataError("training data: no rows to train on");
  require_valid(options, data);
  validate(parallel);
  model.cost = training_cost(model, options);
  require_matching(model, data.train, "training data");
  require_norm_rows(model.network.topology().batch_norm(), options.batch_rows(data.train.rows()));
  if (data.validation.rows() > 0) require_matching(model, data.validation, "validation data");
  if (data.test.rows() > 0) require_matching(model, data.test, "test data");
  require_safe_blas(executor);
  training_ = std::make_unique<Training<T>>(model, data, options, parallel, executor);
}

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
                   const ParallelOptions& parallel, const TrainCallbacks& callbacks) {
  const auto executor = make_executor(parallel);
  return train(model, data, options, parallel, *executor, callbacks);
}

template class Trainer<float>;
template class Trainer<double>;
template TrainSummary train(Model<float>&, const DataSplit&, const TrainOptions&,
                            const ParallelOptions&, Executor&, const TrainCallbacks&);
template TrainSummary train(Model<double>&, const DataSplit&, const TrainOptions&,
                            const ParallelOptions&, Executor&, const TrainCallbacks&);

template TrainSummary train(Model<float>&, const DataSplit&, const TrainOptions&,
                            const ParallelOptions&, const TrainCallbacks&);
template TrainSummary train(Model<double>&, const DataSplit&, const TrainOptions&,
                            const ParallelOptions&, const TrainCallbacks&);

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <nabla/nabla.h>

#include "bindings.h"

namespace nabla::python {

namespace {

namespace py = pybind11;

/// The state of a training in the precision of its model.
struct AnyState : std::variant<TrainState<float>, TrainState<double>> {
  using variant::variant;
};

/// Multiplies the numbers that an optimiser keeps from step to step.
void scale_slots(AnyState& state, double factor) {
  std::visit(
      [&](auto& typed) {
        for (auto& slot : typed.optimizer)
          for (auto& number : slot.span())
            number = static_cast<std::remove_cvref_t<decltype(number)>>(number * factor);
      },
      state);
}

/// A training that is run epoch by epoch. It keeps the model's Python object alive and trains that
/// model.
class Training {
  template <class Use>
  auto visit(const Use& use) const {
    return std::visit([&](const auto& trainer) { return use(*trainer); }, trainer_);
  }

 public:
  Training(py::object model, const Dataset& rows, const TrainOptions& options, std::size_t threads)
      : model_(std::move(model)), data_{.train = rows, .validation = {}, .test = {}} {
    AnyModel& any = model_.cast<AnyModel&>();
    const py::gil_scoped_release release;
    const ParallelOptions parallel{.threads = threads};
    executor_ = make_executor(parallel);
    std::visit(
        [&]<class T>(Model<T>& typed) {
          trainer_ = std::make_unique<TrainerOf<T>>(typed, data_, options, parallel, *executor_);
        },
        any);
  }

  /// Trains one epoch and returns its report. Throws DivergedError if it diverges, and the Python
  /// exception of a signal, such as KeyboardInterrupt, after a mini-batch.
  EpochReport run_epoch() {
    std::optional<EpochReport> report;
    std::optional<py::error_already_set> signalled;
    double next_look = kSignalSeconds;
    TrainCallbacks callbacks;
    callbacks.on_epoch = [&](const EpochReport& epoch) {
      report = epoch;
      return Flow::kStop;
    };
    callbacks.on_batch = [&](const BatchReport& batch) {
      if (batch.seconds < next_look) return Flow::kContinue;
      next_look = batch.seconds + kSignalSeconds;
      const py::gil_scoped_acquire lock;
      if (PyErr_CheckSignals() == 0) return Flow::kContinue;
      signalled.emplace();
      return Flow::kStop;
    };
    TrainSummary summary;
    {
      const py::gil_scoped_release release;
      summary = visit([&](auto& trainer) { return trainer.run(callbacks); });
    }
    if (signalled) throw std::move(*signalled);
    if (summary.status == TrainStatus::kDiverged) throw DivergedError(text_of(summary.divergence));
    if (!report) throw Error("the training has no epochs left");
    return *report;
  }

  AnyState state() const {
    return visit([](const auto& trainer) -> AnyState { return trainer.state(); });
  }

  /// Goes on with the optimiser and the counts of a state, from the model's parameters of now.
  void resume(const AnyState& from) {
    std::visit(
        [&]<class T>(Model<T>& model) {
          const auto* const typed = std::get_if<TrainState<T>>(&from);
          if (typed == nullptr) throw DataError("a training state of another precision");
          TrainState<T> state = *typed;
          const std::span<const T> now = std::as_const(model.network).parameters();
          state.parameters = AlignedArray<T>(now.size());
          std::ranges::copy(now, state.parameters.data());
          std::get<std::unique_ptr<Trainer<T>>>(trainer_)->resume(state);
        },
        model_.cast<AnyModel&>());
  }

 private:
  template <class T>
  using TrainerOf = Trainer<T>;

  /// How often a training looks for signals. That takes the GIL, which other threads may hold.
  static constexpr double kSignalSeconds = 0.05;

  static std::string text_of(const Divergence& divergence) {
    return "training diverged in epoch " + std::to_string(divergence.epoch) + ", mini-batch " +
           std::to_string(divergence.batch) + ": NaN or infinite numbers; expected " +
           (divergence.is_initial ? "features and targets of smaller magnitude"
                                  : "a smaller learning_rate_init or scaled features");
  }

  py::object model_;
  DataSplit data_;
  std::unique_ptr<Executor> executor_;
  std::variant<std::unique_ptr<Trainer<float>>, std::unique_ptr<Trainer<double>>> trainer_;
};

py::tuple pickled(const AnyState& state) {
  return std::visit(
      [](const auto& typed) {
        constexpr bool kIsDouble =
            std::is_same_v<std::remove_cvref_t<decltype(typed)>, TrainState<double>>;
        return py::make_tuple(kIsDouble, py::bytes(serialize_checkpoint(typed)));
      },
      state);
}

AnyState unpickled(const py::tuple& tuple) {
  const std::string_view content = tuple[1].cast<py::bytes>();
  const auto bytes = std::as_bytes(std::span(content));
  const CheckpointFile file =
      parse_checkpoint({bytes.begin(), bytes.end()}, "a pickled training state");
  if (tuple[0].cast<bool>()) return state_in<double>(file);
  return state_in<float>(file);
}

}  // namespace

void bind_training(py::module_& module) {
  py::class_<EpochReport>(module, "EpochReport", "One epoch of a training.")
      .def_readonly("epoch", &EpochReport::epoch)
      .def_readonly("seconds", &EpochReport::seconds)
      .def_readonly("learning_rate", &EpochReport::learning_rate)
      .def_property_readonly("cost", [](const EpochReport& report) { return report.train.cost; })
      .def_property_readonly("goodness",
                             [](const EpochReport& report) { return report.train.goodness; });

  py::class_<AnyState>(module, "TrainState", "The optimiser of a training, and how far it came.")
      .def_property_readonly("epochs",
                             [](const AnyState& state) {
                               return std::visit(
                                   [](const auto& typed) { return typed.progress.epochs; }, state);
                             })
      .def("scale_slots", &scale_slots, py::arg("factor"))
      .def(py::pickle(&pickled, &unpickled));

  py::class_<Training>(module, "Training", "Trains a model epoch by epoch.")
      .def(py::init<py::object, const Dataset&, const TrainOptions&, std::size_t>(),
           py::arg("model"), py::arg("rows"), py::arg("options"), py::arg("threads"))
      .def("run_epoch", &Training::run_epoch)
      .def("state", &Training::state)
      .def("resume", &Training::resume, py::arg("state"));
}

}  // namespace nabla::python

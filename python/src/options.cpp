// SPDX-License-Identifier: MIT
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <string>
#include <variant>

#include <nabla/nabla.h>

#include "bindings.h"
#include "names.h"

namespace nabla::python {

namespace {

using Kind = BiasInitializer::Kind;
/// How biases start, in Python: "gaussian", "uniform", or the number that all of them are.
using NameOrNumber = std::variant<std::string, double>;

NameOrNumber init_bias_of(const NetworkOptions& options) {
  if (options.init_bias.kind == Kind::kGaussian) return "gaussian";
  if (options.init_bias.kind == Kind::kUniform) return "uniform";
  return options.init_bias.value;
}

void set_init_bias(NetworkOptions& options, const NameOrNumber& start) {
  if (const auto* const number = std::get_if<double>(&start)) {
    options.init_bias = {.value = *number};
    return;
  }
  const auto& name = std::get<std::string>(start);
  if (name != "gaussian" && name != "uniform")
    throw pybind11::value_error("init_bias \"" + name + "\": expected gaussian or uniform");
  options.init_bias = {.kind = name == "gaussian" ? Kind::kGaussian : Kind::kUniform};
}

}  // namespace

void bind_options(pybind11::module_& module) {
  using pybind11::class_;
  using pybind11::init;

  class_<NetworkOptions>(module, "NetworkOptions", "The section [network] of a configuration.")
      .def(init<>())
      .def_readwrite("hidden", &NetworkOptions::hidden)
      .def_readwrite("activation", &NetworkOptions::activation)
      .def_readwrite("output", &NetworkOptions::output)
      .def_readwrite("init", &NetworkOptions::init)
      .def_property("init_bias", &init_bias_of, &set_init_bias)
      .def_readwrite("dropout", &NetworkOptions::dropout)
      .def_readwrite("input_dropout", &NetworkOptions::input_dropout)
      .def_readwrite("batch_norm", &NetworkOptions::batch_norm);

  class_<DataOptions>(module, "DataOptions", "The preprocessing of the section [data].")
      .def(init<>())
      .def_readwrite("normalize", &DataOptions::normalize)
      .def_readwrite("standardize_targets", &DataOptions::standardize_targets)
      .def_readwrite("sparse", &DataOptions::sparse);

  class_<OptimizerOptions>(module, "OptimizerOptions", "The section [optimizer].")
      .def_readwrite("algorithm", &OptimizerOptions::algorithm)
      .def_readwrite("momentum", &OptimizerOptions::momentum)
      .def_readwrite("beta1", &OptimizerOptions::beta1)
      .def_readwrite("beta2", &OptimizerOptions::beta2)
      .def_readwrite("epsilon", &OptimizerOptions::epsilon)
      .def_readwrite("decay", &OptimizerOptions::decay)
      .def_readwrite("weight_decay", &OptimizerOptions::weight_decay)
      .def_readwrite("lazy", &OptimizerOptions::lazy);

  class_<ScheduleOptions>(module, "ScheduleOptions", "The section [schedule].")
      .def_readwrite("policy", &ScheduleOptions::policy)
      .def_readwrite("step_epochs", &ScheduleOptions::step_epochs)
      .def_readwrite("factor", &ScheduleOptions::factor)
      .def_readwrite("min_rate", &ScheduleOptions::min_rate)
      .def_readwrite("warmup_epochs", &ScheduleOptions::warmup_epochs);

  class_<TrainOptions>(module, "TrainOptions", "The section [train], with those of its parts.")
      .def(init<>())
      .def_readwrite("cost", &TrainOptions::cost)
      .def_readwrite("huber_delta", &TrainOptions::huber_delta)
      .def_readwrite("epochs", &TrainOptions::epochs)
      .def_readwrite("batch_size", &TrainOptions::batch_size)
      .def_readwrite("learning_rate", &TrainOptions::learning_rate)
      .def_readwrite("seed", &TrainOptions::seed)
      .def_readwrite("shuffle", &TrainOptions::shuffle)
      .def_readwrite("l1", &TrainOptions::l1)
      .def_readwrite("l2", &TrainOptions::l2)
      .def_readwrite("max_norm", &TrainOptions::max_norm)
      .def_readwrite("clip_norm", &TrainOptions::clip_norm)
      .def_readwrite("label_smoothing", &TrainOptions::label_smoothing)
      .def_readwrite("precision", &TrainOptions::precision)
      .def_readwrite("optimizer", &TrainOptions::optimizer)
      .def_readwrite("schedule", &TrainOptions::schedule);
}

}  // namespace nabla::python

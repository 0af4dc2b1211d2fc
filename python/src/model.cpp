// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <nabla/nabla.h>

#include "bindings.h"
#include "features.h"
#include "names.h"

namespace nabla::python {

namespace {

namespace py = pybind11;

/// Calls use(model) with the Model<float> or Model<double> of a Python object.
template <class Use>
auto with_model(const py::object& model, const Use& use) {
  return std::visit([&](auto& typed) { return use(typed); }, model.cast<AnyModel&>());
}

void require_layer(const Topology& topology, std::size_t layer) {
  if (layer >= topology.layers().size())
    throw py::index_error("layer " + std::to_string(layer) + " of " +
                          std::to_string(topology.layers().size()));
}

/// The weights of a layer in place, as [inputs × outputs].
py::array weights_of(const py::object& model, std::size_t layer) {
  return with_model(model, [&]<class T>(Model<T>& typed) -> py::array {
    require_layer(typed.network.topology(), layer);
    const MatrixView<T> weight = typed.network.weight(layer);
    return py::array_t<T>({weight.cols, weight.rows}, {sizeof(T), weight.stride * sizeof(T)},
                          weight.data, model);
  });
}

/// The biases of a layer in place, [outputs].
py::array biases_of(const py::object& model, std::size_t layer) {
  return with_model(model, [&]<class T>(Model<T>& typed) -> py::array {
    require_layer(typed.network.topology(), layer);
    const std::span<T> bias = typed.network.bias(layer);
    return py::array_t<T>(bias.size(), bias.data(), model);
  });
}

void copy_parameters(AnyModel& to, const AnyModel& from) {
  std::visit(
      [](auto& target, const auto& source) {
        const auto numbers = source.network.parameters();
        if (numbers.size() != target.network.parameters().size())
          throw DataError("parameters of another network");
        std::ranges::transform(numbers, target.network.parameters().begin(), [](auto number) {
          return static_cast<std::ranges::range_value_t<decltype(target.network.parameters())>>(
              number);
        });
      },
      to, from);
}

/// The penalty l1·Σ|w| + ½·l2·Σw² over the weights of all layers.
double penalty_of(const AnyModel& model, double l1, double l2) {
  return std::visit(
      [=](const auto& typed) {
        double magnitudes = 0;
        double squares = 0;
        for (std::size_t i = 0; i < typed.network.layers(); ++i) {
          const auto weight = typed.network.weight(i);
          for (std::size_t row = 0; row < weight.rows; ++row) {
            for (const double w : weight.row(row)) {
              magnitudes += std::abs(w);
              squares += w * w;
            }
          }
        }
        return l1 * magnitudes + l2 * squares / 2;
      },
      model);
}

/// The classification of two classes that a model with one sigmoid output stands for: its
/// probability p is that of the second class, and softmax of (0, z) is (1 − p, p).
template <class T>
Model<T> as_two_classes(const Model<T>& model, std::vector<std::string> classes) {
  const Topology& topology = model.network.topology();
  if (topology.outputs() != 1 || topology.activations().back() != Activation::kSigmoid)
    throw DataError("a model with other outputs than one sigmoid");
  std::vector<std::size_t> widths = topology.widths();
  std::vector<Activation> activations = topology.activations();
  widths.back() = 2;
  activations.back() = Activation::kSoftmax;
  Model<T> two = {.network = Network<T>(Topology(widths, activations, topology.batch_norm())),
                  .cost = Cost::kCrossEntropy,
                  .preprocess = model.preprocess,
                  .task = Task::kClassification,
                  .classes = std::move(classes),
                  .columns = model.columns,
                  .one_hot = model.one_hot,
                  .dropout = model.dropout,
                  .sparse = model.sparse,
                  .precision = model.precision};
  const std::size_t last = model.network.layers() - 1;
  for (std::size_t i = 0; i <= last; ++i) {
    const std::size_t first_row = i == last ? 1 : 0;
    const MatrixView<const T> from = model.network.weight(i);
    for (std::size_t row = 0; row < from.rows; ++row)
      std::ranges::copy(from.row(row), two.network.weight(i).row(first_row + row).begin());
    std::ranges::copy(model.network.bias(i), two.network.bias(i).begin() + first_row);
    if (i == last || !topology.batch_norm()) continue;
    std::ranges::copy(model.network.norm_weight(i), two.network.norm_weight(i).begin());
    std::ranges::copy(model.network.norm_bias(i), two.network.norm_bias(i).begin());
    std::ranges::copy(model.network.running_mean(i), two.network.running_mean(i).begin());
    std::ranges::copy(model.network.running_variance(i), two.network.running_variance(i).begin());
  }
  return two;
}

/// The features that a row of the model has.
std::size_t features_in(const AnyModel& model) {
  return std::visit(
      [](const auto& typed) {
        return typed.preprocess.features(typed.network.topology().inputs());
      },
      model);
}

/// Their names; none if the model was not trained on a table with a header.
std::vector<std::string> feature_names(const AnyModel& model) {
  return std::visit(
      [](const auto& typed) {
        std::vector<std::string> names;
        if (typed.columns.names.empty()) return names;
        for (const std::size_t column : typed.columns.features())
          names.push_back(typed.columns.names[column]);
        return names;
      },
      model);
}

/// Multiplications below which starting threads would take longer than the prediction.
constexpr double kSmallPrediction = 1e7;

/// The outputs [rows × outputs] as a NumPy array.
py::array outputs_of(const AnyModel& model, const Dataset::Features& features,
                     std::size_t threads) {
  auto outputs = std::make_unique<Matrix<double>>();
  {
    const py::gil_scoped_release release;
    const std::size_t rows = std::visit([](const auto& matrix) { return matrix.rows(); }, features);
    const double work =
        static_cast<double>(rows) * static_cast<double>(model.topology().parameters());
    *outputs = predict(model, features, {.threads = work < kSmallPrediction ? 1 : threads}).outputs;
  }
  Matrix<double>& matrix = *outputs;
  const py::capsule owner(outputs.release(),
                          [](void* kept) { delete static_cast<Matrix<double>*>(kept); });
  return py::array_t<double>({matrix.rows(), matrix.cols()},
                             {matrix.stride() * sizeof(double), sizeof(double)}, matrix.data(),
                             owner);
}

py::bytes to_bytes(const std::string& text) { return py::bytes(text); }

AnyModel from_bytes(const py::bytes& bytes, const std::string& name) {
  const std::string_view content = bytes;
  return parse_model(std::as_bytes(std::span(content)), name);
}

}  // namespace

void bind_model(py::module_& module) {
  py::class_<AnyModel>(module, "Model", "A network and what its inputs and outputs mean.")
      .def_static(
          "make",
          [](const Dataset& train, const NetworkOptions& network, const TrainOptions& training,
             const DataOptions& data) { return make_model(train, network, training, data); },
          py::arg("train"), py::arg("network"), py::arg("training"), py::arg("data"),
          py::call_guard<py::gil_scoped_release>())
      .def_static("load", &load_trained_model, py::arg("path"))
      .def(
          "save",
          [](const AnyModel& model, const std::filesystem::path& path) { save_model(model, path); },
          py::arg("path"))
      .def(
          "as_two_classes",
          [](const AnyModel& model, std::vector<std::string> classes) {
            return std::visit(
                [&](const auto& typed) -> AnyModel {
                  return as_two_classes(typed, std::move(classes));
                },
                model);
          },
          py::arg("classes"))
      .def("copy", [](const AnyModel& model) { return model; })
      .def("copy_parameters", &copy_parameters, py::arg("source"))
      .def("penalty", &penalty_of, py::arg("l1"), py::arg("l2"),
           py::call_guard<py::gil_scoped_release>())
      .def(
          "predict",
          [](const AnyModel& model, const Dataset& rows, std::size_t threads) {
            return outputs_of(model, rows.features, threads);
          },
          py::arg("rows"), py::arg("threads"))
      .def(
          "predict",
          [](const AnyModel& model, const py::object& rows, std::size_t threads) {
            return outputs_of(model, features_of(rows), threads);
          },
          py::arg("rows"), py::arg("threads"))
      .def_property_readonly("precision", &AnyModel::precision)
      .def_property_readonly("task", &AnyModel::task)
      .def_property_readonly("classes", &AnyModel::classes)
      .def_property_readonly("cost", [](const AnyModel& model) { return model.cost().kind; })
      .def_property_readonly("features", &features_in)
      .def_property_readonly("feature_names", &feature_names)
      .def_property_readonly("has_categories",
                             [](const AnyModel& model) {
                               return std::visit(
                                   [](const auto& typed) { return !typed.one_hot.empty(); }, model);
                             })
      .def_property_readonly("widths",
                             [](const AnyModel& model) { return model.topology().widths(); })
      .def_property_readonly("activations",
                             [](const AnyModel& model) { return model.topology().activations(); })
      .def_property(
          "dropout",
          [](const AnyModel& model) {
            return std::visit([](const auto& typed) { return typed.dropout; }, model);
          },
          [](AnyModel& model, const std::vector<double>& dropout) {
            std::visit([&](auto& typed) { typed.dropout = dropout; }, model);
          })
      .def(py::pickle([](const AnyModel& model) { return to_bytes(serialize_model(model)); },
                      [](const py::bytes& bytes) { return from_bytes(bytes, "a pickled model"); }));
  // These are functions, because the arrays keep the Python object alive.
  module.def("weights", &weights_of, py::arg("model"), py::arg("layer"));
  module.def("biases", &biases_of, py::arg("model"), py::arg("layer"));
}

}  // namespace nabla::python

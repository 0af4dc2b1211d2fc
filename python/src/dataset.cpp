// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nabla/nabla.h>

#include "bindings.h"
#include "features.h"
#include "names.h"

namespace nabla::python {

namespace {

namespace py = pybind11;

template <class T>
using ArrayOf = py::array_t<T, py::array::c_style | py::array::forcecast>;

template <class T>
std::span<const T> span_of(const ArrayOf<T>& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}

template <class T>
std::vector<T> vector_of(const ArrayOf<T>& array) {
  return {array.data(), array.data() + array.size()};
}

using MakeOutputs = Dataset (*)(Dataset::Features, std::span<const double>, std::size_t);

/// A data set whose targets are [rows × outputs].
Dataset with_outputs(MakeOutputs make, const py::object& rows, const ArrayOf<double>& targets) {
  if (targets.ndim() != 2) throw py::type_error("expected targets of 2 dimensions");
  Dataset::Features features = features_of(rows);
  const py::gil_scoped_release release;
  return make(std::move(features), span_of(targets), static_cast<std::size_t>(targets.shape(1)));
}

}  // namespace

void bind_dataset(py::module_& module) {
  py::class_<Dataset>(
      module, "Dataset",
      "Rows of features, borrowed from an array or a CSR matrix, with their targets.")
      .def_static(
          "classification",
          [](const py::object& rows, const ArrayOf<std::uint32_t>& labels,
             std::vector<std::string> classes) {
            Dataset::Features features = features_of(rows);
            std::vector<std::uint32_t> own_labels = vector_of(labels);
            const py::gil_scoped_release release;
            return make_classification(std::move(features), std::move(own_labels),
                                       std::move(classes));
          },
          py::arg("rows"), py::arg("labels"), py::arg("classes"))
      .def_static(
          "regression",
          [](const py::object& rows, const ArrayOf<double>& targets) {
            return with_outputs(make_regression, rows, targets);
          },
          py::arg("rows"), py::arg("targets"))
      .def_static(
          "multi_label",
          [](const py::object& rows, const ArrayOf<double>& labels) {
            return with_outputs(make_multi_label, rows, labels);
          },
          py::arg("rows"), py::arg("labels"))
      .def(
          "set_weights",
          [](Dataset& dataset, const ArrayOf<double>& weights) {
            dataset.weights = vector_of(weights);
          },
          py::arg("weights"), "How much each row counts in training.")
      .def(
          "select",
          [](const Dataset& dataset, const ArrayOf<std::uint32_t>& rows) {
            return select(dataset, vector_of(rows));
          },
          py::arg("rows"), "The rows of these indices; features are not copied.")
      .def_property_readonly("rows", &Dataset::rows)
      .def_property_readonly("task", [](const Dataset& dataset) { return dataset.task; });
}

}  // namespace nabla::python

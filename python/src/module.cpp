// SPDX-License-Identifier: MIT
#include <pybind11/pybind11.h>
#include <string>

#include <nabla/nabla.h>

#include "bindings.h"

PYBIND11_MODULE(_nabla, module) {
  module.doc() = "The C++ library nabla, as far as the package is made of it.";
  module.attr("version") = std::string(nabla::version());
  module.def("available_cores", &nabla::available_cores, "Cores that this process may run on.");
  nabla::python::bind_errors(module);
  nabla::python::bind_options(module);
  nabla::python::bind_dataset(module);
  nabla::python::bind_model(module);
  nabla::python::bind_training(module);
}

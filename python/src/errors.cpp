// SPDX-License-Identifier: MIT
#include <exception>
#include <pybind11/pybind11.h>
#include <system_error>

#include <nabla/nabla.h>

#include "bindings.h"

namespace nabla::python {

void bind_errors(pybind11::module_& module) {
  // An error that is registered later is tried earlier, so the base comes first.
  pybind11::register_exception_translator([](std::exception_ptr thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::system_error& error) {
      PyErr_SetString(PyExc_OSError, error.what());
    }
  });
  const auto& base = pybind11::register_exception<Error>(module, "Error", PyExc_ValueError);
  pybind11::register_exception<ConfigError>(module, "ConfigError", base);
  pybind11::register_exception<DataError>(module, "DataError", base);
  pybind11::register_exception<DivergedError>(module, "DivergedError", base);
}

}  // namespace nabla::python

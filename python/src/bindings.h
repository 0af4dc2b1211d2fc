// SPDX-License-Identifier: MIT
#pragma once

#include <pybind11/pybind11.h>

namespace nabla::python {

// One function for each file of this folder, which adds what the file binds to the module.

void bind_errors(pybind11::module_& module);
void bind_options(pybind11::module_& module);
void bind_dataset(pybind11::module_& module);
void bind_model(pybind11::module_& module);
void bind_training(pybind11::module_& module);

}  // namespace nabla::python

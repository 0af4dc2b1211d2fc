// SPDX-License-Identifier: MIT
#pragma once

#include <pybind11/pybind11.h>

#include <nabla/nabla.h>

namespace nabla::python {

/// The features [rows × features] of a NumPy array whose rows are contiguous, or of a SciPy CSR
/// matrix in canonical format with indices in int32; numbers in uint8, float32 or float64. They are
/// borrowed: the matrix keeps the Python object alive, which must not change meanwhile. Throws
/// TypeError for anything else and DataError for entries that contradict each other. Called with
/// the GIL held.
Dataset::Features features_of(const pybind11::object& rows);

}  // namespace nabla::python

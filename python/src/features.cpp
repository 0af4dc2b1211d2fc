// SPDX-License-Identifier: MIT
#include "features.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <pybind11/numpy.h>
#include <span>
#include <string>
#include <vector>

namespace nabla::python {

namespace {

namespace py = pybind11;

/// Keeps a Python object alive for memory that is borrowed from it. The last to let it go need not
/// hold the GIL.
std::shared_ptr<const void> share(const py::object& object) {
  return std::shared_ptr<const void>(new py::object(object), [](const void* kept) {
    const py::gil_scoped_acquire lock;
    delete static_cast<const py::object*>(kept);
  });
}

template <class T>
FeatureMatrix<T> dense_of(const py::array& rows) {
  const auto count = static_cast<std::size_t>(rows.shape(0));
  const auto cols = static_cast<std::size_t>(rows.shape(1));
  const auto size = static_cast<py::ssize_t>(sizeof(T));
  const bool is_contiguous = cols <= 1 || rows.strides(1) == size;
  const bool has_stride =
      rows.strides(0) % size == 0 && rows.strides(0) >= static_cast<py::ssize_t>(cols) * size;
  if (!is_contiguous || (count > 1 && !has_stride))
    throw py::type_error("expected rows of contiguous numbers, one row after the other");
  const std::size_t stride = count > 1 ? static_cast<std::size_t>(rows.strides(0) / size) : cols;
  return {MatrixView<const T>(static_cast<const T*>(rows.data()), count, cols, stride),
          share(rows)};
}

template <class T>
SparseMatrix<T> sparse_of(const py::object& rows, const py::array& values, std::size_t cols) {
  const py::array_t<std::int64_t> indptr(rows.attr("indptr").cast<py::array>());
  const py::array indices = rows.attr("indices");
  if (!py::isinstance<py::array_t<std::int32_t>>(indices))
    throw py::type_error("expected the indices of a CSR matrix in int32");
  const std::vector<std::size_t> starts =
      to_starts(std::span(indptr.data(), static_cast<std::size_t>(indptr.size())));
  // A signed and an unsigned integer of one size may stand for each other.
  const auto* const columns = static_cast<const std::uint32_t*>(indices.data());
  require_entries(starts, {columns, static_cast<std::size_t>(indices.size())}, cols);
  require_values(static_cast<std::size_t>(values.size()), static_cast<std::size_t>(indices.size()));
  // The matrix may be given other arrays than these, so these are what is kept.
  return {starts, columns, static_cast<const T*>(values.data()), cols,
          share(py::make_tuple(indices, values))};
}

/// Calls make<T>() for the type of the numbers.
template <class Make>
Dataset::Features by_type(const py::array& numbers, const Make& make) {
  if (py::isinstance<py::array_t<float>>(numbers)) return make.template operator()<float>();
  if (py::isinstance<py::array_t<double>>(numbers)) return make.template operator()<double>();
  if (py::isinstance<py::array_t<std::uint8_t>>(numbers))
    return make.template operator()<std::uint8_t>();
  throw py::type_error("expected numbers in uint8, float32 or float64, found " +
                       py::str(numbers.dtype()).cast<std::string>());
}

}  // namespace

Dataset::Features features_of(const py::object& rows) {
  if (py::hasattr(rows, "indptr")) {
    const py::array values = rows.attr("data");
    const auto cols = rows.attr("shape").attr("__getitem__")(1).cast<std::size_t>();
    return by_type(
        values, [&]<class T>() -> Dataset::Features { return sparse_of<T>(rows, values, cols); });
  }
  if (!py::isinstance<py::array>(rows))
    throw py::type_error("expected a NumPy array or a SciPy CSR matrix");
  const auto array = py::reinterpret_borrow<py::array>(rows);
  if (array.ndim() != 2)
    throw py::type_error("expected an array of 2 dimensions, found " +
                         std::to_string(array.ndim()));
  return by_type(array, [&]<class T>() -> Dataset::Features { return dense_of<T>(array); });
}

}  // namespace nabla::python

// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "data/numpy_array.h"

namespace nabla {

/// What the first bytes of an NPY file say of the array in it.
struct NpyHeader {
  NumpyType type;
  std::vector<std::size_t> shape;
  bool fortran_order = false;
  std::size_t size = 0;      ///< bytes of the header; the elements begin there
  std::size_t elements = 0;  ///< bytes of the elements
};

/// No header that is read is longer, whatever it claims.
inline constexpr std::size_t kNpyLongestHeader = std::size_t{1} << 16;

/// Whether the bytes start as an NPY file does.
bool is_npy(std::span<const std::byte> start);

/// Reads a header of version 1, 2 or 3 from the first bytes of a file, which hold all of it where
/// they are kNpyLongestHeader or more. Throws DataError, `name` first, with the byte offset.
/// Format: NumPy's documentation of numpy.lib.format.
NpyHeader parse_npy_header(std::span<const std::byte> start, const std::string& name);

/// The array in the content of a whole file, whose owner it shares.
NumpyArray parse_npy(const FileBytes& file, const std::string& name);

}  // namespace nabla

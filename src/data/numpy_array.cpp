// SPDX-License-Identifier: MIT
#include "data/numpy_array.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "nabla/base/error.h"

#include "base/stored_number.h"

namespace nabla {

namespace {

using NumberKind = NumpyType::Kind;

struct NamedType {
  std::string_view code;
  NumberKind kind;
  std::size_t size;
};

constexpr std::array kTypes = {
    NamedType{"b1", NumberKind::kBool, 1},     NamedType{"i1", NumberKind::kSigned, 1},
    NamedType{"i2", NumberKind::kSigned, 2},   NamedType{"i4", NumberKind::kSigned, 4},
    NamedType{"i8", NumberKind::kSigned, 8},   NamedType{"u1", NumberKind::kUnsigned, 1},
    NamedType{"u2", NumberKind::kUnsigned, 2}, NamedType{"u4", NumberKind::kUnsigned, 4},
    NamedType{"u8", NumberKind::kUnsigned, 8}, NamedType{"f4", NumberKind::kFloat, 4},
    NamedType{"f8", NumberKind::kFloat, 8},
};

/// Returns whether T, a floating-point type, holds the number exactly.
template <class T, class Stored>
bool is_exact(Stored stored) {
  if constexpr (std::is_floating_point_v<Stored>) {
    return std::isfinite(stored);
  } else if constexpr (std::numeric_limits<Stored>::digits <= std::numeric_limits<T>::digits) {
    return true;
  } else {
    // Rounding makes of the largest values a power of two that Stored does not hold.
    const T value = static_cast<T>(stored);
    const T beyond = std::ldexp(T{1}, std::numeric_limits<Stored>::digits);
    return value < beyond && static_cast<Stored>(value) == stored;
  }
}

/// Returns the column, in row-major order, of each element of a row in the order of the file.
std::vector<std::size_t> columns_in_file_order(const NumpyArray& array, std::size_t columns) {
  std::vector<std::size_t> result(columns);
  const std::span<const std::size_t> inner = std::span(array.shape).subspan(1);
  for (std::size_t i = 0; i < columns; ++i) {
    std::size_t rest = i;
    std::size_t stride = columns;
    for (const std::size_t size : inner) {
      stride /= size;
      result[i] += rest % size * stride;
      rest /= size;
    }
  }
  return result;
}

std::string not_exact(const NumpyArray& array, std::size_t row, std::size_t column, auto stored) {
  return array.name + "[" + std::to_string(row) +
         (array.shape.size() > 1 ? ", " + std::to_string(column) : "") + "]: found " +
         std::to_string(stored) +
         (std::is_floating_point_v<decltype(stored)>
              ? "; expected finite numbers"
              : "; expected integers that double holds exactly, as it does to 53 bits");
}

template <class Stored, class T>
Matrix<T> convert(const NumpyArray& array) {
  const std::size_t rows = array.shape.front();
  const std::size_t columns = array.elements.size() / sizeof(Stored) / rows;
  Matrix<T> matrix(rows, columns);
  const std::byte* next = array.elements.data();
  const auto take = [&](std::size_t row, std::size_t column) {
    const Stored stored = load_number<Stored>(next, array.type.big_endian);
    if constexpr (!std::is_same_v<Stored, T> || std::is_floating_point_v<Stored>) {
      if (!is_exact<T>(stored)) throw DataError(not_exact(array, row, column, stored));
    }
    matrix(row, column) = static_cast<T>(stored);
    next += sizeof(Stored);
  };
  if (!array.fortran_order) {
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t column = 0; column < columns; ++column) take(row, column);
  } else {
    for (const std::size_t column : columns_in_file_order(array, columns))
      for (std::size_t row = 0; row < rows; ++row) take(row, column);
  }
  return matrix;
}

/// Returns whether the elements lie in memory as a matrix of T does.
template <class T>
bool is_matrix(const NumpyArray& array) {
  const bool is_native =
      sizeof(T) == 1 || array.type.big_endian == (std::endian::native == std::endian::big);
  return is_native && !array.fortran_order &&
         reinterpret_cast<std::uintptr_t>(array.elements.data()) % alignof(T) == 0;
}

/// Returns the features as T, which holds each value of Stored.
template <class Stored, class T>
FeatureMatrix<T> share_or_convert(const NumpyArray& array) {
  if constexpr (std::is_same_v<Stored, T>) {
    if (array.owner != nullptr && is_matrix<T>(array)) {
      const std::size_t rows = array.shape.front();
      const MatrixView<const T> view(reinterpret_cast<const T*>(array.elements.data()), rows,
                                     array.elements.size() / sizeof(T) / rows);
      for (std::size_t row = 0; std::is_floating_point_v<T> && row < rows; ++row)
        for (std::size_t column = 0; column < view.cols; ++column)
          if (const T value = view(row, column); !is_exact<T>(value))
            throw DataError(not_exact(array, row, column, value));
      return {view, array.owner};
    }
  }
  return convert<Stored, T>(array);
}

/// Calls `use` with a value of the C++ type of the array's elements.
template <class Use>
auto with_type(const NumpyType& type, Use&& use) {
  const auto of_size = [&]<class One, class Two, class Four, class Eight>() {
    switch (type.size) {
      case 1:
        return use(One{});
      case 2:
        return use(Two{});
      case 4:
        return use(Four{});
      default:
        return use(Eight{});
    }
  };
  switch (type.kind) {
    case NumberKind::kFloat:
      return type.size == 4 ? use(float{}) : use(double{});
    case NumberKind::kSigned:
      return of_size.template operator()<std::int8_t, std::int16_t, std::int32_t, std::int64_t>();
    default:
      return of_size
          .template operator()<std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t>();
  }
}

}  // namespace

std::optional<NumpyType> parse_numpy_type(std::string_view code, char order) {
  const auto found = std::ranges::find(kTypes, code, &NamedType::code);
  if (found == kTypes.end() || std::string_view("<>|=").find(order) == std::string_view::npos)
    return std::nullopt;
  const bool native_big = order == '=' && std::endian::native == std::endian::big;
  return NumpyType{found->kind, found->size, order == '>' || native_big};
}

std::string shape_text(std::span<const std::size_t> shape) {
  std::string text;
  for (const std::size_t size : shape) text += (text.empty() ? "" : " × ") + std::to_string(size);
  return text.empty() ? "a single number" : text;
}

std::size_t numpy_bytes(const NumpyType& type, std::span<const std::size_t> shape,
                        const std::string& name) {
  std::size_t bytes = type.size;
  for (const std::size_t size : shape) {
    if (size == 0)
      throw DataError(name + ": found the shape " + shape_text(shape) + "; expected elements");
    if (bytes > std::numeric_limits<std::ptrdiff_t>::max() / size)
      throw DataError(name + ": found the shape " + shape_text(shape) +
                      "; expected as many elements as the file holds");
    bytes *= size;
  }
  return bytes;
}

Dataset numpy_features(const NumpyArray& array) {
  if (array.shape.size() < 2)
    throw DataError(array.name + ": found the shape " + shape_text(array.shape) +
                    "; expected two or more dimensions: rows and features");
  Dataset dataset;
  dataset.features = with_type(array.type, [&](auto example) -> Dataset::Features {
    using Stored = decltype(example);
    constexpr bool kSmall = std::is_same_v<Stored, float> || sizeof(Stored) <= 2;
    if constexpr (std::is_same_v<Stored, std::uint8_t>) {
      // Bools do not stay uint8, which normalisation takes for pixels.
      if (array.type.kind != NumberKind::kBool)
        return share_or_convert<Stored, std::uint8_t>(array);
    }
    return share_or_convert<Stored, std::conditional_t<kSmall, float, double>>(array);
  });
  if (array.shape.size() == 3) {
    dataset.image_height = array.shape[1];
    dataset.image_width = array.shape[2];
  }
  return dataset;
}

RowTargets numpy_targets(const NumpyArray& array) {
  if (array.shape.empty() || array.shape.size() > 2)
    throw DataError(array.name + ": found the shape " + shape_text(array.shape) +
                    "; expected one target per row");
  RowTargets targets;
  targets.values = with_type(
      array.type, [&](auto example) { return convert<decltype(example), double>(array); });
  targets.are_names = array.type.kind != NumberKind::kFloat;
  targets.place = [name = array.name](std::size_t row) {
    return name + "[" + std::to_string(row) + "]";
  };
  return targets;
}

Dataset numpy_dataset(const NumpyArray& features, const NumpyArray& targets, TaskChoice task,
                      std::span<const std::string> classes) {
  Dataset dataset = numpy_features(features);
  RowTargets numbers = numpy_targets(targets);
  if (numbers.values.rows() != dataset.rows())
    throw DataError(targets.name + ": " + std::to_string(numbers.values.rows()) +
                    " rows; expected one for each of the " + std::to_string(dataset.rows()) +
                    " of " + features.name);
  set_targets(std::move(numbers), task, classes, dataset);
  return dataset;
}

}  // namespace nabla

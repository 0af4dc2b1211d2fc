// SPDX-License-Identifier: MIT
#include "data/numpy_array.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "nabla/base/error.h"

#include "base/stored_number.h"
#include "base/text.h"
#include "data/csv_cell.h"

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
    NamedType{"u8", NumberKind::kUnsigned, 8}, NamedType{"f2", NumberKind::kFloat, 2},
    NamedType{"f4", NumberKind::kFloat, 4},    NamedType{"f8", NumberKind::kFloat, 8},
};

/// Longer texts are no names of classes.
constexpr std::size_t kLongestText = std::size_t{1} << 16;

/// Returns the type of a text of so many characters: "U10" or "S10".
std::optional<NumpyType> parse_text_type(std::string_view code, bool big_endian) {
  std::size_t length = 0;
  const char* const end = code.data() + code.size();
  const auto [stop, error] = std::from_chars(code.data() + 1, end, length);
  if (error != std::errc() || stop != end || length == 0 || length > kLongestText)
    return std::nullopt;
  if (code[0] == 'U')
    return NumpyType{NumberKind::kCodePoints, length * sizeof(std::uint32_t), big_endian};
  return NumpyType{NumberKind::kBytes, length, false};
}

/// Returns whether T holds the number exactly or, of a feature that is missing, NaN.
template <class T, class Stored>
bool is_feature(Stored stored) {
  if constexpr (std::is_floating_point_v<Stored>)
    if (std::isnan(stored)) return true;
  return holds_exactly<T>(stored);
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

/// Numbers of an array that is converted.
enum class Numbers { kFeatures, kTargets };

template <class Stored, class T>
Matrix<T> convert(const NumpyArray& array, Numbers numbers) {
  const std::size_t rows = array.shape.front();
  const std::size_t columns = array.elements.size() / sizeof(Stored) / rows;
  Matrix<T> matrix(rows, columns);
  const std::byte* next = array.elements.data();
  const auto take = [&](std::size_t row, std::size_t column) {
    const auto stored = value_of(load_number<Stored>(next, array.type.big_endian));
    if constexpr (!std::is_same_v<Stored, T> || std::is_floating_point_v<Stored>) {
      if (!(numbers == Numbers::kFeatures ? is_feature<T>(stored) : holds_exactly<T>(stored)))
        throw DataError(not_exact(array, row, column, stored));
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
          if (const T value = view(row, column); !is_feature<T>(value))
            throw DataError(not_exact(array, row, column, value));
      return {view, array.owner};
    }
  }
  return convert<Stored, T>(array, Numbers::kFeatures);
}

}  // namespace

std::optional<NumpyType> parse_numpy_type(std::string_view code, char order) {
  if (std::string_view("<>|=").find(order) == std::string_view::npos) return std::nullopt;
  const bool native_big = order == '=' && std::endian::native == std::endian::big;
  const bool big_endian = order == '>' || native_big;
  if (code.starts_with('U') || code.starts_with('S')) return parse_text_type(code, big_endian);
  const auto found = std::ranges::find(kTypes, code, &NamedType::code);
  if (found == kTypes.end()) return std::nullopt;
  return NumpyType{found->kind, found->size, big_endian};
}

std::string shape_text(std::span<const std::size_t> shape) {
  std::string text;
  for (const std::size_t size : shape) text += (text.empty() ? "" : " × ") + std::to_string(size);
  return text.empty() ? "a single number" : text;
}

std::size_t numpy_bytes(const NumpyType& type, std::span<const std::size_t> shape,
                        const std::string& name) {
  std::size_t bytes = type.size;
  if (std::ranges::find(shape, std::size_t{0}) != shape.end()) return 0;
  for (const std::size_t size : shape) {
    if (bytes > std::numeric_limits<std::ptrdiff_t>::max() / size)
      throw DataError(name + ": found the shape " + shape_text(shape) +
                      "; expected as many elements as the file holds");
    bytes *= size;
  }
  return bytes;
}

namespace {

void require_elements(const NumpyArray& array) {
  if (array.elements.empty())
    throw DataError(array.name + ": found the shape " + shape_text(array.shape) +
                    "; expected elements");
}

/// Returns the text of an element.
std::string read_text(std::span<const std::byte> element, const NumpyType& type,
                      const std::string& place) {
  std::string text;
  if (type.kind == NumberKind::kBytes) {
    text.assign(reinterpret_cast<const char*>(element.data()), element.size());
    text.resize(text.find_last_not_of('\0') + 1);
    return text;
  }
  std::size_t end = element.size() / sizeof(std::uint32_t);
  const auto at = [&](std::size_t i) {
    return load_number<std::uint32_t>(element.data() + i * sizeof(std::uint32_t), type.big_endian);
  };
  while (end > 0 && at(end - 1) == 0) --end;
  constexpr std::uint32_t kLastPoint = 0x10ffff;
  for (std::size_t i = 0; i < end; ++i) {
    if (at(i) > kLastPoint)
      throw DataError(place + ": found the code point " + std::to_string(at(i)) +
                      "; expected at most " + std::to_string(kLastPoint));
    append_utf8(at(i), text);
  }
  return text;
}

std::vector<std::string> read_texts(const NumpyArray& array, const RowTargets& targets) {
  const std::size_t rows = array.shape.front();
  if (array.elements.size() / array.type.size != rows)
    throw DataError(array.name + ": found the shape " + shape_text(array.shape) +
                    "; expected one text per row");
  std::vector<std::string> texts;
  texts.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row)
    texts.push_back(read_text(array.elements.subspan(row * array.type.size, array.type.size),
                              array.type, targets.place(row)));
  return texts;
}

/// Returns whether the predicate holds for all numbers of the array.
template <class Predicate>
bool all_numbers(const NumpyArray& array, Predicate predicate) {
  return with_numpy_type(array.type, [&](auto example) {
    using Stored = decltype(example);
    for (std::size_t i = 0; i < array.elements.size(); i += sizeof(Stored))
      if (!predicate(value_of(load_number<Stored>(&array.elements[i], array.type.big_endian))))
        return false;
    return true;
  });
}

/// Returns the texts of the integers, [rows], if double does not hold all integers of their size;
/// else none.
std::vector<std::string> long_integers(const NumpyArray& array) {
  const bool is_column = array.elements.size() / array.type.size == array.shape.front();
  if (array.type.kind == NumberKind::kFloat || !is_column) return {};
  std::vector<std::string> texts;
  const auto is_short = [](auto y) { return std::abs(static_cast<double>(y)) < kInexactIntegers; };
  if (all_numbers(array, is_short)) return texts;
  all_numbers(array, [&](auto y) {
    texts.push_back(std::to_string(y));
    return true;
  });
  return texts;
}

}  // namespace

std::string numpy_text(const NumpyArray& array) {
  if (!array.type.is_text() || array.elements.size() != array.type.size)
    throw DataError(array.name + ": found " + (array.type.is_text() ? "text" : "numbers") +
                    " of the shape " + shape_text(array.shape) + "; expected one text");
  return read_text(array.elements, array.type, array.name);
}

Dataset numpy_features(const NumpyArray& array) {
  require_elements(array);
  if (array.type.is_text())
    throw DataError(array.name +
                    ": found text; expected features of type bool, int8 to int64, "
                    "uint8 to uint64, float16, float32 or float64");
  if (array.shape.size() < 2)
    throw DataError(array.name + ": found the shape " + shape_text(array.shape) +
                    "; expected two or more dimensions: rows and features");
  Dataset dataset;
  dataset.features = with_numpy_type(array.type, [&](auto example) -> Dataset::Features {
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
  require_elements(array);
  if (array.shape.empty() || array.shape.size() > 2)
    throw DataError(array.name + ": found the shape " + shape_text(array.shape) +
                    "; expected one target per row");
  RowTargets targets;
  targets.are_text = array.type.is_text();
  targets.place = [name = array.name](std::size_t row) {
    return name + "[" + std::to_string(row) + "]";
  };
  targets.texts = array.type.is_text() ? read_texts(array, targets) : long_integers(array);
  const auto is_held = [](auto y) { return holds_exactly<double>(y); };
  if (targets.texts.empty() || (!array.type.is_text() && all_numbers(array, is_held)))
    targets.values = with_numpy_type(array.type, [&](auto example) {
      return convert<decltype(example), double>(array, Numbers::kTargets);
    });
  return targets;
}

Dataset numpy_dataset(const NumpyArray& features, const NumpyArray& targets, TaskChoice task,
                      std::span<const std::string> classes) {
  Dataset dataset = numpy_features(features);
  RowTargets row_targets = numpy_targets(targets);
  if (targets.shape.front() != dataset.rows())
    throw DataError(targets.name + ": " + std::to_string(targets.shape.front()) +
                    " rows; expected one for each of the " + std::to_string(dataset.rows()) +
                    " of " + features.name);
  set_targets(std::move(row_targets), task, classes, dataset);
  return dataset;
}

}  // namespace nabla

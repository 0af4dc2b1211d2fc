// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "nabla/data/dataset.h"

#include "base/stored_number.h"
#include "data/row_targets.h"

namespace nabla {

/// The type of the elements of a NumPy array.
struct NumpyType {
  enum class Kind { kBool, kSigned, kUnsigned, kFloat, kCodePoints, kBytes };
  Kind kind = Kind::kUnsigned;
  std::size_t size = 1;  ///< bytes of one element
  bool big_endian = false;

  /// Whether the elements are texts, padded with zeros: code points of 32 bits, or bytes.
  bool is_text() const { return kind == Kind::kCodePoints || kind == Kind::kBytes; }
};

/// Returns the type of NumPy's code without its byte order ("f4", "u1", "U10") and the byte order
/// ('<', '>', '|' or '='). Returns nullopt for types that hold neither plain numbers of at most
/// eight bytes nor texts.
std::optional<NumpyType> parse_numpy_type(std::string_view code, char order);
/// The types that parse_numpy_type knows, for errors.
inline constexpr std::string_view kNumpyTypes =
    "bool, int8 to int64, uint8 to uint64, float16 to float64, or text for targets";

/// NumPy's arrays have at most so many dimensions.
inline constexpr std::size_t kMostNumpyDimensions = 64;

/// An array as a file holds it.
struct NumpyArray {
  std::string name;  ///< the names of file and array, with which errors begin: "a.npz: x_train"
  NumpyType type;
  std::vector<std::size_t> shape;
  bool fortran_order = false;
  /// The elements: exactly as many bytes as type and shape ask for.
  std::span<const std::byte> elements;
  /// Keeps the elements alive; null if another object keeps them, only while they are converted.
  std::shared_ptr<const void> owner;
};

/// Returns the bytes of all elements. Throws DataError, which begins with `name`, if there are too
/// many.
std::size_t numpy_bytes(const NumpyType& type, std::span<const std::size_t> shape,
                        const std::string& name);

/// Calls `use` with a value of the C++ type of the elements, which are numbers: Float16, float,
/// double, or an integer, std::uint8_t for bool.
template <class Use>
auto with_numpy_type(const NumpyType& type, Use&& use) {
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
    case NumpyType::Kind::kFloat:
      if (type.size == 2) return use(Float16{});
      return type.size == 4 ? use(float{}) : use(double{});
    case NumpyType::Kind::kSigned:
      return of_size.template operator()<std::int8_t, std::int16_t, std::int32_t, std::int64_t>();
    default:
      return of_size
          .template operator()<std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t>();
  }
}

/// Returns whether T, a floating-point type, holds the number exactly; it is finite then.
template <class T, class Stored>
bool holds_exactly(Stored stored) {
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

/// Returns the shape as "60000 × 28 × 28".
std::string shape_text(std::span<const std::size_t> shape);

/// Returns the only text of the array. Throws DataError if it holds anything else.
std::string numpy_text(const NumpyArray& array);

/// Returns a data set of these features, [rows × all other dimensions], without targets. Three
/// dimensions are images. uint8 stays uint8; other types become the smallest of float and double
/// that holds every value of their type, int64 and uint64 double. Elements that need no conversion
/// are shared with the array's owner. NaN stays, as a missing value. Throws DataError for no
/// elements, less than two dimensions, an infinite number, an integer that double does not hold
/// exactly and text.
Dataset numpy_features(const NumpyArray& array);

/// Returns the targets: [rows], or [rows × targets], or texts [rows]; integers from
/// kInexactIntegers on are texts too, and values only if double holds them exactly. Throws
/// DataError as numpy_features does, and for NaN.
RowTargets numpy_targets(const NumpyArray& array);

/// Makes a data set of features and the targets of each row.
Dataset numpy_dataset(const NumpyArray& features, const NumpyArray& targets, TaskChoice task,
                      std::span<const std::string> classes);

}  // namespace nabla

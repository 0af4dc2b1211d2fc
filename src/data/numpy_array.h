// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/data/dataset.h"

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

/// Returns the bytes of all elements. Throws DataError, which begins with `name`, if there are none
/// or too many.
std::size_t numpy_bytes(const NumpyType& type, std::span<const std::size_t> shape,
                        const std::string& name);

/// Returns the shape as "60000 × 28 × 28".
std::string shape_text(std::span<const std::size_t> shape);

/// Returns a data set of these features, [rows × all other dimensions], without targets. Three
/// dimensions are images. uint8 stays uint8; other types become the smallest of float and double
/// that holds every value of their type, int64 and uint64 double. Elements that need no conversion
/// are shared with the array's owner. NaN stays, as a missing value. Throws DataError for less than
/// two dimensions, an infinite number, an integer that double does not hold exactly and text.
Dataset numpy_features(const NumpyArray& array);

/// Returns the targets: [rows], or [rows × targets], or texts [rows]; integers from
/// kInexactIntegers on are texts too, and values only if double holds them exactly. Throws
/// DataError as numpy_features does, and for NaN.
RowTargets numpy_targets(const NumpyArray& array);

/// Makes a data set of features and the targets of each row.
Dataset numpy_dataset(const NumpyArray& features, const NumpyArray& targets, TaskChoice task,
                      std::span<const std::string> classes);

}  // namespace nabla

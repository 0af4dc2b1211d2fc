// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace nabla {

/// Parameters of the flat array, one behind another.
struct ParameterRange {
  std::size_t first;
  std::size_t count;
};

/// The place of parameters in an array that has only those of some ranges.
class ParameterPlaces {
 public:
  /// Of all parameters: each has its own place.
  explicit ParameterPlaces(std::size_t storage);
  /// The ranges are ascending.
  explicit ParameterPlaces(std::vector<ParameterRange> ranges);

  /// The length of such an array.
  std::size_t storage() const { return storage_; }
  const std::vector<ParameterRange>& ranges() const { return ranges_; }
  /// The place of a parameter of one of the ranges.
  std::size_t operator()(std::size_t parameter) const;

 private:
  std::vector<ParameterRange> ranges_;
  std::vector<std::size_t> places_;  ///< of the first one of each range
  std::size_t storage_ = 0;
};

}  // namespace nabla

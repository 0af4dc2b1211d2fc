// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

#include "nabla/base/error.h"

namespace nabla {

/// Returns a number of a file as a parameter of a network in T. Throws DataError, which begins with
/// `place` and gives the element's index, unless T holds it as a finite number.
template <class T, class Value>
T parameter_value(Value value, const std::string& place, std::size_t index) {
  const auto fail = [&](const char* what) {
    throw DataError(place + "element " + std::to_string(index) + " is " + what +
                    ", expected a finite number");
  };
  if (std::isnan(value)) fail("NaN");
  if (std::isinf(value)) fail("infinite");
  if (std::abs(value) > std::numeric_limits<T>::max()) fail("too large for float32");
  return static_cast<T>(value);
}

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "base/require_option.h"

#include <cmath>

#include "nabla/base/error.h"

namespace nabla {

void require_option(bool holds, const char* key, const std::string& expected) {
  if (!holds) throw ConfigError(std::string(key) + ": expected " + expected);
}

void require_not_negative(const char* key, double value) {
  require_option(value >= 0 && std::isfinite(value), key, "a finite number of at least 0");
}

void require_fraction(const char* key, double value) {
  require_option(value >= 0 && value < 1, key, "a number from 0 to below 1");
}

}  // namespace nabla

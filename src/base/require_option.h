// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace nabla {

/// Throws ConfigError "KEY: expected WHAT" unless the value of that configuration key `holds`.
void require_option(bool holds, const char* key, const std::string& expected);

/// Finite and at least 0.
void require_not_negative(const char* key, double value);

/// From 0 to below 1.
void require_fraction(const char* key, double value);

}  // namespace nabla

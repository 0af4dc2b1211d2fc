// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

namespace nabla {

/// Base of every error the library throws. `what()` is one line that names the place (file and
/// line, byte offset or key), what is wrong and what was expected.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Wrong usage or configuration: the caller can mend it by changing an option (exit code 2).
class ConfigError : public Error {
 public:
  using Error::Error;
};

/// Bad or missing data, or a bad or missing model file (exit code 3).
class DataError : public Error {
 public:
  using Error::Error;
};

/// Training produced NaN or infinity (exit code 4).
class DivergedError : public Error {
 public:
  using Error::Error;
};

}  // namespace nabla

// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

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
  explicit ConfigError(const std::string& message) : Error(message) {}
  /// An option's value that cannot be: `what()` is "KEY: PROBLEM", the problem says what was
  /// expected.
  ConfigError(std::string key, std::string problem)
      : Error(key + ": " + problem), key_(std::move(key)), problem_(std::move(problem)) {}

  /// The configuration key of the option, "train.epochs"; empty if the error names none.
  const std::string& key() const { return key_; }

  /// The same error with the place that the key was written at: "digits.ini:3: train.epochs".
  ConfigError at(const std::string& place) const {
    ConfigError placed(place + ": " + problem_);
    placed.key_ = key_;
    placed.problem_ = problem_;
    return placed;
  }

 private:
  std::string key_;
  std::string problem_;
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

// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

#include "nabla/base/error.h"

/// Takes safetensors files apart and puts them together, independently of the library.
namespace nabla::testing_support {

inline std::uint64_t header_length(const std::string& bytes) {
  std::uint64_t length = 0;
  for (int i = 7; i >= 0; --i)
    length = length << 8 | static_cast<unsigned char>(bytes.at(static_cast<std::size_t>(i)));
  return length;
}

inline nlohmann::ordered_json header_of(const std::string& bytes) {
  return nlohmann::ordered_json::parse(bytes.substr(8, header_length(bytes)));
}

inline std::string data_of(const std::string& bytes) {
  return bytes.substr(8 + header_length(bytes));
}

inline std::string file_of(const std::string& header, const std::string& data) {
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i)
    bytes[i] = static_cast<char>(static_cast<std::uint64_t>(header.size()) >> (8 * i) & 0xff);
  return bytes + header + data;
}

/// Returns the message of the DataError that `action` throws; expects one line that names the file.
template <class Action>
std::string data_error(const Action& action) {
  try {
    action();
  } catch (const DataError& error) {
    const std::string what = error.what();
    EXPECT_EQ(what.find('\n'), std::string::npos) << what;
    EXPECT_NE(what.find(".safetensors"), std::string::npos) << what;
    return what;
  }
  ADD_FAILURE() << "accepted";
  return "";
}

}  // namespace nabla::testing_support

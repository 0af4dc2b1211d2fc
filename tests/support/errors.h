// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <gtest/gtest.h>
#include <string>

namespace nabla {

/// Returns the message of the `E` that the call throws; fails the test if it throws nothing or
/// another error. Every message of an error is one line.
template <class E, class Call>
std::string error_of(Call&& call) {
  try {
    call();
  } catch (const E& error) {
    const std::string message = error.what();
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return message;
  } catch (const std::exception& error) {
    ADD_FAILURE() << "another error was thrown: " << error.what();
    return "";
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

/// Expects the part somewhere in the message.
inline void expect_in(const std::string& part, const std::string& message) {
  EXPECT_NE(message.find(part), std::string::npos) << message << " lacks " << part;
}

}  // namespace nabla

// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What each fuzz target, a file *_fuzz.cpp, defines. Reads the input as the program would and ends
/// the process where anything else happens than a result that holds its promises or an error of one
/// line for people.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace nabla::fuzz {

/// Small valid inputs to start from, made by code.
std::vector<std::string> seeds();

}  // namespace nabla::fuzz

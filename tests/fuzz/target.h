// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Each fuzz target, a file *_fuzz.cpp, defines these. Reads the input as the program would. Ends
/// the process unless there is a result that keeps its promises, or an error of one line for
/// people.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace nabla::fuzz {

/// Makes small valid inputs to start from.
std::vector<std::string> seeds();

}  // namespace nabla::fuzz

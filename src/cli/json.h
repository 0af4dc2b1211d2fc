// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include "cli/arguments.h"

namespace nabla {

/// Keys keep the order in which they are set; numbers are written so that they read back exactly,
/// and those that are not finite as null.
using Json = nlohmann::ordered_json;

/// The option --json of the commands that have it.
CommandOption json_option();

/// Returns the document that --json prints, with `schema` in it: the version of its keys, which
/// docs/json.md describes. A key that is added leaves it as it is.
Json json_document();

/// Prints the document to standard output. Bytes that are not UTF-8 are replaced.
void print_json(const Json& document);

}  // namespace nabla

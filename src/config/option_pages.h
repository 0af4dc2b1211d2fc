// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace nabla {

/// Every configuration key with type, default, range and meaning, for a terminal.
std::string options_text();

/// The same as the documentation page docs/options.md.
std::string options_markdown();

}  // namespace nabla

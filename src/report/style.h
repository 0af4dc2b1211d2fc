// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace nabla::report {

/// The style sheet: light and dark by the reader's preference; the colours of plots are the
/// variables --c1 … --c8 (series), --r0 … --r9 (a scale from low to high), --axis and --grid.
std::string_view style_sheet();

/// Sorts a table when one of its headings is pressed.
std::string_view sort_script();

}  // namespace nabla::report

// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

#include "data/source.h"

namespace nabla {

/// Rows [first, first + count) of an endless series of hand-drawn looking grey digits, 28×28
/// pixels, uint8, ten classes "0" to "9". Row i depends on `seed` and i only.
Dataset make_digits(std::uint64_t seed, std::size_t first, std::size_t count);

/// The training rows of `options`; the test rows follow them in the series.
SourceRows read_digits_source(const DataOptions& options);

}  // namespace nabla

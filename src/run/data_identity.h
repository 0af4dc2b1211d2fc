// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "nabla/data/dataset.h"

namespace nabla {

/// Returns the facts by which data are known again: one "name = value" line each, shapes, task,
/// names of classes and columns, and a checksum of the training rows. UTF-8, whatever the names
/// are.
std::string data_identity(const DataSplit& data);

/// Throws DataError naming the first fact in which the data differ from those whose data_identity
/// is `written`; `place` names the file that it stands in.
void require_same_data(const DataSplit& data, std::string_view written, const std::string& place);

}  // namespace nabla

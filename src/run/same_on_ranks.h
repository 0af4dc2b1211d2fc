// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "nabla/engine/ranks.h"
#include "nabla/model/model.h"

#include "run/data_identity.h"

namespace nabla {

// What ranks must have in common. All throw a RankError on every rank if one of several differs
// from the first, whose own error says in what.

/// The version, the instruction set and OpenBLAS's kernel: without them the bits would differ.
void require_same_build(Ranks& ranks);

/// The experiment, as the text of its config.ini.
void require_same_configuration(Ranks& ranks, const std::string& config);

void require_same_data(Ranks& ranks, const DataIdentity& identity);

void require_same_model(Ranks& ranks, const AnyModel& model);

}  // namespace nabla

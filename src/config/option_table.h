// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/option.h"
#include "config/experiment_options.h"

namespace nabla {

using ExperimentOption = Option<ExperimentOptions>;

/// All keys, section by section.
const OptionRows<ExperimentOptions>& option_table();

/// The option of that key; null if there is none.
const ExperimentOption* find_option(std::string_view key);

/// The line "[section]" of an INI file if the option is the first of its section in the table,
/// after an empty line if it is not the first section; else nothing.
std::string section_heading(const ExperimentOption& option);

/// Why the option has no effect: "data.source = digits" or "no network.hidden"; empty if it has
/// one.
std::string reason_of_no_effect(const ExperimentOption& option, const ExperimentOptions& options);

/// Returns "; did you mean KEY?" with the known key that is nearest to `key`, after `prefix`; "" if
/// none is near.
std::string did_you_mean_key(std::string_view key, const std::string& prefix = "");

}  // namespace nabla

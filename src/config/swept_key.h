// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "config/ini_file.h"
#include "config/sweep_options.h"

namespace nabla {

/// "train.epochs" of the setting key "sweep.train.epochs"; empty for "sweep.trials" and for keys of
/// other sections.
std::string_view swept_name(std::string_view setting_key);

/// The alternatives (separated by ';') or the range (`uniform(a,b)`, `loguniform(a,b)`,
/// `integer(a,b)`) of a setting "sweep.<section.key>", each value read by that key's own option.
/// Throws ConfigError without place for an unknown key, one that no sweep can vary, and values that
/// the key does not take.
SweptKey parse_swept_key(const Setting& setting);

/// The text that parse_swept_key reads back to the same.
std::string write_swept_key(const SweptKey& key);

}  // namespace nabla

// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "nabla/data/augment_options.h"
#include "nabla/data/data_options.h"
#include "nabla/data/folds.h"

#include "base/option.h"

namespace nabla {

/// Throws ConfigError "KEY: contradicts data.task = …, expected EXPECTED or …" if the targets are
/// of the other task than `wanted`.
void require_task(Task wanted, Task task, const char* key, const std::string& expected);

/// Returns the task if the options alone decide on it, else nullopt.
std::optional<Task> known_task(const DataOptions& options);

/// Returns how the rows are split: DataOptions::validation_shuffle, or the choice for such targets.
SplitOrder split_order(const DataOptions& options, Task task);

/// The OptionFlags::obstacle of keys that other commands read.
inline constexpr const char* kNoTrainingReads = "no training reads it";

/// Return the rows of the keys of [data], without those of the training; of [augment], with
/// data.augment before them; and of [crossval].
const OptionRows<DataOptions>& data_rows();
const OptionRows<AugmentOptions>& augment_rows();
const OptionRows<FoldOptions>& fold_rows();

}  // namespace nabla

// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "experiment/option_table.h"

namespace nabla {

// The option table, one function per section or two.
std::vector<Option> data_section();
Option deformations_option();  ///< data.augment, in the section of the data
std::vector<Option> augment_section();
std::vector<Option> network_section();
std::vector<Option> train_section();
std::vector<Option> optimizer_section();
std::vector<Option> schedule_section();
std::vector<Option> stop_section();
std::vector<Option> parallel_section();
std::vector<Option> output_section();
std::vector<Option> scale_section();
std::vector<Option> sweep_section();
std::vector<Option> crossval_section();

}  // namespace nabla

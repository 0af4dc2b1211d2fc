// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/model/network_options.h"

#include "base/option.h"

namespace nabla {

/// The keys of [network].
const OptionRows<NetworkOptions>& network_rows();

}  // namespace nabla

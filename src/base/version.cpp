// SPDX-License-Identifier: MIT
#include "nabla/base/version.h"

namespace nabla {

std::string_view version() { return NABLA_VERSION; }

}  // namespace nabla

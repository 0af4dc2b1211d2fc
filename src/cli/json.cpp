// SPDX-License-Identifier: MIT
#include "cli/json.h"

#include <iostream>

namespace nabla {

CommandOption json_option() { return {"--json", "", "one JSON document (docs/json.md)"}; }

Json json_document() { return {{"schema", 1}}; }

void print_json(const Json& document) {
  std::cout << document.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

}  // namespace nabla

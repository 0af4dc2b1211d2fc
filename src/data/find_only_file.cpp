// SPDX-License-Identifier: MIT
#include "nabla/base/error.h"

#include "data/source.h"
#include "data/standard_file.h"

namespace nabla {

std::filesystem::path find_only_file(const DataOptions& options, const std::string& standard_name) {
  if (!options.train.empty()) return options.dir / options.train.front();
  const std::filesystem::path found = find_plain_or_gz(options.dir, standard_name);
  if (!found.empty()) return found;
  throw DataError((options.dir.empty() ? "." : options.dir.string()) + ": " + standard_name +
                  " and " + standard_name +
                  ".gz are missing; expected one of them there, or a file as data.train");
}

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "optimize/parameter_places.h"

#include <algorithm>
#include <utility>

namespace nabla {

ParameterPlaces::ParameterPlaces(std::size_t storage)
    : ParameterPlaces(std::vector<ParameterRange>{{0, storage}}) {}

ParameterPlaces::ParameterPlaces(std::vector<ParameterRange> ranges) : ranges_(std::move(ranges)) {
  for (const ParameterRange& range : ranges_) {
    places_.push_back(storage_);
    storage_ += range.count;
  }
}

std::size_t ParameterPlaces::operator()(std::size_t parameter) const {
  const auto behind = std::ranges::upper_bound(ranges_, parameter, {}, &ParameterRange::first);
  const auto i = static_cast<std::size_t>(behind - ranges_.begin()) - 1;
  return places_[i] + (parameter - ranges_[i].first);
}

}  // namespace nabla

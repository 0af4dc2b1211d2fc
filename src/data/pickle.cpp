// SPDX-License-Identifier: MIT
#include "data/pickle.h"

#include <utility>

#include "data/pickle_machine.h"

namespace nabla {

Pickle::Pickle(FileBytes file, std::string name)
    : file_(std::move(file)), name_(std::move(name)), objects_(file_.bytes, name_) {
  root_ = PickleMachine(file_.bytes, objects_).run();
}

bool Pickle::is_array(PickleId id) const { return objects_[id].kind == PickleObject::Kind::kArray; }

std::span<const PickleId> Pickle::items(PickleId id) const { return objects_[id].items; }

NumpyArray Pickle::array(PickleId id, const std::string& place) const {
  return objects_.array(id, name_ + ": " + place);
}

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "data/class_name.h"

#include "data/csv_cell.h"

namespace nabla {

ClassName::ClassName(std::string_view name) : text(name) {
  double number = 0;
  if (parse_number(name, number) == CellKind::kNumber) value = number;
}

bool ClassName::operator<(const ClassName& other) const {
  if (value && other.value) return *value < *other.value;
  if (value || other.value) return value.has_value();
  return text < other.text;
}

}  // namespace nabla

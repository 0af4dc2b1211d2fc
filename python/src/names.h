// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <pybind11/pybind11.h>
#include <string>
#include <string_view>

#include <nabla/nabla.h>

namespace nabla::python {

inline std::optional<Precision> parse_precision(std::string_view name) {
  return find_kind(kPrecisions, name);
}

/// Carries a value of an enumeration across as its name in configurations: "relu", "adam", …
/// Throws ValueError for a name that is none of them.
template <class Enum, std::optional<Enum> (*kParse)(std::string_view)>
struct NameCaster {
  PYBIND11_TYPE_CASTER(Enum, pybind11::detail::const_name("str"));

  bool load(pybind11::handle source, bool /*convert*/) {
    if (!pybind11::isinstance<pybind11::str>(source)) return false;
    const auto text = source.cast<std::string>();
    const std::optional<Enum> parsed = kParse(text);
    if (!parsed) throw pybind11::value_error("\"" + text + "\" is not a name that is known here");
    value = *parsed;
    return true;
  }

  static pybind11::handle cast(Enum kind, pybind11::return_value_policy /*policy*/,
                               pybind11::handle /*parent*/) {
    return pybind11::str(std::string(name_of(kind))).release();
  }
};

}  // namespace nabla::python

namespace pybind11::detail {

template <>
struct type_caster<nabla::Activation>
    : nabla::python::NameCaster<nabla::Activation, nabla::parse_activation> {};
template <>
struct type_caster<nabla::Algorithm>
    : nabla::python::NameCaster<nabla::Algorithm, nabla::parse_algorithm> {};
template <>
struct type_caster<nabla::Cost> : nabla::python::NameCaster<nabla::Cost, nabla::parse_cost> {};
template <>
struct type_caster<nabla::Initializer>
    : nabla::python::NameCaster<nabla::Initializer, nabla::parse_initializer> {};
template <>
struct type_caster<nabla::Normalization>
    : nabla::python::NameCaster<nabla::Normalization, nabla::parse_normalization> {};
template <>
struct type_caster<nabla::Precision>
    : nabla::python::NameCaster<nabla::Precision, nabla::python::parse_precision> {};
template <>
struct type_caster<nabla::SchedulePolicy>
    : nabla::python::NameCaster<nabla::SchedulePolicy, nabla::parse_schedule_policy> {};
template <>
struct type_caster<nabla::Task> : nabla::python::NameCaster<nabla::Task, nabla::parse_task> {};

}  // namespace pybind11::detail

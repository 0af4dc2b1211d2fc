// SPDX-License-Identifier: MIT
#include "nabla/data/augment_options.h"

#include <string>
#include <vector>

#include "base/option_builders.h"
#include "data/option_rows.h"

namespace nabla {

namespace {

/// The deformations by name, which data.augment lists.
struct Deformation {
  const char* name;
  bool AugmentOptions::*wanted;
};
constexpr Deformation kDeformations[] = {{"affine", &AugmentOptions::affine},
                                         {"elastic", &AugmentOptions::elastic}};

void read_deformations(AugmentOptions& options, std::string_view text, const ValueOrigin&) {
  static const std::vector<std::string> kNames = {"none", "affine", "elastic"};
  for (const auto& [name, wanted] : kDeformations) options.*wanted = false;
  if (text == "none") return;
  const std::vector<std::string> items = split_list(text);
  if (items.empty()) throw_bad_value(text, "is empty", "none, affine, elastic or affine,elastic");
  for (const std::string& item : items) {
    const auto* const found = std::ranges::find(kDeformations, item, &Deformation::name);
    if (found == std::end(kDeformations)) throw_bad_choice(item, kNames, " or affine,elastic");
    if (options.*found->wanted) throw_bad_value(text, "names " + item + " twice", "each once");
    options.*found->wanted = true;
  }
}

std::string write_deformations(const AugmentOptions& options) {
  std::string text;
  for (const auto& [name, wanted] : kDeformations)
    if (options.*wanted) text += (text.empty() ? "" : ",") + std::string(name);
  return text.empty() ? "none" : text;
}

constexpr Interval kDegrees = from_to(0, 180);

ClassRotation read_class_rotation(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == 0 || colon == std::string_view::npos)
    throw_bad_value(text, "has no class or no degrees", "class:degrees, such as 7:7.5");
  const auto degrees = parse_number(trim(text.substr(colon + 1)), kDegrees.number());
  return {std::string(trim(text.substr(0, colon))), degrees};
}

std::string write_class_rotation(const ClassRotation& rotation) {
  return rotation.class_name + ":" + write_number(rotation.degrees);
}

void check_class_rotations(const std::vector<ClassRotation>& rotations) {
  for (std::size_t i = 0; i < rotations.size(); ++i) {
    require_in(kDegrees, rotations[i].degrees);
    const std::string& name = rotations[i].class_name;
    if (std::ranges::count(rotations, name, &ClassRotation::class_name) > 1)
      throw_bad_value(name, "is named twice", "each class once");
  }
}

OptionRows<AugmentOptions> make_augment_rows() {
  using A = AugmentOptions;
  using Row = OptionRow<A>;
  const OptionCondition affine = is("data.augment", {"affine", "affine,elastic"});
  const OptionCondition elastic = is("data.augment", {"elastic", "affine,elastic"});
  return {
      Option<A>{.key = "data.augment",
                .type = "name or list",
                .range = "none · affine · elastic · affine,elastic",
                .meaning =
                    "Deforms the training images, anew in every epoch: rotates, scales and shifts "
                    "them, displaces their pixels by a smooth random field, or both.",
                .empty_default = "",
                .parse = read_deformations,
                .write = write_deformations,
                .check = nullptr}
          .flagged({.after_reading = true}),
      Row::number("augment.rotation", &A::rotation, kDegrees,
                  "affine: rotation about the centre, uniform in ± so many degrees.")
          .only_if({affine}),
      Row::list("augment.rotation-of", &A::rotation_of, "list of class:degrees",
                "each " + kDegrees.text(), read_class_rotation, write_class_rotation,
                check_class_rotations,
                "affine: classes that are rotated by other angles than the others, by their names: "
                "1:7.5, 7:7.5.")
          .empty_means("none")
          .only_if({affine}),
      Row::number("augment.scale", &A::scale, from_to(0, 0.9),
                  "affine: height and width, each times a factor of its own uniform in "
                  "1 ± scale.")
          .only_if({affine}),
      Row::number("augment.shift", &A::shift, from_to(0, 100),
                  "affine: down and right, each uniform in ± so many pixels.")
          .only_if({affine}),
      Row::number("augment.elastic-alpha", &A::elastic_alpha, from_to(0, 100),
                  "elastic: strength. Each coordinate moves by a root mean square of "
                  "0.163 · alpha pixels, whatever sigma is; Simard's alpha over sigma.")
          .only_if({elastic}),
      Row::number("augment.elastic-sigma", &A::elastic_sigma, from_to(0.1, 100),
                  "elastic: standard deviation, in pixels, of the Gaussian that smooths the "
                  "field.")
          .only_if({elastic}),
  };
}

}  // namespace

const OptionRows<AugmentOptions>& augment_rows() {
  static const OptionRows<AugmentOptions> kRows = make_augment_rows();
  return kRows;
}

void validate(const AugmentOptions& options) { check_rows(augment_rows(), options); }

}  // namespace nabla

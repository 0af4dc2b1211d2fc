// SPDX-License-Identifier: MIT
#include "experiment/option_builders.h"
#include "experiment/option_sections.h"

namespace nabla {

namespace {

/// A number in [lowest, highest], a member of AugmentOptions.
Option strength_option(std::string key, double AugmentOptions::*member, double lowest,
                       double highest, std::string meaning) {
  const std::string range = write_number(lowest) + " to " + write_number(highest);
  return make_option(
      std::move(key), "number", range,
      std::move(meaning), [member](auto& o) -> auto& { return o.train.augment.*member; },
      [=](std::string_view text) {
        const double value = parse_number(text, "a number from " + range);
        if (value < lowest || value > highest)
          throw_bad_value(text, "is out of range", "a number from " + range);
        return value;
      },
      write_number<double>);
}

}  // namespace

Option deformations_option() {
  Option option;
  option.key = "data.augment";
  option.type = "name or list";
  option.range = "none · affine · elastic · affine,elastic";
  option.meaning =
      "Deforms the training images, anew in every epoch: rotates, scales and shifts them, "
      "displaces their pixels by a smooth random field, or both.";
  option.parse = [](ExperimentOptions& options, std::string_view text, const ValueOrigin&) {
    AugmentOptions& augment = options.train.augment;
    augment.affine = augment.elastic = false;
    if (text == "none") return;
    const std::vector<std::string> items = split_list(text);
    for (const std::string& item : items) {
      bool* const asked = item == "affine"    ? &augment.affine
                          : item == "elastic" ? &augment.elastic
                                              : nullptr;
      static const std::vector<std::string> kNames = {"none", "affine", "elastic"};
      if (asked == nullptr) throw_bad_choice(item, kNames, " or affine,elastic");
      if (*asked) throw_bad_value(text, "names " + item + " twice", "each once");
      *asked = true;
    }
    if (items.empty()) throw_bad_value(text, "is empty", "none, affine, elastic or affine,elastic");
  };
  option.write = [](const ExperimentOptions& options) -> std::string {
    const AugmentOptions& augment = options.train.augment;
    if (augment.affine) return augment.elastic ? "affine,elastic" : "affine";
    return augment.elastic ? "elastic" : "none";
  };
  return option;
}

std::vector<Option> augment_section() {
  using A = AugmentOptions;
  return {
      strength_option("augment.rotation", &A::rotation, 0, A::kMaxRotation,
                      "affine: rotation about the centre, uniform in ± so many degrees."),
      strength_option("augment.scale", &A::scale, 0, A::kMaxScale,
                      "affine: height and width, each times a factor of its own uniform in "
                      "1 ± scale."),
      strength_option("augment.shift", &A::shift, 0, A::kMaxShift,
                      "affine: down and right, each uniform in ± so many pixels."),
      strength_option("augment.elastic-alpha", &A::elastic_alpha, 0, A::kMaxElasticAlpha,
                      "elastic: strength. Each coordinate moves by a root mean square of "
                      "0.163 · alpha pixels, whatever sigma is; Simard's alpha over sigma."),
      strength_option("augment.elastic-sigma", &A::elastic_sigma, A::kMinElasticSigma,
                      A::kMaxElasticSigma,
                      "elastic: standard deviation, in pixels, of the Gaussian that smooths the "
                      "field."),
  };
}

}  // namespace nabla

// SPDX-License-Identifier: MIT

#include "experiment/option_builders.h"
#include "experiment/option_sections.h"

namespace nabla {

namespace {

constexpr std::uint64_t kWidest = 1'000'000;

std::vector<std::size_t> parse_widths(std::string_view text) {
  std::vector<std::size_t> widths;
  for (const std::string& item : split_list(text))
    widths.push_back(static_cast<std::size_t>(parse_whole(item, 1, kWidest)));
  return widths;
}

std::string write_widths(const std::vector<std::size_t>& widths) {
  std::vector<std::string> items;
  for (const std::size_t width : widths) items.push_back(std::to_string(width));
  return join(items);
}

/// The activations whose row says so in `flag`.
std::vector<Activation> activations_with(bool ActivationTraits::*flag) {
  std::vector<Activation> result;
  for (const Activation activation : all_activations())
    if (traits_of(activation).*flag) result.push_back(activation);
  return result;
}

const Choices<Activation>& hidden_activations() {
  static const Choices<Activation> kChoices =
      choices_of<Activation>(activations_with(&ActivationTraits::is_for_hidden));
  return kChoices;
}

std::vector<Activation> parse_activations(std::string_view text) {
  std::vector<Activation> activations;
  for (const std::string& item : split_list(text))
    activations.push_back(choose(hidden_activations(), item));
  if (activations.empty()) throw_bad_choice(text, names_of(hidden_activations()));
  return activations;
}

std::string write_activations(const std::vector<Activation>& activations) {
  std::vector<std::string> items;
  for (const Activation activation : activations) items.emplace_back(name_of(activation));
  return join(items);
}

const std::vector<std::string> kBiasNames = {"zero", "gaussian", "uniform"};

BiasInitializer parse_bias(std::string_view text) {
  using Kind = BiasInitializer::Kind;
  if (text == "zero") return {};
  if (text == "gaussian") return {Kind::kGaussian, 0};
  if (text == "uniform") return {Kind::kUniform, 0};
  const bool looks_numeric = text.find_first_of("0123456789") != std::string_view::npos &&
                             text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
  if (!looks_numeric) throw_bad_choice(text, kBiasNames, " or a number");
  return {Kind::kConstant, parse_number(text, "zero, gaussian, uniform or a finite number")};
}

std::string write_bias(const BiasInitializer& bias) {
  using Kind = BiasInitializer::Kind;
  if (bias.kind == Kind::kGaussian) return "gaussian";
  if (bias.kind == Kind::kUniform) return "uniform";
  return bias.value == 0 ? "zero" : write_number(bias.value);
}

constexpr std::string_view kFractions = "0 to below 1";

double parse_fraction(std::string_view text) {
  const double value = parse_number(text, "a fraction from 0 to below 1");
  if (!(value >= 0 && value < 1))
    throw_bad_value(text, "is out of range", "a fraction from 0 to below 1");
  return value;
}

std::vector<double> parse_fractions(std::string_view text) {
  std::vector<double> fractions;
  for (const std::string& item : split_list(text)) fractions.push_back(parse_fraction(item));
  if (fractions.empty()) throw_bad_value(text, "is empty", "a fraction or a list of them");
  return fractions;
}

std::string write_fractions(const std::vector<double>& fractions) {
  std::vector<std::string> items;
  for (const double fraction : fractions) items.push_back(write_number(fraction));
  return join(items);
}

}  // namespace

std::vector<Option> network_section() {
  Option hidden = make_option(
      "network.hidden", "list of whole numbers",
      "each " + whole_range(1, kWidest) + "; empty for none",
      "Widths of the hidden layers, first to last.",
      [](auto& o) -> auto& { return o.network.hidden; }, parse_widths, write_widths);
  return {
      std::move(hidden),
      make_option(
          "network.activation", "list of names", join(names_of(hidden_activations()), " · "),
          "Activations of the hidden layers: one for all of them, or one each. leaky-relu has the "
          "slope 0.01, elu α 1, softplus β 1; gelu is the exact one (erf).",
          [](auto& o) -> auto& { return o.network.activation; }, parse_activations,
          write_activations),
      choice_option(
          "network.output", [](auto& o) -> auto& { return o.network.output; },
          choices_with_auto<Activation>(activations_with(&ActivationTraits::is_for_outputs)),
          "Activation of the output layer; auto: softmax for a classification, identity "
          "for a regression."),
      choice_option(
          "network.init", [](auto& o) -> auto& { return o.network.init; },
          choices_of<Initializer>(all_initializers()),
          "How the weights start: gaussian N(0,1), lecun N(0,1/n_in), glorot "
          "N(0,2/(n_in+n_out)), he N(0,2/n_in), uniform U(−1,1); auto: he for hidden "
          "layers of " +
              alternatives(kActivations, [](auto& row) { return row.weight_gain == 2; }) +
              ", lecun for the others."),
      make_option(
          "network.init-bias", "name or number", join(kBiasNames, " · ") + " · a number",
          "How the biases start: gaussian N(0,1), uniform U(−1,1), or all the same.",
          [](auto& o) -> auto& { return o.network.init_bias; }, parse_bias, write_bias),
      path_option(
          "network.initial", [](auto& o) -> auto& { return o.network.initial; }, "none",
          "Model file whose parameters are the start."),
      make_option(
          "network.dropout", "list of numbers", "each " + std::string(kFractions),
          "Fraction of each hidden layer's units left out in training: one for all of them, or one "
          "each.",
          [](auto& o) -> auto& { return o.train.dropout; }, parse_fractions, write_fractions),
      make_option(
          "network.input-dropout", "number", std::string(kFractions),
          "Fraction of the inputs left out in training.",
          [](auto& o) -> auto& { return o.train.input_dropout; }, parse_fraction,
          write_number<double>),
      yes_no_option(
          "network.batch-norm", [](auto& o) -> auto& { return o.network.batch_norm; },
          "Batch normalisation of each hidden layer, before its activation."),
  };
}

}  // namespace nabla

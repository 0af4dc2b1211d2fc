// SPDX-License-Identifier: MIT
#include "nabla/model/network_options.h"

#include <cmath>
#include <string>

#include "nabla/base/error.h"

#include "base/option_builders.h"
#include "model/option_rows.h"

namespace nabla {

namespace {

const std::vector<std::string> kBiasNames = {"zero", "gaussian", "uniform"};

BiasInitializer read_bias(std::string_view text) {
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

void check_bias(const BiasInitializer& bias) {
  if (!std::isfinite(bias.value))
    throw_bad_value(write_number(bias.value), "is out of range",
                    "zero, gaussian, uniform or a finite number");
}

OptionRows<NetworkOptions> make_network_rows() {
  using N = NetworkOptions;
  using Row = OptionRow<N>;
  constexpr Interval kWidths = from_to(1, 1'000'000);
  constexpr Interval kFractions = from_to_below(0, 1);
  const Choices<Activation> hidden = choices_of<Activation>(
      kinds_where(all_activations(), [](auto& row) { return row.is_for_hidden; }));
  const OptionCondition has_hidden = is_not("network.hidden", {""});
  const OptionCondition no_initial = is("network.initial", {""});
  return {
      Row::wholes(
          "network.hidden", &N::hidden, kWidths, [](const auto&) {},
          "Widths of the hidden layers, first to last.")
          .shown_as("each " + kWidths.text() + "; empty for none"),
      Row::list(
          "network.activation", &N::activation, "list of names", join(names_of(hidden), " · "),
          [=](std::string_view text) { return choose(hidden, text); },
          [](Activation activation) { return std::string(name_of(activation)); },
          [=](const std::vector<Activation>& activations) {
            if (activations.empty()) throw_bad_choice("", names_of(hidden));
            for (const Activation activation : activations) choose(hidden, name_of(activation));
          },
          "Activations of the hidden layers: one for all of them, or one each. scaled-tanh is "
          "1.7159 tanh(2z/3); leaky-relu has the slope 0.01, elu α 1, softplus β 1; gelu is the "
          "exact one (erf).")
          .only_if({has_hidden}),
      Row::choice("network.output", &N::output,
                  with_auto<Activation>(
                      kinds_where(all_activations(), [](auto& row) { return row.is_for_outputs; })),
                  "Activation of the output layer; auto: softmax for a classification, identity "
                  "for a regression, sigmoid for multi-label."),
      Row::choice("network.init", &N::init, choices_of<Initializer>(all_initializers()),
                  "How the weights start: gaussian N(0,1), lecun N(0,1/n_in), glorot "
                  "N(0,2/(n_in+n_out)), he N(0,2/n_in), uniform U(−1,1); auto: he for hidden "
                  "layers of " +
                      alternatives(kActivations, [](auto& row) { return row.weight_gain == 2; }) +
                      ", lecun for the others.")
          .only_if({no_initial}),
      Row::of("network.init-bias", &N::init_bias, "name or number",
              join(kBiasNames, " · ") + " · a number", read_bias, write_bias, check_bias,
              "How the biases start: gaussian N(0,1), uniform U(−1,1), or all the same.")
          .only_if({no_initial}),
      Row::path("network.initial", &N::initial, "none",
                "Model file, other safetensors file or NPZ file whose parameters are the start."),
      Row::numbers(
          "network.dropout", &N::dropout, kFractions,
          [](const std::vector<double>& fractions) {
            if (fractions.empty()) throw_bad_value("", "is empty", "a fraction or a list of them");
          },
          "Fraction of each hidden layer's units left out in training: one for all of them, or one "
          "each.")
          .only_if({has_hidden}),
      Row::number("network.input-dropout", &N::input_dropout, kFractions,
                  "Fraction of the inputs left out in training."),
      Row::yes_no("network.batch-norm", &N::batch_norm,
                  "Batch normalisation of each hidden layer, before its activation.")
          .only_if({has_hidden}),
  };
}

/// One for all hidden layers, or one each.
void require_per_layer(std::size_t given, std::size_t hidden, const char* key,
                       const std::string& noun) {
  require_option(given == 1 || given == hidden, key,
                 std::to_string(given) + " " + noun + " for " + std::to_string(hidden) +
                     " hidden layers, expected one for all of them or one each");
}

template <class Value>
void append_per_layer(std::vector<Value>& values, const std::vector<Value>& given,
                      std::size_t hidden) {
  for (std::size_t i = 0; i < hidden; ++i) values.push_back(given[given.size() == 1 ? 0 : i]);
}

Activation fitting_output(Task task) {
  switch (task) {
    case Task::kClassification:
      return Activation::kSoftmax;
    case Task::kRegression:
      return Activation::kIdentity;
    case Task::kMultiLabel:
      return Activation::kSigmoid;
  }
  return Activation::kIdentity;
}

Activation output_activation(const NetworkOptions& options, Task task) {
  const Activation output = options.output.value_or(fitting_output(task));
  if (task == Task::kMultiLabel && traits_of(output).probabilities != Probabilities::kEach)
    throw ConfigError("network.output",
                      std::string(name_of(output)) +
                          " contradicts data.task = multi-label, expected sigmoid or auto");
  if (task == Task::kRegression && traits_of(output).probabilities == Probabilities::kTogether)
    throw ConfigError("network.output", std::string(name_of(output)) +
                                            " needs a classification, but the targets are values");
  return output;
}

Cost fitting_cost(Activation output, Task task) {
  if (traits_of(output).probabilities != Probabilities::kNone) return Cost::kCrossEntropy;
  return task == Task::kClassification ? Cost::kQuadratic : Cost::kMse;
}

}  // namespace

const OptionRows<NetworkOptions>& network_rows() {
  static const OptionRows<NetworkOptions> kRows = make_network_rows();
  return kRows;
}

void validate(const NetworkOptions& options) {
  check_rows(network_rows(), options);
  const std::size_t hidden = options.hidden.size();
  require_per_layer(options.dropout.size(), hidden, "network.dropout", "fractions");
  require_per_layer(options.activation.size(), hidden, "network.activation", "activations");
}

NetworkPlan plan_network(const NetworkOptions& options, std::size_t inputs, std::size_t outputs,
                         Task task) {
  validate(options);
  const std::size_t hidden = options.hidden.size();
  NetworkPlan plan;
  plan.widths.push_back(inputs);
  plan.widths.insert(plan.widths.end(), options.hidden.begin(), options.hidden.end());
  plan.widths.push_back(outputs);
  append_per_layer(plan.activations, options.activation, hidden);
  const Activation output = output_activation(options, task);
  plan.activations.push_back(output);
  plan.cost = fitting_cost(output, task);
  plan.dropout.push_back(options.input_dropout);
  append_per_layer(plan.dropout, options.dropout, hidden);
  plan.batch_norm = options.batch_norm && hidden > 0;
  return plan;
}

}  // namespace nabla

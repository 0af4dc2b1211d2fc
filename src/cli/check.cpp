// SPDX-License-Identifier: MIT
#include <iostream>
#include <utility>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/terminal.h"
#include "run/evaluation.h"

namespace nabla {

namespace {

constexpr double kTolerance = 1e-6;

int run_check(const Arguments& arguments) {
  const Configuration configuration = configured(arguments);
  if (configuration.options.train.precision == Precision::kBfloat16 && !arguments.has("-q"))
    print_warning(
        "train.precision = bfloat16: checked without rounding, which has no derivative; the rest "
        "of the training is that of float32");
  std::vector<std::vector<std::string>> rows = {{"layer", "parameters", "relative error", ""}};
  Json layers = Json::array();
  std::string failed;
  for (const LayerCheck& check : run_gradient_check(configuration.options)) {
    // NaN does not pass.
    const bool passes = check.relative_error <= kTolerance;
    rows.push_back({std::to_string(check.layer), std::to_string(check.parameters),
                    general(check.relative_error), passes ? "ok" : "FAILED"});
    layers.push_back({{"layer", check.layer},
                      {"parameters", check.parameters},
                      {"relative_error", check.relative_error},
                      {"passes", passes}});
    if (!passes && failed.empty())
      failed =
          "layer " + std::to_string(check.layer) +
          (check.parameters == 0 ? ": no parameter could be compared, each step crosses a kink; "
                                   "relative error "
                                 : ": relative error ") +
          general(check.relative_error);
  }
  if (arguments.has("--json")) {
    Json json = json_document();
    json["layers"] = std::move(layers);
    json["tolerance"] = kTolerance;
    json["passes"] = failed.empty();
    print_json(json);
  } else {
    std::cout << aligned(rows);
  }
  if (failed.empty()) return 0;
  print_error("gradient check failed in " + failed + ", expected at most " + general(kTolerance));
  return kCheckFailed;
}

}  // namespace

Command check_command() {
  return {"check",
          "check the gradient numerically",
          "Compares backprop's gradient of the configured network and cost with central\n"
          "differences, in double precision, on the first 10 training rows, and prints\n"
          "‖a−n‖/(‖a‖+‖n‖) of each layer. Over 1e-6 the exit code is 5. Without CONFIG it takes\n"
          "the built-in digits.\n",
          {{"[CONFIG or DATA]"},
           {threads_option(), target_option(), json_option(), {"-q", "", "no warnings"}}},
          run_check,
          "",
          {{"nabla check --network.hidden=20,20 --network.activation=tanh",
            "check the gradient of that network"}}};
}

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "export/export.h"

#include <filesystem>
#include <string>
#include <vector>

#include "nabla/base/error.h"

#include "base/output_file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "config/configuration.h"
#include "run/saved_model.h"

namespace nabla {

namespace {

constexpr const char* kUnknownCategory = "data.unknown-category";

ExportNames names_of(const Arguments& arguments) {
  const auto found = arguments.options.find("--names");
  if (found == arguments.options.end() || found->second == "nabla") return ExportNames::kNabla;
  if (found->second == "sequential") return ExportNames::kSequential;
  const std::vector<std::string> names = {"nabla", "sequential"};
  throw ConfigError("--names: " + in_quotes(found->second) + ", expected nabla or sequential" +
                    did_you_mean(found->second, names));
}

int run_export(const Arguments& arguments) {
  namespace fs = std::filesystem;
  for (const Setting& setting : arguments.settings)
    if (setting.key != kUnknownCategory)
      throw ConfigError(setting.origin.name + ": not a key of export, expected " +
                        kUnknownCategory);
  const ExportOptions options = {
      .names = names_of(arguments),
      .unknown_category = parse_values(arguments.settings).data.csv.unknown_category};
  const fs::path file = arguments.words[1];
  require_output_file(file, "FILE");
  const std::vector<std::string> warnings =
      export_model(open_model(arguments.words[0]), file, options);
  if (!arguments.has("-q"))
    for (const std::string& warning : warnings) print_warning(warning);
  return 0;
}

}  // namespace

Command export_command() {
  return {
      "export",
      "write a model for other programs",
      "Writes MODEL, which is a model file, a run's folder or a checkpoint, to FILE in the format\n"
      "of its ending. .onnx has the whole model with its preprocessing, for ONNX Runtime, OpenCV\n"
      "and others; data.unknown-category says what an unknown category becomes. .npz has the\n"
      "arrays weight_0, bias_0 and so on with batch normalisation folded in. .safetensors is a\n"
      "model file, or with --names=sequential one whose tensors torch.nn.Sequential takes by\n"
      "load_state_dict. .npz and sequential files hold the network alone: a warning names what\n"
      "the model does to features and outputs around it.\n",
      {{"MODEL", "FILE"},
       {{"--names", "NAMES", "of tensors in .safetensors: nabla or sequential"},
        {"-q", "", "no warnings"}}},
      run_export,
      "",
      {{"nabla export runs/digits digits.onnx", "the whole model, for ONNX Runtime or OpenCV"},
       {"nabla export runs/digits digits.safetensors --names=sequential",
        "for load_state_dict of torch.nn.Sequential"},
       {"nabla train configs/digits.ini --network.initial=digits.npz",
        "train on from exported parameters"}}};
}

}  // namespace nabla

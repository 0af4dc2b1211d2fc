// SPDX-License-Identifier: MIT
#include "run/saved_model.h"

#include <exception>
#include <system_error>

#include "nabla/base/error.h"
#include "nabla/train/checkpoint.h"

#include "base/file.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

}  // namespace

std::optional<fs::path> model_file_in(const fs::path& folder) {
  if (const fs::path model = folder / "model.safetensors"; file_exists(model)) return model;
  std::exception_ptr fault;
  for (const char* name : {"checkpoint.safetensors", "checkpoint.previous.safetensors"}) {
    const fs::path checkpoint = folder / name;
    if (!file_exists(checkpoint)) continue;
    try {
      read_checkpoint(checkpoint);
      return checkpoint;
    } catch (const DataError&) {
      if (fault == nullptr) fault = std::current_exception();
    }
  }
  if (fault != nullptr) std::rethrow_exception(fault);
  return std::nullopt;
}

fs::path model_file(const fs::path& model) {
  if (!is_folder(model)) return model;
  if (const auto file = model_file_in(model)) return *file;
  throw DataError(model.string() +
                  ": holds no model, expected model.safetensors or checkpoint.safetensors in it, "
                  "which nabla train leaves");
}

fs::path folder_of_model(const fs::path& model) {
  return is_folder(model) ? model : fs::absolute(model).parent_path();
}

AnyModel open_model(const fs::path& model) { return load_trained_model(model_file(model)); }

}  // namespace nabla

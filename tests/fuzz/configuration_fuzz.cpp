// SPDX-License-Identifier: MIT
#include <filesystem>

#include "config/configuration.h"
#include "fuzz/check.h"
#include "fuzz/target.h"
#include "support/files.h"
#include "support/places.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nabla;
  const std::string text(fuzz::text_of(data, size));
  fuzz::allow_errors([&] {
    const Configuration configuration = parse_configuration(text, "input", {});
    for (const std::string& warning : configuration.warnings) fuzz::check_message(warning);
    // An accepted configuration can be written, unless it holds a value that no file can hold, and
    // reads back as the same.
    const std::string written = write_configuration(configuration.options);
    try {
      const Configuration again = parse_configuration(written, "again", {});
      if (write_configuration(again.options) != written)
        fuzz::fail("a configuration changes when it is written and read:\n" + written);
    } catch (const ConfigError& error) {
      fuzz::fail("a written configuration is not accepted: " + std::string(error.what()));
    }
  });
  return 0;
}

std::vector<std::string> nabla::fuzz::seeds() {
  std::vector<std::string> all = {write_configuration({}),
                                  "# comment\n[train]\nepochs = 3 # more\nbatch-size = all\n"
                                  "[sweep]\nnetwork.hidden = 30; 100; 30,30\ntrials = 3\n"};
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() / "configs"))
    if (entry.path().extension() == ".ini") all.push_back(read_text(entry.path()));
  return all;
}

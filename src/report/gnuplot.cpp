// SPDX-License-Identifier: MIT
#include "report/gnuplot.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "report/svg.h"

extern char** environ;  // NOLINT: POSIX declares it nowhere else

namespace nabla::report {

namespace {

namespace fs = std::filesystem;

/// A folder of its own, removed with all that is in it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "nabla-report-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), pattern);
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Runs the program with standard error going to a file; its exit code, -1 where it ended
/// otherwise.
int run(const fs::path& program, const fs::path& script, const fs::path& errors) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT,
                                   0600);
  std::string name = "gnuplot", defaults = "-d", file = script.string();
  char* arguments[] = {name.data(), defaults.data(), file.data(), nullptr};
  pid_t child = 0;
  const int error = ::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), program.string());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), program.string());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// What gnuplot complains of stands in its last line that is not empty.
std::string last_line(std::string text) {
  text.resize(text.find_last_not_of(" \t\r\n") + 1);
  const std::size_t start = text.find_last_of('\n');
  return start == std::string::npos ? text : text.substr(start + 1);
}

}  // namespace

std::optional<fs::path> find_gnuplot() {
  const char* path = std::getenv("PATH");
  std::string folders = path == nullptr ? "" : path;
  for (std::size_t first = 0; first <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', first), folders.size());
    const fs::path file = fs::path(folders.substr(first, end - first)) / "gnuplot";
    std::error_code ignored;
    if (file.is_absolute() && fs::is_regular_file(file, ignored) &&
        ::access(file.c_str(), X_OK) == 0)
      return file;
    first = end + 1;
  }
  return std::nullopt;
}

Drawings draw(const fs::path& gnuplot, std::span<const Plot> plots) {
  Drawings drawings;
  drawings.svgs.resize(plots.size());
  const ScratchFolder folder;
  const fs::path script_file = folder.path() / "script", errors = folder.path() / "errors";
  const auto file_of = [&](std::size_t i) { return folder.path() / (std::to_string(i) + ".svg"); };
  // gnuplot stops at the first plot that it cannot draw; the ones behind it get another process.
  for (std::size_t first = 0; first < plots.size();) {
    std::string script;
    for (std::size_t i = first; i < plots.size(); ++i)
      if (is_drawable(plots[i])) script += gnuplot_script(plots[i], file_of(i).string());
    std::ofstream(script_file, std::ios::binary) << script;
    const bool failed = run(gnuplot, script_file, errors) != 0;
    if (failed) drawings.problem = "gnuplot failed: " + last_line(content_of(errors));
    for (; first < plots.size(); ++first) {
      const std::string svg = content_of(file_of(first));
      if (failed && is_drawable(plots[first]) && svg.find("</svg>") == std::string::npos) break;
      if (!svg.empty()) drawings.svgs[first] = svg_for_page(svg, plots[first].title);
    }
    ++first;
  }
  return drawings;
}

}  // namespace nabla::report

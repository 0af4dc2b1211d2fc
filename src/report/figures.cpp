// SPDX-License-Identifier: MIT
#include "report/figures.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "report/html.h"
#include "report/plot.h"

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

/// Runs the program with standard error going to a file. Returns its exit code, -1 if it ended
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

/// The last line that is not empty; there gnuplot says why it failed.
std::string last_line(std::string text) {
  text.resize(text.find_last_not_of(" \t\r\n") + 1);
  const std::size_t start = text.find_last_of('\n');
  return start == std::string::npos ? text : text.substr(start + 1);
}

/// No text of a user gets past escape() with a '<'.
std::string placeholder(std::size_t i) { return "<!--plot " + std::to_string(i) + "-->"; }

std::string legend(const Plot& plot) {
  std::string html;
  if (!plot.has_legend) return html;
  for (const Series& series : plot.series)
    if (!series.name.empty() && !series.points.empty())
      html += "<span class=\"key\">" + swatch(series.colour, series.dash) + escape(series.name) +
              "</span> ";
  return html;
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
      if (!svg.empty()) drawings.svgs[first] = svg_for_page(svg, plots[first]);
    }
    ++first;
  }
  return drawings;
}

Figures::Figures() : can_draw_(find_gnuplot().has_value()) {}

std::string Figures::add(Plot plot, const std::string& caption) {
  if (!can_draw_ || !is_drawable(plot)) return "";
  std::string html = "<figure><figcaption><b>" + escape(plot.title) + "</b>";
  if (!caption.empty()) html += " " + escape(caption);
  const std::string keys = legend(plot);
  if (!keys.empty()) html += "<br>" + keys;
  html += "</figcaption><div class=\"box\">" + placeholder(plots_.size()) + "</div></figure>\n";
  plots_.push_back(std::move(plot));
  return html;
}

std::string Figures::fill(std::string& page) const {
  const auto gnuplot = find_gnuplot();
  if (!gnuplot)
    return "no gnuplot on PATH, so the report has tables only; install it: apt-get install "
           "gnuplot-nox";
  const Drawings drawings = draw(*gnuplot, plots_);
  for (std::size_t i = 0; i < plots_.size(); ++i) {
    const std::string text = placeholder(i);
    const std::size_t at = page.find(text);
    if (at != std::string::npos) page.replace(at, text.size(), drawings.svgs[i]);
  }
  return drawings.problem;
}

std::string plots_html(const std::string& figures, bool wide) {
  if (figures.empty()) return "";
  return std::string("<div class=\"plots") + (wide ? " wide" : "") + "\">\n" + figures + "</div>\n";
}

std::string swatch(const std::string& colour, int dash) {
  constexpr std::array kDashes = {"", "", " stroke-dasharray=\"5 3\"", " stroke-dasharray=\"2 3\"",
                                  " stroke-dasharray=\"8 3 2 3\""};
  return "<svg viewBox=\"0 0 22 10\" aria-hidden=\"true\"><path d=\"M0 5H22\" stroke-width=\"3\" "
         "stroke=\"var(--" +
         colour + ")\"" + kDashes[static_cast<std::size_t>(dash)] + "/></svg>";
}

}  // namespace nabla::report

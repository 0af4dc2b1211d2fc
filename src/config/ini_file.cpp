// SPDX-License-Identifier: MIT
#include "config/ini_file.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>
#include <string_view>
#include <system_error>

#include "nabla/base/error.h"

#include "base/option_values.h"
#include "base/text.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& name, std::size_t line, const std::string& problem) {
  throw ConfigError(name + ":" + std::to_string(line) + ": " + problem);
}

/// The line without its comment.
std::string_view without_comment(std::string_view line, const std::string& name,
                                 std::size_t number) {
  const std::size_t mark = line.find('#');
  if (mark == std::string_view::npos) return line;
  if (mark > 0 && line[mark - 1] != ' ' && line[mark - 1] != '\t')
    fail(name, number,
         in_quotes(line) +
             " has a '#' inside a value, which no value can hold; write a space before "
             "the '#' if a comment is meant");
  return trim(line.substr(0, mark));
}

/// A text that a terminal does not show would make a name or path look like another one.
void refuse_control(std::string_view content, const std::string& name, std::size_t number) {
  for (std::size_t i = 0; i < content.size(); ++i)
    if (content[i] != '\t' && starts_with_control(content.substr(i)))
      fail(name, number, in_quotes(content) + " has a control character, expected text");
}

std::string read_text(const fs::path& path, const std::string& blame) {
  constexpr std::size_t kLargest = std::size_t{1} << 20;
  std::error_code ignored;
  const bool is_folder = fs::is_directory(path, ignored);
  std::ifstream stream;
  if (!is_folder) stream.open(path, std::ios::binary);
  if (!stream.is_open())
    throw ConfigError(
        blame + path.string() + ": cannot be read (" +
        (is_folder ? std::string("it is a folder") : std::generic_category().message(errno)) +
        "), expected a configuration file");
  std::string text(kLargest + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kLargest)
    throw ConfigError(blame + path.string() + ": longer than " + std::to_string(kLargest) +
                      " bytes, expected a configuration file");
  return text;
}

/// Reads the lines of files and of the files that they include. Boost.ProgramOptions could take the
/// lines apart, but its parse_config_file tells the line neither of a key nor of an error, cuts a
/// value at a '#' and takes a key twice.
class Reader {
 public:
  void read(const fs::path& path, const std::string& blame) {
    const std::string text = read_text(path, blame);
    const fs::path canonical = fs::weakly_canonical(path);
    if (std::ranges::find(chain_, canonical) != chain_.end())
      throw ConfigError(blame + path.string() + " includes itself, expected an end of includes");
    if (chain_.size() >= kDeepest)
      throw ConfigError(blame + path.string() + ": more than " + std::to_string(kDeepest) +
                        " files deep, expected fewer includes of includes");
    chain_.push_back(canonical);
    parse(text, path.string(), fs::absolute(path).parent_path());
    chain_.pop_back();
  }

  void parse(const std::string& text, const std::string& name, const fs::path& folder) {
    File file{name, folder, "", {}};
    std::string_view rest = text;
    if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
    for (std::size_t number = 1; !rest.empty(); ++number) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view content = without_comment(trim(rest.substr(0, end)), name, number);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      refuse_control(content, name, number);
      if (!content.empty()) take_line(content, number, file);
    }
  }

  std::vector<Setting> take() { return std::move(settings_); }

 private:
  /// A file that is being read.
  struct File {
    const std::string& name;
    const fs::path& folder;
    std::string section;
    std::map<std::string, std::size_t> lines;  ///< of each key
  };

  void take_line(std::string_view content, std::size_t number, File& file) {
    if (content.front() == '[' && content.back() == ']') {
      file.section = trim(content.substr(1, content.size() - 2));
      if (file.section.empty())
        fail(file.name, number, "'[]' names no section, expected [section]");
      return;
    }
    const std::size_t equals = content.find('=');
    if (equals == std::string_view::npos || equals == 0)
      fail(file.name, number,
           in_quotes(content) + " is neither [section], key = value nor a comment" +
               (content.front() == ';' ? "; comments start with '#'" : ""));
    take_key(std::string(trim(content.substr(0, equals))),
             std::string(trim(content.substr(equals + 1))), number, file);
  }

  void take_key(const std::string& name, const std::string& value, std::size_t number, File& file) {
    if (file.section.empty() && name != "include")
      fail(file.name, number,
           name + ": a key outside a section, expected a line [section] above it" +
               (name.find('.') == std::string::npos
                    ? ""
                    : "; write [" + name.substr(0, name.find('.')) + "]"));
    const std::string key = file.section.empty() ? name : file.section + "." + name;
    const auto [first, is_new] = file.lines.emplace(key, number);
    if (!is_new)
      fail(file.name, number,
           key + ": given twice, first in line " + std::to_string(first->second) +
               ", expected once");
    const std::string place = file.name + ":" + std::to_string(number);
    if (file.section.empty())
      for (const std::string& item : split_list(value))
        read(file.folder / item, place + ": include: ");
    else
      settings_.push_back({key, value, {place, file.folder, false}});
  }

  /// Files that a chain of includes may have.
  static constexpr std::size_t kDeepest = 8;

  std::vector<Setting> settings_;
  std::vector<fs::path> chain_;
};

}  // namespace

std::vector<Setting> parse_ini(const std::string& text, const std::string& name,
                               const fs::path& folder) {
  Reader reader;
  reader.parse(text, name, folder);
  return reader.take();
}

std::vector<Setting> read_ini(const fs::path& path) {
  Reader reader;
  reader.read(path, "");
  return reader.take();
}

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "config/ini_file.h"

#include <algorithm>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <system_error>

#include "nabla/base/error.h"

#include "base/option_values.h"
#include "base/text.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

/// What Boost does not tell: the text it is to read, freed of comments, and the line of each key.
struct Scan {
  std::string text;
  std::vector<std::size_t> lines;
};

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
             "the '#' where a comment is meant");
  return trim(line.substr(0, mark));
}

class Scanner {
 public:
  explicit Scanner(const std::string& name) : name_(name) {}

  Scan scan(const std::string& text) {
    std::istringstream stream(text);
    std::string line;
    for (std::size_t number = 1; std::getline(stream, line); ++number) {
      std::string_view content = line;
      constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
      if (number == 1 && content.starts_with(kByteOrderMark))
        content.remove_prefix(kByteOrderMark.size());
      content = without_comment(trim(content), name_, number);
      refuse_control(content, number);
      if (!content.empty()) take(content, number);
    }
    return std::move(scan_);
  }

 private:
  /// What no terminal shows would make a name or path look like another one.
  void refuse_control(std::string_view content, std::size_t number) const {
    for (std::size_t i = 0; i < content.size(); ++i)
      if (content[i] != '\t' && starts_with_control(content.substr(i)))
        fail(name_, number, in_quotes(content) + " has a control character, expected text");
  }

  void take(std::string_view content, std::size_t number) {
    if (content.front() == '[' && content.back() == ']') {
      section_ = trim(content.substr(1, content.size() - 2));
      if (section_.empty()) fail(name_, number, "'[]' names no section, expected [section]");
      scan_.text += "[" + section_ + "]\n";
      return;
    }
    const std::size_t equals = content.find('=');
    if (equals == std::string_view::npos || equals == 0)
      fail(name_, number,
           in_quotes(content) + " is neither [section], key = value nor a comment" +
               (content.front() == ';' ? "; comments start with '#'" : ""));
    take_key(std::string(trim(content.substr(0, equals))), trim(content.substr(equals + 1)),
             number);
  }

  void take_key(const std::string& name, std::string_view value, std::size_t number) {
    if (section_.empty() && name != "include")
      fail(name_, number,
           name + ": a key outside a section, expected a line [section] above it" +
               (name.find('.') == std::string::npos
                    ? ""
                    : "; write [" + name.substr(0, name.find('.')) + "]"));
    const std::string key = section_.empty() ? name : section_ + "." + name;
    const auto [first, is_new] = lines_.emplace(key, number);
    if (!is_new)
      fail(name_, number,
           key + ": given twice, first in line " + std::to_string(first->second) +
               ", expected once");
    scan_.text.append(name).append(" = ").append(value).append("\n");
    scan_.lines.push_back(number);
  }

  const std::string& name_;
  Scan scan_;
  std::string section_;
  std::map<std::string, std::size_t> lines_;
};

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

/// One reading with its chain of including files, to notice a file that includes itself.
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
    const Scan scan = Scanner(name).scan(text);
    std::istringstream stream(scan.text);
    const boost::program_options::options_description none;
    const auto parsed = boost::program_options::parse_config_file(stream, none, true);
    std::size_t key = 0;
    for (const auto& option : parsed.options) {
      const std::string origin = name + ":" + std::to_string(scan.lines.at(key++));
      const std::string value = option.value.empty() ? "" : option.value.front();
      if (option.string_key == "include")
        for (const std::string& item : split_list(value))
          read(folder / item, origin + ": include: ");
      else
        settings_.push_back({option.string_key, value, {origin, folder, false}});
    }
  }

  std::vector<Setting> take() { return std::move(settings_); }

 private:
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

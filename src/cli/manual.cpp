// SPDX-License-Identifier: MIT
#include "cli/manual.h"

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string_view>

#include "nabla/base/version.h"

#include "cli/exit_code.h"

namespace nabla {

namespace {

/// Escapes what is not a letter to roff, so that each character comes out as it is, in ASCII too. A
/// line that starts with a point or an apostrophe would be a request.
std::string escaped(std::string_view line) {
  std::string text;
  for (const char c : line) {
    switch (c) {
      case '\\':
        text += "\\e";
        break;
      case '-':
        text += "\\-";
        break;
      case '\'':
        text += "\\(aq";
        break;
      case '`':
        text += "\\(ga";
        break;
      case '^':
        text += "\\(ha";
        break;
      case '~':
        text += "\\(ti";
        break;
      case '.':
        text += text.empty() ? "\\&." : ".";
        break;
      default:
        text += c;
    }
  }
  return text;
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }
std::string reference(const std::string& page, int section) {
  return bold(page) + "(" + std::to_string(section) + ")";
}

/// Escapes a line of prose, in which `backquotes` stand around commands.
std::string prose(std::string_view line) {
  std::string text;
  bool is_command = false;
  while (true) {
    const std::size_t end = std::min(line.find('`'), line.size());
    if (end > 0) text += is_command ? bold(line.substr(0, end)) : escaped(line.substr(0, end));
    if (end == line.size()) return text;
    line.remove_prefix(end + 1);
    is_command = !is_command;
  }
}

/// Sets paragraphs, which empty lines part; indented lines are shown as they are.
std::string paragraphs(const std::string& description) {
  std::istringstream lines(description);
  std::string text, gap;
  bool is_shown = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) {
      gap = ".PP\n";
      continue;
    }
    const bool is_indented = line.front() == ' ';
    if (is_shown && !is_indented) text += ".EE\n";
    text += gap;
    if (is_indented && !is_shown) text += ".EX\n";
    text += (is_indented ? escaped(line) : prose(line)) + "\n";
    is_shown = is_indented;
    gap.clear();
  }
  return text + (is_shown ? ".EE\n" : "");
}

/// A term, in roff, with the text that says what it means.
std::string tagged(const std::string& term, const std::string& meaning) {
  return ".TP\n" + term + "\n" + prose(meaning) + "\n";
}

std::string heading(const std::string& page, int section) {
  std::string title = page;
  std::ranges::transform(title, title.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
  return ".TH " + escaped(title) + " " + std::to_string(section) +
         " " NABLA_VERSION_DATE " \"nabla " + std::string(version()) + "\"\n";
}

std::string name_section(const std::string& page, const std::string& summary) {
  return ".SH NAME\n" + escaped(page) + " \\- " + escaped(summary) + "\n";
}

/// A word of the syntax, such as "[CONFIG or DATA]" or "RUN_DIR...".
std::string word_term(const std::string& name) {
  const bool is_optional = name.starts_with('[');
  return is_optional ? "[" + italic(name.substr(1, name.size() - 2)) + "]" : italic(name);
}

std::string option_term(const CommandOption& option) {
  return bold(option.name) + (option.value.empty() ? "" : " " + italic(option.value));
}

std::string setting() { return bold("--section.key") + "=" + italic("VALUE"); }

std::string synopsis(const Command& command) {
  std::string text = ".SH SYNOPSIS\n" + bold("nabla " + command.name);
  for (const std::string& name : command.syntax.words) text += " " + word_term(name);
  for (const CommandOption& one : command.syntax.options) text += "\n[" + option_term(one) + "]";
  return text + (command.syntax.settings ? "\n[" + setting() + " ...]\n" : "\n");
}

std::string options_section(const Syntax& syntax) {
  std::string text = ".SH OPTIONS\n";
  for (const CommandOption& one : syntax.options)
    text += tagged(option_term(one), (one.key.empty() ? "" : "set ") + one.meaning);
  text += tagged(bold("--help"), "print a summary of this page");
  if (syntax.settings)
    text += ".TP\n" + setting() + "\nset any key of " + reference("nabla-config", 5) +
            "; it wins over a file\n";
  return text;
}

std::string exit_section() {
  std::string text = ".SH \"EXIT STATUS\"\n";
  for (const ExitStatus& status : kExitStatuses) text += tagged(bold(status.code), status.meaning);
  return text;
}

std::string files_section(std::span<const NamedFile> files) {
  std::string text;
  for (const NamedFile& file : files) text += tagged(italic(file.name), file.meaning);
  return text.empty() ? "" : ".SH FILES\n" + text;
}

std::string examples_section(std::span<const Example> examples) {
  std::string text;
  for (const Example& example : examples) text += tagged(bold(example.command), example.meaning);
  return text.empty() ? "" : ".SH EXAMPLES\n" + text;
}

/// All pages but the one that is looked at.
std::string see_also(std::span<const Command> commands, const std::string& page) {
  std::vector<std::string> references;
  const auto add = [&](const std::string& name, int section) {
    if (name != page) references.push_back(reference(name, section));
  };
  add("nabla", 1);
  for (const Command& command : commands) add("nabla-" + command.name, 1);
  add("nabla-config", 5);
  std::string text = ".SH \"SEE ALSO\"\n";
  for (const std::string& one : references)
    text += one + (&one == &references.back() ? "\n" : ",\n");
  return text;
}

std::string command_page(std::span<const Command> commands, const Command& command) {
  const std::string page = "nabla-" + command.name;
  std::string text = heading(page, 1) + name_section(page, command.summary) + synopsis(command) +
                     ".SH DESCRIPTION\n" + paragraphs(command.description);
  if (!command.notes.empty()) text += ".PP\n" + paragraphs(command.notes);
  return text + options_section(command.syntax) + exit_section() + files_section(command.files) +
         examples_section(command.examples) + see_also(commands, page);
}

std::string program_page(std::span<const Command> commands) {
  std::string text =
      heading("nabla", 1) +
      name_section("nabla", "train multilayer perceptrons on the cores of a machine") +
      ".SH SYNOPSIS\n" + bold("nabla") + " " + italic("COMMAND") + " [" + italic("ARGUMENT") +
      " ...] [" + setting() + " ...]\n.SH DESCRIPTION\n" + bold("nabla train") +
      " without anything else trains on digits that it draws itself.\n"
      "Each command has a page of its own.\n";
  std::vector<Example> examples;
  for (const Command& command : commands) {
    text += ".TP\n" + reference("nabla-" + command.name, 1) + "\n" + prose(command.summary) + "\n";
    if (!command.examples.empty()) examples.push_back(command.examples.front());
  }
  return text + ".SH OPTIONS\n" +
         tagged(bold("help") + " [" + italic("COMMAND") + "], " + bold("--help"),
                "print a summary of the commands, or of one") +
         tagged(bold("version") + ", " + bold("--version"), "print the version") + exit_section() +
         ".SH FILES\n.TP\n" + italic("CONFIG") + "\nan INI file of keys, see " +
         reference("nabla-config", 5) + "\n.TP\n" + italic("runs/NAME") +
         "\nthe folder of a run, see " + reference("nabla-train", 1) + "\n" +
         examples_section(examples) + see_also(commands, "nabla");
}

std::string keys_page(std::span<const Command> commands, std::span<const OptionEntry> keys) {
  const std::string page = "nabla-config";
  std::string text = heading(page, 5) + name_section(page, "configuration files of nabla") +
                     ".SH SYNOPSIS\n[" + italic("section") + "]\n.br\n" + italic("key") + " = " +
                     italic("value") + "\n.SH DESCRIPTION\n" +
                     paragraphs(std::string(configuration_format()));
  std::string section;
  for (const OptionEntry& key : keys) {
    if (key.section() != section) {
      section = key.section();
      text += ".SH \"SECTION [" + section + "]\"\n";
    }
    text +=
        tagged(bold(key.key) + (key.default_value.empty() ? " = (" + escaped(key.default_text) + ")"
                                                          : " = " + bold(key.default_value)),
               key.values()) +
        ".br\n" + prose(key.meaning) + "\n";
  }
  return text + see_also(commands, page);
}

}  // namespace

std::vector<ManualPage> manual_pages(std::span<const Command> commands,
                                     std::span<const OptionEntry> keys) {
  std::vector<ManualPage> pages = {{"man1/nabla.1", program_page(commands)},
                                   {"man5/nabla-config.5", keys_page(commands, keys)}};
  for (const Command& command : commands)
    pages.push_back({"man1/nabla-" + command.name + ".1", command_page(commands, command)});
  return pages;
}

}  // namespace nabla

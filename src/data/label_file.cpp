// SPDX-License-Identifier: MIT
#include "data/label_file.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nabla/base/error.h"

#include "base/input_stream.h"
#include "base/mapped_file.h"
#include "data/csv_cell.h"
#include "data/numpy_array.h"
#include "data/numpy_file.h"
#include "data/source.h"
#include "data/text_lines.h"

namespace nabla {

namespace {

std::string_view without_blanks(std::string_view line) {
  constexpr std::string_view kLineBlanks = " \t\r\v\f";
  line.remove_prefix(std::min(line.find_first_not_of(kLineBlanks), line.size()));
  line.remove_suffix(line.size() - (line.find_last_not_of(kLineBlanks) + 1));
  return line;
}

/// Throws DataError if some labels are fractions and others no numbers: no classes are like that.
void require_one_kind(const std::vector<std::string>& texts, const RowTargets& targets) {
  const auto is_text = [](const std::string& text) { return !is_numeric(text); };
  const auto is_fraction = [](const std::string& text) {
    double value = 0;
    return parse_number(text, value) == CellKind::kNumber && value != std::floor(value);
  };
  const auto text = std::ranges::find_if(texts, is_text);
  const auto fraction = std::ranges::find_if(texts, is_fraction);
  if (text == texts.end() || fraction == texts.end()) return;
  throw DataError(targets.place(static_cast<std::size_t>(text - texts.begin())) + ": found " +
                  quote_cell(*text) + "; expected a number, as " + quote_cell(*fraction) +
                  " on line " + std::to_string(fraction - texts.begin() + 1));
}

RowTargets read_label_lines(const std::filesystem::path& path) {
  TextLines lines(read_from(InputStream::open(path)), path.string());
  RowTargets targets;
  targets.place = [name = path.string()](std::size_t row) {
    return name + ":" + std::to_string(row + 1);
  };
  std::vector<std::string> texts;
  bool is_blank = false;  // the line before; blank lines may follow the last label
  while (lines.next()) {
    const std::string_view text = without_blanks(lines.line());
    if (!text.empty() && is_blank)
      throw DataError(targets.place(texts.size()) +
                      ": the label is missing; expected a label a line");
    is_blank = text.empty();
    if (!is_blank) texts.emplace_back(text);
  }
  if (texts.empty()) throw DataError(path.string() + ": no labels; expected a label a line");
  require_one_kind(texts, targets);
  targets.are_text =
      !std::ranges::all_of(texts, [](const std::string& text) { return is_numeric(text); });
  if (!targets.are_text) {
    targets.values = Matrix<double>(texts.size(), 1);
    bool are_exact = true;
    for (std::size_t row = 0; row < texts.size(); ++row) {
      double& value = targets.values(row, 0);
      const CellKind kind = parse_number(texts[row], value);
      if (kind != CellKind::kNumber)
        throw_not_a_number(targets.place(row) + ": ", kind, texts[row]);
      are_exact = are_exact && std::abs(value) < kInexactIntegers;
    }
    if (are_exact) return targets;
  }
  targets.texts = std::move(texts);
  return targets;
}

}  // namespace

RowTargets read_label_file(const std::filesystem::path& path) {
  const std::string start = start_of(path, 16);
  if (!is_numpy_file(std::as_bytes(std::span(start)))) return read_label_lines(path);
  const FileBytes content = map_file(path);
  if (is_npy(content.bytes)) return numpy_targets(parse_npy(content, path.string()));
  const NpzFile file(content, path.string());
  if (file.names().size() != 1)
    throw DataError(path.string() + ": found " + std::to_string(file.names().size()) +
                    " arrays; expected one, the labels");
  return numpy_targets(file.read(file.names().front()));
}

}  // namespace nabla

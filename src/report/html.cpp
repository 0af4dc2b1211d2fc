// SPDX-License-Identifier: MIT
#include "report/html.h"

#include <algorithm>
#include <cmath>
#include <openssl/evp.h>

#include "base/option_values.h"
#include "base/text.h"
#include "report/numbers.h"

namespace nabla::report {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Bytes of the well-formed character at the front of the text; 0 if there is none.
std::size_t character_size(std::string_view text) {
  for (std::size_t size = 1; size <= std::min<std::size_t>(4, text.size()); ++size)
    if (is_utf8(text.substr(0, size))) return size;
  return 0;
}

std::string cell_html(const Cell& cell, const std::string& tag) {
  std::string html = "<" + tag;
  if (tag == "th") html += " scope=\"row\"";
  if (cell.number && std::isfinite(*cell.number))
    html += " class=\"n\" data-v=\"" + write_number(*cell.number) + "\"";
  if (cell.shade && *cell.shade > 0)
    html += " style=\"--s:" + std::to_string(std::lround(100 * std::min(*cell.shade, 1.0))) + "%\"";
  if (!cell.hint.empty()) html += " title=\"" + escape(cell.hint) + "\"";
  return html + ">" + cell.html + "</" + tag + ">";
}

}  // namespace

std::string base64(std::span<const std::byte> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // the encoder ends with a zero
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string escape(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    const char c = text.front();
    if (size == 0 || (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
      result += kReplacement;
    else if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else if (c == '\'')
      result += "&#39;";
    else
      result += text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return result;
}

Cell text_cell(std::string_view text) { return {escape(text)}; }
Cell number_cell(double value, const std::string& text) { return {escape(text), value}; }
Cell count_cell(double value) { return {with_thousands(value), value}; }

std::string table_html(const Table& table) {
  std::string html = "<div class=\"box\"><table";
  std::string style = table.style;
  if (table.sortable) style += style.empty() ? "sortable" : " sortable";
  if (!style.empty()) html += " class=\"" + style + "\"";
  html += ">\n";
  if (!table.head.empty()) {
    html += "<thead><tr>";
    for (std::size_t i = 0; i < table.head.size(); ++i) {
      const std::string name = escape(table.head[i]);
      const bool has_numbers = std::ranges::any_of(
          table.rows, [&](const auto& row) { return i < row.size() && row[i].number.has_value(); });
      html += std::string("<th scope=\"col\"") + (has_numbers ? " class=\"n\">" : ">") +
              (table.sortable ? "<button type=\"button\">" + name + "</button>" : name) + "</th>";
    }
    html += "</tr></thead>\n";
  }
  html += "<tbody>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i)
      html += cell_html(row[i], i == 0 && table.row_headings ? "th" : "td");
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string pairs_html(const std::vector<std::pair<std::string, std::string>>& names_and_html) {
  std::string html = "<dl>\n";
  for (const auto& [name, value] : names_and_html)
    html += "<dt>" + escape(name) + "</dt><dd>" + value + "</dd>\n";
  return html + "</dl>\n";
}

std::string paragraph(std::string_view text) { return "<p>" + escape(text) + "</p>\n"; }
std::string warning(std::string_view text) {
  return "<p class=\"warn\">" + escape(text) + "</p>\n";
}

}  // namespace nabla::report

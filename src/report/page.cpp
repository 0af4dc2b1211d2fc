// SPDX-License-Identifier: MIT
#include "report/page.h"

#include "nabla/base/version.h"

#include "base/file.h"
#include "report/base64.h"
#include "report/html.h"
#include "report/style.h"
#include "report/svg.h"

namespace nabla::report {

namespace {

/// What a policy calls the only script it allows.
std::string script_hash() {
  const std::string hex = sha256(std::as_bytes(std::span(sort_script())));
  std::string digest;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    digest += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return "'sha256-" + base64(std::as_bytes(std::span(digest))) + "'";
}

}  // namespace

std::string page_html(const std::string& title, const std::string& subtitle,
                      std::span<const Section> sections) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
      "style-src 'unsafe-inline'; script-src " +
      script_hash() + "\">\n<link rel=\"icon\" href=\"data:,\">\n<title>" + escape(title) +
      "</title>\n<style>" + std::string(style_sheet()) + "</style>\n</head>\n<body>\n" +
      svg_symbols() + "<header><h1>" + escape(title) + "</h1>\n<p>" + escape(subtitle) +
      "</p></header>\n<nav><ul>";
  for (const Section& section : sections)
    html += "<li><a href=\"#" + section.id + "\">" + escape(section.title) + "</a></li>";
  html += "</ul></nav>\n<main>\n";
  for (const Section& section : sections)
    html += "<section id=\"" + section.id + "\">\n<h2>" + escape(section.title) + "</h2>\n" +
            section.html + "</section>\n";
  return html + "</main>\n<footer><p>nabla " + escape(version()) + "</p></footer>\n<script>" +
         std::string(sort_script()) + "</script>\n</body>\n</html>\n";
}

}  // namespace nabla::report

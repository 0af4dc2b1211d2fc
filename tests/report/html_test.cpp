// SPDX-License-Identifier: MIT
#include "report/html.h"

#include <gtest/gtest.h>

#include "report/page.h"
#include "support/errors.h"

namespace nabla::report {
namespace {

TEST(ReportHtml, EscapesWhatIsMarkup) {
  EXPECT_EQ(escape("<script>alert('a\"&b')</script>"),
            "&lt;script&gt;alert(&#39;a&quot;&amp;b&#39;)&lt;/script&gt;");
  EXPECT_EQ(escape("é — 日本\n"), "é — 日本\n");
}

TEST(ReportHtml, ReplacesWhatNoPageMayHold) {
  EXPECT_EQ(escape(std::string("a\0b\x1b\x7f", 5)), "a\uFFFDb\uFFFD\uFFFD");
  EXPECT_EQ(escape("\xff<\xc3"), "\uFFFD&lt;\uFFFD");
}

TEST(ReportHtml, TablesHoldNoTextAsMarkup) {
  Table table;
  table.head = {"<b>"};
  table.rows = {{text_cell("</td>")}, {number_cell(1.5, "1.5")}};
  table.sortable = true;
  table.row_headings = false;
  const std::string html = table_html(table);
  expect_in("&lt;b&gt;", html);
  expect_in("<td>&lt;/td&gt;</td>", html);
  expect_in("data-v=\"1.5\">1.5</td>", html);
}

TEST(ReportHtml, PagesLetTheBrowserFetchNothing) {
  const std::string html = page_html("<i>", "", {});
  expect_in("default-src 'none'", html);
  expect_in("<title>&lt;i&gt;</title>", html);
  EXPECT_EQ(html.find("<i>"), std::string::npos);
  EXPECT_EQ(html.find("http:"), std::string::npos);
  EXPECT_EQ(html.find("https:"), std::string::npos);
}

}  // namespace
}  // namespace nabla::report

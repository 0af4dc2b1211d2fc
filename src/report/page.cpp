// SPDX-License-Identifier: MIT
#include "report/page.h"

#include <string_view>
#include <utility>

#include "nabla/base/version.h"

#include "base/file.h"
#include "report/html.h"
#include "report/plot.h"

namespace nabla::report {

namespace {

/// Light and dark by the reader's preference. The colours of plots are the variables --c1 … --c8
/// (series), --r0 … --r9 (a scale from low to high), --axis and --grid.
std::string_view style_sheet() {
  return R"CSS(
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2330;--soft:#5a6475;--line:#d5dae2;--card:#f5f7fa;
--link:#0b5cad;--heat:#2f7fd6;--warn-bg:#fff4d6;--warn-line:#c98a00;--axis:#7b8494;--grid:#d5dae2;
--c1:#0b6bcb;--c2:#c8501e;--c3:#178a50;--c4:#8b3fb8;--c5:#9a7400;--c6:#c22f6b;--c7:#0a8a96;--c8:#6b6f7a;
--r0:#dbc9e6;--r1:#c3b5df;--r2:#a9a3d9;--r3:#8b95d0;--r4:#6a8bc4;--r5:#4881b4;--r6:#2c769f;--r7:#186a87;
--r8:#0f5c6c;--r9:#0c4a4f}
@media (prefers-color-scheme:dark){:root{--bg:#12161d;--fg:#e4e8ef;--soft:#a3adbd;--line:#333c4a;
--card:#1b212b;--link:#7db8f5;--heat:#3f8fe8;--warn-bg:#3a2f10;--warn-line:#e0a82e;--axis:#8a95a6;
--grid:#333c4a;--c1:#64b0ff;--c2:#ff9261;--c3:#5fd08e;--c4:#cf95f2;--c5:#e2bd45;--c6:#ff86b3;
--c7:#56d2de;--c8:#b3bac7;--r0:#4a3a5c;--r1:#514a78;--r2:#555c94;--r3:#5471ac;--r4:#5087bf;
--r5:#559dcb;--r6:#67b3d2;--r7:#83c8d8;--r8:#a6dce0;--r9:#d0f0ec}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif;
-webkit-text-size-adjust:100%;text-size-adjust:100%}
header,nav,main,footer{max-width:1440px;margin:0 auto;padding:0 16px}
h1{font-size:1.5rem;line-height:1.25;margin:20px 0 4px;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:32px 0 12px;padding-top:8px;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:20px 0 8px}
p{max-width:75ch;margin:8px 0;overflow-wrap:anywhere}
header p,footer p,.soft,figcaption{color:var(--soft)}
a{color:var(--link)}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;padding:0;margin:8px 0;list-style:none}
nav a{display:inline-block;padding:4px 0}
.warn{background:var(--warn-bg);border-left:4px solid var(--warn-line);padding:8px 12px}
.box{overflow-x:auto;max-width:100%;margin:8px 0}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:4px 10px;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap}
thead th{color:var(--soft);font-weight:600;border-bottom:2px solid var(--line)}
tbody th{font-weight:600}
.n{text-align:right}
th button{all:unset;cursor:pointer;font-weight:600}
th button:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--link);outline-offset:2px}
th[aria-sort=ascending] button::after{content:" ▲"}
th[aria-sort=descending] button::after{content:" ▼"}
@media (min-width:1180px){.box:has(>.tall){max-height:24rem;overflow-y:auto}
.tall thead th{position:sticky;top:0;background:var(--bg)}}
.heat td,.heat th{border:1px solid var(--line);padding:4px 8px;text-align:center}
.heat td{--s:0%;background:color-mix(in srgb,var(--heat) calc(var(--s)*.75),transparent);min-width:2.6em}
.heat td.n{text-align:center}
.heat tbody th{position:sticky;left:0;background:var(--bg);text-align:right}
dl{display:grid;grid-template-columns:fit-content(45%) minmax(0,1fr);gap:4px 16px;margin:8px 0}
dt{color:var(--soft);overflow-wrap:anywhere}
dd{margin:0;overflow-wrap:anywhere}
.cols{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:8px 32px}
.pair section{min-width:0}
@media (min-width:1180px){.pair{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,8fr);gap:0 40px}}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));gap:16px 24px}
.plots.wide{grid-template-columns:minmax(0,1fr)}
figure{margin:0;min-width:0}
figcaption{font-size:.9rem}
figcaption b{color:var(--fg)}
.plot{display:block;width:100%;height:auto;max-width:640px}
.wide .plot{max-width:1000px;min-width:660px}
.plot text{paint-order:stroke;stroke:var(--bg);stroke-width:4px;stroke-linejoin:round}
.plot .hit{fill:transparent;stroke:none}
.plot .hit:hover{fill:var(--axis);fill-opacity:.2}
.plot .p{stroke:transparent;stroke-width:4px;pointer-events:all}
.plot .p:hover{stroke:currentColor}
.plot g:hover>g>path{stroke-width:3px}
.key{display:inline-block;margin-right:14px;white-space:nowrap}
.key svg,td svg,th svg{width:22px;height:10px;vertical-align:middle;margin-right:5px}
.defs{position:absolute;width:0;height:0}
.net{display:flex;align-items:center;gap:0;margin:12px 0;width:max-content;padding:2px}
.net div{border:2px solid var(--c1);border-radius:8px;background:var(--card);padding:6px 12px;display:flex;
flex-direction:column;justify-content:center;align-items:center;text-align:center;min-width:84px;max-width:96px}
.net b{font-size:1.1rem}
.net span{color:var(--soft);font-size:.85rem}
.net i{flex:0 0 28px;height:2px;background:var(--axis)}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(104px,1fr));gap:12px;margin:8px 0}
.tiles.small{grid-template-columns:repeat(auto-fill,minmax(84px,1fr))}
.tiles figure{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:6px}
.tiles img{display:block;width:100%;height:auto;image-rendering:pixelated;background:#000}
.tiles figcaption{font-size:.8rem;line-height:1.3;margin-top:4px;overflow-wrap:anywhere}
.matrix{width:min(100%,640px);height:auto;image-rendering:pixelated;border:1px solid var(--line)}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:12px;overflow-x:auto;
font-size:.85rem;line-height:1.4}
summary{cursor:pointer;color:var(--link);padding:4px 0}
footer{padding-top:16px;padding-bottom:32px;font-size:.85rem}
@media (max-width:480px){.heat td,.heat th{padding:4px 5px}.net div{min-width:64px;padding:6px 8px}
.net i{flex-basis:14px}}
@media print{nav{display:none}}
)CSS";
}

/// Sorts a table if one of its headings is pressed.
std::string_view sort_script() {
  return R"JS(
document.querySelectorAll("table.sortable th button").forEach(function (button) {
  button.addEventListener("click", function () {
    var th = button.parentNode, head = th.parentNode, at = Array.from(head.children).indexOf(th);
    var up = th.getAttribute("aria-sort") !== "ascending";
    var body = th.closest("table").tBodies[0];
    var value = function (row) {
      var cell = row.children[at];
      return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
    };
    var rank = function (v) { return v === "" ? 2 : typeof v === "string" ? 1 : 0; };
    Array.from(body.rows).map(function (row) { return [value(row), row]; }).sort(function (a, b) {
      if (rank(a[0]) !== rank(b[0])) return rank(a[0]) - rank(b[0]);
      var order = rank(a[0]) ? String(a[0]).localeCompare(String(b[0])) : a[0] - b[0];
      return up ? order : -order;
    }).forEach(function (pair) { body.appendChild(pair[1]); });
    Array.from(head.children).forEach(function (other) { other.removeAttribute("aria-sort"); });
    th.setAttribute("aria-sort", up ? "ascending" : "descending");
  });
});
)JS";
}

/// The name by which a policy allows a script.
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
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const Section& section = sections[i];
    const bool is_followed = i + 1 < sections.size() && sections[i + 1].is_beside;
    if (is_followed) html += "<div class=\"pair\">\n";
    html += "<section id=\"" + section.id + "\">\n<h2>" + escape(section.title) + "</h2>\n" +
            section.html + "</section>\n";
    if (i > 0 && section.is_beside) html += "</div>\n";
  }
  return html + "</main>\n<footer><p>nabla " + escape(version()) + "</p></footer>\n<script>" +
         std::string(sort_script()) + "</script>\n</body>\n</html>\n";
}

Report make_report(const std::string& title, const std::string& subtitle,
                   std::vector<Section> sections, const Figures& figures,
                   std::vector<std::string> notes) {
  std::erase_if(sections, [](const Section& section) { return section.html.empty(); });
  Report report{page_html(title, subtitle, sections), std::move(notes)};
  const std::string problem = figures.fill(report.html);
  if (!problem.empty()) report.notes.push_back(problem);
  return report;
}

}  // namespace nabla::report

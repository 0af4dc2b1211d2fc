// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/gather.h"
#include "report/html.h"
#include "report/numbers.h"
#include "report/picture.h"
#include "report/run_sections.h"

namespace nabla::report {

namespace {

using Counts = Matrix<std::uint32_t>;

/// More classes than this are a picture instead of a table.
constexpr std::size_t kTableClasses = 40;
constexpr std::size_t kConfusedPairs = 10;

double total(std::span<const std::uint32_t> counts) {
  return std::accumulate(counts.begin(), counts.end(), 0.0);
}

std::string confusion_table(const Counts& counts, const std::vector<std::string>& classes) {
  Table table;
  table.style = "heat";
  table.head = {"true \\ predicted"};
  table.head.insert(table.head.end(), classes.begin(), classes.end());
  for (std::size_t i = 0; i < counts.rows(); ++i) {
    std::vector<Cell> cells = {text_cell(classes[i])};
    const double rows = total(counts.row(i));
    for (std::size_t j = 0; j < counts.cols(); ++j) {
      Cell cell = number_cell(counts(i, j), std::to_string(counts(i, j)));
      if (rows > 0) cell.shade = std::sqrt(counts(i, j) / rows);
      cells.push_back(std::move(cell));
    }
    table.rows.push_back(std::move(cells));
  }
  return table_html(table);
}

std::string confusion_picture(const Counts& counts) {
  std::vector<float> shares;
  for (std::size_t i = 0; i < counts.rows(); ++i) {
    const double rows = std::max(1.0, total(counts.row(i)));
    for (const std::uint32_t count : counts.row(i))
      shares.push_back(-static_cast<float>(std::sqrt(count / rows)));
  }
  return img_html(signed_image_of(shares, counts.rows(), counts.cols(), 1),
                  "confusion matrix, true class down, predicted across", "matrix");
}

std::string confused_pairs(const Counts& counts, const std::vector<std::string>& classes) {
  struct Pair {
    std::size_t truth, predicted;
    std::uint32_t count;
  };
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < counts.rows(); ++i)
    for (std::size_t j = 0; j < counts.cols(); ++j)
      if (i != j && counts(i, j) > 0) pairs.push_back({i, j, counts(i, j)});
  if (pairs.empty()) return paragraph("No row was taken for another class.");
  std::ranges::stable_sort(pairs, std::ranges::greater{}, &Pair::count);
  pairs.resize(std::min(kConfusedPairs, pairs.size()));
  Table table;
  table.head = {"true", "predicted", "rows"};
  for (const Pair& pair : pairs)
    table.rows.push_back({text_cell(classes[pair.truth]), text_cell(classes[pair.predicted]),
                          count_cell(pair.count)});
  return "<h3>Most frequent confusions</h3>\n" + table_html(table);
}

Cell share_cell(double part, double whole) {
  return whole > 0 ? number_cell(part / whole, fixed(part / whole, 4)) : text_cell("–");
}

std::string mistake_pictures(const Findings& findings) {
  const Dataset& rows = findings.rows;
  Matrix<float> features(1, rows.inputs());
  const InputTransform<float> as_stored{Preprocess{}};
  std::string html = "<div class=\"tiles\">\n";
  for (const Mistake& mistake : findings.mistakes) {
    const auto row = static_cast<std::uint32_t>(mistake.row);
    gather_inputs(rows, as_stored, std::span(&row, 1), features.view());
    const std::string truth = rows.classes[mistake.truth];
    const std::string predicted = rows.classes[mistake.predicted];
    html += "<figure>" +
            img_html(image_of(features.row(0), rows.image_height, rows.image_width),
                     "row " + std::to_string(row + 1)) +
            "<figcaption>true <b>" + escape(truth) + "</b><br>predicted <b>" + escape(predicted) +
            "</b><br>" + fixed(mistake.confidence, 3) + ", row " + std::to_string(row + 1) +
            "</figcaption></figure>\n";
  }
  return html + "</div>\n";
}

std::string mistake_table(const Findings& findings) {
  Table table;
  table.head = {"row", "true", "predicted", "output"};
  table.sortable = true;
  for (const Mistake& mistake : findings.mistakes)
    table.rows.push_back({count_cell(static_cast<double>(mistake.row + 1)),
                          text_cell(findings.rows.classes[mistake.truth]),
                          text_cell(findings.rows.classes[mistake.predicted]),
                          number_cell(mistake.confidence, fixed(mistake.confidence, 4))});
  return table_html(table);
}

}  // namespace

std::size_t image_planes(const Dataset& rows) {
  const std::size_t pixels = rows.image_height * rows.image_width;
  for (const std::size_t planes : {1, 3})
    if (pixels > 0 && rows.inputs() == planes * pixels) return planes;
  return 0;
}

Section confusion_section(const Findings& findings) {
  Section section{"confusion", "Confusion matrix", ""};
  const Counts& counts = findings.evaluation.confusion;
  if (counts.rows() == 0) return section;
  section.html = paragraph(
      with_thousands(static_cast<double>(findings.evaluation.rows)) + " " + findings.rows_name +
      " rows, accuracy " +
      accuracy_text(Task::kClassification, findings.evaluation.score.accuracy) +
      ". The true class is down, the predicted one across; the tint is the square root of the "
      "share of the true class's rows.");
  section.html += counts.rows() <= kTableClasses ? confusion_table(counts, findings.rows.classes)
                                                 : confusion_picture(counts);
  section.html += confused_pairs(counts, findings.rows.classes);
  return section;
}

Section classes_section(const Findings& findings) {
  Section section{"classes", "Classes", ""};
  const Counts& counts = findings.evaluation.confusion;
  if (counts.rows() == 0) return section;
  Table table;
  table.head = {"class", "precision", "recall", "F1", "rows"};
  table.sortable = true;
  for (std::size_t i = 0; i < counts.rows(); ++i) {
    const double hits = counts(i, i), truly = total(counts.row(i));
    double predicted = 0;
    for (std::size_t row = 0; row < counts.rows(); ++row) predicted += counts(row, i);
    table.rows.push_back({text_cell(findings.rows.classes[i]), share_cell(hits, predicted),
                          share_cell(hits, truly), share_cell(2 * hits, truly + predicted),
                          count_cell(truly)});
  }
  section.html = paragraph("Of the " + findings.rows_name +
                           " rows. A heading sorts the table by its column.") +
                 table_html(table);
  return section;
}

Section mistakes_section(const Findings& findings) {
  Section section{"mistakes", "Mistakes", ""};
  if (findings.evaluation.confusion.rows() == 0) return section;
  const std::size_t shown = findings.mistakes.size();
  section.html = paragraph(with_thousands(static_cast<double>(findings.mistake_count)) + " of " +
                           with_thousands(static_cast<double>(findings.evaluation.rows)) + " " +
                           findings.rows_name + " rows are taken for another class" +
                           (shown == 0 ? "."
                                       : "; here are the " + std::to_string(shown) +
                                             " with the largest output for the wrong class."));
  if (shown > 0)
    section.html +=
        image_planes(findings.rows) > 0 ? mistake_pictures(findings) : mistake_table(findings);
  return section;
}

}  // namespace nabla::report

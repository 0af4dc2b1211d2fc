// SPDX-License-Identifier: MIT
#include "report/findings.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <numeric>
#include <string>

#include "nabla/engine/executor.h"

#include "base/option_values.h"
#include "base/text.h"
#include "data/csv_cell.h"
#include "data/gather.h"
#include "data/input_names.h"
#include "model/output_layer.h"
#include "report/html.h"
#include "report/layers.h"
#include "report/numbers.h"
#include "report/picture.h"
#include "train/checked_rows.h"
#include "train/goodness.h"

namespace nabla::report {

namespace {

/// Adds the mistakes among the rows from `first` on, and keeps the most confident ones.
template <class T>
void add_mistakes(std::size_t first, MatrixView<const T> outputs, Findings& findings) {
  for (std::size_t i = 0; i < outputs.rows; ++i) {
    const std::uint32_t truth = findings.rows.data.labels[first + i];
    const auto predicted = static_cast<std::uint32_t>(argmax(outputs.row(i)));
    if (predicted == truth) continue;
    ++findings.mistake_count;
    findings.mistakes.push_back({static_cast<std::uint32_t>(first + i), truth, predicted,
                                 static_cast<double>(outputs(i, predicted))});
  }
  std::ranges::stable_sort(findings.mistakes, std::ranges::greater{}, &Mistake::confidence);
  findings.mistakes.resize(std::min(kMistakes, findings.mistakes.size()));
}

/// Returns the rows, at most kMistakes, with the largest of these errors, the largest first.
std::vector<std::uint32_t> rows_of_largest(std::span<const double> errors) {
  std::vector<std::uint32_t> rows(errors.size());
  std::iota(rows.begin(), rows.end(), 0U);
  const std::size_t count = std::min(kMistakes, rows.size());
  std::ranges::partial_sort(rows, rows.begin() + static_cast<std::ptrdiff_t>(count),
                            [&](std::uint32_t a, std::uint32_t b) {
                              return errors[a] != errors[b] ? errors[a] > errors[b] : a < b;
                            });
  rows.resize(count);
  return rows;
}

void find_largest_errors(Findings& findings) {
  const Matrix<double>& truths = findings.rows.data.targets;
  const Matrix<double>& predictions = findings.predictions;
  std::vector<double> errors(truths.rows());
  for (std::size_t j = 0; j < truths.cols(); ++j) {
    const double spread = truths.cols() == 1 ? 1 : sum_of_squares(truths, j);
    for (std::size_t i = 0; i < truths.rows() && spread > 0; ++i) {
      const double error = predictions(i, j) - truths(i, j);
      errors[i] += error * error / spread;
    }
  }
  findings.worst = rows_of_largest(errors);
}

/// Returns whether the output says the contrary of the label.
bool is_wrong(const Findings& findings, std::size_t row, std::size_t label) {
  return has_label(findings.predictions(row, label)) !=
         (findings.rows.data.targets(row, label) != 0);
}

void find_wrong_labels(Findings& findings) {
  const Matrix<double>& predictions = findings.predictions;
  const auto labels = static_cast<double>(predictions.cols());
  std::vector<double> errors(predictions.rows());
  for (std::size_t i = 0; i < predictions.rows(); ++i) {
    double distance = 0;  // of outputs from 0 to 1, so that the sum is at most `labels`
    for (std::size_t j = 0; j < predictions.cols(); ++j) {
      if (!is_wrong(findings, i, j)) continue;
      errors[i] += labels;
      distance += std::abs(predictions(i, j) - findings.rows.data.targets(i, j));
    }
    if (errors[i] > 0) ++findings.mistake_count;
    errors[i] += distance;
  }
  findings.worst = rows_of_largest(errors);
  findings.worst.resize(std::min(findings.worst.size(), findings.mistake_count));
}

template <class T>
void find_typed(const Model<T>& model, std::size_t threads, Findings& findings) {
  const Dataset& rows = findings.rows.data;
  const auto executor = make_executor(threads);
  findings.scores = score_named(model, rows, *executor, "the " + findings.rows.name + " rows");
  // The outputs of all rows may be many more numbers than the features: classes by the thousand.
  if (model.task == Task::kClassification) {
    evaluate_checked<T>(model, rows, *executor, [&](std::size_t first, auto outputs) {
      add_mistakes<T>(first, outputs, findings);
    });
    return;
  }
  findings.predictions = predict(model, rows, *executor).outputs;
  if (model.task == Task::kRegression)
    find_largest_errors(findings);
  else
    find_wrong_labels(findings);
}

/// The files that the evaluated rows are from, in the order in which they were read.
std::vector<std::filesystem::path> files_of(const EvaluatedRows& rows, const DataOptions& options) {
  const bool has_own = rows.name == "test" && options.test_fraction == 0;
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::path& file : has_own ? options.test : options.train)
    files.push_back(options.dir / file);
  return files;
}

void read_cells(DataOptions options, Findings& findings) {
  const Dataset& data = findings.rows.data;
  if (!data.is_table()) return;
  std::vector<std::size_t> rows;
  for (const Mistake& mistake : findings.mistakes) rows.push_back(data.origin.index(mistake.row));
  for (const std::uint32_t row : findings.worst) rows.push_back(data.origin.index(row));
  options.csv.known_columns = data.columns;
  findings.cells = read_csv_texts(files_of(findings.rows, options), options.csv, rows);
}

using Counts = Matrix<std::uint32_t>;

/// More classes than this are a picture instead of a table.
constexpr std::size_t kTableClasses = 40;
/// More classes than this are neither.
constexpr std::size_t kPictureClasses = 1000;
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

std::string confused_pairs(const ClassificationScores& scores,
                           const std::vector<std::string>& classes) {
  const std::vector<ConfusionCell> pairs = most_confused(scores);
  if (pairs.empty()) return paragraph("No row was taken for another class.");
  Table table;
  table.head = {"true", "predicted", "rows"};
  for (const ConfusionCell& pair : std::span(pairs).first(std::min(kConfusedPairs, pairs.size())))
    table.rows.push_back({text_cell(classes[pair.truth]), text_cell(classes[pair.predicted]),
                          count_cell(static_cast<double>(pair.rows))});
  return "<h3>Most frequent confusions</h3>\n" + table_html(table);
}

std::string confusion_html(const ClassificationScores& scores,
                           const std::vector<std::string>& classes) {
  if (classes.size() > kPictureClasses) return "";
  const Counts counts = confusion_matrix(scores);
  return classes.size() <= kTableClasses ? confusion_table(counts, classes)
                                         : confusion_picture(counts);
}

Cell share_cell(double share) {
  return std::isnan(share) ? text_cell("–") : number_cell(share, fixed(share, 4));
}

/// The row of the data as people count, from 1.
double number_of_row(const Findings& findings, std::size_t row) {
  return static_cast<double>(findings.rows.data.origin.index(row)) + 1;
}

std::string row_number(const Findings& findings, std::size_t row) {
  return with_thousands(number_of_row(findings, row));
}

Cell row_cell(const Findings& findings, std::size_t row) {
  return count_cell(number_of_row(findings, row));
}

std::string mistake_pictures(const Findings& findings) {
  const Dataset& rows = findings.rows.data;
  Matrix<float> features(1, rows.inputs());
  const InputTransform<float> as_stored{Preprocess{}};
  std::string html = "<div class=\"tiles\">\n";
  for (const Mistake& mistake : findings.mistakes) {
    const std::uint32_t row = mistake.row;
    gather_inputs(rows, as_stored, std::span(&row, 1), features.view());
    const std::string truth = rows.classes[mistake.truth];
    const std::string predicted = rows.classes[mistake.predicted];
    html += "<figure>" +
            img_html(image_of(features.row(0), rows.image_height, rows.image_width),
                     "row " + row_number(findings, row)) +
            "<figcaption>true <b>" + escape(truth) + "</b><br>predicted <b>" + escape(predicted) +
            "</b><br>" + fixed(mistake.confidence, 3) + ", row " + row_number(findings, row) +
            "</figcaption></figure>\n";
  }
  return html + "</div>\n";
}

/// Targets of a regression that are shown; more are left out.
constexpr std::size_t kTargets = 4;
/// Feature columns of a table of mistakes, and bytes of a cell there; more are left out.
constexpr std::size_t kColumns = 20;
constexpr std::size_t kBytes = 40;

/// Returns a text cut to fit its column, and all of it as a hint.
Cell cut_cell(const std::string& text) {
  Cell cell = text_cell(printable(text, kBytes));
  if (text.size() > kBytes) cell.hint = printable(text, 20 * kBytes);
  return cell;
}

/// Adds the feature columns of the table in which the rows stand, as they are there.
void add_cells(const Findings& findings, Table& table) {
  const TableColumns& columns = findings.rows.data.columns;
  std::vector<std::size_t> features = columns.features();
  features.resize(std::min(features.size(), kColumns));
  for (const std::size_t column : features) table.head.push_back(column_name(columns, column));
  for (std::size_t i = 0; i < table.rows.size() && i < findings.cells.size(); ++i) {
    const CsvTexts& texts = findings.cells[i];
    for (std::size_t j = 0; j < features.size(); ++j) {
      const std::string text = j < texts.features.size() ? texts.features[j] : "";
      Cell cell = cut_cell(text);
      double number = 0;
      if (parse_number(text, number, texts.decimal) == CellKind::kNumber) cell.number = number;
      table.rows[i].push_back(std::move(cell));
    }
  }
}

/// Names the rows and columns that a table of mistakes shows.
std::string cells_note(const Findings& findings) {
  const std::size_t columns = findings.rows.data.columns.features().size();
  return std::string("Rows are counted from 1") +
         (findings.rows.data.is_table() ? ", without a header" : "") +
         ", as they stand in the data" +
         (columns > kColumns ? "; of the " + std::to_string(columns) + " columns the first " +
                                   std::to_string(kColumns)
                             : "") +
         ".";
}

std::string mistake_table(const Findings& findings) {
  Table table;
  table.head = {"row", "true", "predicted", "output"};
  table.sortable = true;
  for (const Mistake& mistake : findings.mistakes)
    table.rows.push_back({row_cell(findings, mistake.row),
                          text_cell(findings.rows.data.classes[mistake.truth]),
                          text_cell(findings.rows.data.classes[mistake.predicted]),
                          number_cell(mistake.confidence, fixed(mistake.confidence, 4))});
  add_cells(findings, table);
  return paragraph(cells_note(findings)) + table_html(table);
}

/// Returns the labels of a row for which `has` holds.
Cell labels_cell(const Findings& findings, auto has) {
  const Dataset& data = findings.rows.data;
  const std::vector<std::string> names = data.columns.target_names(data.outputs());
  std::vector<std::string> labels;
  for (std::size_t j = 0; j < names.size(); ++j)
    if (has(j)) labels.push_back(names[j]);
  return labels.empty() ? text_cell("–") : cut_cell(join(labels));
}

/// The rows of multi-label with the most wrong labels.
std::string wrong_label_table(const Findings& findings) {
  const Matrix<double>& targets = findings.rows.data.targets;
  const Matrix<double>& predictions = findings.predictions;
  Table table;
  table.head = {"row", "wrong labels", "true", "predicted"};
  table.sortable = true;
  for (const std::uint32_t row : findings.worst) {
    std::size_t wrong = 0;
    for (std::size_t j = 0; j < targets.cols(); ++j) wrong += is_wrong(findings, row, j) ? 1 : 0;
    table.rows.push_back(
        {row_cell(findings, row), count_cell(static_cast<double>(wrong)),
         labels_cell(findings, [&](std::size_t j) { return targets(row, j) != 0; }),
         labels_cell(findings, [&](std::size_t j) { return has_label(predictions(row, j)); })});
  }
  add_cells(findings, table);
  return paragraph(cells_note(findings)) + table_html(table);
}

/// The rows of a regression with the largest errors.
std::string worst_table(const Findings& findings) {
  const Dataset& data = findings.rows.data;
  const std::vector<std::string> names = data.columns.target_names(data.outputs());
  const std::size_t targets = std::min(kTargets, data.outputs());
  Table table;
  table.head = {"row"};
  table.sortable = true;
  for (std::size_t j = 0; j < targets; ++j) {
    const std::string of = data.outputs() > 1 ? names[j] + ", " : "";
    for (const char* what : {"true", "predicted", "error"}) table.head.push_back(of + what);
  }
  for (const std::uint32_t row : findings.worst) {
    table.rows.push_back({row_cell(findings, row)});
    for (std::size_t j = 0; j < targets; ++j) {
      const double truth = data.targets(row, j), predicted = findings.predictions(row, j);
      for (const double value : {truth, predicted, predicted - truth})
        table.rows.back().push_back(number_cell(value, general(value)));
    }
  }
  add_cells(findings, table);
  return "<h3>The " + std::to_string(findings.worst.size()) +
         " rows with the largest errors</h3>\n" + paragraph(cells_note(findings)) +
         table_html(table);
}

constexpr std::size_t kPoints = 1000;

std::string target_plots(const Findings& findings, std::size_t target, Figures& figures) {
  const std::string of =
      findings.predictions.cols() > 1 ? " of target " + std::to_string(target + 1) : "";
  Plot scatter{.title = "Predicted against true value" + of, .x_label = "true value"};
  Series points{.name = "rows", .draw = Draw::kPoints};
  Series ideal{.name = "exact", .colour = "axis", .dash = 2};
  std::vector<float> residuals;
  const std::size_t rows = findings.predictions.rows();
  const std::size_t stride = (rows + kPoints - 1) / kPoints;
  double low = findings.rows.data.targets(0, target), high = low;
  for (std::size_t row = 0; row < rows; ++row) {
    const double truth = findings.rows.data.targets(row, target);
    const double predicted = findings.predictions(row, target);
    residuals.push_back(static_cast<float>(predicted - truth));
    low = std::min(low, truth);
    high = std::max(high, truth);
    const bool is_worst = std::ranges::find(findings.worst, row) != findings.worst.end();
    if (row % stride != 0 && !is_worst) continue;
    points.points.emplace_back(truth, predicted);
    points.hints.push_back("row " + row_number(findings, row) + "\ntrue " + general(truth) +
                           "\npredicted " + general(predicted));
  }
  ideal.points = {{low, low}, {high, high}};
  scatter.series = {std::move(points), std::move(ideal)};
  const Histogram histogram = histogram_of(residuals, 30, false);
  Plot bars{.title = "Residuals" + of, .x_label = "predicted − true value"};
  bars.series = {histogram_bars(histogram, "c2")};
  bars.marked_x = 0;
  bars.y_from = 0;
  const std::string caption =
      stride > 1 ? "every " + std::to_string(stride) + "th row, and those with the largest errors"
                 : "";
  std::string html = figures.add(std::move(scatter), caption);
  return html + figures.add(std::move(bars), "mean " + general(histogram.mean, 3) +
                                                 ", standard deviation " +
                                                 general(histogram.deviation, 3));
}

}  // namespace

Findings find(const AnyModel& model, DataSplit data, const DataOptions& options,
              std::size_t threads) {
  Findings findings;
  findings.rows = rows_to_evaluate(std::move(data));
  std::visit([&](const auto& typed) { find_typed(typed, threads, findings); }, model);
  read_cells(options, findings);
  return findings;
}

Section confusion_section(const Findings& findings) {
  Section section{"confusion", "Confusion matrix", ""};
  const ClassificationScores* scores = findings.classification();
  if (scores == nullptr) return section;
  section.html = paragraph(
      with_thousands(static_cast<double>(findings.scores.rows)) + " " + findings.rows.name +
      " rows, accuracy " + accuracy_text(Task::kClassification, scores->accuracy) +
      ". The true class is down, the predicted one across; the tint is the square root of the "
      "share of the true class's rows.");
  section.html += confusion_html(*scores, findings.rows.data.classes);
  section.html += confused_pairs(*scores, findings.rows.data.classes);
  return section;
}

Section classes_section(const Findings& findings) {
  Section section{"classes", "Classes", ""};
  const ClassificationScores* classes = findings.classification();
  const auto* labels = std::get_if<MultiLabelScores>(&findings.scores.of_task);
  if (classes == nullptr && labels == nullptr) return section;
  if (labels != nullptr) section.title = "Labels";
  const Dataset& rows = findings.rows.data;
  const std::vector<std::string> names =
      classes != nullptr ? rows.classes : rows.columns.target_names(rows.outputs());
  Table table;
  table.head = {classes != nullptr ? "class" : "label", "precision", "recall", "F1", "rows"};
  table.sortable = true;
  const auto& curves = classes != nullptr ? classes->curves : labels->curves;
  // Two classes have one curve.
  const bool has_areas = curves.size() == names.size();
  if (has_areas) table.head.insert(table.head.end(), {"ROC AUC", "average precision"});
  for (const ClassScores& scores : classes != nullptr ? classes->classes : labels->labels) {
    const std::size_t place = table.rows.size();
    table.rows.push_back({text_cell(names[place]), share_cell(scores.precision),
                          share_cell(scores.recall), share_cell(scores.f1),
                          count_cell(static_cast<double>(scores.rows))});
    if (!has_areas) continue;
    table.rows.back().push_back(share_cell(curves[place].roc_auc));
    table.rows.back().push_back(share_cell(curves[place].average_precision));
  }
  section.html = paragraph("Of the " + findings.rows.name +
                           " rows. A heading sorts the table by its column.") +
                 table_html(table);
  return section;
}

Section mistakes_section(const Findings& findings) {
  Section section{"mistakes", "Mistakes", ""};
  if (findings.rows.data.task == Task::kRegression) return section;
  const bool are_classes = findings.classification() != nullptr;
  const std::size_t shown = are_classes ? findings.mistakes.size() : findings.worst.size();
  section.html = paragraph(
      with_thousands(static_cast<double>(findings.mistake_count)) + " of " +
      with_thousands(static_cast<double>(findings.scores.rows)) + " " + findings.rows.name +
      " rows " + (are_classes ? "are taken for another class" : "have a wrong label") +
      (shown == 0 ? "."
                  : "; here are the " + std::to_string(shown) + " with the " +
                        (are_classes ? "largest output for the wrong class."
                                     : "most wrong labels, largest errors first among equals.")));
  if (shown == 0) return section;
  section.html += !are_classes                           ? wrong_label_table(findings)
                  : image_planes(findings.rows.data) > 0 ? mistake_pictures(findings)
                                                         : mistake_table(findings);
  return section;
}

Section predictions_section(const Findings& findings, Figures& figures) {
  Section section{"predictions", "Predictions", ""};
  const auto* scores = std::get_if<RegressionScores>(&findings.scores.of_task);
  if (scores == nullptr) return section;
  section.html = paragraph(with_thousands(static_cast<double>(findings.scores.rows)) + " " +
                           findings.rows.name + " rows: RMSE " + general(scores->rmse) + ", MAE " +
                           general(scores->mae) + ", median absolute error " +
                           general(scores->median_absolute_error) + ", R² " +
                           (std::isnan(scores->r2) ? "–" : fixed(scores->r2, 4)) + ".");
  std::string plots;
  for (std::size_t target = 0; target < std::min(kTargets, findings.predictions.cols()); ++target)
    plots += target_plots(findings, target, figures);
  section.html += plots_html(plots) + worst_table(findings);
  return section;
}

}  // namespace nabla::report

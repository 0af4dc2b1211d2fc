// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>

#include "base/text.h"
#include "report/figures.h"
#include "support/errors.h"
#include "support/files.h"
#include "support/places.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

/// A training on few digits, in the folder's "run".
void train_digits(const TempFolder& folder, const Strings& more = {}) {
  Strings arguments = {"train",
                       "--data.digits-train=600",
                       "--data.digits-test=100",
                       "--network.hidden=12",
                       "-e",
                       "2",
                       "-o",
                       "run",
                       "-q"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  ASSERT_EQ(run_program(arguments, folder.path()).code, 0);
}

/// The ids of the sections, in order.
Strings sections_of(const std::string& html) {
  Strings ids;
  const std::string mark = "<section id=\"";
  for (std::size_t at = html.find(mark); at != std::string::npos; at = html.find(mark, at + 1)) {
    const std::size_t start = at + mark.size();
    ids.push_back(html.substr(start, html.find('"', start) - start));
  }
  return ids;
}

void expect_absent(const std::string& part, const std::string& text) {
  EXPECT_EQ(text.find(part), std::string::npos) << part;
}

/// A PATH for the program while it lives.
class Path {
 public:
  explicit Path(const std::string& path) : before_(std::getenv("PATH")) {
    ::setenv("PATH", path.c_str(), 1);
  }
  ~Path() { ::setenv("PATH", before_.c_str(), 1); }
  Path(const Path&) = delete;
  Path& operator=(const Path&) = delete;

 private:
  std::string before_;
};

TEST(ReportCommand, DrawsARunOnImages) {
  if (!report::find_gnuplot()) GTEST_SKIP() << "no gnuplot on PATH";
  const TempFolder folder;
  train_digits(folder);
  const ProgramResult result = run_program({"report", "run"}, folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "report: run/report.html\n");
  EXPECT_EQ(result.err, "");
  const std::string html = read_text(folder.path() / "run/report.html");
  EXPECT_EQ(sections_of(html), (Strings{"summary", "curves", "confusion", "classes", "thresholds",
                                        "mistakes", "weights", "histograms", "phases", "config"}));
  expect_in("aria-label=\"Precision against recall\"", html);
  expect_in("aria-label=\"Cost\"", html);
  expect_in("data:image/png;base64,", html);
  expect_absent("<!--plot", html);
  expect_absent("http:", html);
  expect_absent("https:", html);
}

TEST(ReportCommand, IsWrittenByTrainingWhereAskedFor) {
  const TempFolder folder;
  train_digits(folder, {"--output.report=yes"});
  EXPECT_EQ(sections_of(read_text(folder.path() / "run/report.html")).size(),
            report::find_gnuplot() ? 10U : 9U);
  train_digits(folder, {"--output.overwrite=yes"});
  EXPECT_FALSE(fs::exists(folder.path() / "run/report.html"));
}

TEST(ReportCommand, ShowsWeightsOfComponentsAsImages) {
  const TempFolder folder;
  train_digits(folder, {"--data.normalize=pca", "--data.components=5"});
  ASSERT_EQ(run_program({"report", "run"}, folder.path()).code, 0);
  const std::string html = read_text(folder.path() / "run/report.html");
  expect_in("<section id=\"weights\">", html);
  expect_in("width=\"28\" height=\"28\" alt=\"unit 12\"", html);
}

TEST(ReportCommand, ShowsHostileNamesAsText) {
  const TempFolder folder;
  std::string table = "x,y,class\n";
  for (int i = 0; i < 40; ++i)
    table += std::to_string(i % 7) + "," + std::to_string(i % 3) +
             (i % 2 == 0 ? ",<script>alert(1)</script>\n" : ",\"'&\"\"</style>\"\n");
  folder.write("<b>.csv", table);
  ASSERT_EQ(run_program({"train", "--data.source=csv", "--data.train=<b>.csv", "-e", "2", "-o",
                         "<i>'$(id)", "-q"},
                        folder.path())
                .code,
            0);
  const ProgramResult result = run_program({"report", "<i>'$(id)"}, folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  const std::string html = read_text(folder.path() / "<i>'$(id)/report.html");
  expect_in("&lt;script&gt;alert(1)&lt;/script&gt;", html);
  expect_in("&#39;&amp;&quot;&lt;/style&gt;", html);
  for (const char* part : {"<script>alert", "<b>.csv", "<i>'", "\"</style>"})
    expect_absent(part, html);
}

TEST(ReportCommand, DrawsARegression) {
  const TempFolder folder;
  std::string table = "x,y,value\n";
  for (int i = 0; i < 60; ++i)
    table += std::to_string(0.01 * i) + "," + std::to_string(0.1 * (i % 5)) + "," +
             std::to_string(0.005 * i + 0.25) + "\n";
  folder.write("t.csv", table);
  ASSERT_EQ(run_program({"train", "--data.source=csv", "--data.train=t.csv", "-e", "2", "-o", "run",
                         "-q", "--data.validation=0.3", "--train.learning-rate=0.1"},
                        folder.path())
                .code,
            0);
  ASSERT_EQ(run_program({"report", "run", "-o", "here.html"}, folder.path()).code, 0);
  const std::string html = read_text(folder.path() / "here.html");
  EXPECT_EQ(sections_of(html),
            (Strings{"summary", "curves", "predictions", "histograms", "phases", "config"}));
  expect_in("18 validation rows: RMSE", html);
  expect_in("<h3>The 18 rows with the largest errors</h3>", html);
  // The validation rows were drawn from the whole file; row r of it holds 0.01·(r − 1).
  const std::string mark = "<title>row ";
  std::size_t hints = 0;
  for (std::size_t at = html.find(mark); at != std::string::npos; at = html.find(mark, at + 1)) {
    const int row = std::stoi(html.substr(at + mark.size()));
    ++hints;
    expect_in("\">" + std::to_string(0.01 * (row - 1)) + "</td>", html);
    expect_in("row " + std::to_string(row) + "\ntrue " + general(0.005 * (row - 1) + 0.25, 4),
              html.substr(at, 100));
  }
  EXPECT_EQ(hints, report::find_gnuplot() ? 18U : 0U);
}

TEST(ReportCommand, ShowsTheMistakesOfATableAsTheyStandThere) {
  const TempFolder folder;
  std::string table = "size; town ;kind\n";
  for (int i = 0; i < 40; ++i)
    table +=
        std::to_string(i) + ",50; " + (i % 2 == 0 ? "Bonn" : "Ulm") + ";" + "ab"[i / 2 % 2] + "\n";
  folder.write("t.csv", table);
  ASSERT_EQ(run_program({"train", "--data.source=csv", "--data.train=t.csv", "-e", "1", "-o", "run",
                         "-q", "--data.test=0.5", "--data.one-hot=town"},
                        folder.path())
                .code,
            0);
  ASSERT_EQ(run_program({"report", "run"}, folder.path()).code, 0);
  const std::string html = read_text(folder.path() / "run/report.html");
  const std::string mistakes = html.substr(html.find("<section id=\"mistakes\">"));
  expect_in("Rows are counted from 1, without a header", mistakes);
  for (const char* column : {"size", "town"})
    expect_in("<button type=\"button\">" + std::string(column) + "</button>", mistakes);
  // Row r of the file holds "r − 1,50".
  const std::string row = "<th scope=\"row\"";
  const std::size_t start = mistakes.find('>', mistakes.find(row)) + 1;
  const int number = std::stoi(mistakes.substr(start));
  expect_in(">" + std::to_string(number - 1) + ",50<", mistakes);
  expect_in(number % 2 == 1 ? ">Bonn<" : ">Ulm<", mistakes);
}

TEST(ReportCommand, WritesTheTablesWithoutGnuplot) {
  const TempFolder folder;
  train_digits(folder);
  const Path nowhere(folder.path().string());
  const ProgramResult result = run_program({"report", "run"}, folder.path());
  EXPECT_EQ(result.code, 0);
  expect_in("no gnuplot on PATH", result.err);
  expect_in("apt-get install gnuplot-nox", result.err);
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1);
  const std::string html = read_text(folder.path() / "run/report.html");
  EXPECT_EQ(sections_of(html).size(), 9U);
  expect_absent("class=\"plot\"", html);
  expect_in("<th scope=\"col\" class=\"n\">training cost</th>", html);
}

TEST(ReportCommand, ReportsWhatIsLeftOfARun) {
  const TempFolder folder;
  std::string table;
  for (int i = 0; i < 40; ++i) table += std::to_string(i % 7) + (i % 2 == 0 ? ",a\n" : ",b\n");
  folder.write("t.csv", table);
  ASSERT_EQ(run_program(
                {"train", "--data.source=csv", "--data.train=t.csv", "-e", "2", "-o", "run", "-q"},
                folder.path())
                .code,
            0);
  fs::remove(folder.path() / "t.csv");
  ProgramResult result = run_program({"report", "run"}, folder.path());
  EXPECT_EQ(result.code, 0);
  expect_in("sections that need the data are missing: ", result.err);
  const fs::path page = folder.path() / "run/report.html";
  EXPECT_EQ(sections_of(read_text(page)),
            (Strings{"summary", "curves", "histograms", "phases", "config"}));

  // A run that was killed leaves no more than this.
  fs::remove(folder.path() / "run/model.safetensors");
  fs::remove(folder.path() / "run/checkpoint.safetensors");
  fs::remove(folder.path() / "run/checkpoint.previous.safetensors");
  fs::remove(folder.path() / "run/summary.json");
  std::ofstream(folder.path() / "run/metrics.csv", std::ios::app) << "3,0.1,";
  result = run_program({"report", "run"}, folder.path());
  EXPECT_EQ(result.code, 0);
  expect_in("there is no model.safetensors", result.err);
  EXPECT_EQ(sections_of(read_text(page)), (Strings{"summary", "curves", "config"}));
}

TEST(ReportCommand, ComparesRunsByWhatDiffers) {
  const TempFolder folder;
  train_digits(folder);
  train_digits(folder, {"--train.seed=7"});
  const ProgramResult result = run_program({"report", "run", "run-2"}, folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "report: report.html\n");
  const std::string html = read_text(folder.path() / "report.html");
  expect_in("<button type=\"button\">train.seed</button>", html);
  expect_absent("train.epochs", html);
  expect_absent("not on the same data", html);
  expect_in("run-2</th>", html);
  const Strings sections = sections_of(html);
  fs::copy_file(folder.path() / "run-2/model.safetensors", folder.path() / "run/model.safetensors",
                fs::copy_options::overwrite_existing);
  expect_in("model.safetensors is not the one that summary.json tells of",
            run_program({"report", "run"}, folder.path()).err);
  EXPECT_EQ(sections, report::find_gnuplot() ? (Strings{"summary", "curves", "settings"})
                                             : (Strings{"summary"}));
}

TEST(ReportCommand, SaysThatRunsAreOnDifferentData) {
  const TempFolder folder;
  train_digits(folder);
  train_digits(folder, {"--data.validation=0.2"});
  ASSERT_EQ(run_program({"report", "run", "run-2"}, folder.path()).code, 0);
  const std::string html = read_text(folder.path() / "report.html");
  expect_in("so their scores do not compare: run: 600 training rows, expected 480 as in run-2.",
            html);
  // Scores stand before settings.
  EXPECT_LT(html.find("<button type=\"button\">validation accuracy"),
            html.find("<button type=\"button\">data.validation"));
}

TEST(ReportCommand, ReportsASweepByTheNamesOfItsColumns) {
  const TempFolder folder;
  fs::create_directory(folder.path() / "sweep");
  folder.write("sweep/trials.csv",
               "trial,network.hidden,train.learning-rate,status,test_accuracy,train_cost,seconds\n"
               "1,\"30,30\",0.1,completed,0.91,0.3,1.5\n"
               "2,\"30,30\",1,completed,0.97,0.1,1.5\n"
               "3,<b>,0.1,diverged,,,0.1\n"
               "4,100,1,completed,0.93,0.2,1.5\n"
               "5,100,");
  ProgramResult result = run_program({"report", "sweep"}, folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  const std::string html = read_text(folder.path() / "sweep/report.html");
  expect_in("4 runs; the best by test accuracy is trial 2 with 0.9700", html);
  expect_in("&lt;b&gt;", html);
  expect_absent("<b>,", html);
  // 100 × 0.1 was not tried.
  expect_in("Mean test accuracy by both keys", html);
  folder.write("sweep/trials.csv", "trial,network.hidden\n");
  result = run_program({"report", "sweep"}, folder.path());
  EXPECT_EQ(result.code, 3);
  expect_in("trials.csv: holds no trial", result.err);
}

TEST(ReportCommand, FindsTheRunsOfATrial) {
  if (!report::find_gnuplot()) GTEST_SKIP() << "no gnuplot on PATH";
  const TempFolder folder;
  train_digits(folder);
  fs::create_directories(folder.path() / "sweep/trials");
  // Runs of a trial's configuration, which stand beside it, are not trials.
  fs::copy(folder.path() / "run", folder.path() / "sweep/trials/trial-002-1");
  fs::rename(folder.path() / "run", folder.path() / "sweep/trials/trial-002");
  folder.write("sweep/trials.csv",
               "trial,train.seed,status,test_accuracy\n1,1,completed,0.5\n2,2,completed,0.6\n");
  ASSERT_EQ(run_program({"report", "sweep"}, folder.path()).code, 0);
  const std::string html = read_text(folder.path() / "sweep/report.html");
  EXPECT_EQ(sections_of(html), (Strings{"summary", "settings", "curves"}));
  expect_in("</svg>trial 2</th>", html);
  expect_in("<th scope=\"row\">trial 1</th>", html);
}

TEST(ReportCommand, ShowsTheFoldsOfACrossValidation) {
  const TempFolder folder;
  train_digits(folder);
  ASSERT_EQ(
      run_program({"crossval", "run/config.ini", "-e", "1", "-o", "folds", "-q"}, folder.path())
          .code,
      0);
  const ProgramResult result = run_program({"report", "folds"}, folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const std::string html = read_text(folder.path() / "folds/report.html");
  EXPECT_EQ(sections_of(html), (Strings{"summary", "scores", "folds", "config"}));
  expect_in("<th scope=\"row\">accuracy</th>", html);
  expect_absent("RMSE", html);
  EXPECT_EQ(run_program({"report", "run", "folds"}, folder.path()).code, 2);
}

TEST(ReportCommand, CallsTheScoreOfRegressionsByItsName) {
  const TempFolder folder;
  std::string table;
  for (int i = 0; i < 40; ++i)
    table += std::to_string(i % 7) + "," + std::to_string(i % 7) + ".5\n";
  folder.write("t.csv", table);
  for (const char* seed : {"--train.seed=1", "--train.seed=2"})
    ASSERT_EQ(run_program({"train", "--data.source=csv", "--data.train=t.csv", "-e", "2", "-o",
                           "run", "-q", seed},
                          folder.path())
                  .code,
              0);
  ASSERT_EQ(run_program({"report", "run", "run-2"}, folder.path()).code, 0);
  const std::string html = read_text(folder.path() / "report.html");
  expect_in("the best by training R² is ", html);
  expect_absent("ccuracy", html);
}

TEST(ReportCommand, DrawsAScalingStudy) {
  if (!report::find_gnuplot()) GTEST_SKIP() << "no gnuplot on PATH";
  const TempFolder folder;
  std::string table =
      "batch_size,threads,shards,reduction,samples_per_second,speedup,efficiency,gather,"
      "feedforward,backprop,reduce_step,idle,other,seconds,samples,split_from,rows\n";
  // T(n) = 1/4 + 3/4n: a serial fraction of a quarter.
  for (const char* line : {"10,1,1,tiled,1000,1,1", "10,2,1,tiled,1600,1.6,0.8",
                           "10,3,1,tiled,2000,2,0.6667", "100,1,1,tiled,3000,1,1"})
    table += std::string(line) + ",1,2,3,4,5,6,1,1000,51,2000\n";
  folder.write("scale.csv", table);
  const ProgramResult result = run_program({"report", "."}, folder.path());
  ASSERT_EQ(result.code, 0) << result.err;
  const std::string html = read_text(folder.path() / "report.html");
  EXPECT_EQ(sections_of(html), (Strings{"summary", "scaling", "batches", "phases"}));
  expect_in(">0.2500</td>", html);
  expect_in("batch size 10 is never split", html);
  expect_absent("batch size 100 is never split", html);
  expect_in("aria-label=\"Speed-up\"", html);
  train_digits(folder);
  EXPECT_EQ(run_program({"report", "run", "."}, folder.path()).code, 2);
  folder.write("scale.csv", "batch_size,threads\n");
  EXPECT_EQ(run_program({"report", "."}, folder.path()).code, 3);
}

TEST(ReportCommand, RefusesWhatIsNoRun) {
  const TempFolder folder;
  folder.write("file", "");
  fs::create_directory(folder.path() / "empty");
  for (const auto& [name, problem] : std::vector<std::pair<std::string, std::string>>{
           {"nowhere", "does not exist"}, {"file", "is no folder"}, {"empty", "holds no run"}}) {
    const ProgramResult result = run_program({"report", name}, folder.path());
    EXPECT_EQ(result.code, 3);
    expect_in(name + ": " + problem, result.err);
  }
  EXPECT_EQ(run_program({"report"}, folder.path()).code, 2);
  train_digits(folder);
  EXPECT_EQ(run_program({"report", "run", "-o", "empty"}, folder.path()).code, 2);
}

}  // namespace
}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "nabla/engine/executor.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "nabla/engine/parallel_options.h"

namespace nabla {
namespace {

class ExecutorOf : public testing::TestWithParam<std::size_t> {
 protected:
  /// Runs `count` tasks and expects each index exactly once.
  void expect_each_once(std::size_t count) {
    std::vector<std::atomic<int>> calls(count);
    executor_->run(count, [&](std::size_t i) { ++calls.at(i); });
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(calls[i], 1) << i << " of " << count;
  }

  std::unique_ptr<Executor> executor_ = make_executor(GetParam());
};

TEST_P(ExecutorOf, Threads) { EXPECT_EQ(executor_->threads(), GetParam()); }

TEST_P(ExecutorOf, RunsEachIndexOnce) {
  for (const std::size_t count : {0UL, 1UL, 2UL, 7UL, 8UL, 9UL, 1000UL, 20000UL})
    expect_each_once(count);
}

TEST_P(ExecutorOf, HasWrittenAllBeforeItReturns) {
  std::vector<std::size_t> squares(5000);  // not atomic: run orders the writes before what follows
  for (std::size_t round = 0; round < 20; ++round) {
    executor_->run(squares.size(), [&](std::size_t i) { squares[i] = i * i + round; });
    for (std::size_t i = 0; i < squares.size(); ++i) ASSERT_EQ(squares[i], i * i + round);
  }
}

TEST_P(ExecutorOf, Nests) {
  std::vector<std::atomic<int>> calls(20 * 30);
  executor_->run(20, [&](std::size_t outer) {
    executor_->run(30, [&](std::size_t inner) { ++calls[outer * 30 + inner]; });
  });
  for (const auto& count : calls) ASSERT_EQ(count, 1);
}

TEST_P(ExecutorOf, ThrowsWhatATaskThrows) {
  try {
    executor_->run(100, [](std::size_t i) {
      if (i == 57) throw std::runtime_error("task 57");
    });
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()), "task 57");
  }
  EXPECT_THROW(executor_->run(1, [](std::size_t) { throw std::logic_error("alone"); }),
               std::logic_error);
  expect_each_once(1000);
}

// Every task throws, so no thread may start a second one.
TEST_P(ExecutorOf, SkipsWhatHasNotStartedWhenATaskThrows) {
  std::atomic<std::size_t> started = 0;
  EXPECT_THROW(executor_->run(100000,
                              [&](std::size_t i) {
                                ++started;
                                throw std::out_of_range(std::to_string(i));
                              }),
               std::out_of_range);
  EXPECT_GE(started, 1U);
  EXPECT_LE(started, executor_->threads());
  expect_each_once(100);
}

TEST_P(ExecutorOf, ThrowsThroughNestedRuns) {
  EXPECT_THROW(executor_->run(4,
                              [&](std::size_t) {
                                executor_->run(4, [](std::size_t) { throw std::logic_error(""); });
                              }),
               std::logic_error);
  expect_each_once(100);
}

double halved(double x) {
  volatile double value = x;
  return value / 2;
}

TEST_P(ExecutorOf, FlushesDenormalsInsideTasksOnly) {
#if !defined(__x86_64__) && !defined(__aarch64__)
  GTEST_SKIP() << "no way to flush denormals is known for this CPU";
#endif
  constexpr double kSmallest = std::numeric_limits<double>::min();
  for (const std::size_t count : {1UL, 64UL}) {
    std::vector<double> halves(count, 1.0);
    executor_->run(count, [&](std::size_t i) { halves[i] = halved(kSmallest); });
    for (const double half : halves) ASSERT_EQ(half, 0.0);
    EXPECT_GT(halved(kSmallest), 0.0) << "the caller's mode is back";
  }
  EXPECT_ANY_THROW(executor_->run(9, [](std::size_t) { throw std::logic_error(""); }));
  EXPECT_GT(halved(kSmallest), 0.0) << "also after an exception";
}

INSTANTIATE_TEST_SUITE_P(Threads, ExecutorOf, testing::Values(1, 2, 3, 8),
                         [](const auto& instance) { return std::to_string(instance.param); });

/// Whether as many tasks as the executor has threads can all wait for each other.
bool all_run_at_the_same_time(Executor& executor) {
  std::atomic<std::size_t> arrived = 0;
  std::atomic<bool> met = true;
  executor.run(executor.threads(), [&](std::size_t) {
    ++arrived;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (arrived < executor.threads() && met) {
      if (std::chrono::steady_clock::now() > deadline) met = false;
      std::this_thread::yield();
    }
  });
  return met;
}

TEST(Executor, RunsTasksAtTheSameTime) { EXPECT_TRUE(all_run_at_the_same_time(*make_executor(2))); }

TEST(Executor, IsNotLimitedByAnotherOne) {
  const auto all_cores = make_executor(0);
  const auto more = make_executor(available_cores() + 1);
  EXPECT_TRUE(all_run_at_the_same_time(*more));
}

TEST(Executor, SerialRunsInOrderOnTheCallingThread) {
  std::vector<std::size_t> order;
  const auto caller = std::this_thread::get_id();
  make_serial_executor()->run(5, [&](std::size_t i) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    order.push_back(i);
  });
  EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

TEST(Executor, ZeroThreadsMeansAllCoresThatBlasServes) {
  EXPECT_EQ(make_executor(0)->threads(), std::min(available_cores(), kMaxThreads));
}

TEST(Executor, NamesItsBackend) { EXPECT_FALSE(std::string(executor_backend()).empty()); }

}  // namespace
}  // namespace nabla

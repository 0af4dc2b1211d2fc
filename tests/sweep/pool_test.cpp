// SPDX-License-Identifier: MIT
#include "sweep/pool.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace nabla {
namespace {

using std::chrono::milliseconds;

/// The jobs that run now and the most that ever did.
struct Load {
  std::mutex mutex;
  double threads = 0, memory = 0, jobs = 0;
  double most_threads = 0, most_memory = 0, most_jobs = 0;

  void add(double t, double m, double j) {
    const std::lock_guard lock(mutex);
    most_threads = std::max(most_threads, threads += t);
    most_memory = std::max(most_memory, memory += m);
    most_jobs = std::max(most_jobs, jobs += j);
  }
};

PoolJob job(Load& load, std::size_t threads, double memory) {
  return {threads, memory, [&load, threads, memory](PoolSlot&) {
            load.add(static_cast<double>(threads), memory, 1);
            std::this_thread::sleep_for(milliseconds(5));
            load.add(-static_cast<double>(threads), -memory, -1);
          }};
}

bool go_on() { return true; }

TEST(SweepPool, KeepsItsLimits) {
  Load load;
  std::vector<PoolJob> jobs;
  for (std::size_t i = 0; i < 30; ++i) jobs.push_back(job(load, 1 + i % 3, i % 2 == 0 ? 40 : 70));
  run_pool(jobs, {.threads = 4, .jobs = 3, .memory = 100}, go_on);
  EXPECT_EQ(load.jobs, 0);
  EXPECT_LE(load.most_threads, 4);
  EXPECT_LE(load.most_memory, 100);
  EXPECT_LE(load.most_jobs, 3);
}

TEST(SweepPool, OneJobAloneIsNeverTooLarge) {
  Load load;
  const std::vector<PoolJob> jobs = {job(load, 9, 1e9), job(load, 1, 0), job(load, 9, 1e9)};
  run_pool(jobs, {.threads = 2, .jobs = 2, .memory = 10}, go_on);
  EXPECT_EQ(load.most_threads, 9);
}

TEST(SweepPool, JobsRunSideBySide) {
  std::atomic<int> arrived = 0;
  const PoolJob meets = {1, 0, [&](PoolSlot& slot) {
                           ++arrived;
                           // Ends only when the other one is here too.
                           while (arrived < 2 && !slot.is_stopping()) std::this_thread::yield();
                         }};
  const std::vector<PoolJob> jobs(2, meets);
  int ticks = 0;
  run_pool(jobs, {.threads = 2, .jobs = 2, .memory = 0}, [&] { return ++ticks < 1000; });
  EXPECT_EQ(arrived, 2);
  EXPECT_LT(ticks, 1000);
}

TEST(SweepPool, AJobThatOnlyWaitsMakesRoom) {
  std::atomic<bool> has_second_run = false;
  const std::vector<PoolJob> jobs = {{1, 0,
                                      [&](PoolSlot& slot) {
                                        slot.release_threads();
                                        while (!has_second_run && !slot.is_stopping())
                                          std::this_thread::yield();
                                      }},
                                     {1, 0, [&](PoolSlot&) { has_second_run = true; }}};
  int ticks = 0;
  run_pool(jobs, {.threads = 1, .jobs = 1, .memory = 0}, [&] { return ++ticks < 1000; });
  EXPECT_TRUE(has_second_run);
  EXPECT_LT(ticks, 1000);
}

TEST(SweepPool, AJobThatThrowsStopsTheOthers) {
  std::atomic<int> ran = 0;
  std::vector<PoolJob> jobs = {{1, 0, [&](PoolSlot& slot) {
                                  ++ran;
                                  while (!slot.is_stopping()) std::this_thread::yield();
                                }}};
  jobs.push_back({1, 0, [&](PoolSlot&) {
                    ++ran;
                    throw std::runtime_error("full disk");
                  }});
  jobs.push_back({1, 0, [&](PoolSlot&) { ++ran; }});
  EXPECT_THROW(run_pool(jobs, {.threads = 2, .jobs = 2, .memory = 0}, go_on), std::runtime_error);
  EXPECT_EQ(ran, 2);
}

TEST(SweepPool, ATickThatSaysNoEndsIt) {
  std::atomic<int> ran = 0;
  const PoolJob waits = {1, 0, [&](PoolSlot& slot) {
                           ++ran;
                           while (!slot.is_stopping()) std::this_thread::yield();
                         }};
  const std::vector<PoolJob> jobs(5, waits);
  run_pool(jobs, {.threads = 2, .jobs = 2, .memory = 0}, [] { return false; });
  EXPECT_EQ(ran, 2);
}

}  // namespace
}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "sweep/pool.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <list>
#include <mutex>
#include <thread>

namespace nabla {

namespace {

class Pool {
 public:
  Pool(std::span<const PoolJob> jobs, const PoolLimits& limits, const std::function<bool()>& tick)
      : jobs_(jobs), limits_(limits), tick_(tick) {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    stopping_ = true;
    for (Worker& worker : workers_)
      if (worker.thread.joinable()) worker.thread.join();
  }

  void run() {
    while (start_jobs()) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::milliseconds(100), [this] { return has_news_; });
        has_news_ = false;
      }
      join_ended();
      if (!tick_()) stopping_ = true;
    }
    tick_();
    if (error_) std::rethrow_exception(error_);
  }

 private:
  struct Worker final : PoolSlot {
    Worker(Pool& owner, const PoolJob& what) : pool(owner), job(what) {}

    bool is_stopping() const override { return pool.stopping_.load(std::memory_order_relaxed); }
    void release_threads() override {
      const std::lock_guard lock(pool.mutex_);
      is_released = pool.has_news_ = true;
      pool.changed_.notify_one();
    }

    Pool& pool;
    const PoolJob& job;
    std::thread thread;
    // Guarded by the pool's mutex:
    bool is_released = false;
    bool has_ended = false;
  };

  /// Whether any job runs.
  bool start_jobs() {
    while (next_ < jobs_.size() && !stopping_ && fits(jobs_[next_])) {
      Worker& worker = workers_.emplace_back(*this, jobs_[next_++]);
      worker.thread = std::thread([this, &worker] { work(worker); });
    }
    return !workers_.empty();
  }

  bool fits(const PoolJob& job) {
    if (workers_.empty()) return true;
    const std::lock_guard lock(mutex_);
    std::size_t threads = 0, jobs = 0;
    double memory = 0;
    for (const Worker& worker : workers_) {
      memory += worker.job.memory;
      if (worker.is_released) continue;
      threads += worker.job.threads;
      ++jobs;
    }
    // Files that wait to be written must not pile up either.
    return (jobs == 0 || threads + job.threads <= limits_.threads) && jobs < limits_.jobs &&
           workers_.size() < 2 * limits_.jobs && memory + job.memory <= limits_.memory;
  }

  void work(Worker& worker) {
    std::exception_ptr error;
    try {
      worker.job.run(worker);
    } catch (...) {
      error = std::current_exception();
      stopping_ = true;
    }
    const std::lock_guard lock(mutex_);
    if (error && !error_) error_ = error;
    worker.has_ended = has_news_ = true;
    changed_.notify_one();
  }

  void join_ended() {
    workers_.remove_if([this](Worker& worker) {
      {
        const std::lock_guard lock(mutex_);
        if (!worker.has_ended) return false;
      }
      worker.thread.join();
      return true;
    });
  }

  std::span<const PoolJob> jobs_;
  const PoolLimits& limits_;
  const std::function<bool()>& tick_;
  std::size_t next_ = 0;
  std::list<Worker> workers_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_news_ = false;
  std::exception_ptr error_;
};

}  // namespace

void run_pool(std::span<const PoolJob> jobs, const PoolLimits& limits,
              const std::function<bool()>& tick) {
  Pool(jobs, limits, tick).run();
}

}  // namespace nabla

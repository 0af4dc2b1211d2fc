// SPDX-License-Identifier: MIT
#include "experiment/sweep/pool.h"

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
        changed_.wait_for(lock, std::chrono::milliseconds(100), [this] { return has_ended_; });
        has_ended_ = false;
      }
      join_ended();
      if (!tick_()) stopping_ = true;
    }
    tick_();
    if (error_) std::rethrow_exception(error_);
  }

 private:
  struct Worker {
    const PoolJob* job;
    std::thread thread;
    bool has_ended = false;  ///< guarded by mutex_
  };

  /// Whether any job runs.
  bool start_jobs() {
    while (next_ < jobs_.size() && !stopping_ && fits(jobs_[next_])) {
      const PoolJob& job = jobs_[next_++];
      threads_ += job.threads;
      memory_ += job.memory;
      Worker& worker = workers_.emplace_back(Worker{&job, {}, false});
      worker.thread = std::thread([this, &worker] { work(worker); });
    }
    return !workers_.empty();
  }

  bool fits(const PoolJob& job) const {
    return workers_.empty() ||
           (threads_ + job.threads <= limits_.threads && workers_.size() < limits_.jobs &&
            memory_ + job.memory <= limits_.memory);
  }

  void work(Worker& worker) {
    std::exception_ptr error;
    try {
      worker.job->run(stopping_);
    } catch (...) {
      error = std::current_exception();
      stopping_ = true;
    }
    const std::lock_guard lock(mutex_);
    if (error && !error_) error_ = error;
    worker.has_ended = has_ended_ = true;
    changed_.notify_one();
  }

  void join_ended() {
    for (auto worker = workers_.begin(); worker != workers_.end();) {
      {
        const std::lock_guard lock(mutex_);
        if (!worker->has_ended) {
          ++worker;
          continue;
        }
      }
      worker->thread.join();
      threads_ -= worker->job->threads;
      memory_ -= worker->job->memory;
      worker = workers_.erase(worker);
    }
  }

  std::span<const PoolJob> jobs_;
  const PoolLimits& limits_;
  const std::function<bool()>& tick_;
  std::size_t next_ = 0;
  std::size_t threads_ = 0;
  double memory_ = 0;
  std::list<Worker> workers_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_ended_ = false;
  std::exception_ptr error_;
};

}  // namespace

void run_pool(std::span<const PoolJob> jobs, const PoolLimits& limits,
              const std::function<bool()>& tick) {
  Pool(jobs, limits, tick).run();
}

}  // namespace nabla

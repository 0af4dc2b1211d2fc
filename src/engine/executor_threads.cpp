// SPDX-License-Identifier: MIT
//
// The executor on std::thread alone. The thread sanitizer sees all of it, whereas Debian's oneTBB
// is not instrumented; slower to wake than oneTBB.
#ifndef NABLA_EXECUTOR_TBB

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/executor_backend.h"

namespace nabla {

namespace {

/// One call of run: its indices are handed out in ascending order. Guarded by the pool's mutex.
struct Job {
  std::size_t count;
  TaskRef task;
  std::size_t next = 0;     ///< the index to hand out
  std::size_t running = 0;  ///< tasks that have begun and not ended
  std::exception_ptr error = nullptr;

  bool has_work() const { return next < count; }
  bool has_ended() const { return !has_work() && running == 0; }
};

class ThreadExecutor final : public Executor {
 public:
  explicit ThreadExecutor(std::size_t threads) {
    for (std::size_t i = 1; i < threads; ++i) workers_.emplace_back([this] { work(); });
  }

  ~ThreadExecutor() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  ThreadExecutor(const ThreadExecutor&) = delete;
  ThreadExecutor& operator=(const ThreadExecutor&) = delete;

  void run(std::size_t count, TaskRef task) override {
    Job job{.count = count, .task = task};
    std::unique_lock lock(mutex_);
    jobs_.push_back(&job);
    changed_.notify_all();
    // The caller works on its own job only, so a task that calls run cannot wait for itself.
    while (job.has_work()) run_next(job, lock);
    changed_.wait(lock, [&] { return job.has_ended(); });
    std::erase(jobs_, &job);
    if (job.error) std::rethrow_exception(job.error);
  }

  std::size_t threads() const override { return workers_.size() + 1; }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      const auto job = std::ranges::find_if(jobs_, [](const Job* j) { return j->has_work(); });
      if (job != jobs_.end()) {
        run_next(**job, lock);
      } else if (stopping_) {
        return;
      } else {
        changed_.wait(lock);
      }
    }
  }

  /// Runs the next index of the job with the lock released meanwhile. After an exception no
  /// further index is handed out.
  void run_next(Job& job, std::unique_lock<std::mutex>& lock) {
    const std::size_t index = job.next++;
    ++job.running;
    lock.unlock();
    std::exception_ptr error;
    try {
      const FlushDenormals flush;
      job.task(index);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    --job.running;
    if (error) {
      job.error = error;
      job.next = job.count;
    }
    if (job.has_ended()) changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;  ///< a job arrived or ended, or the pool stops
  std::vector<Job*> jobs_;           ///< on the stacks of their callers
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace

std::unique_ptr<Executor> make_parallel_executor(std::size_t threads) {
  return std::make_unique<ThreadExecutor>(threads);
}

const char* executor_backend() { return "std::thread"; }

}  // namespace nabla

#endif  // NABLA_EXECUTOR_TBB

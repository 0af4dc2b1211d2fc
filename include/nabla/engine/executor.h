// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include "nabla/engine/parallel_options.h"

namespace nabla {

/// A reference to a callable `void(std::size_t index)`; does not own it and never allocates.
class TaskRef {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, TaskRef>)
      TaskRef(F&& callable)  // NOLINT: a lambda is passed where a task is expected
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
        call_([](void* object, std::size_t index) {
          (*static_cast<std::remove_reference_t<F>*>(object))(index);
        }) {}

  void operator()(std::size_t index) const { call_(object_, index); }

 private:
  void* object_;
  void (*call_)(void*, std::size_t);
};

/// Runs indexed tasks on a fixed number of threads; knows no mathematics. Which thread runs which
/// index is not specified, so tasks must not depend on it.
class Executor {
 public:
  virtual ~Executor() = default;

  /// Runs task(0) … task(count − 1), the calling thread among the workers, and returns when all
  /// have ended. Tasks may call run themselves. If tasks throw, those not yet started are skipped
  /// and the exception of one of them is thrown here. Does not allocate once warm.
  virtual void run(std::size_t count, TaskRef task) = 0;

  /// Threads that may run tasks at the same time, the calling one included; at least 1.
  virtual std::size_t threads() const = 0;
};

/// All tasks on the calling thread, in ascending order.
std::unique_ptr<Executor> make_serial_executor();

/// `threads` threads (0: one per core, at most kMaxThreads); 1 gives the serial one. Denormal
/// numbers are flushed to zero inside tasks.
std::unique_ptr<Executor> make_executor(std::size_t threads);

/// The threads that the options ask for. Throws as validate does.
std::unique_ptr<Executor> make_executor(const ParallelOptions& options);

/// Cores this process may run on.
std::size_t available_cores();

/// The backend that runs the tasks in this build: "oneTBB 2021.8" or "std::thread".
const char* executor_backend();

}  // namespace nabla

// SPDX-License-Identifier: MIT
#include "support/program.h"

#include <array>
#include <fcntl.h>
#include <fstream>
#include <pty.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include "support/files.h"
#include "support/places.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void execute(std::vector<std::string> arguments, const fs::path& folder) {
  const std::string program = nabla_program();
  std::vector<char*> pointers = {const_cast<char*>(program.c_str())};
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  if (::chdir(folder.c_str()) == 0) ::execv(program.c_str(), pointers.data());
  ::_exit(127);
}

int exit_code(pid_t id) {
  int status = 0;
  if (::waitpid(id, &status, 0) != id) throw std::runtime_error("waitpid failed");
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void redirect(const fs::path& file, int flags, int descriptor) {
  const int opened = ::open(file.c_str(), flags, 0666);
  if (opened < 0 || ::dup2(opened, descriptor) < 0) ::_exit(126);
  ::close(opened);
}

/// The output lies beside the folder in which the program works, so that the folder stays as the
/// program leaves it.
fs::path log_file(const fs::path& folder, const std::string& ending) {
  static int count = 0;
  return folder.string() + "." + std::to_string(++count) + ending;
}

}  // namespace

Program::Program(std::vector<std::string> arguments, const fs::path& folder,
                 const std::string& input, const fs::path& out)
    : out_(out.empty() ? log_file(folder, ".out") : fs::path()), err_(log_file(folder, ".err")) {
  const fs::path in = log_file(folder, ".in");
  std::ofstream(in, std::ios::binary) << input;
  id_ = ::fork();
  if (id_ < 0) throw std::runtime_error("fork failed");
  if (id_ == 0) {
    redirect(in, O_RDONLY, STDIN_FILENO);
    redirect(out.empty() ? out_ : out, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    redirect(err_, O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    fs::remove(in);
    execute(std::move(arguments), folder);
  }
}

std::string Program::err() const { return read_text(err_); }

ProgramResult Program::wait() {
  ProgramResult result;
  result.code = exit_code(id_);
  result.out = read_text(out_);
  result.err = read_text(err_);
  if (!out_.empty()) fs::remove(out_);
  fs::remove(err_);
  return result;
}

ProgramResult run_program(std::vector<std::string> arguments, const fs::path& folder,
                          const std::string& input, const fs::path& out) {
  return Program(std::move(arguments), folder, input, out).wait();
}

std::string run_on_terminal(std::vector<std::string> arguments, const fs::path& folder,
                            unsigned short columns, bool with_output) {
  winsize size{};
  size.ws_col = columns;
  size.ws_row = 24;
  int terminal = -1;
  const pid_t id = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (id < 0) throw std::runtime_error("forkpty failed");
  if (id == 0) {
    ::setenv("TERM", "xterm", 1);
    if (!with_output) redirect("/dev/null", O_WRONLY, STDOUT_FILENO);
    execute(std::move(arguments), folder);
  }
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t count; (count = ::read(terminal, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(count));
  ::close(terminal);
  exit_code(id);
  return text;
}

}  // namespace nabla

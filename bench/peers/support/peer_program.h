// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>
#include <zlib.h>

/// What the peers that are programs share:
///
///   NAME --workload NAME --data DIR [--threads N] [--seconds S] [--epochs E] [--rows R]
///
/// OPENBLAS_NUM_THREADS is left to the environment: OpenBLAS reads it when it is loaded.
namespace peers {

using nlohmann::json;

/// The bytes of an IDX file of unsigned bytes behind its header; gzip or not.
inline std::vector<std::uint8_t> read_idx(const std::string& path, std::size_t header) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (!file) file = gzopen((path + ".gz").c_str(), "rb");
  if (!file) throw std::runtime_error(path + ": cannot be opened, with or without .gz");
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint8_t> block(1 << 20);
  for (int count = 0;
       (count = gzread(file, block.data(), static_cast<unsigned>(block.size()))) > 0;)
    bytes.insert(bytes.end(), block.begin(), block.begin() + count);
  gzclose(file);
  if (bytes.size() < header) throw std::runtime_error(path + ": not an IDX file");
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header));
  return bytes;
}

struct Arguments {
  std::string workload_name, data;
  int threads = 1;
  double seconds = 3;  ///< whole epochs until then
  int epochs = 0;      ///< in place of `seconds`, unless 0
  json workload;       ///< of WORKLOADS_FILE, with the rows asked for
};

inline Arguments parse(int argc, char** argv) {
  std::map<std::string, std::string> options{
      {"--threads", "1"}, {"--seconds", "3"}, {"--epochs", "0"}, {"--rows", "0"}};
  for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  if (!options.count("--workload") || !options.count("--data"))
    throw std::runtime_error("--workload NAME and --data DIR are needed");
  Arguments result;
  result.workload_name = options["--workload"];
  result.data = options["--data"];
  result.threads = std::stoi(options["--threads"]);
  result.seconds = std::stod(options["--seconds"]);
  result.epochs = std::stoi(options["--epochs"]);
  result.workload = json::parse(std::ifstream(WORKLOADS_FILE)).at(result.workload_name);
  const std::int64_t rows = std::stoll(options["--rows"]);
  if (rows > 0) result.workload["rows"] = rows;
  return result;
}

/// Prints what the comparison reads, on one line.
inline void print_result(const char* peer, const Arguments& arguments, double samples_per_second,
                         double final_cost, int epochs) {
  const char* const blas_threads = std::getenv("OPENBLAS_NUM_THREADS");
  std::cout << json{{"peer", peer},
                    {"workload", arguments.workload_name},
                    {"threads", arguments.threads},
                    {"blas_threads", blas_threads ? std::stoi(blas_threads) : 0},
                    {"samples_per_second", samples_per_second},
                    {"final_cost", final_cost},
                    {"epochs", epochs},
                    {"rows", arguments.workload["rows"]}}
                   .dump()
            << '\n';
}

/// Calls run(arguments) and returns the exit status of main; `name` begins errors.
template <class Run>
int run_peer(const char* name, int argc, char** argv, Run run) {
  try {
    run(parse(argc, argv));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << name << ": " << error.what() << '\n';
    return 1;
  }
}

}  // namespace peers

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Tests that scripts/check-includes accepts a project that keeps the rules, and names each breach of
# a rule.
set -euo pipefail
root=${NABLA_SOURCE_DIR:-$(cd "$(dirname "$0")/../.." && pwd)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# write FILE LINE...: writes a file with the licence in its first line.
write() {
  mkdir -p "$(dirname "$1")"
  printf '%s\n' '// SPDX-License-Identifier: MIT' "${@:2}" >"$1"
}

check() { bash "$root/scripts/check-includes" "$folder"; }

write include/nabla/nabla.h '#include "nabla/train/trainer.h"'
write include/nabla/base/error.h '#include <string>'
write include/nabla/train/trainer.h '#include "nabla/base/error.h"'
write src/engine/executor.cpp '#include <tbb/task_arena.h>' '#include <tbb/parallel_for.h>'
write src/math/gemm.cpp '#include <cblas.h>' '#include "base/bits.h"'
write src/config/ini_file.cpp '#include <boost/program_options.hpp>' \
  '// printf("no code");  std::cout' '/* abort() and' 'exit(1) */ int a = 1'\''000;' \
  'const char* text = "exit(1)"; char quote = '\''"'\''; int b = 1'\''000'\''000;' \
  'const char* page = R"(<script>' 'exit(1); std::cerr " )";' 'std::snprintf(buffer, 8, "%d", a);'
write src/cli/main.cpp '#include "nabla/nabla.h"' '#include "report/page.h"' \
  'int main() { std::printf("%d", 1); exit(0); }'
write tests/base/error_test.cpp '#include "support/twin.h"' 'void f() { std::exit(1); }'
if ! output=$(check); then
  echo "good project refused: $output"
  exit 1
fi

write src/base/upwards.cpp '#include <vector>' '#include "nabla/train/trainer.h"'
write src/model/private.cpp '  #  include "engine/plan.h"'
write src/train/relative.cpp '#include "../model/network.h"'
write src/train/users.cpp '#include "nabla/nabla.h"'
write include/nabla/engine/leak.h '#include <oneapi/tbb.h>' '#include "engine/plan.h"'
write include/nabla/math/blas.h '#include <cblas.h>'
write src/engine/second.cpp '' '#include <tbb/parallel_for.h>'
write src/math/pca.cpp '#include <cblas.h>'
write src/train/boost.cpp '#include <boost/version.hpp>'
write src/data/loud.cpp 'void f() {' '  std::printf("x");' '  log(R"(' ')"); std::cerr << 1;' '}'
write src/data/end.cpp 'void f() { if (g("\"")) exit(1); }'
write src/misc/unknown.cpp
printf '// no licence\n' >src/cli/licence.cpp
mkdir scripts
printf '#!/bin/sh\necho\n' >scripts/licence
expected='include/nabla/engine/leak.h:2
include/nabla/engine/leak.h:3
include/nabla/math/blas.h:2
scripts/licence:2
src/base/upwards.cpp:3
src/cli/licence.cpp:1
src/data/end.cpp:2
src/data/loud.cpp:3
src/data/loud.cpp:5
src/engine/second.cpp:3
src/math/pca.cpp:2
src/misc/unknown.cpp:1
src/model/private.cpp:2
src/train/boost.cpp:2
src/train/relative.cpp:2
src/train/users.cpp:2'
if output=$(check); then
  echo "bad project accepted"
  exit 1
fi
found=$(cut -d: -f1,2 <<<"$output")
if [[ $found != "$expected" ]]; then
  printf 'expected breaches at\n%s\nfound\n%s\n' "$expected" "$output"
  exit 1
fi

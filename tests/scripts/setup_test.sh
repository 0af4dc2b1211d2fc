#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Tests that scripts/setup installs exactly the missing packages and configures build/. Stand-ins
# for apt-get, dpkg-query and cmake record their calls.
set -euo pipefail
root=${NABLA_SOURCE_DIR:-$(cd "$(dirname "$0")/../.." && pwd)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mkdir -p "$folder/bin" "$folder/project/scripts" "$folder/project/build"
cp "$root/scripts/setup" "$folder/project/scripts"
for tool in bash cat dirname env grep rm; do
  ln -s "$(command -v "$tool")" "$folder/bin/$tool"
done

# stand_in NAME COMMAND: makes a program that logs its name and arguments, then runs COMMAND.
stand_in() {
  printf '#!%s\necho "%s $*" >>%q\n%s\n' "$BASH" "$1" "$folder/log" "$2" >"$folder/bin/$1"
  chmod +x "$folder/bin/$1"
}

# setup STATUS [ARGUMENT...]: runs it with the stand-ins alone in the path and expects this status.
setup() {
  local expected=$1 status=0
  : >"$folder/log"
  PATH=$folder/bin "$BASH" "$folder/project/scripts/setup" "${@:2}" >"$folder/output" 2>&1 || status=$?
  if [[ $status != "$expected" ]]; then
    fail "ended with $status, expected $expected"
  fi
}

fail() {
  printf '%s\n-- log\n%s\n-- output\n%s\n' "$1" "$(cat "$folder/log")" "$(cat "$folder/output")"
  exit 1
}

logged() { grep -qE -- "$1" "$folder/log"; }

stand_in sudo 'exec "$@"'
stand_in apt-get '[[ ${DEBIAN_FRONTEND:-} == noninteractive ]]'
stand_in cmake ''
stand_in ninja ''
stand_in c++ ''
stand_in patch ''
stand_in dpkg-query 'echo installed'
setup 0 -DNABLA_WERROR=ON
! logged '^(apt-get|sudo)' || fail "called apt-get though nothing was missing"
logged "^cmake -S $folder/project -B $folder/project/build .*Release .*TESTS=OFF .*-DNABLA_WERROR=ON$" ||
  fail "did not configure build/ for the program alone"

# The program needs none of the packages of the tests.
stand_in dpkg-query '[[ $* != *gtest* && $* != *benchmark* && $* != *gnuplot* ]] || exit 1
echo installed'
setup 0
! logged '^apt-get' || fail "installed packages that only tests need"
setup 0 --test
logged '^apt-get install -y .* libgtest-dev libbenchmark-dev gnuplot-nox$' ||
  fail "did not install the packages of the tests"
logged '^cmake .*TESTS=ON' || fail "did not configure the tests"

stand_in dpkg-query '[[ $* != *clang* && $* != *g++ ]] || exit 1
[[ $* == *zlib1g-dev ]] && echo config-files || echo installed'
rm "$folder/bin/c++"
setup 0 --lint
[[ $(grep '^apt-get' "$folder/log" | cut -d ' ' -f 2 | tr '\n' ' ') == 'update install ' ]] ||
  fail "expected one update and one install"
logged '^apt-get install -y .* zlib1g-dev g\+\+ clang clang-format( libclang-rt-dev)?$' || fail "wrong packages"

stand_in apt-get 'exit 100'
setup 100
! logged '^cmake' || fail "went on after a failed installation"

rm "$folder/bin/apt-get"
setup 0
stand_in cmake 'exit 1'
setup 1
grep -q openblas-devel "$folder/output" || fail "did not say what to install"

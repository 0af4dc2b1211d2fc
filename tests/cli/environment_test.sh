#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The environment variables that choose kernels: a value that the CPU cannot execute is one clear line,
# and a lower instruction set is used and shown. Limits of memory: a command works or says so.
set -euo pipefail

failures=0
fail() {
  echo "environment_test: $1" >&2
  failures=$((failures + 1))
}

# expect_error CODE TEXT NAME=VALUE COMMAND...: one line on standard error that holds the text.
expect_error() {
  local code=$1 text=$2 status=0 message
  shift 2
  message=$(env "$@" 2>&1 >/dev/null) || status=$?
  [[ $status == "$code" ]] || fail "$*: exit $status, expected $code"
  [[ $(wc -l <<<"$message") == 1 && $message == "nabla: error: "*"$text"* ]] ||
    fail "$*: '$message', expected one line with '$text'"
}

expect_error 2 "no instruction set 'avx3', expected one of" NABLA_INSTRUCTION_SET=avx3 "$NABLA" info
expect_error 2 "NABLA_INSTRUCTION_SET" NABLA_INSTRUCTION_SET=avx3 "$NABLA" options
shown=$(NABLA_INSTRUCTION_SET=x86-64 "$NABLA" info)
[[ $shown == *"instruction set: x86-64"* ]] || fail "info does not show x86-64: $shown"
expect_error 2 "NABLA_BFLOAT16_PRODUCTS: 'blas', expected nabla" NABLA_BFLOAT16_PRODUCTS=blas "$NABLA" info
NABLA_INSTRUCTION_SET='' "$NABLA" info >/dev/null || fail "an empty variable is not taken for none"

# No CPU of today executes FMA4, which these kernels of OpenBLAS are made of.
if grep -qw fma4 /proc/cpuinfo; then
  echo "this CPU has FMA4: OPENBLAS_CORETYPE=Bulldozer is not tried"
else
  expect_error 1 "OPENBLAS_CORETYPE: OpenBLAS's kernel Bulldozer needs FMA4, which this CPU lacks" \
    OPENBLAS_CORETYPE=Bulldozer "$NABLA" info
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  expect_error 1 "OpenBLAS's kernel Bulldozer needs FMA4" OPENBLAS_CORETYPE=Bulldozer \
    "$NABLA" train --data.digits-train=100 --data.digits-test=10 -e 1 -q -o "$work/run"
  [[ ! -e $work/run ]] || fail "a run that cannot start has left its folder"
fi

# under_limit KIB COMMAND...: ends within seconds, with 0 or with 1 and a line that says why.
under_limit() {
  local limit=$1 status=0 message
  shift
  message=$(ulimit -v "$limit" && timeout -s KILL 20 "$@" 2>&1 >/dev/null) || status=$?
  [[ $status == 0 || $status == 1 && $message == *"nabla: error: out of memory"* ]] ||
    fail "$* within $limit KiB: exit $status, '$message'"
}
# The address sanitizer reserves more than any such limit.
if (ulimit -v 1000000 && "$NABLA" --version) >/dev/null 2>&1; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder" ${work:+"$work"}' EXIT
  small=(train --data.digits-train=100 --data.digits-test=10 -e 1 -q)
  "$NABLA" "${small[@]}" -o "$folder/run" >/dev/null
  for limit in 65536 102400 204800 307200 409600 1048576; do
    under_limit "$limit" "$NABLA" --version
    under_limit "$limit" "$NABLA" "${small[@]}" -o "$folder/$limit"
    under_limit "$limit" "$NABLA" evaluate "$folder/run/model.safetensors"
  done
else
  echo "limits of memory are not tried: this build needs far more address space"
fi
exit $((failures > 0))

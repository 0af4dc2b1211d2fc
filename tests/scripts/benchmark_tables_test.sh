#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Tests bench/tables on made-up results, in a copy of the project that has only the page.
set -u

if ! command -v python3 >/dev/null; then
  echo "skipped: python3 is missing"
  exit 77
fi

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
fail() {
  echo "FAILED: $1"
  failures=$((failures + 1))
}

mkdir -p "$work/bench" "$work/docs"
cp -r "$root/bench/tables" "$work/bench"
cp "$root/docs/benchmarks.md" "$work/docs"
page=$work/docs/benchmarks.md
write() { python3 -B "$work/bench/tables/write_tables.py" "$@" 2>"$work/errors"; }

cat >"$work/training.json" <<'JSON'
{"context": {"date": "2020-02-03T04:05:06", "blas_kernel": "Made-up", "openblas_coretype": "not set",
  "executor": "none", "instruction_set": "none"},
 "benchmarks": [
  {"name": "training/wide/threads:1/real_time", "samples/s": 1000.0},
  {"name": "training/wide/threads:2/real_time", "samples/s": 1900.0},
  {"name": "training/deep/threads:1/real_time", "error_occurred": true, "error_message": "no"}]}
JSON

for round in first second; do
  write training "$work/training.json" || fail "$round: write_tables: $(cat "$work/errors")"
  [ "$(grep -cF '| wide | 1,000 | 1,900 | 1.90× |' "$page")" = 1 ] || fail "$round: not one row"
done
grep -q 'kernel Made-up .*2020-02-03, `scripts/bench training`' "$page" || fail "no origin"
grep -q '^| deep | [0-9,]* |' "$page" && fail "a benchmark that failed has a row"
diff <(sed '/<!-- begin training -->/,/<!-- end training -->/d' "$root/docs/benchmarks.md") \
  <(sed '/<!-- begin training -->/,/<!-- end training -->/d' "$page") || fail "other text changed"

sed -i '/<!-- end training -->/d' "$page"
cp "$page" "$work/before"
write training "$work/training.json" && fail "a page without its markers is accepted"
grep -q 'end training' "$work/errors" || fail "the error does not name the marker"
cmp -s "$page" "$work/before" || fail "a page without its markers is changed"

[ "$failures" = 0 ]

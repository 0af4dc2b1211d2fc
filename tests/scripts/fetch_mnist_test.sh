#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Tests scripts/fetch-mnist against a mirror on this machine that serves four small made-up files.
set -u

for tool in python3 curl; do
  if ! command -v "$tool" >/dev/null; then
    echo "skipped: $tool is missing"
    exit 77
  fi
done

script=$(cd "$(dirname "$0")/../.." && pwd)/scripts/fetch-mnist
work=$(mktemp -d)
server=
failures=0
finish() {
  [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

names=(train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz
  t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz)
mirror=$work/mirror
mkdir "$mirror"
for name in "${names[@]}"; do
  printf 'made-up content of %s\n' "$name" | gzip -n >"$mirror/$name"
done
(cd "$mirror" && sha256sum "${names[@]}") >"$work/sums"

# The server takes a free port and prints its number.
: >"$work/server.log"
python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$mirror" >"$work/server.log" 2>&1 &
server=$!
port=
for _ in $(seq 100); do
  port=$(sed -n 's/^Serving HTTP on .* port \([0-9]*\).*/\1/p' "$work/server.log")
  [ -z "$port" ] || break
  sleep 0.1
done
[ -n "$port" ] || { echo "FAILED: the local mirror did not start" && exit 1; }
url=http://127.0.0.1:$port

complain() {
  echo "FAILED: $current: $1"
  sed 's/^/    /' "$work/err"
  failures=$((failures + 1))
}

# run STATUS NAME ARGUMENTS...: runs the script and expects its exit status.
run() {
  local expected=$1
  current=$2
  shift 2
  env no_proxy=127.0.0.1 "$script" "$@" >"$work/out" 2>"$work/err"
  local status=$?
  [ "$status" -eq "$expected" ] || complain "exit status $status; expected $expected"
}
says() { grep -q -- "$1" "$work/err" || complain "standard error lacks '$1'"; }
# Prints the errors without the lines of progress.
one_line() {
  local lines
  lines=$(grep -vc '^fetch-mnist: fetching' "$work/err")
  [ "$lines" -eq 1 ] || complain "$lines lines of errors; expected 1"
}
absent() { [ ! -e "$1" ] || complain "left behind: $(find "$1")"; }
# holds FOLDER FILES...: expects exactly these files, hidden ones included.
holds() {
  local folder=$1
  shift
  [ "$(find "$folder" -mindepth 1 -printf "%P\n" | sort)" = "$(printf '%s\n' "$@" | sort)" ] ||
    complain "$folder holds: $(find "$folder" -mindepth 1 -printf "%P\n" | tr '\n' ' ')"
}

run 0 "all four files" --sums "$work/sums" "$work/a/b" "$url/"
holds "$work/a/b" "${names[@]}"
for name in "${names[@]}"; do
  cmp -s "$mirror/$name" "$work/a/b/$name" || complain "$name differs from the mirror's"
done

run 0 "good files are kept, without a mirror" --sums "$work/sums" "$work/a/b" http://127.0.0.1:1
rm "$work/a/b/${names[2]}"
touch -d '2001-01-01' "$work/a/b/${names[0]}"
run 0 "only what is missing is fetched" --sums "$work/sums" "$work/a/b" "$url"
holds "$work/a/b" "${names[@]}"
[ "$(grep -c fetching "$work/err")" -eq 1 ] || complain "more than one file fetched"
[ "$work/a/b/${names[0]}" -ot "$work/sums" ] || complain "a good file was written again"

run 1 "wrong checksum of the first file" "$work/new/folder" "$url"
says "${names[0]} has the SHA-256 checksum"
says "expected 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
one_line
absent "$work/new"

sed '$s/^......../00000000/' "$work/sums" >"$work/last-wrong"
mkdir "$work/mine" && echo mine >"$work/mine/notes"
run 1 "wrong checksum of the last file" --sums "$work/last-wrong" "$work/mine" "$url"
says "${names[3]} has the SHA-256 checksum"
holds "$work/mine" notes

cp "$mirror/${names[0]}" "$work/mine/${names[3]}"
run 1 "another file in the way" --sums "$work/sums" "$work/mine" "$url"
says "move it away"
one_line
cmp -s "$mirror/${names[0]}" "$work/mine/${names[3]}" || complain "the user's file was changed"
holds "$work/mine" notes "${names[3]}"

mv "$mirror/${names[1]}" "$work/aside"
run 1 "missing on the mirror" --sums "$work/sums" "$work/new" "$url"
says "cannot download $url/${names[1]}: .*404"
one_line
absent "$work/new"

run 1 "no mirror" --sums "$work/sums" "$work/new" http://127.0.0.1:1
says "cannot download http://127.0.0.1:1/"
one_line
absent "$work/new"

# A pipe to which nobody writes keeps the server waiting, and so the download.
mkfifo "$mirror/${names[1]}"
current="interrupted"
: >"$work/err"
env no_proxy=127.0.0.1 "$script" --sums "$work/sums" "$work/new" "$url" >"$work/out" 2>"$work/err" &
fetch=$!
for _ in $(seq 100); do
  grep -q "fetching.*${names[1]}" "$work/err" && break
  sleep 0.1
done
[ -n "$(find "$work/new" -name "${names[0]}")" ] || complain "the first file was not on its way"
kill -TERM "$fetch"
wait "$fetch"
status=$?
[ "$status" -eq 143 ] || complain "exit status $status; expected 143"
absent "$work/new"
if command -v pgrep >/dev/null && pgrep -f -- "$url/${names[1]}" >/dev/null; then
  complain "the download goes on"
fi
rm "$mirror/${names[1]}" && mv "$work/aside" "$mirror/${names[1]}"

if command -v wget >/dev/null; then
  mkdir "$work/bin"
  for tool in bash env awk cat cut dirname grep mkdir mktemp mv rm rmdir sha256sum tail wget; do
    ln -s "$(command -v "$tool")" "$work/bin/$tool"
  done
  PATH=$work/bin run 0 "with wget" --sums "$work/sums" "$work/wget" "$url"
  holds "$work/wget" "${names[@]}"
  PATH=$work/bin run 1 "with wget, no such file" --sums "$work/sums" "$work/new" "$url/none"
  says "404"
  absent "$work/new"
fi

run 0 "help" --help
grep -q '^usage: fetch-mnist' "$work/out" || complain "no usage on standard output"
run 2 "no folder"
one_line
run 2 "too many arguments" "$work/new" "$url" more
run 2 "unknown option" --sum "$work/sums" "$work/new"
run 2 "--sums without a file" --sums
run 2 "missing sums" --sums "$work/none" "$work/new" "$url"
sed 2d "$work/sums" >"$work/three"
run 2 "a checksum too few" --sums "$work/three" "$work/new" "$url"
says "${names[1]}"
one_line
run 1 "a file for a folder" --sums "$work/sums" "$work/sums" "$url"
absent "$work/new"

[ "$failures" -eq 0 ] || exit 1
echo "fetch-mnist: all tests passed"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# `nabla options --pages`: each command has a page of the manual that names its options, man finds
# nothing wrong with the pages, and bash completes commands, options, keys, values and files by the
# script alone, without bash-completion. zsh and fish are tried if they are there.
set -euo pipefail

export LC_ALL=C
failures=0
fail() {
  echo "pages_test: $1" >&2
  failures=$((failures + 1))
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
share=$work/share
"$NABLA" options --pages "$share"

# A page in plain text, its lines not broken.
plain() { sed 's/\\f[BIR]//g; s/\\-/-/g; s/\\(aq/'\''/g; s/\\&//g' "$1"; }

mapfile -t commands < <("$NABLA" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
((${#commands[@]} > 10)) || fail "the help lists ${#commands[@]} commands"
program=$(plain "$share/man/man1/nabla.1")
for command in "${commands[@]}"; do
  page=$(plain "$share/man/man1/nabla-$command.1")
  mapfile -t options < <("$NABLA" "$command" --help | sed -n 's/^  \(--*[a-z][^ ]*\).*/\1/p')
  for option in "${options[@]}" --help; do
    [[ $page == *$'\n.TP\n'"$option"[$' \n']* ]] || fail "nabla-$command(1) does not explain $option"
  done
  for section in NAME SYNOPSIS DESCRIPTION OPTIONS '"EXIT STATUS"' '"SEE ALSO"'; do
    [[ $page == *$'\n.SH '"$section"$'\n'* ]] || fail "nabla-$command(1) has no section $section"
  done
  [[ $program == *$'\n.TP\n'"nabla-$command(1)"$'\n'* ]] || fail "nabla(1) lacks nabla-$command(1)"
done
keys=$(plain "$share/man/man5/nabla-config.5")
while read -r key; do
  [[ $keys == *$'\n.TP\n'"$key ="* ]] || fail "nabla-config(5) does not explain $key"
done < <("$NABLA" options | sed -n 's/^\([a-z<][^ ]*\) =.*/\1/p')

if command -v groff >/dev/null; then
  messages=$(groff -t -K utf8 -Tutf8 -man -ww -z "$share"/man/man?/* 2>&1)
  [[ -z $messages ]] || fail "groff: $messages"
fi
if command -v mandoc >/dev/null; then
  messages=$(mandoc -T lint -W warning "$share"/man/man?/* 2>&1) || true
  [[ -z $messages ]] || fail "mandoc: $messages"
fi

# shellcheck disable=SC1091
source "$share/bash-completion/completions/nabla"
mkdir "$work/here" "$work/here/runs"
cd "$work/here"
touch flowers.csv flowers.ini 'two words.ini' model.safetensors

# expect OFFERED WORD...: the last word of this command line, as bash divides it, is completed to the
# words OFFERED, a pattern of words and "|".
expect() {
  local IFS='|' offered
  COMP_WORDS=(nabla "${@:2}")
  COMP_CWORD=$(($# - 1))
  IFS=$' \t\n' _nabla
  offered=${COMPREPLY[*]% }
  # shellcheck disable=SC2053
  [[ $offered == $1 ]] || fail "bash: nabla ${*:2}: offers '$offered', expected '$1'"
}

# expect_files FILES WORD...: the same for files, which come in any order.
expect_files() {
  local expected
  expect '*' "${@:2}"
  expected=$(tr '|' '\n' <<<"$1" | sort)
  [[ $(printf '%s\n' "${COMPREPLY[@]}" | sort) == "$expected" ]] ||
    fail "bash: nabla ${*:2}: offers ${COMPREPLY[*]@Q}, expected files $1"
}

expect 'train' tr
expect '--help' --h
expect 'version' help ver
expect '--data.|*|--train.|*|-t|*--help' train -
expect '--train.|--target' train --t
expect '--train.cost=|*|--train.l1=|--train.l2=|*' train --train.
expect '--train.epochs=' train --train.ep
expect '--sweep.train.cost=|*' train --sweep.train.
expect 'auto|quadratic|mse|cross-entropy|huber' train --train.cost =
expect 'cross-entropy' train --train.cost = cr
expect '--train.cost=cross-entropy' train --train.cost=cr
expect 'relu,sigmoid|relu,scaled-tanh|relu,silu|relu,softplus' train --network.activation = relu,s
expect 'sigmoid|scaled-tanh|silu|softplus' train --network.activation = s
expect_files 'flowers.csv|flowers.ini' train --data.train = flo
expect 'yes|no' train --output.report =
expect 'auto' train --train.epochs =
expect '' train --train.l2 =
expect 'last' train --target ''
expect 'last' train --target = ''
expect 'runs' train --resume ''
expect 'runs' train -o ''
expect_files 'flowers.csv|flowers.ini|model.safetensors|runs|two words.ini' train ''
expect '' train flowers.ini ''
expect_files 'flowers.ini|runs|two words.ini' sweep -t 2 ''
expect_files 'model.safetensors|runs' predict ''
expect_files 'flowers.csv|flowers.ini|model.safetensors|runs|two words.ini' predict -q -t 2 runs ''
expect 'runs' report runs runs ''
expect 'train|train.cost|*|train.precision' options train
expect '--json' options --j
expect '' options --train.

if command -v fish >/dev/null; then
  cat >"$work/complete.fish" <<'FISH'
source $argv[1]/fish/vendor_completions.d/nabla.fish
for words in tr 'train --t' 'train --train.ep' 'train --train.cost=hu' \
        'train --network.activation=relu,ta' 'train --output.report=' 'sweep fl'
    complete -C "nabla $words"
end
FISH
  offered=$(HOME=$work fish --no-config "$work/complete.fish" "$share" | cut -f 1 | paste -sd '|')
  expected='train|--target|--train.|--train.epochs=|--train.cost=huber|'
  expected+='--network.activation=relu,tanh|--output.report=no|--output.report=yes|flowers.ini|flowers.csv'
  [[ $offered == "$expected" ]] || fail "fish offers '$offered', expected '$expected'"
fi
if command -v zsh >/dev/null; then
  zsh -n "$share/zsh/site-functions/_nabla" || fail "zsh does not parse its script"
fi

status=0
"$NABLA" options train --pages "$work/none" 2>/dev/null || status=$?
[[ $status == 2 && ! -e $work/none ]] || fail "--pages with a key: exit $status, expected 2"
exit $((failures > 0))

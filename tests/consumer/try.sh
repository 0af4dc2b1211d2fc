#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Tries the installed packages, for scripts/package --check: trains, builds the project in this
# folder with the library, reads pages of the manual, completes in bash, zsh and fish, and trains in
# Python.
set -euo pipefail
consumer=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
  echo "try: $1" >&2
  exit 1
}

# expect WHAT TEXT PART: the text has that part.
expect() {
  [[ $2 == *"$3"* ]] || fail "$1: '$2', expected '$3' in it"
  echo "$1: ok"
}

nabla train --data.digits-train=3000 --data.digits-test=500 -e 3 -q
expect "nabla train" "$(nabla evaluate runs/digits --json)" '"accuracy"'

cmake -S "$consumer" -B consumer >/dev/null
cmake --build consumer >/dev/null
expect "find_package(nabla)" "$(consumer/main)" "$(nabla version)"

expect "man nabla-train" "$(MANWIDTH=80 man nabla-train)" "--resume RUN_DIR"
expect "man nabla" "$(MANWIDTH=80 man nabla)" "nabla-sweep(1)"
expect "man nabla-config" "$(MANWIDTH=80 man 5 nabla-config)" "train.learning-rate = auto"

# bash-completion loads the script by the name of the command.
offered=$(bash -c '
  source /usr/share/bash-completion/bash_completion
  _completion_loader nabla || (($? == 124))
  COMP_WORDS=(nabla train --train.) COMP_CWORD=2
  _nabla && printf "%s\n" "${COMPREPLY[@]}"
  COMP_WORDS=(nabla train --train.cost = h) COMP_CWORD=4
  _nabla && printf "%s\n" "${COMPREPLY[@]}"')
expect "keys in bash" "$offered" --train.epochs=
expect "values in bash" "$offered" huber

offered=$(fish -c 'complete -C "nabla train --train."; complete -C "nabla train --train.cost=h"')
expect "keys in fish" "$offered" --train.epochs=
expect "values in fish" "$offered" --train.cost=huber

# zsh completes on a terminal only.
cat >complete.zsh <<'ZSH'
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=; autoload -Uz compinit; compinit -u -D; echo re''ady'
zpty -r -m shell shown '*ready*'
zpty -n -w shell $'nabla train --train.cli\t'
zpty -r -m shell shown '*--train.clip-norm=*' && print -r -- $shown
zpty -n -w shell $'\x15nabla train --train.cost=hu\t'
zpty -r -m shell shown '*huber*' && print -r -- $shown
zpty -d shell
ZSH
offered=$(timeout 60 zsh -f complete.zsh) || fail "zsh completes nothing: '$offered'"
expect "keys in zsh" "$offered" --train.clip-norm=
expect "values in zsh" "$offered" huber

if dpkg-query -W python3-nabla >/dev/null 2>&1; then
  found=$(python3 -W ignore -c '
import nabla
model = nabla.MLPClassifier(random_state=1, max_iter=300, tol=0)
model.fit([[0.0, 0.0], [1.0, 1.0]] * 20, ["no", "yes"] * 20)
model.save("yes.safetensors")
print(model.predict([[0.9, 1.1], [0.1, 0.2]]), nabla.train({"train.epochs": 1}).summary["status"])')
  expect "import nabla" "$found" "['yes' 'no'] completed"
  expect "nabla predict" "$(nabla predict yes.safetensors - <<<"0.9,1.1")" yes
fi

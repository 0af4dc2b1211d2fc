#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Trainings on several ranks leave the bytes of one process, are stopped and resumed by any number
# of ranks, and never hang when a rank fails or dies.
set -euo pipefail
if ! command -v mpirun >/dev/null || [[ $("$NABLA" info) =~ MPI:\ +none ]]; then
  echo "ranks_test: no mpirun, or a build without MPI; skipped"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none

fail() {
  echo "ranks_test: $*" >&2
  exit 1
}

# on RANKS ARGUMENT... runs nabla, for a minute at most
on() {
  local ranks=$1
  shift
  if ((ranks == 1)); then
    timeout 60 "$NABLA" "$@"
  else
    timeout 60 mpirun -n "$ranks" "$NABLA" "$@"
  fi
}

awk 'BEGIN {
  srand(1); print "a,b,c,town,kind"
  for (i = 0; i < 300; ++i) {
    a = rand(); b = rand(); c = rand()
    print a "," b "," c "," (rand() < 0.5 ? "Rome" : "Bonn") "," (a + b > c + 0.5 ? "yes" : "no")
  }
}' >table.csv

settings=(-t 1 -q --output.report=no --network.hidden=40,20 --train.batch-size=50
  --parallel.reduction=per-shard --parallel.shards=4)
images=(--data.source=digits --data.limit=300 --data.augment=affine --network.batch-norm=yes
  --network.dropout=0.1 --optimizer.algorithm=adam --train.clip-norm=1 --train.max-norm=3
  --train.l2=1e-4)

# same_folders A B
same_folders() {
  cmp "$1/model.safetensors" "$2/model.safetensors" || fail "$1 and $2 are different models"
  # All figures but the times are equal.
  same_figures "$1/metrics.csv" "$2/metrics.csv"
}
same_figures() {
  diff <(figures "$1") <(figures "$2") || fail "$1 and $2 have different figures"
}
figures() {
  awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) keep[i] = $i !~ /seconds|per_second/ }
           { for (i = 1; i <= NF; ++i) if (keep[i]) printf "%s,", $i; print "" }' "$1"
}

for ranks in 1 2 3; do
  on "$ranks" train table.csv "${settings[@]}" -e 3 -o "table-$ranks" >/dev/null
done
same_folders table-1 table-2
same_folders table-1 table-3
for ranks in 1 3; do
  on "$ranks" train "${settings[@]}" "${images[@]}" -e 2 -o "images-$ranks" >/dev/null
done
same_folders images-1 images-3

echo "== evaluate, crossval, sweep and scale share their work among the ranks"
cat >sweep.ini <<'INI'
[data]
source = csv
train = table.csv
validation = 0.2
[train]
epochs = 3
[sweep]
method = halving
trials = 5
network.hidden = 5; 10; 20
train.learning-rate = loguniform(0.001, 0.1)
INI
for ranks in 1 3; do
  on "$ranks" evaluate table-1 table.csv --json --importance -q >"evaluated-$ranks.json"
  on "$ranks" crossval table.csv -q -t 1 -e 3 --network.hidden=10 -o "folds-$ranks" >/dev/null
  on "$ranks" sweep sweep.ini -q -t 1 -o "sweep-$ranks" >/dev/null
done
cmp evaluated-1.json evaluated-3.json
same_figures folds-1/crossval.csv folds-3/crossval.csv
same_figures sweep-1/trials.csv sweep-3/trials.csv
cmp sweep-1/best/model.safetensors sweep-3/best/model.safetensors
on 2 sweep sweep.ini -q -t 1 -o sweep-3 >again.txt
grep -q '^trials: *5 completed' again.txt || fail "a sweep that has ended: $(cat again.txt)"
on 2 scale table.csv -q "${settings[@]:3}" --scale.threads=1 --scale.seconds=0.1 -o scaled >scaled.txt
[[ $(cut -d, -f2 scaled/scale.csv | tr '\n' ' ') == 'ranks 1 2 ' ]] || fail "scale: $(cat scaled/scale.csv)"
grep -q hidden scaled.txt || fail "scale: $(cat scaled.txt)"
"$NABLA" report scaled -q
grep -q 'hidden behind work' scaled/report.html || fail "no picture of the exchange"

# wait_for FILE
wait_for() {
  local i
  for ((i = 0; i < 600; ++i)); do
    [[ -s $1 ]] && return
    sleep 0.05
  done
  fail "no $1: $(cat out.txt)"
}

echo "== stopped by a signal on all ranks, resumed by another number of them"
mpirun -n 3 "$NABLA" train table.csv "${settings[@]}" -e 100000 \
  --output.checkpoint-every=1 -o stopped >out.txt 2>&1 &
launcher=$!
wait_for stopped/checkpoint.safetensors
kill -USR1 "$launcher"
code=0
wait "$launcher" || code=$?
((code > 0)) || fail "a stopped run ended with 0"
grep -q 'nabla train --resume .*/stopped' out.txt || fail "no resume command: $(cat out.txt)"
epochs=$(($(wc -l <stopped/metrics.csv) + 2))
on 2 train --resume stopped -e "$epochs" -q >/dev/null
on 1 train table.csv "${settings[@]}" -e "$epochs" -o whole >/dev/null
same_folders whole stopped

echo "== a rank that dies ends the run"
mpirun -n 2 "$NABLA" train table.csv "${settings[@]}" -e 100000 \
  --output.checkpoint-every=1 -o killed >out.txt 2>&1 &
launcher=$!
wait_for killed/checkpoint.safetensors
kill -KILL "$(pgrep -P "$launcher" | tail -n 1)"
begin=$SECONDS
code=0
wait "$launcher" || code=$?
((code > 0)) || fail "a killed run ended with 0"
((SECONDS - begin < 10)) || fail "a killed run took $((SECONDS - begin)) s to end"

echo "== errors name what is wrong once, with the code of one process"
code=0
on 2 train table.csv -q -e 1 -o wrong >out.txt 2>&1 || code=$?
[[ $code == 2 && ! -e wrong ]] || fail "without shards: code $code"
[[ $(grep -c -e '--parallel.reduction=per-shard --parallel.shards=2' out.txt) == 1 ]] ||
  fail "without shards: $(cat out.txt)"
code=0
on 3 train missing.csv "${settings[@]}" -e 1 -o wrong >out.txt 2>&1 || code=$?
[[ $code -gt 0 && $(grep -c 'missing.csv' out.txt) == 1 ]] || fail "missing file: $(cat out.txt)"

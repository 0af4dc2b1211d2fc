#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bench/tables/write_tables.py SET JSON

Writes the tables of one set of benchmarks into docs/benchmarks.md; called by scripts/bench.
"""
import json
import sys

from benchmark_page import describe_machine, render_table, write_section


def parse(name):
    """The parts of a benchmark's name; `key:value` becomes a pair."""
    return [tuple(part.split(":", 1)) if ":" in part else part for part in name.split("/")]


def load(path):
    """The context, and for each benchmark its plain parts, its pairs and the benchmark itself."""
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    results = []
    for result in content["benchmarks"]:
        if result.get("error_occurred"):
            continue
        parts = parse(result["name"].removesuffix("/real_time"))
        pairs = dict(part for part in parts if isinstance(part, tuple))
        plain = [part for part in parts if isinstance(part, str)][1:]
        results.append((plain, pairs, result))
    return content["context"], results


def ordered(keys):
    """Without repetition, in the order of their first appearance."""
    return list(dict.fromkeys(keys))


def pivot(corner, cells):
    """A table of {(row, column): text}."""
    rows, columns = ordered(row for row, _ in cells), ordered(column for _, column in cells)
    if not cells:
        sys.exit(f"write_tables: no results for the table by {corner}")
    body = [[row] + [cells.get((row, column), "") for column in columns] for row in rows]
    return render_table([corner] + columns, body)


def count(number, noun):
    return f"{number} {noun}" if str(number) == "1" else f"{number} {noun}s"


def gemm(results):
    text = []
    for product in ordered(plain[0] for plain, _, _ in results):
        cells = {
            (plain[1], f"{pairs['rows']} rows"): f"{result['GFLOP/s']:.0f}"
            for plain, pairs, result in results
            if plain[0] == product
        }
        text.append(f"{PRODUCTS[product]}, GFLOP/s on one thread:\n\n" + pivot("layer", cells))
    return text


PRODUCTS = {
    "forward": "Forward, a · Wᵀ",
    "delta": "Delta, δ · W",
    "nabla": "Nabla, δᵀ · a",
}


def elementwise(results):
    cells = {}
    for (kernel, precision, instructions), _, result in results:
        speed = f"{result['elements/s'] * 1e-9:.2f} ({result['GB/s']:.0f})"
        cells[kernel, f"{precision} {instructions}"] = speed
    return ["10⁹ elements per second (GB/s), one thread:\n\n" + pivot("kernel", cells)]


def executor(results):
    cells = {}
    for _, pairs, result in results:
        column = count(pairs["threads"], "thread")
        cells[pairs["tasks"], column] = f"{result['real_time']:,.0f}"
    return ["Nanoseconds to run empty tasks:\n\n" + pivot("tasks", cells)]


def reductions(results):
    text = []
    for threads in ordered(pairs["threads"] for _, pairs, _ in results):
        cells = {}
        for (way, workload), pairs, result in results:
            if pairs["threads"] == threads:
                row = f"{workload} ({result['parameters'] * 1e-6:.2f} M), {way}"
                cells[row, count(pairs["shards"], "shard")] = f"{result['GB/s']:.2f}"
        title = f"GB of parameters per second, {count(threads, 'thread')}:"
        text.append(f"{title}\n\n" + pivot("network (parameters), reduction", cells))
    return text


def step_line(result):
    return f"{result['samples/s']:,.0f} ({100 * result['peak share']:.0f}%)"


def step(results):
    by_batch, by_shards = {}, {}
    for (workload, reduction), pairs, result in results:
        threads = count(pairs["threads"], "thread")
        if pairs["shards"] == "auto":
            plan = f"{result['shards used']:.0f} × {result['label']}"
            row = f"{workload}, batch {pairs['batch']}"
            by_batch[row, "shards × reduction"] = plan
            by_batch[row, threads] = step_line(result)
        else:
            row = f"{workload}, {reduction}, {threads}"
            by_shards[row, count(pairs["shards"], "shard")] = step_line(result)
    return [
        "Samples per second (share of the GEMM peak of as many threads), shards and reduction as "
        "the plan chooses:\n\n" + pivot("network", by_batch),
        "The same by shards and reduction, each network with its own batch:\n\n"
        + pivot("network, reduction", by_shards),
    ]


def training(results):
    paces, cells = {}, {}
    for (workload,), pairs, result in results:
        column = count(pairs["threads"], "thread")
        cells[workload, column] = f"{result['samples/s']:,.0f}"
        paces.setdefault(workload, []).append(result["samples/s"])
    for workload, figures in paces.items():
        cells[workload, "all against one"] = f"{figures[-1] / figures[0]:.2f}×"
    return ["Samples per second in train():\n\n" + pivot("network", cells)]


SETS = {set.__name__: set for set in (gemm, elementwise, executor, reductions, step, training)}


def main():
    name, path = sys.argv[1:]
    context, results = load(path)
    if not results:
        sys.exit(f"write_tables: {path}: no results")
    origin = (
        f"{describe_machine()} BLAS kernel {context['blas_kernel']} (OPENBLAS_CORETYPE "
        f"{context['openblas_coretype']}), {context['executor']}, instruction set "
        f"{context['instruction_set']}. {context['date'][:10]}, `scripts/bench {name}`."
    )
    write_section(name, "\n\n".join(SETS[name](results) + [origin]))


if __name__ == "__main__":
    main()

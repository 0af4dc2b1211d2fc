# SPDX-License-Identifier: MIT
"""The parts that the peers in Python share: arguments, data, the clock and the line of JSON.

Thread settings are read by the libraries when they are loaded, so a peer calls arguments() before
it imports NumPy or anything that does.
"""
import argparse
import gzip
import json
import os
import pathlib
import time

WORKLOADS = json.loads((pathlib.Path(__file__).parent / "workloads.json").read_text())


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--workload", choices=WORKLOADS, required=True)
    parser.add_argument("--data", required=True, help="folder of the four MNIST files, .gz or not")
    parser.add_argument("--threads", type=int, default=1, help="of the library and of its BLAS")
    parser.add_argument("--blas-threads", type=int, help="of its BLAS alone; default: --threads")
    parser.add_argument("--seconds", type=float, default=3, help="whole epochs until then")
    parser.add_argument("--epochs", type=int, help="so many epochs, whatever the time")
    parser.add_argument("--rows", type=int, help="first training rows; default: by workload")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    options = parser.parse_args()
    options.blas_threads = options.blas_threads or options.threads
    os.environ["OPENBLAS_NUM_THREADS"] = str(options.blas_threads)
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    return options, WORKLOADS[options.workload]


def read_idx(folder, name, header):
    """The bytes of an IDX file of unsigned bytes behind its header."""
    import numpy

    path = pathlib.Path(folder) / name
    if path.exists():
        content = path.read_bytes()
    else:
        content = gzip.decompress(path.with_name(name + ".gz").read_bytes())
    return numpy.frombuffer(content, numpy.uint8, offset=header)


def load(options, workload):
    """Rows as float32 in [0, 1], [rows × 784], and labels as int64."""
    import numpy

    labels = read_idx(options.data, "train-labels-idx1-ubyte", 8).astype(numpy.int64)
    pixels = read_idx(options.data, "train-images-idx3-ubyte", 16).reshape(len(labels), -1)
    rows = options.rows or workload["rows"]
    return pixels[:rows].astype(numpy.float32) / numpy.float32(255), labels[:rows]


def run(peer, options, workload, train_epoch, final_cost):
    """Times whole epochs and prints the result; train_epoch() gives the rows it has trained on.

    final_cost() is called after the clock has stopped."""
    rows = epochs = 0
    start = time.perf_counter()
    while True:
        rows += train_epoch()
        epochs += 1
        seconds = time.perf_counter() - start
        if epochs == options.epochs or (options.epochs is None and seconds >= options.seconds):
            break
    print(
        json.dumps(
            {
                "peer": peer,
                "workload": options.workload,
                "threads": options.threads,
                "blas_threads": options.blas_threads,
                "samples_per_second": rows / seconds,
                "final_cost": final_cost(),
                "epochs": epochs,
                "rows": rows // epochs,
                "blas": blas(),
            }
        )
    )


def blas():
    """Returns the BLAS kernel in this process if threadpoolctl is installed."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return "unknown"
    kernels = [pool.get("architecture") for pool in threadpool_info() if pool["user_api"] == "blas"]
    return ", ".join(sorted({kernel or "unknown" for kernel in kernels})) or "none"

# SPDX-License-Identifier: MIT
"""Trainings on the ranks of this machine, for the scripts of this folder; needs Open MPI."""
import contextlib
import csv
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "tables"))

WORKLOADS = json.loads((HERE.parent / "peers" / "workloads.json").read_text())
WORKLOADS = {name: workload for name, workload in WORKLOADS.items() if "optimizer" not in workload}
CORES = len(os.sched_getaffinity(0))
SECONDS_AT_MOST = 300  # of a run, after which it counts as hanging
TIMES = {"seconds", "samples_per_second"}  # columns of metrics.csv that no two runs share


def add_program(parser):
    parser.add_argument("--program", default=ROOT / "build" / "nabla", help="default: build/nabla")


def check_program(parser, options):
    """Makes the path absolute, because runs have folders of their own."""
    options.program = pathlib.Path(options.program).resolve()
    if not options.program.exists():
        parser.error(f"--program: no {options.program}; scripts/setup and cmake --build build make it")
    if shutil.which("mpirun") is None:
        parser.error("no mpirun; Debian and Ubuntu: install openmpi-bin and libopenmpi-dev")
    info = subprocess.run([options.program, "info"], stdout=subprocess.PIPE, check=True)
    if b"Open MPI" not in info.stdout:
        parser.error(f"--program: {options.program} was built without Open MPI")


@contextlib.contextmanager
def scratch_folder():
    """A folder for everything that a script writes, Open MPI's own files too.

    Those of all mpiruns of a user lie in one folder otherwise, which one of them removes while
    another makes its own there.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = folder
        yield pathlib.Path(folder)


def numbers(text):
    return [int(word) for word in text.split(",")]


def chosen(parser, name, text, known):
    """The words of an option, each of which must be known."""
    words = text.split(",")
    unknown = sorted(set(words) - set(known))
    if unknown:
        parser.error(f"--{name}: no {', '.join(unknown)}; expected {', '.join(known)}")
    return words


def network_of(workload):
    """The settings of a workload's network and of its plain gradient descent."""
    return {
        "network.hidden": ",".join(str(width) for width in workload["widths"][1:-1]),
        "network.activation": workload["activation"],
        "network.output": workload["output"],
        "network.init": workload["init"],
        "train.cost": workload["cost"],
        "train.batch-size": workload["batch"],
        "train.learning-rate": workload["learning_rate"],
        "optimizer.algorithm": "sgd",
    }


def train_command(program, settings, folder, ranks=0, threads=1):
    """The words of a training in one process, or under mpirun if a number of ranks is given."""
    command = ["mpirun", "-n", ranks] if ranks else []
    command += [program, "train", "-q", "-t", threads, "-o", folder]
    command += [f"--{key}={value}" for key, value in settings.items()]
    return [str(word) for word in command]


def environment_of(ranks, threads):
    """More ranks than cores are wanted here, and ranks that wait must leave the cores to others."""
    environment = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    if ranks * threads > CORES:
        environment["OMPI_MCA_rmaps_base_oversubscribe"] = "1"
        environment["OMPI_MCA_mpi_yield_when_idle"] = "1"
    if threads > 1 or ranks > CORES:
        environment["OMPI_MCA_hwloc_base_binding_policy"] = "none"
    return {**os.environ, **environment}


def start(command, ranks, threads, log):
    """Starts a command in a process group of its own, which writes into the file `log`."""
    return subprocess.Popen(
        command,
        env=environment_of(ranks, threads),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def wait(process, seconds=SECONDS_AT_MOST):
    """The exit code, or None if the process had to be killed together with its ranks."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        ranks = ranks_of(process.pid).values()  # each has a process group of its own
        for kill, pid in [(os.killpg, process.pid), *((os.kill, pid) for pid in ranks)]:
            with contextlib.suppress(ProcessLookupError):
                kill(pid, signal.SIGKILL)
        process.wait()
        return None


def run(command, log, ranks=1, threads=1):
    """Runs a command to its end. Returns what went wrong, empty if nothing."""
    with open(log, "wb") as stream:
        code = wait(start(command, ranks, threads, stream))
    if code == 0:
        return ""
    what = f"exit code {code}" if code is not None else f"no end within {SECONDS_AT_MOST} s"
    output = pathlib.Path(log).read_text(errors="replace").strip()[-2000:]
    return f"{what}: {shlex.join(command)}\n{output}"


def state_and_parent(pid):
    """As /proc has them; raises OSError for a process that has gone."""
    state, parent = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    return state, int(parent)


def is_alive(pid):
    """Whether the process still runs; one that nobody has waited for yet does not."""
    try:
        return state_and_parent(pid)[0] not in "ZX"
    except OSError:
        return False


def ranks_of(launcher):
    """{rank: process id} of those that a running mpirun has started on this machine."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        # A process may end at any time.
        with contextlib.suppress(OSError):
            if state_and_parent(folder.name)[1] != launcher:
                continue
            for variable in (folder / "environ").read_bytes().split(b"\0"):
                name, _, value = variable.partition(b"=")
                if name == b"OMPI_COMM_WORLD_RANK":
                    found[int(value)] = int(folder.name)
    return found


def metrics_of(folder):
    """The lines of metrics.csv without the times, which no two runs share."""
    with open(folder / "metrics.csv", encoding="utf-8") as stream:
        return [
            {name: cell for name, cell in line.items() if name not in TIMES}
            for line in csv.DictReader(stream)
        ]


def summary_of(folder):
    return json.loads((folder / "summary.json").read_text())


def differences(folder, expected):
    """The files by which a run's folder differs from the expected one, times aside."""
    files = []
    if (folder / "model.safetensors").read_bytes() != (expected / "model.safetensors").read_bytes():
        files.append("model.safetensors")
    if metrics_of(folder) != metrics_of(expected):
        files.append("metrics.csv")
    return files

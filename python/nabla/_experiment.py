# SPDX-License-Identifier: MIT
"""Experiments, which the installed program `nabla` runs."""
import csv
import json
import os
import pathlib
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import _nabla

_ERRORS = {2: _nabla.ConfigError, 3: _nabla.DataError, 4: _nabla.DivergedError}
_FOLDER_LINE = "run folder:"


@dataclass(frozen=True)
class Run:
    """The results of an experiment.

    Attributes
    ----------
    folder : pathlib.Path
        The folder of the run, which `nabla evaluate`, `nabla report`, … take.
    metrics : dict of str to ndarray of shape (n_epochs,)
        The columns of metrics.csv: epoch, seconds, learning_rate, train_cost, validation_accuracy,
        …; NaN if a figure was not measured.
    summary : dict
        The content of summary.json.
    """

    folder: pathlib.Path
    metrics: dict[str, np.ndarray[Any, Any]]
    summary: dict[str, Any]

    @property
    def model(self):
        """pathlib.Path: the model file, for `nabla.load`."""
        return self.folder / "model.safetensors"


def train(config=None, *, options=None, output=None, program=None):
    """Run an experiment as `nabla train` does.

    The program `nabla` makes it, in a process of its own. Ctrl-C ends that process after its
    mini-batch, with a checkpoint in the run's folder.

    Parameters
    ----------
    config : str, path-like or mapping, optional
        A configuration or data file, or the keys of a configuration: `{"train": {"epochs": 5}}`
        or `{"train.epochs": 5}`, with dashes or underscores. Lists stand for lists, True and False
        for yes and no. None trains on the built-in digits.
    options : mapping, optional
        Keys that win over those of a configuration file.
    output : str or path-like, optional
        Folder of the run; else `output.dir`. An existing run is not overwritten: "-2", "-3", … is
        appended.
    program : str or path-like, optional
        The program; else the environment variable `NABLA`, else `nabla` on `PATH`.

    Returns
    -------
    run : Run
        Its folder, metrics and summary.

    Raises
    ------
    nabla.ConfigError, nabla.DataError, nabla.DivergedError
        With the program's message, which names the key or the file.
    FileNotFoundError
        If the program is not installed.
    """
    command = [_find_program(program), "train", "-q"]
    if isinstance(config, Mapping):
        command += _arguments_of(config)
    elif config is not None:
        command.append(os.fspath(config))
    command += _arguments_of(options or {})
    if output is not None:
        command += ["-o", os.fspath(output)]
    return read_run(_run(command))


def read_run(folder):
    """Read the folder of a run that has ended.

    Parameters
    ----------
    folder : str or path-like
        The folder.

    Returns
    -------
    run : Run
    """
    folder = pathlib.Path(folder)
    with open(folder / "metrics.csv", newline="") as file:
        header, *lines = csv.reader(file)
    metrics = {
        name: np.array([float(line[i]) if line[i] else np.nan for line in lines])
        for i, name in enumerate(header)
    }
    metrics["epoch"] = metrics["epoch"].astype(int)
    return Run(folder, metrics, json.loads((folder / "summary.json").read_text()))


def _find_program(program):
    wanted = os.fspath(program or os.environ.get("NABLA") or "nabla")
    found = shutil.which(wanted)
    if found is None:
        raise FileNotFoundError(f"the program {wanted!r} was not found; install nabla or set NABLA")
    return found


def _arguments_of(keys, prefix=""):
    arguments = []
    for name, value in keys.items():
        key = prefix + str(name).replace("_", "-")
        if isinstance(value, Mapping):
            arguments += _arguments_of(value, key + ".")
        else:
            arguments.append(f"--{key}={_text_of(value)}")
    return arguments


def _text_of(value):
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple, np.ndarray)):
        return ",".join(_text_of(item) for item in value)
    return str(value)


def _run(command):
    """Runs the program and returns the folder that it names."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        output, errors = process.communicate()
    except KeyboardInterrupt:
        # In a terminal the signal has reached the program as well; twice does no harm.
        process.send_signal(signal.SIGINT)
        process.communicate()
        raise
    if process.returncode != 0:
        message = errors.strip().splitlines()[-1] if errors.strip() else "it said nothing"
        message = message.removeprefix("nabla: error: ")
        raise _ERRORS.get(process.returncode, RuntimeError)(message)
    for line in output.splitlines():
        if line.startswith(_FOLDER_LINE):
            return line.removeprefix(_FOLDER_LINE).strip()
    raise RuntimeError(f"{command[0]} did not name the folder of its run")

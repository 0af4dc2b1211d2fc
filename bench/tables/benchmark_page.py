# SPDX-License-Identifier: MIT
"""Tables of docs/benchmarks.md, for scripts/bench and bench/peers/compare."""
import datetime
import os
import pathlib
import platform
import re
import sys

PAGE = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "benchmarks.md"


def today():
    return datetime.date.today().isoformat()


def cpu_model():
    try:
        cpuinfo = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        cpuinfo = ""
    found = re.search(r"^model name\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
    return found.group(1) if found else platform.machine()


def describe_machine():
    """One sentence: the CPU and the cores this process may use."""
    return f"{cpu_model()}, {len(os.sched_getaffinity(0))} cores."


def render_table(header, rows):
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1)] + rows
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def write_section(name, text):
    """Replaces what stands between the markers of this name in docs/benchmarks.md."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    page = PAGE.read_text()
    if page.count(begin) != 1 or page.count(end) != 1 or page.index(begin) > page.index(end):
        sys.exit(f"{PAGE}: expected the markers {begin} and {end}, once each and in this order")
    head, rest = page.split(begin)
    tail = rest.split(end)[1]
    PAGE.write_text(f"{head}{begin}\n\n{text.strip()}\n\n{end}{tail}")

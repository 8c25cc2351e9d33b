"""What the job costs on a master and two workers of one core each, on loopback.

python benches/measure.py INPUT… [--option VALUE …]: a table of its stages. Rust's
share is the processor time of the Python workers, in which little but the library
runs, over that of workers and executors.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import cluster as clusters
import driver
import events

TICK = os.sysconf("SC_CLK_TCK")


class Processes(threading.Thread):
    """Sums up the processor time of the cluster's processes, twice a second, and that
    of all processes below this one: master, workers, executors and driver."""

    def __init__(self, cluster: clusters.Cluster) -> None:
        super().__init__(daemon=True)
        self.roots = {process.pid for process in cluster.workers}
        self.seconds: dict[tuple[str, int], float] = {}
        self.seconds_of_all: dict[int, float] = {}
        self.peak_bytes: dict[tuple[str, int], int] = {}

    def run(self) -> None:
        while True:
            self.look()
            time.sleep(0.5)

    def look(self) -> None:
        stats = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    text = (folder / "stat").read_text()
                except OSError:
                    continue
                name, fields = (
                    text[text.index("(") + 1 : text.rindex(")")],
                    text.split(")")[-1].split(),
                )
                stats[int(folder.name)] = (
                    name,
                    int(fields[1]),
                    (int(fields[11]) + int(fields[12])) / TICK,
                )
                stats[int(folder.name)] += (
                    int(fields[21]) * os.sysconf("SC_PAGE_SIZE"),
                )
        for pid, (name, parent, seconds, resident) in stats.items():
            while parent in stats and parent not in self.roots:
                if os.getpid() in (pid, parent):
                    self.seconds_of_all[pid] = seconds
                parent = stats[parent][1]
            if parent in self.roots:
                self.seconds_of_all[pid] = seconds
                # A process that a JVM has begun, to change the mode of a file, is that JVM
                # for a moment, with all of its memory.
                kind = "python" if name.startswith("python") else "helper"
                key = ("jvm" if name == "java" else kind, pid)
                self.seconds[key] = seconds
                self.peak_bytes[key] = max(resident, self.peak_bytes.get(key, 0))

    def of(self, kind: str) -> float:
        """Seconds of all processes of a kind."""
        return sum(
            seconds for (found, _), seconds in self.seconds.items() if found == kind
        )

    def of_all(self) -> float:
        """Seconds of all processes."""
        return sum(self.seconds_of_all.values())

    def peak(self, kind: str) -> int:
        """Most memory that one process of a kind had, in bytes."""
        return max(
            (size for (found, _), size in self.peak_bytes.items() if found == kind),
            default=0,
        )


def main() -> None:
    arguments = sys.argv[1:]
    split = next(
        (at for at, text in enumerate(arguments) if text.startswith("-")),
        len(arguments),
    )
    inputs, options = (
        [Path(text).resolve() for text in arguments[:split]],
        arguments[split:],
    )
    folder = Path(tempfile.mkdtemp(prefix="wirecopy-bench-"))
    try:
        with clusters.running() as cluster:
            processes = Processes(cluster)
            processes.start()
            processes.look()
            begun = processes.of_all()
            since = time.monotonic()
            print(
                driver.run(cluster, inputs, folder / "out", *options).splitlines()[-1]
            )
            seconds = time.monotonic() - since
            processes.look()
            report(seconds, processes, begun, events.by_table(cluster.events))
        if os.environ.get("WIRECOPY_BENCH") == "check":
            print(
                driver.differences(
                    driver.of_command(inputs), driver.of_tables(folder / "out")
                )
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def report(
    seconds: float, processes: Processes, begun: float, tables: dict[str, events.Work]
) -> None:
    """Prints the table. ``begun`` is what the cluster took until it was there."""
    columns = "task s|JVM CPU s|tasks|shuffled MB|rows|longest / median task of its longest stage, by time|by rows read"
    print(f"| table | {columns.replace('|', ' | ')} |")
    print("| --- " * 8 + "|")
    for name, work in tables.items():
        stage = work.longest_stage or work
        print(
            f"| {name} | {sum(work.seconds):.1f} | {work.jvm_seconds:.1f} | {len(work.seconds)} "
            f"| {work.shuffled_bytes / 1e6:.1f} | {work.rows} | {stage.skew:.1f} | {stage.row_skew:.1f} |"
        )
    shuffled = sum(work.shuffled_bytes for work in tables.values())
    python, jvm = processes.of("python"), processes.of("jvm")
    print(
        f"{seconds:.0f} s, {shuffled / 1e6:.0f} MB shuffled, {python:.0f} s of Python workers, {jvm:.0f} s of JVMs"
    )
    print(
        f"{processes.of_all():.0f} s of all processes, the driver's among them, and {begun:.0f} s of them "
        "until there was a cluster"
    )
    print(
        f"peaks: {processes.peak('python') / 1e6:.0f} MB a Python worker, {processes.peak('jvm') / 1e6:.0f} MB a JVM"
    )


if __name__ == "__main__":
    main()

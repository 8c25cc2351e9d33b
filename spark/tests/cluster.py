"""A real Spark cluster on loopback: a standalone master and two workers.

Each is a process of its own with one core, and all of them end with the ``with``
block, whatever happens in it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyspark

#: Seconds in which a process of Spark must say where it listens.
START_SECONDS = 180

#: Memory of a worker in MiB: an executor of it has what Spark leaves.
WORKER_MIB = 2048


@dataclass
class Cluster:
    """The processes of a cluster and where they are."""

    folder: Path
    master: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def workers(self) -> list[subprocess.Popen[bytes]]:
        """The workers that were started."""
        return self.processes[1:]

    @property
    def events(self) -> Path:
        """The folder of event logs."""
        return self.folder / "events"

    def spark_conf(self) -> dict[str, str]:
        """What a driver needs to run on this cluster."""
        return {
            "spark.master": self.master,
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.executor.cores": "1",
            "spark.executor.memory": "1200m",
            "spark.driver.memory": "1g",
            "spark.local.dir": str(self.folder / "local"),
            "spark.sql.shuffle.partitions": "4",
            "spark.eventLog.enabled": "true",
            "spark.eventLog.compress": "false",
            "spark.eventLog.rolling.enabled": "false",
            "spark.eventLog.dir": self.events.as_uri(),
        }

    def start(self, name: str, *arguments: str) -> tuple[subprocess.Popen[bytes], Path]:
        """Starts a process of Spark; gives it and its log."""
        home = Path(pyspark.__file__).parent
        log = self.folder / f"{name}.log"
        environment = os.environ | {
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_DIRS": str(self.folder / "local"),
            "SPARK_DAEMON_MEMORY": "256m",
            "PYSPARK_PYTHON": sys.executable,
        }
        with log.open("wb") as out:
            process = subprocess.Popen(
                [str(home / "bin" / "spark-class"), *arguments],
                stdout=out,
                stderr=out,
                env=environment,
                start_new_session=True,
            )
        self.processes.append(process)
        return process, log

    def add_worker(self) -> subprocess.Popen[bytes]:
        """Starts one more worker and waits until the master knows it."""
        return self.await_worker(*self.start_worker())

    def start_worker(self) -> tuple[subprocess.Popen[bytes], Path]:
        """Starts one more worker; gives it and its log."""
        number = len(self.processes)
        folder = self.folder / f"work-{number}"
        return self.start(
            f"worker-{number}",
            "org.apache.spark.deploy.worker.Worker",
            *("--host", "127.0.0.1", "--webui-port", "0"),
            *("--cores", "1", "--memory", f"{WORKER_MIB}M"),
            *("--work-dir", str(folder), self.master),
        )

    def await_worker(
        self, process: subprocess.Popen[bytes], log: Path
    ) -> subprocess.Popen[bytes]:
        """Waits until the master knows a worker."""
        said(log, r"Successfully registered with master", process)
        return process

    def end(self) -> None:
        """Ends every process of the cluster, executors of workers too."""
        for process in reversed(self.processes):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in reversed(self.processes):
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def said(log: Path, pattern: str, process: subprocess.Popen[bytes]) -> str:
    """What a process writes into its log that matches, once it does."""
    for _ in range(START_SECONDS * 10):
        found = re.search(pattern, log.read_text(errors="replace"))
        if found:
            return found.group(0)
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(
        f"a process of Spark does not start:\n{log.read_text(errors='replace')}"
    )


@contextlib.contextmanager
def running(workers: int = 2) -> Iterator[Cluster]:
    """A cluster with so many workers."""
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="wirecopy-spark-")))
    cluster.events.mkdir()
    (cluster.folder / "local").mkdir()
    try:
        process, log = cluster.start(
            "master",
            "org.apache.spark.deploy.master.Master",
            *("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"),
        )
        cluster.master = said(log, r"spark://127\.0\.0\.1:\d+", process)
        started = [cluster.start_worker() for _ in range(workers)]
        for worker in started:
            cluster.await_worker(*worker)
        yield cluster
    finally:
        cluster.end()
        shutil.rmtree(cluster.folder, ignore_errors=True)

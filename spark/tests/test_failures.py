"""What is killed while the job runs costs time, not findings."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import driver
import pytest
import texts
from cluster import Cluster, running

#: Makes the scan of a task fail as a panic of the library does. Python imports a
#: module of this name before it does anything else.
PLANTED_FAULT = """
from wirecopy import steps

real = steps._core.Step


class Step:
    def __init__(self, name, *others):
        self.name, self.step = name, real(name, *others)

    def __getattr__(self, name):
        return getattr(self.step, name)

    def finish(self):
        if self.name == "scan":
            raise steps.Fault("a fault in wirecopy: planted")
        return self.step.finish()


steps._core.Step = Step
"""


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Made articles, and half as many copies of one of them."""
    count = int(os.environ.get("WIRECOPY_KILL_DOCUMENTS", "400"))
    made = texts.records(count, seed=2)
    copies = [made[0] | {"id": f"copy{at:06}"} for at in range(count // 2)]
    path = tmp_path / "articles.jsonl"
    lines = (json.dumps(record) + "\n" for record in made + copies)
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def expected(articles: Path) -> list[str]:
    """Their findings."""
    return driver.of_command([articles])


def executors(worker: subprocess.Popen[bytes]) -> list[int]:
    """The processes of a worker's executors."""
    found = subprocess.run(
        ["pgrep", "-P", str(worker.pid), "java"],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(pid) for pid in found.stdout.split()]


class Said:
    """What a job says, as it says it."""

    def __init__(self, job: subprocess.Popen[str]) -> None:
        self.job = job
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        self.lines.extend(iter(self.job.stderr.readline, ""))

    def await_line(self, text: str) -> None:
        """Waits until a line has the text."""
        self._await(lambda: any(text in line for line in self.lines))

    def await_begun(self, output: Path, table: str) -> None:
        """Waits until tasks write a table."""
        self._await((output / "_work" / table / "_temporary").exists)

    def _await(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            assert self.job.poll() is None, "".join(self.lines)
            time.sleep(0.02)


def kill(*processes: int) -> None:
    """Ends processes as a machine that fails does."""
    assert processes
    for process in processes:
        os.kill(process, signal.SIGKILL)


def test_what_is_killed_changes_nothing(
    articles: Path, expected: list[str], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    with running() as cluster:
        # Each stage with a shuffle, however little there is.
        shuffled = ("--whole-mb", "0", "--one-task-mb", "0")
        with driver.start(cluster, [articles], output, *shuffled) as job:
            said = Said(job)
            # An executor while sketching, and its worker's other one while joining.
            said.await_begun(output, "sketches")
            kill(*executors(cluster.workers[0]))
            said.await_begun(output, "likely")
            worker = cluster.workers[1]
            kill(*executors(worker), worker.pid)
            # The driver between two stages.
            said.await_line("verified: ")
            kill(job.pid)
        assert job.returncode == -signal.SIGKILL
        again = driver.run(cluster, [articles], output, *shuffled)
    for table in ("sketches", "likely", "verified"):
        assert f"{table}: was there" in again
    assert "settled: was there" not in again
    assert driver.differences(expected, driver.of_tables(output)) == []


def test_a_driver_that_is_killed_behind_the_one_task_needs_only_to_place_tables(
    cluster: Cluster, articles: Path, expected: list[str], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    with driver.start(cluster, [articles], output) as job:
        Said(job).await_line("whole: ")
        kill(job.pid)
    shutil.rmtree(output / "pairs.parquet", ignore_errors=True)
    again = driver.run(cluster, [articles], output)
    assert "whole: was there" in again
    assert driver.differences(expected, driver.of_tables(output)) == []


def test_a_fault_of_the_one_task_has_the_job_go_on_in_stages(
    cluster: Cluster, articles: Path, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(PLANTED_FAULT)
    planted = f"--conf=spark.executorEnv.PYTHONPATH={tmp_path}"
    output = tmp_path / "out"
    said = driver.run(cluster, [articles], output, planted)
    assert "a fault in wirecopy: planted; going on in stages" in said
    assert driver.differences(expected, driver.of_tables(output)) == []
    # With limits on pairs there is no such way.
    again = tmp_path / "again"
    limited = (planted, "--across-sources-only")
    with driver.start(cluster, [articles], again, *limited) as job:
        told = job.communicate(timeout=driver.RUN_SECONDS)[1]
    assert job.returncode == 1
    assert "planted; stages, where it would cost a row, keep to no limits" in told

"""What is killed while the job runs costs time, not findings."""

from __future__ import annotations

import os
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


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made articles, and their findings."""
    path = tmp_path_factory.mktemp("articles") / "articles.jsonl"
    path.write_bytes(
        texts.lines(int(os.environ.get("WIRECOPY_KILL_DOCUMENTS", "400")), seed=2)
    )
    return path


@pytest.fixture(scope="module")
def expected(articles: Path) -> list[str]:
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


def while_made(
    work: Path, table: str, kill: Callable[[], None], job: subprocess.Popen[str]
) -> list[str]:
    """Kills once a table is being written and not yet complete; gives all that was said."""
    said: list[str] = []
    reader = threading.Thread(target=lambda: said.extend(job.stderr or ()))
    reader.start()
    while not (work / table / "_temporary").exists():
        assert job.poll() is None, "".join(said)
        time.sleep(0.02)
    kill()
    assert job.wait(timeout=1200) == 0, "".join(said)
    reader.join()
    return said


def test_an_executor_killed_while_sketching_changes_nothing(
    articles: Path, expected: list[str], tmp_path: Path
) -> None:
    with (
        running() as cluster,
        driver.start(cluster, [articles], tmp_path / "out") as job,
    ):

        def kill() -> None:
            victims = executors(cluster.workers[0])
            assert victims
            for pid in victims:
                os.kill(pid, signal.SIGKILL)

        while_made(tmp_path / "out" / "_work", "sketches", kill, job)
    assert driver.differences(expected, driver.of_tables(tmp_path / "out")) == []


def test_a_worker_killed_while_joining_changes_nothing(
    articles: Path, expected: list[str], tmp_path: Path
) -> None:
    with (
        running() as cluster,
        driver.start(cluster, [articles], tmp_path / "out") as job,
    ):
        worker = cluster.workers[0]

        def kill() -> None:
            for pid in [*executors(worker), worker.pid]:
                os.kill(pid, signal.SIGKILL)

        while_made(tmp_path / "out" / "_work", "likely", kill, job)
    assert driver.differences(expected, driver.of_tables(tmp_path / "out")) == []


def test_a_driver_killed_between_stages_goes_on_from_the_tables(
    cluster: Cluster, articles: Path, expected: list[str], tmp_path: Path
) -> None:
    with driver.start(cluster, [articles], tmp_path / "out") as job:
        for line in job.stderr or ():
            if "verified: " in line:
                job.kill()
    assert job.returncode == -signal.SIGKILL
    said = driver.run(cluster, [articles], tmp_path / "out")
    assert "sketches: was there" in said
    assert "verified: was there" in said
    assert driver.differences(expected, driver.of_tables(tmp_path / "out")) == []

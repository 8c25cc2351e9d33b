"""The job as its user runs it, and its findings beside those of ``wirecopy scan``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from cluster import Cluster

#: The command that the job must agree with.
WIRECOPY = os.environ.get(
    "WIRECOPY", str(Path(__file__).parents[2] / "target/release/wirecopy")
)

#: Seconds in which a job must end; without cores it would wait for ever.
RUN_SECONDS = 900


def start(
    cluster: Cluster, inputs: list[Path], output: Path, *options: str
) -> subprocess.Popen[str]:
    """Starts the job on the cluster."""
    settings = [
        f"--conf={name}={value}" for name, value in cluster.spark_conf().items()
    ]
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "wirecopy_spark",
            *map(str, inputs),
            "-o",
            str(output),
            *settings,
            *options,
        ],
        # From a folder where the wheel is found, and not the folder it was made of.
        cwd=Path(__file__).parent,
        env=os.environ | {"PYSPARK_PYTHON": sys.executable},
        stderr=subprocess.PIPE,
        text=True,
    )


def run(cluster: Cluster, inputs: list[Path], output: Path, *options: str) -> str:
    """Runs the job to its end; gives what it said."""
    with start(cluster, inputs, output, *options) as job:
        said = job.communicate(timeout=RUN_SECONDS)[1]
    assert job.returncode == 0, said
    return said


def of_command(inputs: list[Path], *options: str) -> list[str]:
    """The findings of ``wirecopy scan``."""
    with tempfile.TemporaryDirectory() as folder:
        command = [WIRECOPY, "scan", *map(str, inputs), *options, "--quiet"]
        subprocess.run([*command, "--format", "parquet", "-o", folder], check=True)
        return of_tables(Path(folder))


def of_tables(folder: Path) -> list[str]:
    """The rows of every table of the report, sorted; each says of which table it is."""
    rows = []
    for table in sorted(folder.glob("*.parquet")):
        columns = pq.read_table(table).to_pylist()
        rows += [
            f"{table.stem}: {json.dumps(row, sort_keys=True, default=str)}"
            for row in columns
        ]
    return sorted(rows)


def differences(one: list[str], other: list[str]) -> list[str]:
    """Rows that only one of them has, the first few of each."""
    only_one, only_other = sorted(set(one) - set(other)), sorted(set(other) - set(one))
    marked = [f"- {row}" for row in only_one[:4]] + [
        f"+ {row}" for row in only_other[:4]
    ]
    if one != other and not marked:
        marked = ["the same rows, another number of times"]
    return marked + [f"{len(only_one)} and {len(only_other)} rows differ"] * bool(
        marked
    )

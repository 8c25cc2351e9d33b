"""What Spark's event logs say of tasks: times, bytes moved, tables they made."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Work:
    """The tasks of one stage of Spark, or of all stages of one table."""

    table: str
    seconds: list[float] = field(default_factory=list)
    #: Rows that each task read.
    rows_read: list[int] = field(default_factory=list)
    jvm_seconds: float = 0.0
    shuffled_bytes: int = 0
    spilled_bytes: int = 0
    rows: int = 0
    longest_stage: Work | None = None

    @property
    def skew(self) -> float:
        """The longest task over the median."""
        return max(self.seconds) / max(statistics.median(self.seconds), 1e-9)

    @property
    def row_skew(self) -> float:
        """The most rows of a task over the median, which the load of the machine and the
        start of Python do not touch."""
        return max(self.rows_read) / max(statistics.median(self.rows_read), 1)

    def add(self, other: Work) -> None:
        """Takes the tasks of a stage, too."""
        longest = self.longest_stage
        if longest is None or sum(other.seconds) > sum(longest.seconds):
            self.longest_stage = other
        self.seconds += other.seconds
        self.rows_read += other.rows_read
        self.jvm_seconds += other.jvm_seconds
        self.shuffled_bytes += other.shuffled_bytes
        self.spilled_bytes += other.spilled_bytes
        self.rows += other.rows


def stages(folder: Path) -> list[Work]:
    """The stages of all jobs that logged into the folder, in their order."""
    found: dict[tuple[str, int], Work] = {}
    for event, log in _events(folder):
        if event["Event"] == "SparkListenerJobStart":
            table = event.get("Properties", {}).get("spark.job.description", "")
            for stage in event["Stage IDs"]:
                found.setdefault((log, stage), Work(table.removeprefix("wirecopy: ")))
        if (
            event["Event"] == "SparkListenerTaskEnd"
            and event["Task End Reason"]["Reason"] == "Success"
        ):
            work = found[log, event["Stage ID"]]
            info, metrics = event["Task Info"], event["Task Metrics"]
            work.seconds.append((info["Finish Time"] - info["Launch Time"]) / 1000)
            shuffled = metrics["Shuffle Read Metrics"]["Total Records Read"]
            work.rows_read.append(shuffled + metrics["Input Metrics"]["Records Read"])
            work.jvm_seconds += metrics["Executor CPU Time"] / 1e9
            work.spilled_bytes += metrics["Disk Bytes Spilled"]
            written = metrics["Shuffle Write Metrics"]
            work.shuffled_bytes += written["Shuffle Bytes Written"]
            work.rows += written["Shuffle Records Written"]
    return [work for _, work in sorted(found.items()) if work.seconds]


def by_table(folder: Path) -> dict[str, Work]:
    """The same, summed up for each table."""
    tables: dict[str, Work] = {}
    for stage in stages(folder):
        tables.setdefault(stage.table, Work(stage.table)).add(stage)
    return tables


def _events(folder: Path) -> Iterator[tuple[dict, str]]:
    for log in sorted(folder.iterdir()):
        with log.open() as lines:
            for line in lines:
                yield json.loads(line), log.name

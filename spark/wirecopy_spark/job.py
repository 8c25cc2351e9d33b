"""The job: stage after stage, each a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial, reduce

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sf

import wirecopy
from wirecopy import steps
from wirecopy_spark import candidates as joins
from wirecopy_spark import documents as reading
from wirecopy_spark import findings as last
from wirecopy_spark import whole
from wirecopy_spark.compare import Comparison
from wirecopy_spark.core import SENT_BYTES, Core
from wirecopy_spark.inputs import BLOCK_BYTES, list_files
from wirecopy_spark.options import MEMORY_MB, ONE_TASK_MB, WHOLE_MB
from wirecopy_spark.store import Refused, Store, Table

#: What the job needs of Spark, whatever else is set.
#:
#: Times are seconds of UTC, written as other readers of Parquet expect them. Batches
#: that go to Python are bounded in bytes, as one document may have
#: megabytes. Small tables are sent to every task, and partitions far above the
#: median are cut, so that no key that many documents share is one task's work. What
#: one task is to join stays there: Spark's guess of its size is often far too large.
#: What is sent to every task waits for other stages of this job, minutes or hours.
SETTINGS = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.adaptive.autoBroadcastJoinThreshold": str(SENT_BYTES),
    "spark.sql.adaptive.skewJoin.enabled": "true",
    "spark.sql.adaptive.skewJoin.skewedPartitionFactor": "2",
    "spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes": "16m",
    "spark.sql.broadcastTimeout": "86400",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "4096",
    "spark.sql.execution.arrow.maxBytesPerBatch": "16m",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.files.maxPartitionBytes": str(BLOCK_BYTES),
    "spark.sql.maxSinglePartitionBytes": str(1 << 62),
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.session.timeZone": "UTC",
}


#: Limits on pairs, which a stage of rows cannot keep to.
LIMITS = ("against", "within_s", "across_sources_only")


#: Counts the forms of what stages write, so that a job never goes on from tables of
#: another one.
FORM = 2

#: What `wirecopy scan --memory` asks for at least.
LEAST_MEMORY_MB = 64


@dataclass(frozen=True)
class Room:
    """What one task is given, in megabytes."""

    #: The input up to which one task tells all of it.
    whole_mb: int = WHOLE_MB
    #: Memory of that task.
    memory_mb: int = MEMORY_MB
    #: What a task of a stage sorts and joins rather than that it is shuffled.
    one_task_mb: int = ONE_TASK_MB

    def __post_init__(self) -> None:
        if self.memory_mb < LEAST_MEMORY_MB:
            raise ValueError(
                f"memory-mb is {self.memory_mb}, but must be at least {LEAST_MEMORY_MB}"
            )


class Job:
    """Findings of some inputs, made on a session of Spark."""

    def __init__(
        self,
        spark: SparkSession,
        inputs: Sequence[str],
        output: str,
        *,
        params: dict[str, object] | None = None,
        reading: dict[str, object] | None = None,
        against: Sequence[str] = (),
        work: str | None = None,
        partitions: int | None = None,
        room: Room = Room(),
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        for name, value in SETTINGS.items():
            spark.conf.set(name, value)
        self.spark = spark
        self.output = output.rstrip("/")
        sides = {"against": True} if against else {}
        self.params = steps.params((params or {}) | sides)
        self.reading = dict(reading or {})
        self.files = list_files(spark, list(inputs))
        if not self.files:
            raise Refused("there is no file in the input")
        if against:
            # What both name is of the own side.
            own = {file.address for file in self.files}
            others = [
                file
                for file in list_files(spark, list(against))
                if file.address not in own
            ]
            self.reading["against"] = [file.name for file in others]
            self.files += others
        partitions = partitions or int(
            spark.conf.get("spark.sql.shuffle.partitions") or 200
        )
        self.core = Core(self.params, partitions, room.one_task_mb << 20)
        size_bytes = sum(file.size for file in self.files)
        self.memory_mb = room.memory_mb
        self.is_whole = size_bytes <= room.whole_mb << 20
        self.limits = [name for name in LIMITS if json.loads(self.params).get(name)]
        if self.limits and not self.is_whole:
            tell(
                f"limits on pairs ({', '.join(self.limits)}) are kept by a task that has the whole "
                f"input, so one task tells these {size_bytes >> 20} MB"
            )
            self.is_whole = True
        # What is wrong with it is told now.
        steps.schema(
            "scan" if self.is_whole else "extract", self.params, **self.reading
        )
        # Files are cut into so many pieces, and not at all where one task reads all.
        pieces = self.core.of(size_bytes=size_bytes).partitions
        spark.conf.set("spark.sql.files.minPartitionNum", str(pieces))
        origin = {
            "params": json.loads(self.params),
            "reading": self.reading,
            "wirecopy": wirecopy.__version__,
            "form": FORM,
            "inputs": [[file.name, file.size, file.changed] for file in self.files],
        }
        self.store = Store(spark, work or f"{self.output}/_work", origin, tell)

    def run(self) -> None:
        """Makes every table that is not there yet."""
        self.store.check()
        if not self.is_whole or not self._run_in_one_task():
            self._run_in_stages()
        self.store.folder.delete("_scratch")

    def _run_in_one_task(self) -> bool:
        """Whether one task told all of it: not where the library failed at it."""
        told = whole.told(
            self.store, self.params, self.files, self.reading, self.memory_mb
        )
        fault = whole.fault_of(told)
        if fault is None:
            whole.write_tables(self.store, told, self.output)
            return True
        if self.limits:
            raise Refused(
                f"{fault}; stages, where it would cost a row, keep to no limits on pairs"
            )
        self.store.tell(f"{fault}; going on in stages, where it costs a row")
        return False

    def _run_in_stages(self) -> None:
        store, core = self.store, self.core
        documents = reading.numbered(store, core, self.files, self.reading)
        sketched = reading.sketches(store, core, documents)
        # What is known of each document is worked out beside which are alike.
        with ThreadPoolExecutor(1) as beside:
            describing = beside.submit(self._described, documents, sketched)
            copied = reading.copies(store, core, sketched)
            comparable = reading.comparable(store, core, sketched, copied)
            letters = self._letters(documents, sketched)
            asked = joins.candidates(store, core, comparable, letters)
            comparison = Comparison(store, core, documents, sketched)
            pairs = last.Pairs(asked, comparison.compared("verified", asked))
            described = describing.result()
        findings = last.Findings(store, core, documents.count)
        placed = findings.place(sketched.rows, copied.rows, pairs)
        settled, known = findings.settle(
            placed.rows, described.rows, pairs, comparison.compared
        )
        faults = [documents.table, sketched, described]
        faults += [one.verified for one in known]
        made = last.tables(
            store, findings.core, settled, self._broken(documents, faults)
        )
        last.write_tables(store, self.params, made, self.output)

    def _broken(self, documents: reading.Documents, made: Sequence[Table]) -> DataFrame:
        """What did not become a document, and documents at which the library failed."""
        broken = documents.records.filter("id is null").select(
            "path",
            "line",
            sf.lit(None).cast("string").alias("document"),
            sf.col("error").alias("reason"),
        )
        named = documents.table.rows.select("doc", "path", "line", "id")
        told = []
        for table in made:
            if table.sums["errors"] > 0:
                doc = "doc" if "doc" in table.rows.columns else "a"
                failed = table.rows.filter("error is not null")
                told.append(failed.select(sf.col(doc).alias("doc"), "error"))
        if not told:
            return broken
        failed = reduce(DataFrame.union, told).distinct().join(named, "doc")
        return broken.union(failed.select("path", "line", "id", "error"))

    def _letters(
        self, documents: reading.Documents, sketched: Table
    ) -> Callable[[], DataFrame] | None:
        """What makes the letters of all documents, where enough of them are noisy."""
        if json.loads(self.params)["level"] != "passages":
            return None
        if not steps.needs_letters(sketched.sums["noisy"], sketched.count):
            return None
        texts = documents.table.rows.select("doc", "text")
        make = partial(self.core.map, "letters", texts)
        return lambda: self.store.table("letters", make).rows

    def _described(self, documents: reading.Documents, sketched: Table) -> Table:
        """What attribution needs of each document."""
        core = self.core.of(rows=documents.count, size_bytes=documents.size_bytes)

        def make() -> DataFrame:
            outlets = core.gathered(sketched.rows).select(
                sf.explode("outlets").alias("outlet")
            )
            names = sorted(row.outlet for row in outlets.distinct().collect())
            facts = sketched.rows.select("doc", "tokens", "may_repeat")
            facts = core.sent(facts, sketched.count)
            rows = core.joined(documents.table.rows, facts, "doc")
            return core.map("describe", rows, outlets=names)

        return self.store.table("described", make, errors=sf.count("error"))

"""The job: stage after stage, each a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sf

import wirecopy
from wirecopy import steps
from wirecopy_spark import candidates as joins
from wirecopy_spark import documents as reading
from wirecopy_spark import findings as last
from wirecopy_spark.compare import compared
from wirecopy_spark.core import Core
from wirecopy_spark.inputs import list_files
from wirecopy_spark.store import Refused, Store

#: What the job needs of Spark, whatever else is set.
#:
#: Times are seconds of UTC, written as other readers of Parquet expect them. Batches
#: that go to Python are bounded in bytes, as one document may have
#: megabytes. Small tables are sent to every task, and partitions far above the
#: median are cut, so that no key that many documents share is one task's work.
SETTINGS = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.adaptive.autoBroadcastJoinThreshold": "32m",
    "spark.sql.adaptive.skewJoin.enabled": "true",
    "spark.sql.adaptive.skewJoin.skewedPartitionFactor": "2",
    "spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes": "16m",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "4096",
    "spark.sql.execution.arrow.maxBytesPerBatch": "16m",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.session.timeZone": "UTC",
}


class Job:
    """Findings of some inputs, made on a session of Spark."""

    def __init__(
        self,
        spark: SparkSession,
        inputs: Sequence[str],
        output: str,
        *,
        params: dict[str, object] | None = None,
        work: str | None = None,
        partitions: int | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        for name, value in SETTINGS.items():
            spark.conf.set(name, value)
        self.spark = spark
        self.output = output.rstrip("/")
        self.params = steps.params(params or {})
        self.files = list_files(spark, list(inputs))
        if not self.files:
            raise Refused("there is no file in the input")
        partitions = partitions or int(
            spark.conf.get("spark.sql.shuffle.partitions") or 200
        )
        self.core = Core(self.params, partitions)
        origin = {
            "params": json.loads(self.params),
            "wirecopy": wirecopy.__version__,
            "inputs": [[file.name, file.size, file.changed] for file in self.files],
        }
        self.store = Store(spark, work or f"{self.output}/_work", origin, tell)

    def run(self) -> None:
        """Makes every table that is not there yet."""
        store, core = self.store, self.core
        store.check()
        documents = reading.numbered(store, core, self.files)
        sketched = reading.sketches(store, core, documents)
        copies = reading.copies(store, sketched)
        count = sketched.count()
        shingle_len = json.loads(self.params)["shingle_len"]
        firsts = sketched.filter(f"tokens >= {shingle_len}").join(
            copies, "doc", "left_anti"
        )
        pairs = joins.candidates(
            store, core, firsts, self._letters(documents, sketched, count)
        )
        texts = documents.select("doc", "text").join(
            sketched.select("doc", "publisher", "noisy"), "doc"
        )
        verified = compared(store, core, "verified", pairs, texts)
        described = self._described(documents, sketched)
        facts = sketched.select("doc").join(copies, "doc", "left")
        facts = facts.select("doc", sf.coalesce("first", "doc").alias("first"))
        findings = last.Findings(store, core, count)
        placed = findings.place(facts, verified.filter("found is not null"))
        settled = findings.settle(
            placed,
            described,
            pairs,
            verified.filter("found is not null"),
            lambda name, more: compared(store, core, name, more, texts),
        )
        faults = [table.select("doc", "error") for table in (sketched, described)]
        faults.append(verified.select(sf.col("a").alias("doc"), "error"))
        last.write_tables(
            store, core, settled, self._broken(documents, faults), self.output
        )
        store.folder.delete("_scratch")

    def _broken(self, documents: DataFrame, faults: list[DataFrame]) -> DataFrame:
        """What did not become a document, and documents at which the library failed."""
        records = self.spark.read.parquet(f"{self.store.folder.path}/records")
        broken = records.filter("id is null").select(
            "path",
            "line",
            sf.lit(None).cast("string").alias("document"),
            sf.col("error").alias("reason"),
        )
        named = documents.select("doc", "path", "line", "id")
        for table in faults:
            failed = table.filter("error is not null").distinct().join(named, "doc")
            broken = broken.union(failed.select("path", "line", "id", "error"))
        return broken

    def _letters(
        self, documents: DataFrame, sketched: DataFrame, count: int
    ) -> DataFrame | None:
        """The letters of all documents, where enough of them are noisy."""
        if json.loads(self.params)["level"] != "passages":
            return None
        noisy = sketched.filter("noisy").count()
        if not steps.needs_letters(noisy, count):
            return None
        return self.store.table(
            "letters", lambda: self.core.map("letters", documents.select("doc", "text"))
        )

    def _described(self, documents: DataFrame, sketched: DataFrame) -> DataFrame:
        """What attribution needs of each document."""

        def make() -> DataFrame:
            outlets = sketched.select(sf.explode("outlets").alias("outlet")).distinct()
            names = sorted(row.outlet for row in outlets.collect())
            rows = documents.join(sketched.select("doc", "tokens", "may_repeat"), "doc")
            return self.core.map("describe", rows, outlets=names)

        return self.store.table("described", make)

"""Verified pairs → the tables of the report.

From here on a document matters only to those that a chain of verified pairs leads
to, so the collection falls into parts that are settled one by one: kinds that
recurrence tells, pairs that components still lack, clusters, attribution.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from wirecopy import steps
from wirecopy_spark.components import connected_components
from wirecopy_spark.core import Core
from wirecopy_spark.store import Store

#: Documents of a part, about: what one task holds at a time, at 1 kB each and 2 kB
#: a pair.
DOCUMENTS_OF_A_PART = 50_000

#: Parts that a task tells one after the other, so that tasks are alike.
PARTS_OF_A_TASK = 8

#: Tables that come out of parts.
SETTLED = (
    "documents",
    "pairs",
    "passages",
    "clusters",
    "members",
    "repeats",
    "exact_groups",
    "skipped",
)

#: Tables of the report that are written at the same time.
WRITTEN_AT_ONCE = 4

Compare = Callable[[str, DataFrame], DataFrame]


class Findings:
    """What is known of documents and pairs, by parts."""

    def __init__(self, store: Store, core: Core, documents: int) -> None:
        self.store = store
        self.core = core
        self.parts = max(
            PARTS_OF_A_TASK * core.partitions, -(-documents // DOCUMENTS_OF_A_PART)
        )

    def place(self, facts: DataFrame, verified: DataFrame) -> DataFrame:
        """For each document of ``facts`` (``doc``, ``first``) its ``component``, whether
        it is ``tied`` to another one, and the ``part`` that tells it."""

        def make() -> DataFrame:
            joined = connected_components(verified, self.store.scratch("parts"))
            placed = facts.join(
                joined.withColumnRenamed("vertex", "first"), "first", "left"
            )
            component = sf.coalesce("component", "first")
            return placed.select(
                "doc",
                "first",
                component.alias("component"),
                sf.col("component").isNotNull().alias("tied"),
                sf.pmod(sf.xxhash64(component), sf.lit(self.parts)).alias("part"),
            )

        return self.store.table("parts", make)

    def settle(
        self,
        placed: DataFrame,
        described: DataFrame,
        pairs: DataFrame,
        verified: DataFrame,
        compare: Compare,
    ) -> DataFrame:
        """The tables of all parts in one, each row in the column of its table."""
        tied = _documents(placed.filter("tied").join(described, "doc"))
        found = self._pairs(placed, pairs, 1).union(self._pairs(placed, verified, 2))
        for stage in ("missing", "unseen"):
            rows = tied.union(found)
            asked = self.store.table(
                stage, lambda stage=stage, rows=rows: self._ask(stage, rows)
            )
            more = compare(f"verified_{stage}", asked)
            found = found.union(self._pairs(placed, asked, 1)).union(
                self._pairs(placed, more, 2)
            )
        rows = _documents(placed.join(described, "doc")).union(found)
        return self.store.table("settled", lambda: self._ask("settle", rows))

    def _ask(self, step: str, rows: DataFrame) -> DataFrame:
        return self.core.grouped(step, rows, ["part"], ["kind", "a", "b"])

    @staticmethod
    def _pairs(placed: DataFrame, pairs: DataFrame, kind: int) -> DataFrame:
        """Pairs in the part that both of their documents are in, if they hang together."""
        of_a = placed.select(sf.col("doc").alias("a"), "part", "component")
        of_b = placed.select(
            sf.col("doc").alias("b"), sf.col("component").alias("component_b")
        )
        inside = pairs.join(of_a, "a").join(of_b, "b").filter("component = component_b")
        data = sf.col("found") if kind == 2 else sf.lit(None).cast("binary")
        return inside.select(
            "part",
            sf.lit(kind).cast("long").alias("kind"),
            "a",
            "b",
            data.alias("data"),
        )


def _documents(described: DataFrame) -> DataFrame:
    """Documents as rows of a part."""
    kind = sf.lit(0).cast("long").alias("kind")
    return described.select(
        "part", kind, sf.col("doc").alias("a"), sf.col("first").alias("b"), "data"
    )


def publishers(core: Core, settled: DataFrame) -> DataFrame:
    """What each publisher ran, and took from whom."""
    counts = (
        settled.filter("table = 'documents'")
        .groupBy(sf.col("documents.source").alias("source"))
        .agg(sf.count("*").alias("documents"))
    )
    taken = settled.filter("table = 'copies'").select("copies.*")
    rows = counts.unionByName(taken, allowMissingColumns=True)
    return core.grouped("publishers", rows, ["source"])


def write_tables(
    store: Store, core: Core, settled: DataFrame, broken: DataFrame, folder: str
) -> None:
    """Writes the tables of the report into ``folder``, a Parquet folder each."""
    tables = {
        name: settled.filter(settled["table"] == name).select(f"{name}.*")
        for name in SETTLED
    }
    tables["skipped"] = tables["skipped"].unionByName(broken, allowMissingColumns=True)
    found = store.table("publishers", lambda: publishers(core, settled))
    for name in ("publishers", "sources"):
        tables[name] = found.filter(found["table"] == name).select(f"{name}.*")
    params = steps.params_table(core.params).to_pylist()
    rows = [(row["name"], row["value"]) for row in params]
    tables["params"] = store.spark.createDataFrame(
        rows, "name string, value string"
    ).coalesce(1)

    def write(name: str) -> None:
        tables[name].write.mode("overwrite").parquet(f"{folder}/{name}.parquet")

    # Each is a small job, and together they leave no core idle.
    with ThreadPoolExecutor(WRITTEN_AT_ONCE) as pool:
        list(pool.map(write, tables))

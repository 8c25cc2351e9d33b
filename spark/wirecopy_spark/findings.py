"""Verified pairs → the tables of the report.

From here on a document matters only to those that a chain of verified pairs leads
to, so the collection falls into parts that are settled one by one: kinds that
recurrence tells, pairs that components still lack, clusters, attribution.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from wirecopy import steps
from wirecopy_spark.components import connected_components
from wirecopy_spark.core import Core
from wirecopy_spark.store import Store, Table

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

#: Bytes that are known of a document, about.
DESCRIBED_BYTES = 1000


@dataclass(frozen=True)
class Pairs:
    """Pairs that were compared: all of them, and those that reach a threshold."""

    asked: Table
    verified: Table

    @property
    def found(self) -> Table:
        """Those that reach a threshold."""
        sums = {"rows": self.verified.sums["found"]}
        return Table(self.verified.rows.filter("found is not null"), sums)


class Findings:
    """What is known of documents and pairs, by parts."""

    def __init__(self, store: Store, core: Core, documents: int) -> None:
        self.store = store
        self.core = core.of(rows=documents, size_bytes=documents * DESCRIBED_BYTES)
        self.parts = max(
            PARTS_OF_A_TASK * core.partitions, -(-documents // DOCUMENTS_OF_A_PART)
        )

    def place(self, sketched: DataFrame, copied: DataFrame, pairs: Pairs) -> Table:
        """For each document its ``component``, the ``first`` that says the same,
        whether it is ``tied`` to another one, and the ``part`` that tells it."""

        def make() -> DataFrame:
            firsts = copied.select("doc", "first")
            facts = self.core.joined(sketched.select("doc"), firsts, "doc", "left")
            facts = facts.select("doc", sf.coalesce("first", "doc").alias("first"))
            joined = connected_components(pairs.found, self.store.scratch("parts"))
            joined = joined.withColumnRenamed("vertex", "first")
            placed = self.core.joined(facts, joined, "first", "left")
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
        pairs: Pairs,
        compare: Callable[[str, Table], Table],
    ) -> tuple[DataFrame, list[Pairs]]:
        """The tables of all parts in one, and all pairs that were compared."""
        known = [pairs]
        tied = placed.filter("tied")
        for stage in ("missing", "unseen"):
            asked = self.store.table(
                stage, lambda stage=stage: self._ask(stage, tied, described, known)
            )
            if asked.count > 0:
                known.append(Pairs(asked, compare(f"verified_{stage}", asked)))
        settled = self.store.table(
            "settled", lambda: self._ask("settle", placed, described, known)
        )
        return settled.rows, known

    def _ask(
        self, step: str, placed: DataFrame, described: DataFrame, known: list[Pairs]
    ) -> DataFrame:
        """What a step makes of documents and the pairs that are known."""
        rows = _documents(self.core.joined(placed, described, "doc"))
        for pairs in known:
            rows = rows.union(self._inside(placed, pairs.asked.rows, 1))
            rows = rows.union(self._inside(placed, pairs.found.rows, 2))
        return self.core.grouped(step, rows, ["part"], ["kind", "a", "b"])

    def _inside(self, placed: DataFrame, pairs: DataFrame, kind: int) -> DataFrame:
        """Pairs in the part that both of their documents are in, if they hang together."""
        of_a = placed.select(sf.col("doc").alias("a"), "part", "component")
        of_b = placed.select(
            sf.col("doc").alias("b"), sf.col("component").alias("component_b")
        )
        both = self.core.joined(self.core.joined(pairs, of_a, "a"), of_b, "b")
        data = sf.col("found") if kind == 2 else sf.lit(None).cast("binary")
        return both.filter("component = component_b").select(
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
    ran = core.gathered(settled.filter("table = 'documents'"))
    counts = ran.groupBy(sf.col("documents.source").alias("source")).agg(
        sf.count("*").alias("documents")
    )
    taken = settled.filter("table = 'copies'").select("copies.*")
    rows = counts.unionByName(taken, allowMissingColumns=True)
    return core.grouped("publishers", rows, ["source"])


def tables(
    store: Store, core: Core, settled: DataFrame, broken: DataFrame
) -> dict[str, DataFrame]:
    """The tables of the report. ``broken`` has the rows of ``skipped`` that are no
    documents."""
    made = {
        name: core.gathered(
            settled.filter(settled["table"] == name).select(f"{name}.*")
        )
        for name in SETTLED
    }
    skipped = made["skipped"].unionByName(broken, allowMissingColumns=True)
    made["skipped"] = core.gathered(skipped)
    found = store.table("publishers", lambda: publishers(core, settled)).rows
    for name in ("publishers", "sources"):
        of_name = found.filter(found["table"] == name).select(f"{name}.*")
        made[name] = core.gathered(of_name)
    return made


def write_tables(
    store: Store, params: str, tables: dict[str, DataFrame], folder: str
) -> None:
    """Writes the tables of the report into ``folder``, a Parquet folder each, and what
    decided it."""
    rows = json.dumps(steps.params_table(params).to_pylist())
    kind = "array<struct<name: string, value: string>>"
    row = store.spark.range(1).select(sf.from_json(sf.lit(rows), kind).alias("rows"))
    tables = tables | {"params": row.coalesce(1).select(sf.inline("rows"))}

    def write(name: str) -> None:
        store.describe(f"{name}.parquet")
        tables[name].write.mode("overwrite").parquet(f"{folder}/{name}.parquet")

    # Each is a small job, and together they leave no core idle.
    with ThreadPoolExecutor(WRITTEN_AT_ONCE) as pool:
        list(pool.map(write, tables))

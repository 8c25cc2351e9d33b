"""Bytes → documents with ids and numbers, their sketches, and who says the same."""

from __future__ import annotations

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from wirecopy import steps
from wirecopy_spark.core import Core
from wirecopy_spark.inputs import File, raw_rows
from wirecopy_spark.store import Store

#: Bits of :func:`pyspark.sql.functions.monotonically_increasing_id` that number
#: the rows of a partition.
_ROW_BITS = 33


def numbered(store: Store, core: Core, files: list[File]) -> DataFrame:
    """The documents with ``doc``, the rank of their id; what became none has no id."""
    records = store.table(
        "records",
        lambda: core.map(
            "extract", raw_rows(store.spark, files).repartition(core.partitions)
        ),
    )

    def make() -> DataFrame:
        found = _distinct_ids(core, records.filter("id is not null"))
        ordered = found.repartitionByRange(core.partitions, "id").sortWithinPartitions(
            "id"
        )
        return ordered.withColumn("at", sf.monotonically_increasing_id())

    table = store.table("documents", make)
    part = sf.shiftright("at", _ROW_BITS)
    ends = table.groupBy(part.alias("part")).agg(sf.count("*").alias("rows"))
    rows = sorted(map(tuple, ends.collect()))
    starts, total = [], 0
    for number, count in rows:
        starts.append((number, total))
        total += count
    if not starts:
        return table.withColumn("doc", sf.lit(0).cast("long")).drop("at")
    of_part = store.spark.createDataFrame(starts, "part long, start long")
    at = sf.col("at").bitwiseAND((1 << _ROW_BITS) - 1)
    return (
        table.withColumn("part", part)
        .join(sf.broadcast(of_part), "part")
        .withColumn("doc", sf.col("start") + at)
        .drop("part", "start", "at")
    )


def _distinct_ids(core: Core, documents: DataFrame) -> DataFrame:
    """The documents, those whose id others have too under new ones."""
    many = documents.groupBy("id").count().filter("count > 1").select("id")
    names = [row.id for row in many.collect()]
    if not names:
        return documents
    twice = documents.sparkSession.createDataFrame(
        [(name,) for name in names], "id string"
    )
    twice = sf.broadcast(twice)
    stem = sf.regexp_extract("id", "^(.*)#", 1)
    beside = documents.select("id", stem.alias("stem"))
    beside = beside.join(twice.withColumnRenamed("id", "stem"), "stem", "left_semi")
    taken = sorted({row.id for row in beside.select("id").distinct().collect()})
    renamed = core.grouped(
        "rename", documents.join(twice, "id", "left_semi"), ["id"], taken=taken
    )
    rest = documents.join(twice, "id", "left_anti")
    return rest.unionByName(renamed.select(*rest.columns))


def sketches(store: Store, core: Core, documents: DataFrame) -> DataFrame:
    """The sketch of each document."""

    def make() -> DataFrame:
        size = documents.agg(sf.count("*"), sf.sum(sf.octet_length("text"))).first()
        count, length = (size[0] or 0, size[1] or 0) if size else (0, 0)
        counted, read = steps.noise_sample(count, length)
        sample = documents.filter(
            (sf.col("doc") % counted == 0) | (sf.col("doc") % read == 0)
        )
        rows = sorted(
            (row.doc, row.text) for row in sample.select("doc", "text").collect()
        )
        table = pa.table(
            {
                "doc": pa.array([row[0] for row in rows], pa.int64()),
                "text": pa.array([row[1] for row in rows], pa.string()),
            }
        )
        return core.map(
            "sketch", documents, words=steps.noise_words(table, count, length)
        )

    table = store.table("sketches", make)
    sums = table.agg(sf.sum("noise_words"), sf.sum("noise_misread")).first()
    if sums and sums[0] and steps.is_scanned(sums[0], sums[1], core.params):
        return table.withColumn("noisy", sf.lit(True))
    return table


def copies(store: Store, sketched: DataFrame) -> DataFrame:
    """Documents that say the same, word for word, as an earlier one: ``doc`` and
    ``first``."""

    def make() -> DataFrame:
        said = sketched.filter("tokens > 0").select("doc", "digest")
        shared = said.groupBy("digest").agg(
            sf.min("doc").alias("first"), sf.count("*").alias("many")
        )
        # The map side keeps one of all that say the same. Where few texts are said
        # twice, Spark sends them to every task; else it cuts a digest that many share
        # into parts.
        shared = shared.filter("many > 1").select("digest", "first")
        return said.join(shared, "digest").filter("doc != first").select("doc", "first")

    return store.table("copies", make)

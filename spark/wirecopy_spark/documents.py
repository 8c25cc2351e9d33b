"""Bytes → documents with ids and numbers, their sketches, and who says the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as sf
from pyspark.sql.pandas.types import from_arrow_schema

from wirecopy import steps
from wirecopy_spark.core import Core
from wirecopy_spark.inputs import File, extracted
from wirecopy_spark.store import Store, Table

#: Bits of :func:`pyspark.sql.functions.monotonically_increasing_id` that number
#: the rows of a partition.
_ROW_BITS = 33

#: One copy in so many documents is enough for the others to be dealt out anew.
MANY_COPIES = 10

#: Columns of sketches with keys by which documents meet.
KEYS = ("bands", "shingles", "triples")

#: Bytes of a key.
KEY_BYTES = 8

#: Columns of runs of documents in their order.
_RUNS = pa.schema(
    {
        "part": pa.int64(),
        "at": pa.int64(),
        "rows": pa.int64(),
        "first": pa.string(),
        "last": pa.string(),
        "twice": pa.list_(pa.string()),
    }
)


@dataclass(frozen=True)
class Documents:
    """The documents, numbered."""

    #: All that was read, with why some of it is no document.
    records: DataFrame
    #: ``doc``, the rank of its id, and what was read of each.
    table: Table
    count: int
    #: Of their texts.
    size_bytes: int


def numbered(
    store: Store, core: Core, files: list[File], settings: dict[str, object]
) -> Documents:
    """The documents with ``doc``, the rank of their id; what became none has no id.
    ``settings`` say how they are read."""
    of_files = core.of(size_bytes=sum(file.size for file in files))
    records = store.table(
        "records",
        lambda: extracted(store.spark, of_files, files, settings),
        documents=sf.count("id"),
        size_bytes=sf.sum(sf.octet_length("text")),
    )
    size_bytes = records.sums["size_bytes"]
    core = core.of(size_bytes=size_bytes)
    found = records.rows.filter("id is not null")
    errors = sf.count("error")
    table = store.table("documents", lambda: _sorted(core, found), errors=errors)
    starts, twice = store.kept("starts", lambda: _starts(table.rows))
    if twice:
        distinct = _distinct_ids(core, found, twice)
        table = store.table("distinct", lambda: _sorted(core, distinct), errors=errors)
        starts, _ = store.kept("distinct_starts", lambda: _starts(table.rows))
    part = sf.shiftright("at", _ROW_BITS).cast("int")
    at = sf.col("at").bitwiseAND((1 << _ROW_BITS) - 1)
    start = sf.get(
        sf.expr(f"array({', '.join(f'{start}L' for start in starts)})"), part
    )
    rows = table.rows.withColumn("doc", start + at).drop("at")
    table = Table(rows, table.sums)
    return Documents(records.rows, table, table.count, size_bytes)


def _sorted(core: Core, documents: DataFrame) -> DataFrame:
    """The documents sorted by id, and ``at``: partition and place."""
    if core.partitions == 1:
        together = core.gathered(documents)
    else:
        together = documents.repartitionByRange(core.partitions, "id")
    ordered = together.sortWithinPartitions("id")
    return ordered.withColumn("at", sf.monotonically_increasing_id())


def _starts(table: DataFrame) -> tuple[list[int], list[str]]:
    """How many documents are before each partition of sorted ones, and the ids that
    several documents have: equal ids are in one partition."""
    kind = from_arrow_schema(_RUNS)
    runs = table.select("at", "id").mapInArrow(_runs, kind).collect()
    rows: Counter[int] = Counter()
    for run in runs:
        rows[run.part] += run.rows
    starts = [0]
    for part in range(max(rows, default=0)):
        starts.append(starts[-1] + rows[part])
    runs.sort(key=lambda run: (run.part, run.at))
    twice = {name for run in runs for name in run.twice}
    twice |= {one.last for one, after in pairwise(runs) if one.last == after.first}
    return starts, sorted(twice)


def _runs(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Of rows that follow each other in one partition: where and how many they are,
    their ends, and ids that recur."""
    for batch in batches:
        runs, place = [], 0
        ats = batch.column("at").to_pylist()
        for part, of_part in groupby(ats, lambda at: at >> _ROW_BITS):
            rows = sum(1 for _ in of_part)
            ids = batch.column("id").slice(place, rows)
            again = ids.slice(1).filter(pc.equal(ids.slice(1), ids.slice(0, rows - 1)))
            runs.append(
                {
                    "part": part,
                    "at": ats[place],
                    "rows": rows,
                    "first": ids[0].as_py(),
                    "last": ids[-1].as_py(),
                    "twice": again.unique().to_pylist(),
                }
            )
            place += rows
        yield pa.RecordBatch.from_pylist(runs, schema=_RUNS)


def _distinct_ids(core: Core, documents: DataFrame, names: list[str]) -> DataFrame:
    """The documents, those of these ``names`` under new ones."""
    twice = sf.broadcast(
        documents.sparkSession.createDataFrame([(name,) for name in names], "id string")
    )
    stem = sf.regexp_extract("id", "^(.*)#", 1)
    beside = documents.select("id", stem.alias("stem"))
    beside = beside.join(twice.withColumnRenamed("id", "stem"), "stem", "left_semi")
    taken = sorted({row.id for row in beside.select("id").distinct().collect()})
    renamed = core.grouped(
        "rename", documents.join(twice, "id", "left_semi"), ["id"], taken=taken
    )
    rest = documents.join(twice, "id", "left_anti")
    return rest.unionByName(renamed.select(*rest.columns))


def sketches(store: Store, core: Core, documents: Documents) -> Table:
    """The sketch of each document."""
    params = json.loads(core.params)

    def make() -> DataFrame:
        words = None
        if params["level"] == "passages" and params["noise"] == "auto":
            words = _words(documents)
        return core.map("sketch", documents.table.rows, words=words)

    table = store.table(
        "sketches",
        make,
        noise_words=sf.sum("noise_words"),
        noise_misread=sf.sum("noise_misread"),
        errors=sf.count("error"),
        noisy=sf.count_if(sf.col("noisy")),
        keys=sf.sum(sum((sf.size(name) for name in KEYS), sf.lit(0))),
    )
    sums = table.sums
    words, misread = sums["noise_words"], sums["noise_misread"]
    if steps.is_scanned(words, misread, documents.size_bytes, core.params):
        all_of_them = table.rows.withColumn("noisy", sf.lit(True))
        return Table(all_of_them, sums | {"noisy": table.count})
    return table


def _words(documents: Documents) -> bytes:
    """The words of a sample of the documents, counted."""
    counted, read = steps.noise_sample(documents.count, documents.size_bytes)
    sample = documents.table.rows.filter(
        (sf.col("doc") % counted == 0) | (sf.col("doc") % read == 0)
    )
    table = sample.select("doc", "text").toArrow().sort_by("doc")
    return steps.noise_words(table, documents.count, documents.size_bytes)


def copies(store: Store, core: Core, sketched: Table) -> Table:
    """Documents that say the same, word for word, as an earlier one: ``doc`` and
    ``first``."""
    core = core.of(rows=sketched.count)

    def make() -> DataFrame:
        said = core.gathered(sketched.rows.filter("tokens > 0"))
        said = said.select("doc", "digest")
        shared = said.groupBy("digest").agg(
            sf.min("doc").alias("first"), sf.count("*").alias("many")
        )
        # The map side keeps one of all that say the same. Where few texts are said
        # twice, Spark sends them to every task; else it cuts a digest that many share
        # into parts.
        shared = shared.filter("many > 1").select("digest", "first")
        both = core.joined(said, shared, "digest")
        return both.filter("doc != first").select("doc", "first")

    return store.table("copies", make)


def comparable(store: Store, core: Core, sketched: Table, copied: Table) -> Table:
    """The sketches of the documents that are compared: of those that say the same, the
    first, if it has a shingle."""
    core = core.of(size_bytes=sketched.sums["keys"] * KEY_BYTES)
    # Copies often have ids that are alike, and so lie in the same tasks, which would
    # have nothing to do while others have all.
    is_uneven = copied.count * MANY_COPIES > sketched.count

    def make() -> DataFrame:
        shingle_len = json.loads(core.params)["shingle_len"]
        long = sketched.rows.filter(sf.col("tokens") >= shingle_len)
        long = long.select("doc", "tokens", "noisy", "signature", *KEYS)
        rows = core.joined(long, copied.rows.select("doc"), "doc", "left_anti")
        return core.dealt(rows) if is_uneven else rows

    keys = {name: sf.sum(sf.size(name)) for name in KEYS}
    return store.table("comparable", make, **keys)

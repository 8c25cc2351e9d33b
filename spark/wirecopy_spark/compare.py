"""Candidate pairs → verified pairs: the only stage that moves texts.

A pair is compared where the text of its hub is, the one of its documents that has
more pairs: so a document that thousands are compared with is sent once a task and
not once a pair. A task has some 64 of a hub's pairs, so no hub is one task's work.
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from wirecopy_spark.core import Core
from wirecopy_spark.store import Store

#: Pairs of one hub that are compared in one task, about.
PAIRS_AT_ONCE = 64

#: Bits that number the tasks of a hub; the rest numbers documents.
_TASK_BITS = 31


def compared(
    store: Store, core: Core, name: str, pairs: DataFrame, texts: DataFrame
) -> DataFrame:
    """The pairs that reach a threshold. ``texts`` has ``doc``, ``text``,
    ``publisher`` and ``noisy`` of every document."""

    def make() -> DataFrame:
        tasks = _tasks(pairs)
        rows = tasks.select("task", "hub", sf.col("other").alias("doc")).union(
            tasks.select("task", "hub", sf.col("hub").alias("doc")).distinct()
        )
        is_other = sf.col("doc") != sf.col("hub")
        with_texts = rows.join(texts, "doc")
        return core.grouped("verify", with_texts, ["task"], [is_other, "doc"])

    return store.table(name, make)


def _tasks(pairs: DataFrame) -> DataFrame:
    """Each pair with its hub and the task that compares it."""
    ends = pairs.select(sf.col("a").alias("doc")).union(
        pairs.select(sf.col("b").alias("doc"))
    )
    degree = ends.groupBy("doc").agg(sf.count("*").alias("degree"))
    for end in ("a", "b"):
        of_end = degree.select(
            sf.col("doc").alias(end), sf.col("degree").alias(f"of_{end}")
        )
        pairs = pairs.join(of_end, end)
    a_is_hub = sf.col("of_a") >= sf.col("of_b")
    hub = sf.when(a_is_hub, sf.col("a")).otherwise(sf.col("b"))
    other = sf.when(a_is_hub, sf.col("b")).otherwise(sf.col("a"))
    parts = sf.ceil(sf.greatest("of_a", "of_b") / PAIRS_AT_ONCE)
    named = pairs.select(hub.alias("hub"), other.alias("other"), parts.alias("parts"))
    part = sf.pmod(sf.xxhash64("other"), sf.col("parts"))
    task = sf.shiftleft("hub", _TASK_BITS).bitwiseOR(part)
    return named.select("hub", "other", task.alias("task"))

"""Candidate pairs → verified pairs: the only stage that moves texts.

A pair is compared where the text of its hub is, the one of its documents that has
more pairs: so a document that thousands are compared with is sent once a task and
not once a pair. A task has some 64 of a hub's pairs, so no hub is one task's work.
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from wirecopy_spark.core import Core
from wirecopy_spark.documents import Documents
from wirecopy_spark.store import Store, Table

#: Pairs of one hub that are compared in one task, about.
PAIRS_AT_ONCE = 64

#: Pairs that one task compares rather than that their texts are shuffled.
PAIRS_OF_ONE_TASK = 4096

#: Bits that number the tasks of a hub; the rest numbers documents.
_TASK_BITS = 31


class Comparison:
    """Comparison of the documents, whose texts and sketches these are."""

    def __init__(
        self, store: Store, core: Core, documents: Documents, sketched: Table
    ) -> None:
        self.store = store
        self.core = core
        self.size_bytes = documents.size_bytes
        self.texts = documents.table.rows.select("doc", "text")
        self.facts = sketched.rows.select("doc", "publisher", "noisy")

    def compared(self, name: str, pairs: Table) -> Table:
        """The pairs that reach a threshold."""

        def make() -> DataFrame:
            core = self.core.of(rows=pairs.count, size_bytes=self.size_bytes)
            # Each pair has two documents in a task, or one beside the hub of others.
            named = 2 * pairs.count
            rows = core.sent(_tasks(core, pairs.rows), named)
            rows = core.sent(core.joined(rows, self.facts, "doc"), named)
            rows = core.joined(rows, self.texts, "doc")
            is_other = sf.col("doc") != sf.col("hub")
            # To compare takes longer than to move what is compared.
            many = self.core if pairs.count > PAIRS_OF_ONE_TASK else core
            return many.grouped("verify", rows, ["task"], [is_other, "doc"])

        return self.store.table(
            name, make, found=sf.count("found"), errors=sf.count("error")
        )


def _tasks(core: Core, pairs: DataFrame) -> DataFrame:
    """The documents of each task, of which one is the hub."""
    ends = sf.explode(sf.array("a", "b")).alias("doc")
    degree = core.gathered(pairs).select(ends).groupBy("doc")
    degree = degree.agg(sf.count("*").alias("degree"))
    for end in ("a", "b"):
        of_end = degree.select(
            sf.col("doc").alias(end), sf.col("degree").alias(f"of_{end}")
        )
        pairs = core.joined(pairs, of_end, end)
    a_is_hub = sf.col("of_a") >= sf.col("of_b")
    hub = sf.when(a_is_hub, sf.col("a")).otherwise(sf.col("b"))
    other = sf.when(a_is_hub, sf.col("b")).otherwise(sf.col("a"))
    parts = sf.ceil(sf.greatest("of_a", "of_b") / PAIRS_AT_ONCE)
    named = pairs.select(hub.alias("hub"), other.alias("other"), parts.alias("parts"))
    part = sf.pmod(sf.xxhash64("other"), sf.col("parts"))
    task = sf.shiftleft("hub", _TASK_BITS).bitwiseOR(part).alias("task")
    doc = sf.explode(sf.array("other", "hub")).alias("doc")
    return named.select("hub", "other", task).select("task", "hub", doc).distinct()

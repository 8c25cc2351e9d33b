"""The library's steps as DataFrame operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sf
from pyspark.sql.pandas.types import from_arrow_schema

from wirecopy.steps import schema, step

Batches = Iterator[pa.RecordBatch]

#: Bytes of a row of keys or pairs while it is sorted, about.
ROW_BYTES = 32

#: Bytes of rows that are sent to every task of a join rather than that what they are
#: joined with is shuffled: as many as Spark is told to take for little.
SENT_BYTES = 32 << 20

#: Rows that no task has. Spark takes the product of two sizes for that of a join, and
#: would shuffle what it believes to be astronomical; a limit says that it is not.
MOST_ROWS = (1 << 31) - 1


@dataclass(frozen=True)
class Core:
    """The steps with the parameters of a job, over so many partitions.

    With one partition, rows that were :meth:`gathered` stay in one task through
    steps, sorts, sums and joins, and nothing is shuffled.
    """

    params: str
    partitions: int
    #: What one task sorts and joins rather than that it is shuffled.
    one_task_bytes: int

    def of(self, *, rows: int = 0, size_bytes: int = 0) -> Core:
        """The same for so much: over one partition if one task can have it."""
        largest = max(rows * ROW_BYTES, size_bytes, 1)
        return replace(self, partitions=1) if largest <= self.one_task_bytes else self

    def gathered(self, rows: DataFrame) -> DataFrame:
        """The rows, in one task where there is one partition."""
        return rows.coalesce(1) if self.partitions == 1 else rows

    def joined(
        self, one: DataFrame, other: DataFrame, on: str, how: str = "inner"
    ) -> DataFrame:
        """Rows of both that are equal in ``on``."""
        if self.partitions > 1:
            return one.join(other, on, how)
        # To send one of them to all tasks would be a job of its own.
        one, other = self.gathered(one), self.gathered(other).hint("merge")
        if how != "left_anti":
            return one.join(other, on, how).limit(MOST_ROWS)
        # Spark moves such a join below what gathers its rows.
        is_there = other.select(on, sf.lit(True).alias("_there"))
        joined = one.join(is_there, on, "left").filter("_there is null")
        return joined.drop("_there").limit(MOST_ROWS)

    def sent(self, rows: DataFrame, count: int) -> DataFrame:
        """The rows, to be sent to every task of the next join where they are known to be
        so few. Left to itself Spark shuffles both sides before it sees that."""
        is_little = self.partitions > 1 and count * ROW_BYTES <= SENT_BYTES
        return sf.broadcast(rows) if is_little else rows

    def dealt(self, rows: DataFrame) -> DataFrame:
        """The rows, dealt out evenly where there is more than one partition."""
        return rows.repartition(self.partitions) if self.partitions > 1 else rows

    def map(
        self,
        name: str,
        rows: DataFrame,
        *,
        before: Callable[[Batches], Batches] | None = None,
        **settings: object,
    ) -> DataFrame:
        """Applies a step that looks at each row by itself. What is to be done
        ``before`` is done in the same process, so that rows go there once."""
        kind = from_arrow_schema(schema(name, self.params, **settings))
        run = step(name, self.params, **settings)
        if before is None:
            return rows.mapInArrow(run, kind)
        return rows.mapInArrow(lambda batches: run(before(batches)), kind)

    def grouped(
        self,
        name: str,
        rows: DataFrame,
        by: Sequence[str],
        order: Sequence[str | Column] = (),
        **settings: object,
    ) -> DataFrame:
        """Applies a step to groups: rows equal in ``by`` come together, and in
        ``order``. Groups follow each other, so a partition holds many."""
        if self.partitions == 1:
            together = self.gathered(rows)
        else:
            together = rows.repartition(self.partitions, *by)
        return self.map(name, together.sortWithinPartitions(*by, *order), **settings)

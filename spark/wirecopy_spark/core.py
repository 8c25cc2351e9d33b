"""The library's steps as DataFrame operations."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql.pandas.types import from_arrow_schema

from wirecopy.steps import schema, step


class Core:
    """The steps with the parameters of a job, over so many partitions."""

    def __init__(self, params: str, partitions: int) -> None:
        self.params = params
        self.partitions = partitions

    def map(self, name: str, rows: DataFrame, **settings: object) -> DataFrame:
        """Applies a step that looks at each row by itself."""
        kind = from_arrow_schema(schema(name, self.params, **settings))
        return rows.mapInArrow(step(name, self.params, **settings), kind)

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
        together = rows.repartition(self.partitions, *by)
        return self.map(name, together.sortWithinPartitions(*by, *order), **settings)

"""A collection that one task tells.

What the library tells in seconds takes minutes as stages of Spark, however many
executors there are: each stage is to be planned, begun on every executor, written
and read again. So the task that reads an input of up to a gigabyte scans it, by the
code of the command, and keeps to a budget of memory as that does. One table has what
it says.
"""

from __future__ import annotations

import os

from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema

from wirecopy.steps import schema, step
from wirecopy_spark.core import Batches
from wirecopy_spark.inputs import File, gathered
from wirecopy_spark.store import Store


def tables(
    store: Store,
    params: str,
    files: list[File],
    reading: dict[str, object],
    memory_mb: int,
) -> dict[str, DataFrame]:
    """The tables of the report on these files."""
    settings = reading | {
        "memory_bytes": memory_mb << 20,
        "threads": int(store.spark.conf.get("spark.task.cpus", "1")),
    }

    def make() -> DataFrame:
        rows, number = gathered(store.spark, files)

        def scan(batches: Batches) -> Batches:
            # Where the executor has room for what does not fit into memory.
            folder = os.environ.get("SPARK_LOCAL_DIRS", "").split(",")[0]
            tell = step("scan", params, temp_dir=folder, **settings)
            yield from tell(number(batches))

        return rows.mapInArrow(scan, from_arrow_schema(schema("scan", params)))

    told = store.table("whole", make).rows
    return {
        name: told.filter(told["table"] == name).select(f"{name}.*").coalesce(1)
        for name in told.columns
        if name != "table"
    }

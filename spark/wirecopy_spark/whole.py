"""A collection that one task tells.

What the library tells in seconds takes minutes as stages of Spark, however many
executors there are: each stage is to be planned, begun on every executor, written
and read again. So the task that reads an input of up to a gigabyte scans it, by the
code of the command, and keeps to a budget of memory as that does. What it gives is
the files of the tables, which the driver puts where they belong: to write them from
rows would be a job of Spark for each table.

A fault of the library comes back as a row, too: a task that fails is tried again,
four times, with the same end. In stages a fault costs the row that it met.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sf
from pyspark.sql.pandas.types import from_arrow_schema

from wirecopy.steps import Fault, schema, step
from wirecopy_spark.core import Batches
from wirecopy_spark.inputs import BLOCK_BYTES, File, gathered
from wirecopy_spark.store import Folder, Store, Table

#: Files of tables, of some megabytes each, that the driver holds at a time.
FILES_AT_ONCE = 16

#: What is in the place of a table's name where the library failed.
FAULT = "fault"

#: What Spark leaves in a folder that is whole.
SUCCESS = "_SUCCESS"


def told(
    store: Store,
    params: str,
    files: list[File],
    reading: dict[str, object],
    memory_mb: int,
) -> Table:
    """The files of the tables of the report, one a row; ``faults`` counts those that are
    none but say why there is no more."""
    settings = reading | {
        "memory_bytes": memory_mb << 20,
        "threads": int(store.spark.conf.get("spark.task.cpus", "1")),
    }
    kind = schema("scan", params)

    def make() -> DataFrame:
        rows, number = gathered(store.spark, files)

        def scan(batches: Batches) -> Batches:
            # Where the executor has room for what does not fit into memory.
            folder = os.environ.get("SPARK_LOCAL_DIRS", "").split(",")[0]
            tell = step("scan", params, temp_dir=folder, **settings)
            try:
                yield from tell(number(batches))
            except Fault as fault:
                row = {"table": FAULT, "number": -1, "content": str(fault).encode()}
                yield pa.RecordBatch.from_pylist([row], schema=kind)

        return rows.mapInArrow(scan, from_arrow_schema(kind))

    size_bytes = sum(file.size for file in files)
    with _set_aside(store.spark, _settings(size_bytes)):
        is_fault = sf.col("table") == FAULT
        return store.table("whole", make, faults=sf.count_if(is_fault))


def fault_of(told: Table) -> str | None:
    """What the library says of its fault, if it had one."""
    if told.sums["faults"] == 0:
        return None
    row = told.rows.filter(told.rows["table"] == FAULT).first()
    return bytes(row.content).decode()


def write_tables(store: Store, told: Table, output: str) -> None:
    """Puts the files where they belong: below ``output``, a folder for each table."""
    store.describe("tables")
    folders: dict[str, Folder] = {}
    with _set_aside(store.spark, _settings(0)):
        for first in range(0, told.count, FILES_AT_ONCE):
            is_next = told.rows["number"].between(first, first + FILES_AT_ONCE - 1)
            for file in told.rows.filter(is_next).collect():
                folder = folders.get(file.table)
                if folder is None:
                    folder = Folder(store.spark, f"{output}/{file.table}.parquet")
                    folder.delete()
                    folders[file.table] = folder
                folder.write(f"part-{file.number:05}.parquet", bytes(file.content))
    for folder in folders.values():
        folder.write(SUCCESS, b"")


def _settings(size_bytes: int) -> dict[str, str]:
    """What one task that reads so much needs of Spark: no file is cut, one pass over
    rows is over before code for it is compiled, and there is nothing to adapt."""
    return {
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.files.minPartitionNum": "1",
        "spark.sql.files.maxPartitionBytes": str(max(2 * size_bytes, BLOCK_BYTES)),
    }


@contextmanager
def _set_aside(spark: SparkSession, settings: Mapping[str, str]) -> Iterator[None]:
    """Has other settings for a while: stages may come after it."""
    before = {name: spark.conf.get(name, None) for name in settings}
    try:
        for name, value in settings.items():
            spark.conf.set(name, value)
        yield
    finally:
        for name, value in before.items():
            if value is None:
                spark.conf.unset(name)
            else:
                spark.conf.set(name, value)

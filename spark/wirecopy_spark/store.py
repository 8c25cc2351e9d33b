"""Tables on a Hadoop path: what a stage made stays, and is not made again.

A table is a folder of Parquet files. It is complete once the file
:data:`MARKER` lies in it, which is written last and has the columns of the table
and its sums, so that neither takes a job of Spark to look up. A run that finds it
complete reads it; one that finds it half-written makes it anew; one that finds
another origin in it refuses to go on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame, Observation, SparkSession
from pyspark.sql import functions as sf
from pyspark.sql.types import StructType

#: Says that a table is complete. Readers of Parquet pass over names that begin
#: with an underscore.
MARKER = "_wirecopy.json"


class Refused(Exception):
    """What the user asked for cannot be done; the message says why and what to do."""


class Folder:
    """A folder on any file system that Hadoop knows."""

    def __init__(self, spark: SparkSession, path: str) -> None:
        self.spark = spark
        self.path = path.rstrip("/")
        self._jvm = spark._jvm
        self._fs = self._jvm.org.apache.hadoop.fs.Path(self.path).getFileSystem(
            spark._jsc.hadoopConfiguration()
        )

    def _at(self, name: str) -> object:
        return self._jvm.org.apache.hadoop.fs.Path(
            f"{self.path}/{name}" if name else self.path
        )

    def exists(self, name: str = "") -> bool:
        """Whether something of that name lies in the folder."""
        return bool(self._fs.exists(self._at(name)))

    def read(self, name: str) -> str | None:
        """The text of a file, if it is there."""
        if not self.exists(name):
            return None
        stream = self._fs.open(self._at(name))
        try:
            return str(
                self._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8")
            )
        finally:
            stream.close()

    def write(self, name: str, content: str | bytes) -> None:
        """Writes a file, so that it is there as a whole or not at all."""
        part = self._at(f"{name}.part")
        stream = self._fs.create(part, True)
        try:
            stream.write(
                bytearray(content.encode() if isinstance(content, str) else content)
            )
        finally:
            stream.close()
        self._fs.delete(self._at(name), False)
        if not self._fs.rename(part, self._at(name)):
            raise OSError(f"{self.path}/{name} cannot be written")

    def delete(self, name: str = "") -> None:
        """Deletes a file or a folder with all that is in it."""
        self._fs.delete(self._at(name), True)


class Store:
    """The tables of one job, each made once.

    ``origin`` is what decides the tables: parameters, inputs, versions. ``tell`` hears
    of every table.
    """

    def __init__(
        self,
        spark: SparkSession,
        path: str,
        origin: Mapping[str, object],
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.spark = spark
        self.folder = Folder(spark, path)
        self.origin = json.loads(json.dumps(origin))
        self.tell = tell

    def check(self) -> None:
        """Refuses a folder in which another job's tables lie."""
        text = self.folder.read("_job.json")
        if text is None:
            self.folder.write(
                "_job.json", json.dumps(self.origin, sort_keys=True, indent=1)
            )
            return
        found = json.loads(text)
        if found != self.origin:
            keys = sorted(
                key
                for key in found.keys() | self.origin.keys()
                if found.get(key) != self.origin.get(key)
            )
            raise Refused(
                f"{self.folder.path} holds tables of another job ({', '.join(keys)} differ); "
                "name another folder with --work, or delete this one"
            )

    def table(self, name: str, make: Callable[[], DataFrame], **sums: Column) -> Table:
        """The table of that name: as it lies there, or as ``make`` gives it. Its rows
        are counted, and ``sums`` taken, while it is written."""
        path = f"{self.folder.path}/{name}"
        text = self.folder.read(f"{name}/{MARKER}")
        if text is not None:
            self.tell(f"{name}: was there")
            made = json.loads(text)
        else:
            since = time.monotonic()
            self.describe(name)
            seen = Observation()
            rows = make().observe(
                seen,
                sf.count(sf.lit(1)).alias("rows"),
                *(sf.coalesce(sum_, sf.lit(0)).alias(of) for of, sum_ in sums.items()),
            )
            rows.write.mode("overwrite").parquet(path)
            made = {
                "table": name,
                "columns": rows.schema.jsonValue(),
                "sums": {of: int(value) for of, value in seen.get.items()},
            }
            self.folder.write(f"{name}/{MARKER}", json.dumps(made))
            self.tell(f"{name}: {time.monotonic() - since:.1f} s")
        columns = StructType.fromJson(made["columns"])
        return Table(self.spark.read.schema(columns).parquet(path), made["sums"])

    def kept(self, name: str, make: Callable[[], object]) -> object:
        """A small thing that the driver worked out, as JSON."""
        text = self.folder.read(f"_{name}.json")
        if text is None:
            self.describe(name)
            text = json.dumps(make())
            self.folder.write(f"_{name}.json", text)
        return json.loads(text)

    def describe(self, name: str) -> None:
        """Says what the jobs of Spark of this thread are for."""
        self.spark.sparkContext.setJobDescription(f"wirecopy: {name}")

    def scratch(self, name: str) -> Scratch:
        """Room for what a stage needs on its way."""
        return Scratch(self.spark, f"{self.folder.path}/_scratch/{name}")


@dataclass(frozen=True)
class Table:
    """A table that is complete."""

    rows: DataFrame
    #: How many ``rows`` there are, and what else was summed up.
    sums: dict[str, int]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self.sums["rows"]


class Scratch:
    """Tables that nobody needs once the stage is over."""

    def __init__(self, spark: SparkSession, path: str) -> None:
        self.folder = Folder(spark, path)
        self.folder.delete()
        self._count = 0

    def keep(self, table: DataFrame) -> DataFrame:
        """The same rows, written out and read again."""
        self._count += 1
        path = f"{self.folder.path}/{self._count}"
        table.write.parquet(path)
        return self.folder.spark.read.schema(table.schema).parquet(path)

"""Tables on a Hadoop path: what a stage made stays, and is not made again.

A table is a folder of Parquet files. It is complete once the file
:data:`MARKER` lies in it, which is written last and says what the table was made
of. A run that finds it complete reads it; one that finds it half-written makes it
anew; one that finds another origin in it refuses to go on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping

from pyspark.sql import DataFrame, SparkSession

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

    def write(self, name: str, text: str) -> None:
        """Writes a file, so that it is there as a whole or not at all."""
        part = self._at(f"{name}.part")
        stream = self._fs.create(part, True)
        try:
            stream.write(bytearray(text.encode()))
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

    def table(self, name: str, make: Callable[[], DataFrame]) -> DataFrame:
        """The table of that name: as it lies there, or as ``make`` gives it."""
        path = f"{self.folder.path}/{name}"
        if self.folder.exists(f"{name}/{MARKER}"):
            self.tell(f"{name}: was there")
        else:
            since = time.monotonic()
            self.spark.sparkContext.setJobDescription(f"wirecopy: {name}")
            make().write.mode("overwrite").parquet(path)
            self.folder.write(f"{name}/{MARKER}", json.dumps({"table": name}))
            self.tell(f"{name}: {time.monotonic() - since:.1f} s")
        return self.spark.read.parquet(path)

    def scratch(self, name: str) -> Scratch:
        """Room for what a stage needs on its way."""
        return Scratch(self.spark, f"{self.folder.path}/_scratch/{name}")


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
        return self.folder.spark.read.parquet(path)

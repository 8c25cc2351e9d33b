"""What the paths mean: files on any file system that Hadoop knows.

JSON Lines are read line by line, so that large files are shared among tasks; any
other file goes to the library as a whole, which tells its form by its content.
The library gets bytes as they are: nothing is parsed or decoded here.
"""

from __future__ import annotations

import fnmatch
import posixpath
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sf

from wirecopy_spark.store import Refused

#: Endings of files that are read by lines, packed ones too.
LINE_ENDINGS = (
    "*.jsonl",
    "*.ndjson",
    "*.jsonl.gz",
    "*.ndjson.gz",
    "*.jsonl.bz2",
    "*.ndjson.bz2",
)

#: What the library takes for an empty line, beside the line feed.
BLANK = b" \t\r\n\x0c"


@dataclass(frozen=True)
class File:
    """A file of the input."""

    #: Where Hadoop finds it.
    address: str
    #: What reports call it: the path itself on a local disk.
    name: str
    size: int
    changed: int

    @property
    def is_lines(self) -> bool:
        """Whether it is read by lines."""
        name = posixpath.basename(self.name).lower()
        return any(fnmatch.fnmatch(name, ending) for ending in LINE_ENDINGS)


def list_files(spark: SparkSession, paths: list[str]) -> list[File]:
    """The files below ``paths``, sorted by name, each once."""
    jvm, found = spark._jvm, {}
    for path in paths:
        start = jvm.org.apache.hadoop.fs.Path(path)
        fs = start.getFileSystem(spark._jsc.hadoopConfiguration())
        matches = fs.globStatus(start)
        if not matches:
            raise Refused(f"{path} is not there; name a file, a folder or a pattern")
        for match in matches:
            for file in _below(fs, match):
                found[file.address] = file
    return sorted(found.values(), key=lambda file: file.name)


def _below(fs: object, status: object) -> Iterator[File]:
    listed = fs.listFiles(status.getPath(), True)  # type: ignore[attr-defined]
    while listed.hasNext():
        file = listed.next()
        address = file.getPath().toUri()
        hidden = posixpath.basename(address.getPath()).startswith((".", "_"))
        if not hidden or file.getPath() == status.getPath():  # type: ignore[attr-defined]
            yield File(
                address=file.getPath().toString(),
                name=name_of(address.toString()),
                size=file.getLen(),
                changed=file.getModificationTime(),
            )


def name_of(address: str) -> str:
    """What reports call the file at an address, in which Spark writes odd
    characters as %20."""
    name = urllib.parse.unquote(address)
    scheme, _, path = name.partition(":")
    return "/" + path.lstrip("/") if scheme == "file" else name


def raw_rows(spark: SparkSession, files: list[File]) -> DataFrame:
    """The bytes of all files: lines with their numbers, and whole files."""
    kind = "path string, content binary, line long, record long, alone boolean"
    rows = spark.createDataFrame([], kind)
    lines = [file.address for file in files if file.is_lines]
    whole = [file.address for file in files if not file.is_lines]
    if lines:
        table = (
            spark.read.option("lineSep", "\n")
            .text(lines)
            .select(
                sf.col("_metadata.file_path").alias("path"),
                sf.col("_metadata.file_block_start").alias("block"),
                sf.col("value").cast("binary").alias("content"),
            )
        )
        rows = rows.union(table.mapInArrow(_numbered(_block_starts(table)), kind))
    if whole:
        table = (
            spark.read.format("binaryFile")
            .option("recursiveFileLookup", "true")
            .load(whole)
        )
        names = sf.udf(name_of, "string")
        none = [sf.lit(None).cast(kind) for kind in ("long", "long", "boolean")]
        rows = rows.union(table.select(names("_metadata.file_path"), "content", *none))
    return rows


#: Where a block begins: lines and records of the file before it, and the records
#: of the whole file.
Starts = dict[tuple[str, int], tuple[int, int, int]]


def _block_starts(table: DataFrame) -> Starts:
    """Counts the lines of each block that Spark reads as one: some bytes a block
    reach the driver."""
    kind = "path string, block long, lines long, records long"
    counted = table.mapInArrow(_count, kind).groupBy("path", "block")
    blocks = counted.agg(
        sf.sum("lines").alias("lines"), sf.sum("records").alias("records")
    )
    starts: Starts = {}
    of_file: dict[str, list[tuple[int, int, int]]] = {}
    for row in blocks.collect():
        of_file.setdefault(row.path, []).append((row.block, row.lines, row.records))
    for path, found in of_file.items():
        lines = records = 0
        total = sum(block[2] for block in found)
        for block, more_lines, more_records in sorted(found):
            starts[path, block] = (lines, records, total)
            lines, records = lines + more_lines, records + more_records
    return starts


def _count(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        counts: dict[tuple[str, int], list[int]] = {}
        for path, block, content in zip(
            *(column.to_pylist() for column in batch.columns), strict=True
        ):
            count = counts.setdefault((path, block), [0, 0])
            count[0] += 1
            count[1] += bool(content.strip(BLANK))
        yield pa.RecordBatch.from_pydict(
            {
                "path": pa.array([path for path, _ in counts], pa.string()),
                "block": pa.array([block for _, block in counts], pa.int64()),
                "lines": pa.array([count[0] for count in counts.values()], pa.int64()),
                "records": pa.array(
                    [count[1] for count in counts.values()], pa.int64()
                ),
            }
        )


class _numbered:
    """Numbers lines and records: Spark gives the lines of a block in order."""

    def __init__(self, starts: Starts) -> None:
        self.starts = starts

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        at: tuple[str, int] | None = None
        line = record = records = 0
        for batch in batches:
            rows: list[tuple[str, int, int, bool]] = []
            kept: list[int] = []
            paths, blocks, contents = (column.to_pylist() for column in batch.columns)
            for place, (path, block, content) in enumerate(
                zip(paths, blocks, contents, strict=True)
            ):
                if (path, block) != at:
                    at = (path, block)
                    line, record, records = self.starts[at]
                line += 1
                if content.strip(BLANK):
                    record += 1
                    kept.append(place)
                    rows.append((name_of(path), line, record, records == 1))
            if rows:
                names, lines, numbers, alone = zip(*rows, strict=True)
                yield pa.RecordBatch.from_arrays(
                    [
                        pa.array(names, pa.string()),
                        batch.column(2).take(pa.array(kept, pa.int64())),
                        pa.array(lines, pa.int64()),
                        pa.array(numbers, pa.int64()),
                        pa.array(alone, pa.bool_()),
                    ],
                    names=["path", "content", "line", "record", "alone"],
                )

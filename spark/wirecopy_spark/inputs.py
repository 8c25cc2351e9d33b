"""What the paths mean: files on any file system that Hadoop knows.

JSON Lines are read line by line, so that large files are shared among tasks; any
other file goes to the library as a whole, which tells its form by its content.
The library gets bytes as they are: nothing is parsed or decoded here.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import posixpath
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sf

from wirecopy_spark.core import Batches, Core
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

#: Bytes of a file up to which one task reads it, where files can be cut.
BLOCK_BYTES = 128 << 20

#: Columns of lines with their numbers.
_NUMBERED = "path string, content binary, line long, record long, alone boolean"


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


def local_bytes(paths: list[str]) -> int | None:
    """Bytes of all files below ``paths``, if all of them lie on a disk of this machine;
    for what is to be known before there is a session."""
    total = 0
    for path in paths:
        found = glob.glob(path)
        if "://" in path or path.startswith("file:") or not found:
            return None
        for match in found:
            files = (
                os.path.join(folder, name)
                for folder, _, names in os.walk(match)
                for name in names
            )
            total += sum(map(os.path.getsize, files)) + os.path.getsize(match)
    return total


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


def extracted(
    spark: SparkSession, core: Core, files: list[File], settings: dict[str, object]
) -> DataFrame:
    """The documents of all files, and why there is none."""
    lines = [file for file in files if file.is_lines]
    whole = [file for file in files if not file.is_lines]
    found = []
    if lines:
        rows, number = _numbered(spark, core, lines)
        found.append(core.map("extract", rows, before=number, **settings))
    if whole:
        rows = core.dealt(_whole(spark, [file.address for file in whole]))
        found.append(core.map("extract", rows, before=_named, **settings))
    return reduce(DataFrame.union, found)


def gathered(
    spark: SparkSession, files: list[File]
) -> tuple[DataFrame, Callable[[Batches], Batches]]:
    """The lines and files of all of them as the rows of one task, and what is still to
    be done to name and to number them. No file may be cut."""
    rows = []
    lines = [file.address for file in files if file.is_lines]
    if lines:
        read = spark.read.option("lineSep", "\n").text(lines)
        rows.append(_of_blocks(read))
    whole = [file.address for file in files if not file.is_lines]
    if whole:
        read = _whole(spark, whole)
        block = sf.lit(None).cast("long").alias("block")
        rows.append(read.select("path", block, "content"))
    return reduce(DataFrame.union, rows).coalesce(1), Alone()


def _whole(spark: SparkSession, addresses: list[str]) -> DataFrame:
    read = spark.read.format("binaryFile").option("recursiveFileLookup", "true")
    return read.load(addresses).select(
        sf.col("_metadata.file_path").alias("path"), "content"
    )


def _of_blocks(read: DataFrame) -> DataFrame:
    """Lines with the file that each is of, and where its block begins."""
    return read.select(
        sf.col("_metadata.file_path").alias("path"),
        sf.col("_metadata.file_block_start").alias("block"),
        sf.col("value").cast("binary").alias("content"),
    )


def _numbered(
    spark: SparkSession, core: Core, files: list[File]
) -> tuple[DataFrame, Callable[[Batches], Batches] | None]:
    """The lines of files, and what is still to be done to number them."""
    read = spark.read.option("lineSep", "\n").text([file.address for file in files])
    table = _of_blocks(read)
    # Where one task can have all, it has each file as one block.
    is_cut = core.partitions > 1 or any(file.size > BLOCK_BYTES for file in files)
    number = Numbered(_block_starts(read)) if is_cut else Alone()
    if core.partitions > 1 and any(file.name.endswith(".gz") for file in files):
        # One task unpacks such a file, and others can go on from there.
        return core.dealt(table.mapInArrow(number, _NUMBERED)), None
    return table, number


def _named(batches: Batches) -> Batches:
    """Files under the names that reports have."""
    for batch in batches:
        names = [name_of(path.as_py()) for path in batch.column("path")]
        columns = [pa.array(names, pa.string()), batch.column("content")]
        yield pa.RecordBatch.from_arrays(columns, names=["path", "content"])


#: Where a block begins: lines and records of the file before it, and the records
#: of the whole file.
Starts = dict[tuple[str, int], tuple[int, int, int]]


def _block_starts(lines: DataFrame) -> Starts:
    """Counts the lines of each block that Spark reads as one: some bytes a block
    reach the driver."""
    blocks = lines.groupBy(
        sf.col("_metadata.file_path").alias("path"),
        sf.col("_metadata.file_block_start").alias("block"),
    ).agg(
        sf.count("*").alias("lines"),
        sf.count_if(sf.col("value").rlike("[^ \\t\\r\\n\\f]")).alias("records"),
    )
    starts: Starts = {}
    of_file: dict[str, list[tuple[int, int, int]]] = {}
    for row in blocks.collect():
        of_file.setdefault(row.path, []).append((row.block, row.lines, row.records))
    for path, found in of_file.items():
        lines_before = records_before = 0
        total = sum(block[2] for block in found)
        for block, more_lines, more_records in sorted(found):
            starts[path, block] = (lines_before, records_before, total)
            lines_before += more_lines
            records_before += more_records
    return starts


#: A record: its file, line, number, and whether the file has no other.
Row = list[object]


class Numbered:
    """Numbers lines and records: Spark gives the lines of a block in order."""

    def __init__(self, starts: Starts) -> None:
        self.starts = starts

    def __call__(self, batches: Batches) -> Batches:
        at: tuple[str, int] | None = None
        line = record = records = 0
        for batch in batches:
            rows: list[Row] = []
            kept: list[int] = []
            for place, path, block, is_blank in _lines(batch):
                if (path, block) != at:
                    at = (path, block)
                    line, record, records = self.starts[at]
                line += 1
                if not is_blank:
                    record += 1
                    kept.append(place)
                    rows.append([name_of(path), line, record, records == 1])
            if rows:
                yield _records(batch, kept, rows)


class Alone:
    """The same for files that are one block each, which need not be counted before:
    rows wait until it is known whether the first record of a file is its only one. A
    row without a block is a file as a whole."""

    def __call__(self, batches: Batches) -> Batches:
        waiting: list[tuple[pa.RecordBatch, list[int], list[Row]]] = []
        at: str | None = None
        name = ""
        first: Row = []
        line = record = 0
        for batch in batches:
            rows: list[Row] = []
            kept: list[int] = []
            for place, path, block, is_blank in _lines(batch):
                if block is None:
                    at, record = None, 0
                    kept.append(place)
                    rows.append([name_of(path), None, None, None])
                    continue
                if path != at:
                    if block != 0:
                        raise RuntimeError(f"{path} is cut at byte {block}")
                    at, name, line, record = path, name_of(path), 0, 0
                line += 1
                if not is_blank:
                    record += 1
                    kept.append(place)
                    rows.append([name, line, record, record == 1])
                    if record == 1:
                        first = rows[-1]
                    else:
                        first[3] = False
            if rows:
                waiting.append((batch, kept, rows))
            if record != 1:
                yield from (_records(*one) for one in waiting)
                waiting.clear()
        yield from (_records(*one) for one in waiting)


def _lines(batch: pa.RecordBatch) -> Iterator[tuple[int, str, int, bool]]:
    """Each line: its place in the batch, its file and block, and whether it is blank."""
    paths, blocks, contents = (column.to_pylist() for column in batch.columns)
    for place, content in enumerate(contents):
        yield place, paths[place], blocks[place], not content.strip(BLANK)


def _records(batch: pa.RecordBatch, kept: list[int], rows: list[Row]) -> pa.RecordBatch:
    """The lines of a batch that are kept, with what is known of each."""
    names, lines, numbers, alone = zip(*rows, strict=True)
    columns = [
        pa.array(names, pa.string()),
        batch.column(2).take(pa.array(kept, pa.int64())),
        pa.array(lines, pa.int64()),
        pa.array(numbers, pa.int64()),
        pa.array(alone, pa.bool_()),
    ]
    return pa.RecordBatch.from_arrays(
        columns, names=["path", "content", "line", "record", "alone"]
    )

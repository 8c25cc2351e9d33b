"""Lines are numbered as the library numbers them, however they come."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from wirecopy_spark.inputs import Alone, Numbered, local_bytes

FILES = {
    "file:/one%20record": [b"", b" \t", b"only", b"", b""],
    "file:/none": [b"", b"\x0c"],
    "file:/two": [b"first", b"", b"second"],
    "file:/late": [b"first", *[b""] * 20, b"second"],
    "file:/last": [b"only"],
}

EXPECTED = [
    ("/one record", b"only", 3, 1, True),
    ("/two", b"first", 1, 1, False),
    ("/two", b"second", 3, 2, False),
    ("/late", b"first", 1, 1, False),
    ("/late", b"second", 22, 2, False),
    ("/last", b"only", 1, 1, True),
]


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
def test_lines_are_numbered_whatever_the_batches(rows: int) -> None:
    lines = [(path, 0, line) for path, of_file in FILES.items() for line in of_file]
    starts = {
        (path, 0): (0, 0, sum(bool(line.strip(b" \t\x0c")) for line in of_file))
        for path, of_file in FILES.items()
    }
    for number in (Alone(), Numbered(starts)):
        batches = (
            pa.RecordBatch.from_arrays(
                [
                    pa.array(column)
                    for column in zip(*lines[at : at + rows], strict=True)
                ],
                names=["path", "block", "content"],
            )
            for at in range(0, len(lines), rows)
        )
        found = [
            tuple(row.values())
            for batch in number(batches)
            for row in batch.to_pylist()
        ]
        assert found == EXPECTED


def test_a_file_that_was_cut_is_not_numbered_as_if_it_were_whole() -> None:
    batch = pa.RecordBatch.from_arrays(
        [pa.array(["file:/x"]), pa.array([5]), pa.array([b"line"])],
        names=["path", "block", "content"],
    )
    with pytest.raises(RuntimeError, match="is cut at byte 5"):
        list(Alone()(iter([batch])))


def test_the_size_of_an_input_is_known_where_it_lies_here(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.jsonl", "b.jsonl", "in/c.html"):
        (tmp_path / name).write_bytes(b"x" * 1000)
    assert local_bytes([f"{tmp_path}/*.jsonl"]) == 2000
    assert 3000 <= local_bytes([str(tmp_path)]) < 3000 + (1 << 16)
    for elsewhere in ("hdfs://host/in", "s3a://bucket/in", f"{tmp_path}/none"):
        assert local_bytes([str(tmp_path / "a.jsonl"), elsewhere]) is None


def test_a_file_as_a_whole_stands_among_lines_without_a_number() -> None:
    rows = [
        ("file:/two", 0, b"first"),
        ("file:/page", None, b"<p>"),
        ("file:/one", 0, b"only"),
    ]
    columns = zip(*rows, strict=True)
    batch = pa.RecordBatch.from_arrays(
        [pa.array(column) for column in columns], names=["path", "block", "content"]
    )
    found = [row for out in Alone()([batch]) for row in out.to_pylist()]
    told = [(row["path"], row["line"], row["record"], row["alone"]) for row in found]
    assert told == [
        ("/two", 1, 1, True),
        ("/page", None, None, None),
        ("/one", 1, 1, True),
    ]

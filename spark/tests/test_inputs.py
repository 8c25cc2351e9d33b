"""Lines are numbered as the library numbers them, however they come."""

from __future__ import annotations

import pyarrow as pa
import pytest

from wirecopy_spark.inputs import Alone, Numbered

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

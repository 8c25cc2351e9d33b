"""The wheel by itself: the vectors it shares with the crate, and ``scan``."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

import wirecopy
from wirecopy import steps

TOP = Path(__file__).parents[2]
STORY = (
    "The harbour master closed the northern lock on Tuesday after divers found a crack in "
    "the lower gate. Barges bound for the mills will wait below the weir until a crane comes."
)


def run(name: str, rows: dict[str, list[object]], **settings: object) -> list[dict]:
    """What a step gives of the rows of one batch."""
    batch = pa.record_batch(rows)
    found = steps.step(name, **settings)([batch])
    return [row for batch in found for row in batch.to_pylist()]


def test_vectors_are_those_of_the_crate() -> None:
    golden = json.loads((TOP / "tests/golden/steps.json").read_text(encoding="utf-8"))
    texts, count = golden["texts"], len(golden["texts"])
    ids = [f"t{doc}" for doc in range(count)]
    rows = {
        "doc": list(range(count)),
        "id": ids,
        "path": ["texts"] * count,
        "text": texts,
    }
    sketches = [
        {
            "doc": row["doc"],
            "tokens": row["tokens"],
            "digest": row["digest"].hex(),
            "signature": row["signature"].hex(),
            "bands": row["bands"],
            "shingles": row["shingles"],
            "triples": row["triples"],
        }
        for row in run("sketch", rows, given={"noise": "clean"})
    ]
    assert sketches == golden["sketches"]
    tasks = [(hub, doc) for hub in range(count) for doc in range(hub, count)]
    rows = {
        "task": [hub for hub, _ in tasks],
        "hub": [hub for hub, _ in tasks],
        "doc": [doc for _, doc in tasks],
        "text": [texts[doc] for _, doc in tasks],
        "publisher": ["texts"] * len(tasks),
        "noisy": [False] * len(tasks),
    }
    pairs = [
        {
            "a": row["a"],
            "b": row["b"],
            "verdict": row["verdict"],
            "found": row["found"].hex(),
        }
        for row in run("verify", rows)
    ]
    assert pairs == golden["pairs"]


def test_scan_takes_paths_and_tables_and_gives_tables() -> None:
    of_paths = wirecopy.scan(TOP / "data/feed")
    assert of_paths.documents.num_rows > 20
    assert of_paths.pairs.num_rows > 20
    table = pa.table({"guid": ["b", "a"], "body": [STORY, "Update. " + STORY]})
    found = wirecopy.scan(table, min_jaccard=0.6)
    assert found.pairs.select(["a", "b", "verdict"]).to_pylist() == [
        {"a": "a", "b": "b", "verdict": "near_duplicate"}
    ]
    assert {"name": "min_jaccard", "value": "0.6"} in found.params.to_pylist()
    other = pa.table({"n": ["1", "2"], "words": [STORY, STORY]})
    found = wirecopy.scan(other, fields={"text": "words", "id": "n"})
    assert found.exact_groups.num_rows == 2
    assert found.documents.schema == steps.table_schema("documents")


def test_parameters_are_refused_with_the_words_of_the_command() -> None:
    with pytest.raises(
        ValueError, match="min-jaccard is 0, but must be above 0 and at most 1"
    ):
        wirecopy.scan(pa.table({"text": [STORY]}), min_jaccard=0)
    with pytest.raises(ValueError, match="parameter is min_jacard, but must be one of"):
        steps.step("sketch", {"min_jacard": 0.5})
    with pytest.raises(ValueError, match="words is not given, but must be what"):
        steps.step("sketch")
    with pytest.raises(
        ValueError, match="limits on pairs are for whole collections, with scan"
    ):
        steps.step("sketch", {"within_s": 60})


def test_hostile_rows_cost_themselves() -> None:
    good = json.dumps({"id": "good", "text": STORY}).encode()
    lines = [b"\xff\xfe\x00\x80" * 1000, b"[" * 1_000_000, good, b"{" * 50_000_000]
    rows = {
        "path": ["x.jsonl"] * 4,
        "content": lines,
        "line": [1, 2, 3, 4],
        "record": [1, 2, 3, 4],
    }
    found = run("extract", rows)
    assert [row["id"] for row in found] == [None, None, "good", None]
    assert all((row["error"] is None) == (row["id"] == "good") for row in found)
    rows = {
        "doc": [0, 1],
        "id": ["a", "b"],
        "path": ["x", "x"],
        "text": ["a" * 50_000_000, STORY],
    }
    assert [row["tokens"] for row in run("sketch", rows, given={"noise": "clean"})] == [
        1,
        32,
    ]

"""Components as a union-find gives them, on graphs of every shape."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from wirecopy_spark.components import connected_components
from wirecopy_spark.store import Scratch, Table

Edges = list[tuple[int, int]]


def slow(edges: Edges) -> dict[int, int]:
    """The least vertex of each component, by spreading it until nothing changes."""
    label = {vertex: vertex for edge in edges for vertex in edge}
    neighbours: dict[int, set[int]] = {vertex: set() for vertex in label}
    for a, b in edges:
        neighbours[a].add(b)
        neighbours[b].add(a)
    for start in sorted(label):
        if label[start] == start:
            reached = [start]
            while reached:
                for other in neighbours[reached.pop()]:
                    if label[other] > start:
                        label[other] = start
                        reached.append(other)
    return label


def drawn(seed: int, vertices: int, edges: int) -> Edges:
    chance = random.Random(seed)
    ends = (
        (chance.randrange(vertices), chance.randrange(vertices)) for _ in range(edges)
    )
    return [(min(end), max(end)) for end in ends if end[0] != end[1]]


def shuffled(edges: Edges) -> Edges:
    random.Random(5).shuffle(edges)
    return edges


GRAPHS = {
    "sparse": drawn(1, 2000, 900),
    "about to join": drawn(2, 2000, 1100),
    "dense": drawn(3, 300, 3000),
    "a chain": shuffled([(at, at + 1) for at in range(10_000)]),
    "a star with its centre last": [(at, 100_000) for at in range(100_000)],
}


@pytest.mark.parametrize(
    ("shape", "one_task_edges"),
    [*((shape, 0) for shape in GRAPHS), ("sparse", 1_000_000)],
)
def test_components_are_those_of_a_search(
    spark: SparkSession, tmp_path: Path, shape: str, one_task_edges: int
) -> None:
    edges = GRAPHS[shape]
    rows = spark.createDataFrame(edges, "a long, b long").repartition(4)
    table = Table(rows, {"rows": len(edges)})
    scratch = Scratch(spark, str(tmp_path))
    found = connected_components(
        table, scratch, one_task_edges=one_task_edges
    ).collect()
    assert len(found) == len({row.vertex for row in found})
    assert {row.vertex: row.component for row in found} == slow(edges)

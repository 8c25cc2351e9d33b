"""Connected components of a graph that is a DataFrame of edges.

Alternating large-star and small-star operations (Kiveris et al., "Connected
Components in MapReduce and Beyond", 2014): each round joins the neighbours of a
vertex to the least of them, first those above it, then those below, until every
vertex hangs on the least of its component. O(log² n) rounds are proven, few are
seen. What is shuffled in a round is a few times 16 bytes an edge.

Two things make it short. Every partition first replaces its edges by a spanning
forest, as no other are needed; and once the edges left fit into one task
(:data:`ONE_TASK_EDGES`), one task ends it. Rounds are written out and read
again, so that plans stay short and a lost executor costs one round.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sf

from wirecopy_spark.store import Scratch

#: Edges that one task unites: 16 MB of them, and some 200 MB as a union-find in
#: Python.
ONE_TASK_EDGES = 1_000_000

_EDGES = "a long, b long"


def connected_components(
    edges: DataFrame, scratch: Scratch, *, one_task_edges: int = ONE_TASK_EDGES
) -> DataFrame:
    """For each vertex of ``edges`` (``a``, ``b``: long) the least one that it is
    connected with: columns ``vertex`` and ``component``."""
    spark = edges.sparkSession
    links = scratch.keep(edges.select("a", "b").mapInArrow(_forest, _EDGES))
    while True:
        count = links.count()
        if count <= one_task_edges:
            return _labels(links.coalesce(1).mapInArrow(_forest, _EDGES))
        starred = scratch.keep(_small_star(_large_star(links)))
        if _is_done(spark, links, starred):
            return _labels(starred)
        links = starred


def _labels(stars: DataFrame) -> DataFrame:
    """Stars as labels: every edge leads from a vertex to the least of its component."""
    members = stars.select(sf.col("b").alias("vertex"), sf.col("a").alias("component"))
    centres = stars.select(sf.col("a").alias("vertex"), sf.col("a").alias("component"))
    return members.union(centres).distinct()


def _large_star(edges: DataFrame) -> DataFrame:
    """Joins the neighbours above each vertex to the least of all of them."""
    both = edges.union(edges.select(sf.col("b").alias("a"), sf.col("a").alias("b")))
    least = both.groupBy("a").agg(sf.least(sf.min("b"), sf.col("a")).alias("least"))
    above = both.filter("b > a").join(least, "a")
    return above.select(sf.col("least").alias("a"), "b").filter("a != b").distinct()


def _small_star(edges: DataFrame) -> DataFrame:
    """Joins each vertex and its neighbours below it to the least of them."""
    least = edges.groupBy("b").agg(sf.min("a").alias("least"))
    below = edges.join(least, "b").select(
        sf.col("least").alias("x"), sf.col("a").alias("y")
    )
    itself = least.select(sf.col("least").alias("x"), sf.col("b").alias("y"))
    return (
        below.union(itself)
        .filter("x != y")
        .select(sf.col("x").alias("a"), sf.col("y").alias("b"))
        .distinct()
    )


def _is_done(_spark: SparkSession, before: DataFrame, after: DataFrame) -> bool:
    """Whether a round changed nothing; both have their edges from low to high."""
    if before.count() != after.count():
        return False
    total = sf.sum(sf.xxhash64("a", "b").cast("decimal(38,0)"))
    return before.agg(total).first() == after.agg(total).first()


def _forest(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The edges of a partition as stars around the least vertex of each part."""
    parent: dict[int, int] = {}

    def root(vertex: int) -> int:
        above = parent.setdefault(vertex, vertex)
        while above != vertex:
            parent[vertex] = above = parent[above]
            vertex, above = above, parent[above]
        return vertex

    for batch in batches:
        for a, b in zip(
            batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True
        ):
            one, other = root(a), root(b)
            if one != other:
                parent[max(one, other)] = min(one, other)
    stars = [(root(vertex), vertex) for vertex in parent]
    stars = [star for star in stars if star[0] != star[1]]
    for start in range(0, len(stars), 1 << 16):
        part = stars[start : start + (1 << 16)]
        columns = [
            pa.array([star[side] for star in part], pa.int64()) for side in (0, 1)
        ]
        yield pa.RecordBatch.from_arrays(columns, names=["a", "b"])

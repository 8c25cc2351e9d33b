"""Connected components of a graph that is a DataFrame of edges.

Alternating large-star and small-star operations (Kiveris et al., "Connected
Components in MapReduce and Beyond", 2014): each round joins the neighbours of a
vertex to the least of them, first those above it, then those below, until every
vertex hangs on the least of its component. O(log² n) rounds are proven, few are
seen. What is shuffled in a round is a few times 16 bytes an edge.

Two things make it short. Every partition first replaces its edges by stars,
which say the same in one edge a vertex; and once the edges left fit into one task
(:data:`ONE_TASK_EDGES`), one task ends it. Rounds are written out and read
again, so that plans stay short and a lost executor costs one round.
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as sf
from pyspark.sql.pandas.types import from_arrow_schema

from wirecopy.steps import schema, step
from wirecopy_spark.store import Scratch, Table

#: Edges that one task unites: 16 bytes each on their way, and as much again in the
#: sets of the library.
ONE_TASK_EDGES = 4_000_000


def connected_components(
    edges: Table, scratch: Scratch, *, one_task_edges: int = ONE_TASK_EDGES
) -> DataFrame:
    """For each vertex of ``edges`` (``a``, ``b``: long) the least one that it is
    connected with: columns ``vertex`` and ``component``."""
    rows = edges.rows.select("a", "b")
    if edges.count <= one_task_edges:
        return _labels(_contracted(rows.coalesce(1)))
    links = scratch.keep(_contracted(rows))
    while True:
        if links.count() <= one_task_edges:
            return _labels(_contracted(links.coalesce(1)))
        starred = scratch.keep(_small_star(_large_star(links)))
        if _is_done(links, starred):
            return _labels(starred)
        links = starred


def _labels(stars: DataFrame) -> DataFrame:
    """Stars as labels: every edge leads from a vertex to the least of its component."""
    component = sf.col("a").alias("component")
    return stars.select(
        sf.explode(sf.array("a", "b")).alias("vertex"), component
    ).distinct()


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


def _is_done(before: DataFrame, after: DataFrame) -> bool:
    """Whether a round changed nothing; both have their edges from low to high."""
    if before.count() != after.count():
        return False
    total = sf.sum(sf.xxhash64("a", "b").cast("decimal(38,0)"))
    return before.agg(total).first() == after.agg(total).first()


def _contracted(edges: DataFrame) -> DataFrame:
    """The edges of each partition as stars around the least vertex of each part."""
    kind = from_arrow_schema(schema("contract"))
    return edges.mapInArrow(step("contract"), kind)

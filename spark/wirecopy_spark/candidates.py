"""Sketches → candidate pairs, by the library's three joins.

Spark brings equal keys together; a bucket is one run of rows, and the library
says which of its documents meet: all of few, and of many each with one or two of
the others, so that no bucket costs more than linear and none is passed over.
"""

from __future__ import annotations

import json

from pyspark.sql import DataFrame
from pyspark.sql import functions as sf

from wirecopy_spark.components import connected_components
from wirecopy_spark.core import Core
from wirecopy_spark.store import Store

#: Documents of a family from which the library thins out its pairs.
FAMILY = 100

#: Bits of a key that say where in a document it stands, and in what surroundings.
_PLACE_BITS = 16


def candidates(
    store: Store, core: Core, comparable: DataFrame, letters: DataFrame | None
) -> DataFrame:
    """The candidate pairs among ``comparable`` documents: ``a`` below ``b``."""
    proposed = [_by_bands(store, core, comparable)]
    documents = comparable.count()
    if json.loads(core.params)["level"] == "passages":
        proposed.append(_by_shingles(store, core, comparable))
        grams = comparable.select("doc", sf.explode("triples").alias("key"))
        proposed.append(_by_grams(store, core, grams, documents, "triples"))
    if letters is not None:
        noisy = comparable.filter("noisy").select("doc")
        kept = letters.join(comparable.select("doc"), "doc")
        grams = kept.select("doc", sf.explode("letters").alias("key"))
        pairs = _by_grams(store, core, grams, documents, "letters")
        of_a = pairs.join(noisy.withColumnRenamed("doc", "a"), "a", "left_semi")
        of_b = pairs.join(noisy.withColumnRenamed("doc", "b"), "b", "left_semi")
        proposed += [of_a.select("a", "b"), of_b.select("a", "b")]

    def make() -> DataFrame:
        all_of_them = proposed[0]
        for more in proposed[1:]:
            all_of_them = all_of_them.union(more)
        return all_of_them.distinct()

    return store.table("candidates", make)


def _by_bands(store: Store, core: Core, comparable: DataFrame) -> DataFrame:
    """Pairs that are alike as a whole."""

    def likely() -> DataFrame:
        keys = comparable.select("doc", sf.explode("bands").alias("key"))
        links = core.grouped("bands", keys, ["key"], ["doc"]).distinct()
        for end in ("a", "b", "other"):
            links = links.join(
                _named(comparable, end, "signature", "tokens"), end, "left"
            )
        return core.map("likely", links).distinct()

    pairs = store.table("likely", likely)

    def thinned() -> DataFrame:
        family = connected_components(pairs, store.scratch("families"))
        large = family.groupBy("component").count().filter(f"count > {FAMILY}")
        of_large = family.join(large, "component").select(
            sf.col("vertex").alias("a"), sf.col("component").alias("family")
        )
        rows = pairs.join(of_large, "a", "left")
        kept = core.grouped(
            "thin",
            rows.filter("family is not null"),
            ["family"],
            [sf.col("agreeing").desc(), "a", "b"],
        )
        return (
            rows.filter("family is null").select("a", "b").union(kept.select("a", "b"))
        )

    return store.table("alike", thinned)


def _by_shingles(store: Store, core: Core, comparable: DataFrame) -> DataFrame:
    """Pairs that share a passage, as far as selected shingles tell."""

    def join() -> DataFrame:
        keys = comparable.select("doc", sf.explode("shingles").alias("key"))
        keys = keys.withColumn("shingle", sf.shiftrightunsigned("key", _PLACE_BITS))
        return core.grouped("shingles", keys, ["shingle"], ["doc"])

    shared = store.table("shingles", join)

    def stars() -> DataFrame:
        members = shared.filter("kind = 3").select(
            sf.col("a").alias("doc"), "group", "joined"
        )
        groups = members.groupBy("doc").agg(sf.count("*").alias("groups"))
        facts = comparable.select("doc", "tokens").join(groups, "doc")
        return core.grouped(
            "stars", members.join(facts, "doc"), ["group"], ["doc"]
        ).distinct()

    def pairs() -> DataFrame:
        def told(kind: int) -> object:
            return sf.sum(sf.when(sf.col("kind") == kind, 1).otherwise(0))

        counted = (
            shared.filter("kind < 3")
            .groupBy("a", "b")
            .agg(told(0).alias("strong"), told(1).alias("few"), told(2).alias("many"))
        )
        for end in ("a", "b"):
            counted = counted.join(_named(comparable, end, "tokens"), end)
        return core.map("shared", counted)

    return store.table("shared", pairs).union(store.table("stars", stars))


def _by_grams(
    store: Store, core: Core, keys: DataFrame, documents: int, of: str
) -> DataFrame:
    """Pairs of which only small parts are left, but many in the same order."""

    def make() -> DataFrame:
        grams = keys.select(
            "doc",
            sf.shiftrightunsigned("key", _PLACE_BITS).alias("gram"),
            sf.col("key").bitwiseAND((1 << _PLACE_BITS) - 1).alias("place"),
        )
        hits = core.grouped(
            "grams", grams, ["gram"], ["doc", "place"], documents=documents, of=of
        )
        return core.grouped("aligned", hits, ["a", "b"], documents=documents, of=of)

    return store.table(f"aligned_{of}", make)


def _named(comparable: DataFrame, end: str, *columns: str) -> DataFrame:
    """What is known of the documents at one end of pairs."""
    return comparable.select(
        sf.col("doc").alias(end),
        *(sf.col(column).alias(f"{column}_{end}") for column in columns),
    )

"""Sketches → candidate pairs, by the library's three joins.

Spark brings equal keys together; a bucket is one run of rows, and the library
says which of its documents meet: all of few, and of many each with one or two of
the others, so that no bucket costs more than linear and none is passed over.
The joins need nothing of each other, and go on at the same time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sf

from wirecopy_spark.components import connected_components
from wirecopy_spark.core import Core
from wirecopy_spark.store import Store, Table

#: Documents of a family from which the library thins out its pairs.
FAMILY = 100

#: Bits of a key that say where in a document it stands, and in what surroundings.
_PLACE_BITS = 16


def candidates(
    store: Store,
    core: Core,
    comparable: Table,
    letters: Callable[[], DataFrame] | None,
) -> Table:
    """The candidate pairs among ``comparable`` documents: ``a`` below ``b``.
    ``letters`` makes the letters of all documents, where they are asked for."""
    joins = _Joins(store, core, comparable)
    asked = [joins.by_bands]
    has_passages = json.loads(core.params)["level"] == "passages"
    if has_passages:
        asked += [joins.by_shingles, joins.by_triples]
    if letters is not None:
        asked.append(lambda: joins.by_letters(letters()))
    with ThreadPoolExecutor(len(asked)) as pool:
        similar, *others = pool.map(lambda join: join(), asked)
    if similar.count < FAMILY:
        proposed = [Table(similar.rows.select("a", "b"), similar.sums), *others]
    elif has_passages:
        sharing, *others = others
        proposed = [joins.thinned(similar, sharing), *others]
    else:
        proposed = [joins.thinned(similar, None), *others]
    core = core.of(rows=sum(table.count for table in proposed))

    def make() -> DataFrame:
        union = reduce(DataFrame.union, (table.rows for table in proposed))
        return core.gathered(union).distinct()

    return store.table("candidates", make)


class _Joins:
    """The joins; each gives pairs, some of them twice."""

    def __init__(self, store: Store, core: Core, comparable: Table) -> None:
        self.store = store
        self.core = core
        self.documents = comparable.count
        self.rows = comparable.rows
        self.sums = comparable.sums

    def by_bands(self) -> Table:
        """Pairs that are alike as a whole."""
        core = self.core.of(rows=self.sums["bands"])

        def likely() -> DataFrame:
            keys = self._keys(core, "bands")
            links = core.grouped("bands", keys, ["key"], ["doc"]).distinct()
            for end in ("a", "b", "other"):
                named = self._named(end, "signature", "tokens")
                links = core.joined(links, named, end, "left")
            return core.map("likely", links).distinct()

        return self.store.table("likely", likely)

    def thinned(self, similar: Table, sharing: Table | None) -> Table:
        """These pairs, of large families of similar documents those that agree most."""
        core = self.core.of(rows=similar.count + (sharing.count if sharing else 0))

        def make() -> DataFrame:
            family = connected_components(similar, self.store.scratch("families"))
            large = family.groupBy("component").count().filter(f"count > {FAMILY}")
            of_large = core.joined(family, large, "component").select(
                sf.col("vertex").alias("a"), sf.col("component").alias("family")
            )
            rows = core.joined(similar.rows, of_large, "a", "left")
            rated = rows.filter("family is not null")
            alone = rows.filter("family is null").select("a", "b")
            if sharing is not None:
                more, others = self._rated(core, sharing.rows.distinct(), of_large)
                rated = rated.unionByName(more).distinct()
                alone = alone.union(others)
            order = [sf.col("agreeing").desc(), "a", "b"]
            kept = core.grouped("thin", rated, ["family"], order)
            return alone.union(kept.select("a", "b"))

        return self.store.table("alike", make)

    def _rated(
        self, core: Core, sharing: DataFrame, of_large: DataFrame
    ) -> tuple[DataFrame, DataFrame]:
        """Those of one family that are alike as a whole, with how far they agree, and
        the others."""
        of_b = of_large.select(
            sf.col("a").alias("b"), sf.col("family").alias("family_b")
        )
        pairs = core.joined(sharing, of_large, "a", "left")
        pairs = core.joined(pairs, of_b, "b", "left")
        inside = pairs.filter("family = family_b").select("a", "b", "family")
        named = inside.withColumn("other", sf.lit(None).cast("long"))
        for end in ("a", "b"):
            named = core.joined(
                named, self._named(end, "signature", "tokens"), end, "left"
            )
        named = named.withColumn("signature_other", sf.lit(None).cast("binary"))
        named = named.withColumn("tokens_other", sf.lit(None).cast("long"))
        agreeing = core.map("likely", named)
        rated = agreeing.join(inside, ["a", "b"])
        others = sharing.join(agreeing.select("a", "b"), ["a", "b"], "left_anti")
        return rated, others.select("a", "b")

    def by_shingles(self) -> Table:
        """Pairs that share a passage, as far as selected shingles tell."""
        core = self.core.of(rows=self.sums["shingles"])

        def join() -> DataFrame:
            keys = self._keys(core, "shingles")
            keys = keys.withColumn("shingle", sf.shiftrightunsigned("key", _PLACE_BITS))
            return core.grouped("shingles", keys, ["shingle"], ["doc"])

        shared = self.store.table("shingles", join)
        core = self.core.of(rows=shared.count)

        def pairs() -> DataFrame:
            stars = self._stars(core, shared.rows)
            return core.map("shared", self._counted(core, shared.rows)).union(stars)

        return self.store.table("shared", pairs)

    def _stars(self, core: Core, shared: DataFrame) -> DataFrame:
        """Each group of documents around one of them."""
        members = core.gathered(shared.filter("kind = 3"))
        members = members.select(sf.col("a").alias("doc"), "group", "joined")
        groups = members.groupBy("doc").agg(sf.count("*").alias("groups"))
        facts = core.joined(groups, self.rows.select("doc", "tokens"), "doc")
        rows = core.joined(members, facts, "doc")
        return core.grouped("stars", rows, ["group"], ["doc"]).distinct()

    def _counted(self, core: Core, shared: DataFrame) -> DataFrame:
        """The shingles of each pair, by what they say, and the words of its ends."""

        def told(kind: int) -> Column:
            return sf.sum(sf.when(sf.col("kind") == kind, 1).otherwise(0))

        met = core.gathered(shared.filter("kind < 3"))
        counted = met.groupBy("a", "b").agg(
            told(0).alias("strong"), told(1).alias("few"), told(2).alias("many")
        )
        for end in ("a", "b"):
            counted = core.joined(counted, self._named(end, "tokens"), end)
        return counted

    def by_triples(self) -> Table:
        """Pairs of which only small parts are left, but many in the same order."""
        core = self.core.of(rows=self.sums["triples"])
        return self._by_grams(core, self._keys(core, "triples"), "triples")

    def by_letters(self, letters: DataFrame) -> Table:
        """The same by letters, where one document of a pair is noisy."""
        core = self.core
        kept = letters.join(self.rows.select("doc"), "doc")
        grams = kept.select("doc", sf.explode("letters").alias("key"))
        pairs = self._by_grams(core, grams, "letters")
        noisy = self.rows.filter("noisy").select("doc")
        of_a = pairs.rows.join(noisy.withColumnRenamed("doc", "a"), "a", "left_semi")
        of_b = pairs.rows.join(noisy.withColumnRenamed("doc", "b"), "b", "left_semi")
        rows = of_a.select("a", "b").union(of_b.select("a", "b"))
        return Table(rows, pairs.sums)

    def _by_grams(self, core: Core, keys: DataFrame, of: str) -> Table:
        told = {"documents": self.documents, "of": of}

        def make() -> DataFrame:
            grams = keys.select(
                "doc",
                sf.shiftrightunsigned("key", _PLACE_BITS).alias("gram"),
                sf.col("key").bitwiseAND((1 << _PLACE_BITS) - 1).alias("place"),
            )
            hits = core.grouped("grams", grams, ["gram"], ["doc", "place"], **told)
            return core.grouped("aligned", hits, ["a", "b"], **told)

        return self.store.table(f"aligned_{of}", make)

    def _keys(self, core: Core, name: str) -> DataFrame:
        """The keys of each document, a row each."""
        keys = self.rows.select("doc", name)
        return core.gathered(keys).select("doc", sf.explode(name).alias("key"))

    def _named(self, end: str, *columns: str) -> DataFrame:
        """What is known of the documents at one end of pairs."""
        return self.rows.select(
            sf.col("doc").alias(end),
            *(sf.col(column).alias(f"{column}_{end}") for column in columns),
        )

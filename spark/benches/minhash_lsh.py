"""Spark ML's own MinHashLSH on the cluster of ``measure.py``.

python benches/minhash_lsh.py INPUT.jsonl [TABLES [NAME=VALUE …]], with settings of Spark as the
job's ``--conf``: five-word shingles, hashed; with
eight tables (the default) a pair of Jaccard similarity 0.5 is proposed with
probability 1 - 0.5^8 = 0.996, as by the bands of wirecopy. Pairs below a Jaccard
distance of 0.5 are counted, and compared with those of ``wirecopy scan``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import cluster as clusters
import driver
import events
import measure
from pyspark.ml.feature import HashingTF, MinHashLSH, NGram, RegexTokenizer
from pyspark.sql import SparkSession
from pyspark.sql import functions as sf

#: Slots of the hashed shingles; more than any document of the test sets fills.
SLOTS = 1 << 20


def main() -> None:
    path = Path(sys.argv[1]).resolve()
    tables = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    with clusters.running() as cluster:
        os.environ["PYSPARK_PYTHON"] = sys.executable
        processes = measure.Processes(cluster)
        processes.start()
        processes.look()
        cluster_seconds = processes.of_all()
        since = time.monotonic()
        builder = SparkSession.builder.appName("MinHashLSH")
        typed = dict(setting.split("=", 1) for setting in sys.argv[3:])
        for name, value in (cluster.spark_conf() | typed).items():
            builder = builder.config(name, value)
        spark = builder.getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        begun = time.monotonic() - since
        found = pairs(spark, path, tables)
        seconds = time.monotonic() - since
        processes.look()
        spark.stop()
        stages = events.stages(cluster.events)
    shuffled = sum(stage.shuffled_bytes for stage in stages)
    processor = sum(stage.jvm_seconds for stage in stages)
    known = of_scan(path)
    recall = len(known & found) / max(1, len(known))
    print(
        f"{tables} tables: {len(found)} pairs in {seconds:.0f} s, of which {begun:.0f} s until there was a "
        f"session; {shuffled / 1e6:.0f} MB shuffled, {processor:.0f} s of processor time in tasks, "
        f"{processes.of_all():.0f} s in all processes, {cluster_seconds:.0f} s of them until there was a cluster"
    )
    print(
        f"{recall:.4f} of the {len(known)} pairs that wirecopy scan lists from a Jaccard similarity of 0.5 on"
    )


def pairs(spark: SparkSession, path: Path, tables: int) -> set[tuple[str, str]]:
    """The pairs that it finds; the first of those with equal texts alone, as in the report."""
    rows = (
        spark.read.json(str(path))
        .select("id", "text")
        .groupBy("text")
        .agg(sf.min("id").alias("id"))
    )
    words = RegexTokenizer(
        inputCol="text", outputCol="words", pattern=r"[^\p{L}\p{N}]+"
    ).transform(rows)
    shingles = NGram(n=5, inputCol="words", outputCol="shingles").transform(words)
    shingles = shingles.filter(sf.size("shingles") > 0).select("id", "shingles")
    hashed = HashingTF(
        numFeatures=SLOTS, binary=True, inputCol="shingles", outputCol="features"
    ).transform(shingles)
    hashed = hashed.select("id", "features").cache()
    model = MinHashLSH(
        inputCol="features", outputCol="hashes", numHashTables=tables, seed=1
    ).fit(hashed)
    near = model.approxSimilarityJoin(hashed, hashed, 0.5).filter(
        "datasetA.id < datasetB.id"
    )
    return {
        (row[0], row[1]) for row in near.select("datasetA.id", "datasetB.id").collect()
    }


def of_scan(path: Path) -> set[tuple[str, str]]:
    """The near duplicates of ``wirecopy scan``."""
    command = [driver.WIRECOPY, "scan", str(path), "--format", "jsonl", "--quiet"]
    lines = subprocess.run(
        command, capture_output=True, check=True, text=True
    ).stdout.splitlines()
    rows = (json.loads(line) for line in lines)
    near = (row for row in rows if row["type"] == "pair" and row["jaccard"] > 0.5)
    return {(min(row["a"], row["b"]), max(row["a"], row["b"])) for row in near}


if __name__ == "__main__":
    main()

"""One cluster for all tests, and one session on it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from cluster import Cluster, running
from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A master and two workers."""
    with running() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def spark(cluster: Cluster) -> Iterator[SparkSession]:
    """A driver on the cluster."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.appName("wirecopy tests")
    for name, value in cluster.spark_conf().items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()

"""One cluster for all tests, and a session on it for those that need one."""

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


@pytest.fixture(scope="module")
def spark(cluster: Cluster) -> Iterator[SparkSession]:
    """A driver on the cluster. It is stopped with its module, as it holds the two
    cores that jobs of other modules wait for.
    """
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.appName("wirecopy tests")
    for name, value in cluster.spark_conf().items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()

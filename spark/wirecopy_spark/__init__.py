"""wirecopy on Apache Spark: the findings of ``wirecopy scan``, from a cluster.

Spark moves and sorts rows; every decision is the library's own Rust code, which
the ``wirecopy`` wheel applies to Arrow record batches.
"""

from pathlib import Path

#: What ``spark-submit`` is told to run.
SUBMIT = str(Path(__file__).with_name("__main__.py"))

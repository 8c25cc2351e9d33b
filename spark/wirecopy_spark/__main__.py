"""``python -m wirecopy_spark``, and what ``spark-submit`` runs."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence

from wirecopy_spark import options

#: What JVMs are begun with, unless the user says otherwise. The driver plans and
#: waits, and executors sort and move rows for the Python workers beside them: for
#: hundreds of thousands of documents, to compile that for speed takes more processor
#: time than it saves.
JVM = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}


#: The same for a job of one task, whose heaps hold next to nothing: a collector with
#: threads of its own would be begun for nothing.
JVM_OF_ONE_TASK = {name: f"{options} -XX:+UseSerialGC" for name, options in JVM.items()}


def one_executor(settings: Mapping[str, str]) -> dict[str, str]:
    """What keeps a job of one task from beginning what it has no work for."""
    cores = settings.get("spark.executor.cores", settings.get("spark.task.cpus", "1"))
    return JVM_OF_ONE_TASK | {
        "spark.executor.cores": cores,
        "spark.executor.instances": "1",
        "spark.cores.max": cores,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the job; 0 if it is done, 1 if it could not be, 2 if it was asked wrongly."""
    asked = options.parse(arguments)
    settings = options.settings_of(asked)
    try:
        decided = options.asked_of(asked)
    except ValueError as error:
        print(f"wirecopy_spark: {error}", file=sys.stderr)
        return 2
    # Here and not above: help needs no Spark.
    from pyspark.sql import SparkSession

    from wirecopy_spark.inputs import local_bytes
    from wirecopy_spark.job import Job, Room
    from wirecopy_spark.store import Refused

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("wirecopy")
    # By spark-submit there is a JVM already, and its options choose.
    ours = {} if "PYSPARK_GATEWAY_PORT" in os.environ else JVM
    size_bytes = local_bytes([*asked.input, *decided.against])
    if ours and size_bytes is not None and size_bytes <= asked.whole_mb << 20:
        ours = ours | one_executor(settings)
    for name, value in (ours | settings).items():
        builder = builder.config(name, value)
    since = time.monotonic()
    spark = builder.getOrCreate()
    try:
        job = Job(
            spark,
            asked.input,
            asked.output,
            params=decided.params,
            reading=decided.reading,
            against=decided.against,
            work=asked.work,
            partitions=asked.partitions,
            room=Room(asked.whole_mb, asked.memory_mb, asked.one_task_mb),
            tell=lambda text: print(
                f"wirecopy_spark: {text}", file=sys.stderr, flush=True
            ),
        )
        job.run()
    except Refused as error:
        print(f"wirecopy_spark: {error}", file=sys.stderr)
        return 1
    except ValueError as error:
        print(f"wirecopy_spark: {error}", file=sys.stderr)
        return 2
    finally:
        spark.stop()
    print(
        f"wirecopy_spark: {asked.output}, {time.monotonic() - since:.0f} s",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

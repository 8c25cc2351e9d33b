"""The command line: the options of ``wirecopy scan`` that decide results, and where
to work. Their values are checked by the library, not here."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

#: Megabytes that one task sorts and joins rather than that they are shuffled. A
#: shuffle of less takes longer than it saves: it is two more stages of Spark, to be
#: planned, compiled and begun on every executor.
ONE_TASK_MB = 64

#: Options of detection: name, placeholder, what it says.
DETECTION = (
    ("--shingle-len", "N", "tokens in a shingle"),
    ("--num-hashes", "N", "values in a MinHash signature"),
    (
        "--min-jaccard",
        "SHARE",
        "Jaccard similarity from which a pair is a near duplicate",
    ),
    ("--min-containment", "SHARE", "coverage from which one document contains another"),
    (
        "--min-derived",
        "SHARE",
        "coverage of the shorter from which a pair are versions of one text",
    ),
    ("--min-passage-tokens", "N", "tokens from which a shared passage counts"),
    (
        "--min-repeat-tokens",
        "N",
        "tokens from which a passage that recurs in a document counts",
    ),
)

_EXAMPLES = """\
examples:
  python -m wirecopy_spark hdfs:///crawl/2026 -o hdfs:///findings --master spark://host:7077
  spark-submit --master yarn "$(python -c 'import wirecopy_spark; print(wirecopy_spark.SUBMIT)')" \\
      hdfs:///crawl/2026 -o hdfs:///findings
  wirecopy render FINDINGS --format html -o report.html
"""


def parser() -> argparse.ArgumentParser:
    """What is understood on the command line."""
    parser = argparse.ArgumentParser(
        prog="wirecopy_spark",
        description="Finds near-duplicate and syndicated documents on Apache Spark: the findings of "
        "`wirecopy scan`, as Parquet tables that `wirecopy render` makes reports of.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "input",
        nargs="+",
        help="file, folder or pattern on any file system that Hadoop knows; .jsonl and .ndjson are "
        "read by lines, other files as a whole, in every form that `wirecopy scan` reads",
    )
    parser.add_argument(
        "-o", "--output", required=True, metavar="DIR", help="where the tables go"
    )
    parser.add_argument(
        "--work",
        metavar="DIR",
        help="where stages keep what they made, so that a run that was ended goes on "
        "[default: DIR/_work of the output]",
    )
    parser.add_argument(
        "--master", metavar="URL", help="the cluster [default: what spark-submit says]"
    )
    parser.add_argument(
        "--partitions",
        type=int,
        metavar="N",
        help="tasks of a stage [default: spark.sql.shuffle.partitions]",
    )
    parser.add_argument(
        "--one-task-mb",
        type=int,
        default=ONE_TASK_MB,
        metavar="MB",
        help="what one task does in the place of a shuffle: as many megabytes of keys or texts "
        "[default: %(default)s]",
    )
    parser.add_argument(
        "--conf",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of Spark (repeatable)",
    )
    reading = parser.add_argument_group("reading, as in `wirecopy scan`")
    reading.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="FIELD=PATH",
        help="where records have a field: text, id, title, url, source, published or language, "
        "such as text=article.body (repeatable)",
    )
    reading.add_argument(
        "--max-document-bytes",
        type=int,
        default=0,
        metavar="BYTES",
        help="skip documents of more bytes than this",
    )
    detection = parser.add_argument_group("detection, as in `wirecopy scan`")
    detection.add_argument(
        "--level", metavar="LEVEL", help="passages, or documents as a whole alone"
    )
    detection.add_argument(
        "--noise",
        metavar="NOISE",
        help="documents compared by letters: auto, clean or ocr",
    )
    detection.add_argument(
        "--count", metavar="KINDS", help="kinds of passages that count beside copies"
    )
    for name, value, text in DETECTION:
        detection.add_argument(name, metavar=value, help=text)
    return parser


def params_of(options: argparse.Namespace) -> dict[str, object]:
    """The parameters that were typed, as the library takes them."""
    params: dict[str, object] = {}
    for name in ("level", "noise"):
        if getattr(options, name) is not None:
            params[name] = getattr(options, name)
    if options.count is not None:
        params["count"] = [kind.strip() for kind in options.count.split(",")]
    for name, _, _ in DETECTION:
        key = name.removeprefix("--").replace("-", "_")
        if getattr(options, key) is not None:
            params[key] = _number(getattr(options, key))
    return params


def reading_of(options: argparse.Namespace) -> dict[str, object]:
    """How documents are read, as the library takes it; what was not typed is left out."""
    given = {"fields": options.field, "max_document_bytes": options.max_document_bytes}
    return {name: value for name, value in given.items() if value}


def settings_of(options: argparse.Namespace) -> dict[str, str]:
    """The settings of Spark that were typed."""
    settings = {}
    for text in options.conf:
        name, equals, value = text.partition("=")
        if not equals:
            parser().error(
                f"--conf {text}: expected NAME=VALUE, such as spark.executor.memory=4g"
            )
        settings[name] = value
    if options.master is not None:
        settings["spark.master"] = options.master
    return settings


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line as typed."""
    return parser().parse_args(arguments)


def _number(text: str) -> object:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text

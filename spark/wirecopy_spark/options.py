"""The command line: the options of ``wirecopy scan`` that decide results, and where
to work. Their values are checked by the library, not here."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass

from wirecopy import _core

#: Megabytes that one task sorts and joins rather than that they are shuffled. A
#: shuffle of less takes longer than it saves: it is two more stages of Spark, to be
#: planned, compiled and begun on every executor.
ONE_TASK_MB = 64

#: Megabytes of input up to which one task tells all of it: some half a minute of one
#: core, in which the stages of Spark have not begun to compare.
WHOLE_MB = 1024

#: Megabytes of memory of that task. Texts of more than a quarter of it are in
#: temporary files.
MEMORY_MB = 512

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
        "--whole-mb",
        type=int,
        default=WHOLE_MB,
        metavar="MB",
        help="an input of up to so many megabytes is told by one task, without stages "
        "[default: %(default)s]",
    )
    parser.add_argument(
        "--memory-mb",
        type=int,
        default=MEMORY_MB,
        metavar="MB",
        help="memory of that task, beside Python: more goes to temporary files "
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
        "--config",
        metavar="FILE",
        help="settings in TOML, on the disk of the driver: options of the command by their names, "
        "publishers with several hosts, and agencies",
    )
    reading.add_argument(
        "--max-document-bytes",
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
    limits = parser.add_argument_group(
        "limits on pairs, as in `wirecopy scan`, which one task keeps to"
    )
    limits.add_argument(
        "--against",
        nargs="+",
        default=[],
        metavar="PATH",
        help="only what matches between the input and these: who republished mine?",
    )
    limits.add_argument(
        "--within",
        metavar="TIME",
        help="only pairs published at most so far apart, such as 72h or 1d12h",
    )
    limits.add_argument(
        "--across-sources-only",
        action="store_true",
        help="only pairs of different publishers",
    )
    return parser


#: Options that the command has too, with a value each.
_OF_COMMAND = (
    *("--level", "--noise", "--count", "--within", "--config", "--max-document-bytes"),
    *(name for name, _, _ in DETECTION),
)


@dataclass(frozen=True)
class Asked:
    """What decides results."""

    params: dict[str, object]
    #: How documents are read.
    reading: dict[str, object]
    #: Paths of the other side.
    against: list[str]


def asked_of(options: argparse.Namespace) -> Asked:
    """What was typed and what the file of settings says, checked by the command's own
    code.

    Raises :class:`ValueError` in its words.
    """
    typed = [f"--field={field}" for field in options.field]
    typed += [f"--against={path}" for path in options.against]
    typed += ["--across-sources-only"] * options.across_sources_only
    for name in _OF_COMMAND:
        value = getattr(options, name.removeprefix("--").replace("-", "_"))
        if value is not None:
            typed.append(f"{name}={value}")
    return Asked(**json.loads(_core.asked(typed)))


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

"""Near-duplicate and syndicated documents: copies, shared passages, who was first.

``scan`` makes the report on a collection as tables of pyarrow. ``wirecopy.steps``
has the stages one by one, for engines that shuffle by themselves.
"""

import json
import os
from collections import namedtuple

import pyarrow as pa
import pyarrow.compute as pc

from wirecopy import _core, steps
from wirecopy._core import __version__

__all__ = ["Tables", "__version__", "scan", "steps"]

#: The tables of a report, each a ``pyarrow.Table``; their columns are those of
#: ``wirecopy scan --format parquet``.
Tables = namedtuple(
    "Tables",
    "params documents pairs passages clusters members publishers sources repeats exact_groups skipped",
)


def scan(source, *, fields=None, max_document_bytes=0, **params):
    """The report on a collection, as :class:`Tables`.

    ``source`` is a path or a list of paths (files, folders, globs), as the
    command takes them; or a table: anything that ``pyarrow.table`` takes, that
    has ``__arrow_c_stream__`` (Polars, DuckDB, pandas 3 and others), or whose
    ``arrow`` or ``data.table`` is one (DuckDB, Hugging Face datasets). Of a table
    each row is a document. Its columns go by the names that feeds use (``text``,
    ``content``, ``title``, ``url``, ``source``, ``published`` and others);
    ``fields={"text": "my_column"}`` says otherwise.

    ``params`` are those of a report (``min_jaccard=0.7``, ``level="documents"``,
    ``within_s=86400``), checked as the command checks them.
    """
    params = steps.params(params)
    settings = {"fields": [f"{field}={path}" for field, path in (fields or {}).items()]}
    settings["max_document_bytes"] = max_document_bytes
    settings = json.dumps(settings)
    paths = [source] if isinstance(source, (str, os.PathLike)) else source
    if isinstance(paths, (list, tuple)) and all(
        isinstance(path, (str, os.PathLike)) for path in paths
    ):
        found = _core.scan_paths([os.fspath(path) for path in paths], params, settings)
    else:
        found = _core.scan_rows(_texts(_table(source)).to_batches(), params, settings)
    return Tables(
        **{
            name: pa.Table.from_batches(batches, schema)
            for name, schema, batches in found
        }
    )


def _table(source):
    """A table of pyarrow from what holds one."""
    if isinstance(source, pa.Table):
        return source
    if isinstance(source, pa.RecordBatch):
        return pa.Table.from_batches([source])
    if hasattr(source, "__arrow_c_stream__"):
        return pa.table(source)
    inner = getattr(getattr(source, "data", None), "table", None)
    if isinstance(inner, pa.Table):
        return inner
    if type(source).__module__.split(".")[0] == "pandas":
        return pa.Table.from_pandas(source, preserve_index=False)
    return pa.table(source)


def _texts(table):
    """The columns of a table that texts can be made of, as texts."""
    columns = {}
    for name, column in zip(table.column_names, table.columns):
        kind = column.type
        if pa.types.is_dictionary(kind):
            column = pc.cast(column, kind.value_type)
        if (
            not pa.types.is_nested(kind)
            and not pa.types.is_binary(kind)
            and not pa.types.is_large_binary(kind)
        ):
            columns[name] = pc.cast(column, pa.large_string())
    return pa.table(columns)

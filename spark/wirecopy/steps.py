"""The stages of wirecopy over Arrow record batches.

A step takes the rows of one partition and gives others; between two steps an
engine moves rows so that those of one key lie together, sorted. ``step`` gives a
function from batches to batches, as ``DataFrame.mapInArrow`` of Spark calls it.
"""

import json

import pyarrow as pa

from wirecopy import _core
from wirecopy._core import Fault, needs_letters, noise_sample
from wirecopy._core import is_scanned as _is_scanned

__all__ = [
    "Fault",
    "is_scanned",
    "needs_letters",
    "noise_sample",
    "noise_words",
    "params",
    "params_table",
    "schema",
    "step",
    "table_schema",
]


def params(given=None):
    """The complete parameters as JSON, checked; ``given`` is a dict, JSON or nothing."""
    if given is None:
        given = {}
    return _core.params(given if isinstance(given, str) else json.dumps(given))


def step(name, given=None, words=None, **settings):
    """A function from an iterator of batches to one of batches.

    ``given`` are the parameters, ``settings`` what the step is told beside them.
    What is wrong with these is told now, by a ``ValueError``. A fault of the library
    itself is told by a ``Fault``, once that is met.
    """
    given, settings = params(given), json.dumps(settings)
    _core.Step(name, given, settings, words)

    def run(batches):
        one = _core.Step(name, given, settings, words)
        for batch in batches:
            yield from one.push(batch)
            yield from _more(one)
        yield from one.finish()
        yield from _more(one)

    return run


def _more(one):
    """What is ready beside, made as it is taken."""
    while batches := one.more():
        yield from batches


def schema(name, given=None, words=None, **settings):
    """The columns of what a step gives."""
    return _core.Step(name, params(given), json.dumps(settings), words).schema


def noise_words(sample, documents, bytes):
    """The words of a sample (``noise_sample`` says which documents), counted."""
    return _core.noise_words(sample.to_batches(), documents, bytes)


def params_table(given=None):
    """The table ``params`` of a report."""
    _, columns, batches = _core.params_table(params(given))
    return pa.Table.from_batches(batches, columns)


def table_schema(name):
    """The columns of a table of reports."""
    return _core.table_schema(name)


def is_scanned(words, misread, size_bytes, given=None):
    """Whether a collection of so many bytes of text was scanned, by its sums of
    noise_words and noise_misread."""
    return _is_scanned(words, misread, size_bytes, params(given))

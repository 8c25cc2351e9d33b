#!/usr/bin/env python3
"""Entries that one dictionary took over from another: rewritten prose, labelled by itself.

    benches/hard/entries.py FOLDER docs.jsonl pairs.tsv

FOLDER has `foldoc` and `jargon` as Debian packages them (`dict-foldoc`,
`dict-jargon`: `.index` and `.dict.dz` below `usr/share/dictd`). Writes each entry of
30 words or more as a document with its dictionary as source, and as pairs the
entries of one headword where that of FOLDOC names the Jargon File at its end: it
had version 3.0.0 of 1993, and the other is 4.4.7 of 2003. Entries under one
headword without that name, or of other headwords, have no label.
"""

import gzip
import json
import pathlib
import re
import sys

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
LEAST_WORDS = 30


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    folder, docs, pairs = sys.argv[1:]
    found = {name: entries(pathlib.Path(folder), name) for name in ("foldoc", "jargon")}
    with open(docs, "w", encoding="utf-8") as out:
        for name, by_word in found.items():
            for word, text in by_word.items():
                line = {"id": f"{name}/{word}", "source": name, "text": text}
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
    with open(pairs, "w", encoding="utf-8") as out:
        for word, text in found["foldoc"].items():
            if word in found["jargon"] and re.search(r"\[\s*\{Jargon\s+File\}", text):
                out.write(f"foldoc/{word}\tjargon/{word}\t1\n")


def entries(folder, name):
    """The text of each headword, by its index."""
    with gzip.open(folder / f"{name}.dict.dz") as file:
        data = file.read()
    found, seen = {}, set()
    for line in (folder / f"{name}.index").read_text(encoding="utf-8").splitlines():
        word, start, length = line.split("\t")[:3]
        place = (number(start), number(length))
        text = data[place[0] : sum(place)].decode("utf-8", "replace").strip()
        # The first of several headwords of one entry.
        if place in seen or word.startswith("00-database") or len(text.split()) < LEAST_WORDS:
            continue
        seen.add(place)
        found.setdefault(word.casefold(), text)
    return found


def number(digits):
    """A number as dictd writes it: base 64, most significant digit first."""
    value = 0
    for digit in digits:
        value = value * 64 + DIGITS.index(digit)
    return value


if __name__ == "__main__":
    main()

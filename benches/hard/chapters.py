#!/usr/bin/env python3
"""Chapters of two versions of one book: rewritten prose, labelled by itself.

    SWORD_PATH=FOLDER benches/hard/chapters.py MODULE MODULE docs.jsonl pairs.tsv

Reads two modules of SWORD (`sword-text-kjv` and `sword-text-web` as Debian
packages them, non-free and main) with `diatheke` and writes each chapter as a
document with its version as source, and the pairs of equal chapters as copies.
Other chapters may tell the same too, and have no label.
"""

import json
import re
import subprocess
import sys

BOOKS = (
    "Gen Exod Lev Num Deut Josh Judg Ruth 1Sam 2Sam 1Kgs 2Kgs 1Chr 2Chr Ezra Neh Esth Job Ps Prov "
    "Eccl Song Isa Jer Lam Ezek Dan Hos Joel Amos Obad Jonah Mic Nah Hab Zeph Hag Zech Mal Matt Mark "
    "Luke John Acts Rom 1Cor 2Cor Gal Eph Phil Col 1Thess 2Thess 1Tim 2Tim Titus Phlm Heb Jas 1Pet "
    "2Pet 1John 2John 3John Jude Rev"
).split()

# A verse: "Genesis 1:1: ", and what follows up to the next one.
VERSE = re.compile(r"(?m)^[^\n:]*? (\d+):\d+:(.*(?:\n(?![^\n:]*? \d+:\d+:).*)*)")


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    first, second, docs, pairs = sys.argv[1:]
    ids = {}
    with open(docs, "w", encoding="utf-8") as out:
        for module in (first, second):
            for book in BOOKS:
                for number, verses in chapters(module, book).items():
                    name = f"{module}/{book}/{number:03}"
                    ids.setdefault((book, number), []).append(name)
                    line = {"id": name, "source": module, "text": "\n".join(verses)}
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")
    with open(pairs, "w", encoding="utf-8") as out:
        for both in ids.values():
            if len(both) == 2:
                out.write(f"{both[0]}\t{both[1]}\t1\n")


def chapters(module, book):
    """The verses of a book by chapter."""
    command = ["diatheke", "-b", module, "-f", "plain", "-k", book]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = {}
    for number, verse in VERSE.findall(output):
        verse = " ".join(re.sub(r"<[^>]*>", "", verse).split()).replace(f"({module})", "").strip()
        if verse:
            found.setdefault(int(number), []).append(verse)
    return found


if __name__ == "__main__":
    main()

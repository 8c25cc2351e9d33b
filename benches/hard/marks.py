#!/usr/bin/env python3
"""Copies without accents and vowel signs, and their labels.

    benches/hard/marks.py IN.jsonl OUT.jsonl PAIRS.tsv [SEED]
    wirecopy scan OUT.jsonl --format json -o report.json
    wirecopy eval --truth PAIRS.tsv --truth-kind pairs report.json

Takes 300 texts of 1,500 to 8,000 characters by SEED (1), and puts every fifth
in again without marks, as outlets write that have plain letters only: what NFD
makes a combining mark of goes, and đ, ł and ı become d, l and i. A pair of a
text and its copy is labelled 1, one of a copy and the text behind it 0.
"""

import json
import random
import sys
import unicodedata

LEAST, MOST, TEXTS, EACH = 1_500, 8_000, 300, 5
PLAIN = str.maketrans("đĐłŁı", "dDlLi")


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    source, feed, pairs = sys.argv[1:4]
    with open(source, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    texts = [text for text in texts if LEAST < len(text) < MOST]
    random.Random(int(sys.argv[4]) if len(sys.argv) == 5 else 1).shuffle(texts)
    texts = texts[:TEXTS]
    with open(feed, "w", encoding="utf-8") as out, open(pairs, "w", encoding="utf-8") as labels:
        for number, text in enumerate(texts):
            print(json.dumps({"id": f"text-{number}", "text": text}, ensure_ascii=False), file=out)
            if number % EACH == 0:
                copy = {"id": f"copy-{number}", "text": without_marks(text)}
                print(json.dumps(copy, ensure_ascii=False), file=out)
                print(f"copy-{number}\ttext-{number}\t1", file=labels)
                print(f"copy-{number}\ttext-{(number + 1) % len(texts)}\t0", file=labels)


def without_marks(text):
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare).translate(PLAIN)


if __name__ == "__main__":
    main()

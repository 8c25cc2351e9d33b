"""JSONL -> the same with mostly non-ASCII punctuation in its texts.

    python3 punctuation.py IN.jsonl OUT.jsonl

Quotes, apostrophes, dashes and ellipses become typographic ones, as an editor
sets them, and rules and tables box drawings; commas, colons, brackets and the
ends of sentences become the wide forms of East Asian texts. That is more than
one text has of either, and meant to be: hardly a word is followed by ASCII
punctuation. Points, colons and slashes inside numbers and names (3.14,
a.example) stay; words stay what they are, between other marks. Prints how much
of the punctuation is no longer ASCII.
"""

import json
import re
import sys
from collections import Counter

# In this order; what a later rule sees is what the earlier ones left.
RULES = [
    (re.compile(r"\.{3,}"), "\u2026"),
    (re.compile(r"(?<=\w)'(?=\w)"), "\u2019"),
    (re.compile(r"(^|(?<=[\s(\[{\u2014/=]))'"), "\u2018"),
    (re.compile(r"'"), "\u2019"),
    (re.compile(r'(^|(?<=[\s(\[{\u2018\u2014/=]))"'), "\u201c"),
    (re.compile(r'"'), "\u201d"),
    (re.compile(r"(?<=[\s\w])--(?=[\s\w])"), "\u2014"),
    (re.compile(r"-{2,}|(?<=\+)-(?=\+)"), lambda run: "\u2500" * len(run[0])),
    (re.compile(r"={2,}"), lambda run: "\u2550" * len(run[0])),
    (re.compile(r"\+(?=\u2500)|(?<=\u2500)\+"), "\u253c"),
    (re.compile(r"\|"), "\u2502"),
    (re.compile(r"(?<=\s)-(?=\s)"), "\u2013"),
    (re.compile(r"(?<=\d)-(?=\d)"), "\u2013"),
    (re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])"), "\u2010"),
    (re.compile(r"\.(?=[\s)\]\u201d\u2019]|$)"), "\u3002"),
    (re.compile(r":(?=\s|$)"), "\uff1a"),
]
WIDE = str.maketrans({",": "\uff0c", ";": "\uff1b", "(": "\uff08", ")": "\uff09", "?": "\uff1f", "!": "\uff01",
                      "[": "\u3010", "]": "\u3011"})
PUNCTUATION = re.compile(r"[^\w\s]")


def typographic(text):
    for pattern, mark in RULES:
        text = pattern.sub(mark, text)
    return text.translate(WIDE)


def main():
    source, out = sys.argv[1:]
    marks = Counter()
    with open(source, encoding="utf-8") as lines, open(out, "w", encoding="utf-8") as file:
        for line in lines:
            record = json.loads(line)
            record["text"] = typographic(record["text"])
            marks.update(mark.isascii() for mark in PUNCTUATION.findall(record["text"]))
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    print(f"{marks[False] / max(marks.total(), 1):.0%} of {marks.total()} marks are not ASCII", file=sys.stderr)


if __name__ == "__main__":
    main()

"""RFC texts of Debian's doc-rfc-* packages -> JSONL of articles of about 2.3 kB.

    python3 rfc_pieces.py FOLDER_OF_DEBS OUT.jsonl

An article is a run of whole paragraphs of one RFC; its id is rfc1234-07. What
a reader would not call text is left out: page headers and footers, tables of
contents, and the legal sections that thousands of RFCs share word for word.
Left margins go, line ends stay. RFCs come in families (a text and those it
made obsolete, which are versions of it) and the families in a drawn order, so
that the first n articles are a sample with the share of near duplicates of the
whole.
"""

import gzip
import hashlib
import json
import random
import re
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path

# Bytes of an article: drawn from this range, so that they average 2.3 kB.
ARTICLE_BYTES = (1_200, 3_400)
# A rest below this many bytes stays with the article before it.
LEAST_REST = 800
# A paragraph (a table, a grammar) above this many bytes is cut between lines.
LONGEST_PARAGRAPH = 3_000
# Pages on which the same first or last line makes it a header or footer.
FURNITURE_PAGES = 3

FURNITURE = re.compile(r"\[Page\s+[\divxlc]+\]\s*$|^RFC[ #-]*\d+\s{2,}.*(19|20)\d\d\s*$", re.IGNORECASE)
NUMBER = re.compile(r"\d+|\b[ivxlc]+\b")
LEGAL_HEADING = re.compile(
    r"^(\d+\.?\s+)?(status of this memo|copyright( notice| statement)?|full copyright statement|table of contents"
    r"|contents|intellectual property.*|ipr .*notices?|disclaimer.*|ietf stream|iesg note.*)\s*[.:]?\s*$",
    re.IGNORECASE,
)
LEGAL_WORDS = re.compile(
    r"Distribution of this (memo|document) is unlimited|Copyright \([Cc]\) (The )?(Internet|IETF)|All Rights Reserved"
    r"|Funding for the RFC Editor|subject to BCP 78|Internet Engineering Task Force \(IETF\)"
    r"|This (document and the )?information contained herein|Internet Standards Process"
    r"|limited permissions granted above|specifies an Internet standards track protocol"
    r"|provides information for the Internet community",
)
CONTENTS_LINE = re.compile(r"(\. ?){4,}\s*\w+\s*$")
MONTHS = "January February March April May June July August September October November December".split()


def read(folder):
    """RFC number -> (text, facts) of all packages."""
    texts, facts = {}, {}
    for package in sorted(Path(folder).glob("doc-rfc-*.deb")):
        unpack = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE)
        with tarfile.open(fileobj=unpack.stdout, mode="r|") as tar:
            for entry in tar:
                name = re.search(r"/rfc0*(\d+)\.(txt\.gz|txt|json)$", entry.name)
                if not name or not entry.isfile():
                    continue
                number, data = int(name[1]), tar.extractfile(entry).read()
                if name[2] == "json":
                    facts[number] = json.loads(data)
                else:
                    texts[number] = decode(gzip.decompress(data) if name[2] == "txt.gz" else data)
        if unpack.wait() != 0:
            sys.exit(f"rfc_pieces: dpkg-deb cannot read {package}")
    return texts, facts


def decode(data):
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def pages(text):
    """Lines of every page, without blank lines at its ends, headers and footers."""
    kept = []
    for page in text.replace("\r", "").replace("\0", "").expandtabs().split("\f"):
        lines = [line.rstrip() for line in page.split("\n")]
        while lines and not lines[-1]:
            lines.pop()
        while lines and not lines[0]:
            lines.pop(0)
        if lines:
            kept.append(lines)
    shape = lambda line: NUMBER.sub("0", line)
    ends = Counter(shape(line) for page in kept for line in {page[0], page[-1]})
    is_furniture = lambda line: FURNITURE.search(line) or ends[shape(line)] >= FURNITURE_PAGES
    for lines in kept:
        while lines and (not lines[-1] or is_furniture(lines[-1])):
            lines.pop()
        while lines and (not lines[0] or is_furniture(lines[0])):
            lines.pop(0)
    return [lines for lines in kept if lines]


def paragraphs(text):
    """Paragraphs as lists of lines; one that goes on over a page is one."""
    found = [[]]
    for page in pages(text):
        if not page[0].lstrip()[:1].islower():
            found.append([])
        for line in page:
            if line:
                found[-1].append(line)
            else:
                found.append([])
    return [lines for lines in found if lines]


def is_contents(lines):
    return sum(bool(CONTENTS_LINE.search(line)) for line in lines) * 2 > len(lines)


def prose(text):
    """Paragraphs that are text, each with its margin taken off."""
    in_legal = False
    for lines in paragraphs(text):
        if not lines[0].startswith(" "):
            in_legal = bool(LEGAL_HEADING.match(lines[0]))
        if in_legal or is_contents(lines):
            continue
        margin = min(len(line) - len(line.lstrip()) for line in lines)
        paragraph = "\n".join(line[margin:] for line in lines)
        if LEGAL_WORDS.search(paragraph):
            continue
        while len(paragraph) > LONGEST_PARAGRAPH:
            end = paragraph.rfind("\n", 0, LONGEST_PARAGRAPH)
            end = end if end > 0 else LONGEST_PARAGRAPH
            yield paragraph[:end]
            paragraph = paragraph[end:].lstrip("\n")
        yield paragraph


def articles(number, text):
    """The text cut into articles."""
    draw = random.Random(number)
    cut, taken, size, wanted = [], [], 0, draw.randint(*ARTICLE_BYTES)
    for paragraph in prose(text):
        length = len(paragraph.encode()) + 2
        # Where the paragraph overshoots more than leaving it out falls short.
        if taken and size + length / 2 > wanted:
            cut.append("\n\n".join(taken))
            taken, size, wanted = [], 0, draw.randint(*ARTICLE_BYTES)
        taken.append(paragraph)
        size += length
    if taken and cut and size < LEAST_REST:
        cut[-1] += "\n\n" + "\n\n".join(taken)
    elif taken:
        cut.append("\n\n".join(taken))
    return cut


def families(numbers, facts):
    """RFC numbers, those connected by "obsoletes" side by side, in a drawn order."""
    parent = {number: number for number in numbers}

    def root(number):
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for number in numbers:
        for other in facts.get(number, {}).get("obsoletes", []):
            name = re.fullmatch(r"RFC0*(\d+)", other)
            if name and int(name[1]) in parent:
                a, b = sorted((root(number), root(int(name[1]))))
                parent[b] = a
    drawn = lambda number: hashlib.sha256(f"family {root(number)}".encode()).digest()
    return sorted(numbers, key=lambda number: (drawn(number), number))


def published(facts):
    """"June 1999" as 1999-06-01."""
    words = facts.get("pub_date", "").split()
    if len(words) == 2 and words[0] in MONTHS and words[1].isdigit():
        return f"{words[1]}-{MONTHS.index(words[0]) + 1:02}-01"
    return None


def main():
    folder, out = sys.argv[1:]
    texts, facts = read(folder)
    count = size = 0
    with open(out, "w", encoding="utf-8") as file:
        for number in families(sorted(texts), facts):
            about = facts.get(number, {})
            for place, text in enumerate(articles(number, texts[number])):
                record = {"id": f"rfc{number}-{place:02}", "text": text}
                if title := about.get("title", "").strip():
                    record["title"] = title
                if date := published(about):
                    record["published"] = date
                record["url"] = f"https://www.rfc-editor.org/rfc/rfc{number}"
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                count, size = count + 1, size + len(text.encode())
    print(f"{len(texts)} RFCs, {count} articles, {size} bytes of text, {size // max(count, 1)} on average", file=sys.stderr)


if __name__ == "__main__":
    main()

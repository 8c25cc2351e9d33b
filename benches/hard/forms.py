#!/usr/bin/env python3
"""Copies in the forms that scrapers leave behind, and how many are found.

    benches/hard/forms.py IN.jsonl FOLDER [OPTIONS]

    --form NAME      only this form (may be given again); all without
    --copies N       copies of each form (80)
    --texts N        texts of the collection that they are planted into (1,200)
    --seed N         of all that is drawn (1)
    --scan BINARY    scan each with this wirecopy and print a table
    --arg ARG        another argument of scan, such as --arg=--noise=clean

Writes FOLDER/FORM/docs.jsonl and pairs.tsv for each form by itself: the texts,
set in paragraphs with the quotation marks and dashes of print, and copies of
some of them in that form. A copy and its text are labelled 1, a copy and
another text 0. What has parts (pages of one story, two stories on one page, a
newsletter of ten) has labels for its parts as well. Texts made of one
template with other facts are labelled 0 among each other.

The table says of the pairs labelled 1 how many are united (in one cluster or
group of identical documents), how many more share a passage, how many more
are listed with a kind that unites nothing, and how many are missing; and of
those labelled 0 how many are united.
"""

import argparse
import collections
import itertools
import json
import pathlib
import random
import re
import subprocess
import sys

import forms_text as damage

LEAST, MOST = 900, 7_000


def main():
    given = arguments()
    texts = collection(given)
    print("| form | pairs | united | or share | listed | missed | of other texts united |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    for name in given.form or list(FORMS):
        folder = given.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        documents, labels = FORMS[name](random.Random(f"{name} {given.seed}"), texts, given.copies)
        with open(folder / "docs.jsonl", "w", encoding="utf-8") as out:
            for one, text in documents:
                record = {"id": one, "source": f"{one}.example", "text": text}
                print(json.dumps(record, ensure_ascii=False), file=out)
        with open(folder / "pairs.tsv", "w", encoding="utf-8") as out:
            for a, b, is_copy in labels:
                print(a, b, int(is_copy), sep="\t", file=out)
        if given.scan:
            print(row(name, labels, scanned(given, folder)), flush=True)


def arguments():
    parse = argparse.ArgumentParser(usage=__doc__)
    parse.add_argument("input", type=pathlib.Path)
    parse.add_argument("folder", type=pathlib.Path)
    parse.add_argument("--form", action="append", choices=FORMS)
    parse.add_argument("--copies", type=int, default=80)
    parse.add_argument("--texts", type=int, default=1_200)
    parse.add_argument("--seed", type=int, default=1)
    parse.add_argument("--scan", type=lambda path: pathlib.Path(path).resolve())
    parse.add_argument("--arg", action="append", default=[])
    return parse.parse_args()


def collection(given):
    """Texts of prose, in paragraphs without line breaks."""
    texts = []
    with open(given.input, encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            if len(re.findall(r"(?m)^\s*[>|:]", text)) < 3:
                text = damage.in_paragraphs(text)
                if LEAST < len(text) < MOST:
                    texts.append(text)
    texts = list(dict.fromkeys(texts))
    random.Random(given.seed).shuffle(texts)
    return texts[: given.texts]


def scanned(given, folder):
    report = folder / "report.json"
    command = [given.scan, "scan", folder / "docs.jsonl", "--format", "json", "--quiet", "-o", report, *given.arg]
    subprocess.run([str(part) for part in command], check=True)
    return json.loads(report.read_text(encoding="utf-8"))


def row(name, labels, report):
    pairs = {frozenset((pair["a"], pair["b"])): pair["verdict"] for pair in report["pairs"]}
    standing = {one: group["documents"][0] for group in report["exact_groups"] for one in group["documents"]}
    clusters = collections.defaultdict(set)
    for cluster in report["clusters"]:
        for member in cluster["members"]:
            clusters[member["document"]].add((cluster["id"], member["primary"]))
    counts = collections.Counter()
    for a, b, is_copy in labels:
        x, y = standing.get(a, a), standing.get(b, b)
        verdict = "exact" if x == y else pairs.get(frozenset((x, y)))
        primary = {c for c, is_primary in clusters[a] if is_primary} & {c for c, is_primary in clusters[b] if is_primary}
        if verdict == "exact" or primary:
            counts[is_copy, "united"] += 1
        elif verdict in ("near_duplicate", "contains", "contained_in", "derived", "shares_passage"):
            counts[is_copy, "share"] += 1
        else:
            counts[is_copy, "listed" if verdict else "missed"] += 1
    cells = [name, sum(labels_of_copies(labels)), *(counts[True, key] for key in ("united", "share", "listed", "missed"))]
    others = len(labels) - sum(labels_of_copies(labels))
    return f"| {' | '.join(map(str, cells))} | {counts[False, 'united']} of {others} |"


def labels_of_copies(labels):
    return (is_copy for _, _, is_copy in labels)


def copies_by(change):
    """A form in which each copy is one text, changed."""

    def form(rng, texts, count):
        documents, labels = [], []
        step = max(1, len(texts) // count)
        for number, text in enumerate(texts):
            documents.append((f"text-{number}", text))
            if number % step == 0 and len(labels) < 2 * count:
                copy = change(rng, text)
                if copy != text:
                    documents.append((f"copy-{number}", copy))
                    labels.append((f"copy-{number}", f"text-{number}", True))
                    labels.append((f"copy-{number}", f"text-{(number + 1) % len(texts)}", False))
        return documents, labels

    return form


def paginated(rng, texts, count):
    """Three pages of a story as documents, beside the whole."""
    documents, labels = plain(texts), []
    for number in drawn(rng, [t for t in range(len(texts)) if texts[t].count("\n\n") > 4], count // 3):
        parts = texts[number].split("\n\n")
        third = -(-len(parts) // 3)
        for page in range(3):
            one = f"page-{number}-{page + 1}"
            body = "\n\n".join(parts[page * third : (page + 1) * third])
            documents.append((one, f"{body}\n\nPage {page + 1} of 3\n\nNext page »"))
            labels.append((one, f"text-{number}", True))
    return documents, labels


def two_stories(rng, texts, count):
    """Two stories on one page: it has both, and they are not one."""
    documents, labels = plain(texts), []
    for a, b in in_groups(2, drawn(rng, range(len(texts)), 2 * (count // 2))):
        one = f"page-{a}-{b}"
        documents.append((one, f"{texts[a]}\n\n* * *\n\n{texts[b]}"))
        labels += [(one, f"text-{a}", True), (one, f"text-{b}", True), (f"text-{a}", f"text-{b}", False)]
    return documents, labels


def newsletter(rng, texts, count):
    """The first fifty words of ten stories in one text."""
    documents, labels = plain(texts), []
    for ten in in_groups(10, drawn(rng, range(len(texts)), 10 * (count // 10))):
        one = f"letter-{ten[0]}"
        teasers = (" ".join(texts[number].split()[:50]) + "… Read more" for number in ten)
        documents.append((one, "Good morning. Here is what you need to know today.\n\n" + "\n\n".join(teasers)))
        labels += [(one, f"text-{number}", True) for number in ten]
        labels += [(f"text-{a}", f"text-{b}", False) for a, b in itertools.combinations(ten, 2)]
    return documents, labels


def templates(rng, texts, count):
    """Forms with other facts: four kinds, no two of which are copies."""
    documents, labels = plain(texts), []
    for kind, made in damage.TEMPLATES.items():
        ones = [f"{kind}-{number}" for number in range(count // 4)]
        documents += [(one, made(rng)) for one in ones]
        labels += [(a, b, False) for a, b in itertools.combinations(ones, 2)]
    return documents, labels


def both_by(change_first, change_second):
    """A form in which two copies of one text meet that differ in style."""

    def form(rng, texts, count):
        documents, labels = [], []
        step = max(1, len(texts) // count)
        for number, text in enumerate(texts):
            if number % step == 0 and len(labels) < 2 * count:
                documents.append((f"text-{number}", change_first(rng, text)))
                documents.append((f"copy-{number}", change_second(rng, text)))
                labels.append((f"copy-{number}", f"text-{number}", True))
                labels.append((f"copy-{number}", f"text-{(number + 1) % len(texts)}", False))
            else:
                documents.append((f"text-{number}", text))
        return documents, labels

    return form


def plain(texts):
    return [(f"text-{number}", text) for number, text in enumerate(texts)]


def drawn(rng, numbers, count):
    numbers = list(numbers)
    return rng.sample(numbers, min(count, len(numbers)))


def in_groups(size, numbers):
    return [numbers[at : at + size] for at in range(0, len(numbers) - size + 1, size)]


FORMS = {name: copies_by(change) for name, change in damage.CHANGES.items()}
FORMS |= {name: both_by(*changes) for name, changes in damage.STYLES.items()}
FORMS |= {"pages": paginated, "two-stories": two_stories, "newsletter": newsletter, "templates": templates}

if __name__ == "__main__":
    main()

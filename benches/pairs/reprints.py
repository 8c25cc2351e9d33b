"""Draw passages that a report finds between different papers, and print them in
full for reading.

    python3 reprints.py PAGES.jsonl REPORT.json [--seed 1916] [--count 100]

Only passages of kind `copy` are drawn. What readers said is kept, ids and byte
ranges alone, in tests/judgements/reprints.tsv.
"""

import argparse
import json
import random


def main():
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("pages")
    parse.add_argument("report")
    parse.add_argument("--seed", type=int, default=1916)
    parse.add_argument("--count", type=int, default=100)
    given = parse.parse_args()
    texts = {page["id"]: page["text"].encode() for page in map(json.loads, open(given.pages, encoding="utf-8"))}
    passages = sorted(cross_paper(json.load(open(given.report, encoding="utf-8"))))
    random.seed(given.seed)
    for a, start_a, end_a, b, start_b, end_b, _ in random.sample(passages, given.count):
        print(a, start_a, end_a, b, start_b, end_b, sep="\t")
        for text, start, end in ((texts[a], start_a, end_a), (texts[b], start_b, end_b)):
            print("  ", " ".join(text[start:end].decode().split()))


def cross_paper(report):
    """Passages between two papers: the id of a page is its day, `/`, paper, edition, page."""

    def paper(page):
        return page.split("/")[1].split("-ed")[0]

    for pair in report["pairs"]:
        a, b = pair["a"], pair["b"]
        for passage in pair["passages"]:
            if paper(a) != paper(b) and passage["kind"] == "copy":
                yield a, *passage["a"], b, *passage["b"], passage["tokens"]


if __name__ == "__main__":
    main()

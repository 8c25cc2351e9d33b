"""Draw pairs of real documents for two people to label by reading.

    python3 draw.py [--seed N] [--each N] [--out DIR] REUTERS.jsonl NEWS.jsonl PAGES.jsonl

Draws `--each` pairs (100) of every corpus and writes, in one seeded order of
all of them:

DIR/pairs.tsv            n, corpus, id1, id2, containment, jaccard
DIR/read/batch_NN.txt    25 pairs each, numbered: what is known of the two
                         documents and their texts, without any measure of overlap
DIR/READY                how many batches there are (written last)

Overlap is that of the sets of distinct 5-word runs; words are lower-cased runs
of letters, digits and underscore, the containment is in the smaller set. It is
counted here for all pairs (through a list of documents per 5-gram, without
sketches), since the stored pairs_exact_k5.tsv begin at 0.15 and 0.3 and skip
5-grams of many documents.

Two corpora are articles, and their pairs are drawn from ten equal strata of
containment from 0.1 to 1, as many from each. The third is whole newspaper
pages: nearly all of their pairs share next to nothing as sets, so theirs are
drawn from ten strata of the longest shared region in tokens (REGION_STRATA;
how a region is built is said at `regions`), and the columns still give the
containment and Jaccard of the pages. A stratum that has too few pairs gives all
it has; the rest comes from the nearest strata, and stderr says so.

Left out: pairs of identical token sequences, and any further pair of a document
that has been drawn twice.

Texts of more than LONG characters are shown by their head and by what
surrounds the shared 5-grams, the largest places first; `[... n characters ...]`
stands for what is omitted.
"""

import argparse
import collections
import json
import pathlib
import random
import re
import sys

SHINGLE = 5
STRATA = 10
LOWEST = 0.1
# Lower bounds in tokens, in steps of about 1.6, from two lines to several columns.
REGION_STRATA = (10, 16, 25, 40, 63, 100, 158, 251, 398, 631)
# A page's 5-gram on more pages than this is an idiom, not a trace of a shared text.
MOST_PAGES = 100
# Tokens from one shared 5-gram to the next of a region, and how far the two
# distances may differ: two lines of scanned text, a word lost or split in each.
GAP, DRIFT = 40, 10
MOST_PER_DOCUMENT = 2
# Characters: a text shown whole; the head and the context of one that is not;
# and all that is shown of it.
LONG, HEAD, CONTEXT, SHOWN = 6000, 1500, 700, 5000
BATCH = 25
WORD = re.compile(r"\w+")
KNOWN = ("title", "source", "place", "published", "dateline", "author")


class Corpus:
    def __init__(self, path):
        self.name = pathlib.Path(path).stem
        with open(path, encoding="utf-8") as lines:
            self.records = [json.loads(line) for line in lines]
        numbers = {}
        self.tokens = [
            [numbers.setdefault(word.lower(), len(numbers)) for word in WORD.findall(one["text"])]
            for one in self.records
        ]
        self.sets = [set(shingles(tokens)) for tokens in self.tokens]

    def overlap(self, a, b):
        """Containment in the smaller set, and Jaccard."""
        shared = len(self.sets[a] & self.sets[b])
        smaller = min(len(self.sets[a]), len(self.sets[b]))
        union = len(self.sets[a]) + len(self.sets[b]) - shared
        return (shared / smaller, shared / union) if smaller else (0.0, 0.0)


def shingles(tokens):
    return zip(*(tokens[place:] for place in range(SHINGLE)))


def by_containment(corpus):
    """Every pair of containment LOWEST or more, by stratum."""
    strata = [[] for _ in range(STRATA)]
    for a, b, shared in shared_counts(corpus.sets):
        containment = shared / min(len(corpus.sets[a]), len(corpus.sets[b]))
        if containment >= LOWEST and corpus.tokens[a] != corpus.tokens[b]:
            strata[min(STRATA - 1, int((containment - LOWEST) / (1 - LOWEST) * STRATA))].append((a, b))
    return strata


def shared_counts(sets):
    """(a, b, shared 5-grams) of all pairs with any, a before b."""
    documents = collections.defaultdict(list)
    for number, own in enumerate(sets):
        for one in own:
            documents[one].append(number)
    places = {one: own for one, own in documents.items() if len(own) > 1}
    del documents
    for number, own in enumerate(sets):
        counts = collections.Counter()
        for one in own:
            others = places.get(one)
            if others:
                # Numbers rise in each list, so those before this one have been counted.
                counts.update(others)
        for other, shared in counts.items():
            if other > number:
                yield number, other, shared


def by_region(corpus):
    """Every pair of pages with a shared region of REGION_STRATA[0] tokens or more, by stratum of the longest."""
    places = collections.defaultdict(list)
    for number, tokens in enumerate(corpus.tokens):
        for place, one in enumerate(shingles(tokens)):
            places[one].append((number, place))
    common = {one for one, own in places.items() if len({number for number, _ in own}) > MOST_PAGES}
    strata = [[] for _ in REGION_STRATA]
    for number, tokens in enumerate(corpus.tokens):
        hits = collections.defaultdict(list)
        for place, one in enumerate(shingles(tokens)):
            if one not in common:
                for other, there in places[one]:
                    if other > number:
                        hits[other].append((place, there))
        for other, own in hits.items():
            longest = max(end - start for start, end, _, _ in regions(own))
            fitting = [stratum for stratum, lowest in enumerate(REGION_STRATA) if longest >= lowest]
            if fitting and tokens != corpus.tokens[other]:
                strata[fitting[-1]].append((number, other))
    return strata


def regions(hits):
    """Runs of shared 5-grams in the same order on both sides, as token ranges (start, end, start there, end there).

    `hits` are the places of shared 5-grams in both, by the place in the first.
    Each joins the latest region that it continues: at most GAP tokens on, by
    distances on the two sides that differ by at most DRIFT.
    """
    done, live = [], []
    for place, there in hits:
        done += [region for region in live if place - region[1] > GAP]
        live = [region for region in live if place - region[1] <= GAP]
        for region in reversed(live):
            step, other_step = place - region[1], there - region[3]
            if step > 0 and other_step > 0 and abs(step - other_step) <= DRIFT:
                region[1], region[3] = place, there
                break
        else:
            live.append([place, place, there, there])
    return [(a, b + SHINGLE, c, d + SHINGLE) for a, b, c, d in done + live]


def draw(strata, each, dice, name):
    """About as many pairs from every stratum: first its own share, then the shares that others could not fill."""
    used = collections.Counter()
    share = each // len(strata)
    queues = [dice.sample(sorted(stratum), len(stratum)) for stratum in strata]
    drawn = [take(queue, share, used) for queue in queues]
    own = [len(pairs) for pairs in drawn]
    for short, count in enumerate(own):
        missing = share - count
        for near in sorted(range(len(strata)), key=lambda other: (abs(other - short), other)):
            more = take(queues[near], missing, used)
            drawn[near] += more
            missing -= len(more)
    report = ", ".join(f"{len(pairs)} of {len(stratum)}" for pairs, stratum in zip(drawn, strata))
    print(f"{name}: drawn from each stratum, lowest first: {report}", file=sys.stderr)
    return [pair for pairs in drawn for pair in pairs]


def take(queue, count, used):
    """Up to `count` pairs off the queue, none of a document that is in enough of them already."""
    taken = []
    while queue and len(taken) < count:
        a, b = queue.pop()
        if used[a] < MOST_PER_DOCUMENT and used[b] < MOST_PER_DOCUMENT:
            used.update((a, b))
            taken.append((a, b))
    return taken


def shared_places(corpus, a, b):
    """Token ranges of the shared regions in both texts, the longest first."""
    found = collections.defaultdict(list)
    for place, shingle in enumerate(shingles(corpus.tokens[b])):
        found[shingle].append(place)
    own = enumerate(shingles(corpus.tokens[a]))
    hits = [(place, there) for place, shingle in own for there in found.get(shingle, ())]
    ordered = sorted(set(regions(hits)), key=lambda region: (region[0] - region[1], region))
    return [region[:2] for region in ordered], [region[2:] for region in ordered]


def shown(text, places):
    """The text as a reader sees it; `places` are token ranges, the first ones matter most."""
    if len(text) <= LONG:
        return text.strip("\n")
    spans = [match.span() for match in WORD.finditer(text)]
    return with_omissions(text, chosen(text, [(spans[start][0], spans[end - 1][1]) for start, end in places]))


def chosen(text, places):
    """Ranges of the text: its head and the places, first ones first, with context, as far as SHOWN allows."""
    ranges = [(0, HEAD)]
    for start, end in places:
        room = SHOWN - sum(stop - begin for begin, stop in ranges)
        wanted = (max(0, start - CONTEXT), min(len(text), max(end, start) + CONTEXT))
        if room < 2 * CONTEXT:
            break
        ranges = merged([*ranges, (wanted[0], min(wanted[1], wanted[0] + room))])
    return ranges


def merged(ranges):
    joined = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def with_omissions(text, ranges):
    pieces, at = [], 0
    for start, end in [*ranges, (len(text), len(text))]:
        if start > at:
            pieces.append(f"[... {start - at} characters ...]")
        pieces.append(text[start:end].strip("\n"))
        at = max(at, end)
    return "\n".join(piece for piece in pieces if piece)


def pair(corpus, a, b):
    places_in_a, places_in_b = shared_places(corpus, a, b)
    return f"{document('A', corpus.records[a], places_in_a)}\n\n{document('B', corpus.records[b], places_in_b)}"


def document(letter, record, places):
    lines = [f"--- {letter}: {record['id']}"]
    lines += [f"{field}: {record[field]}" for field in KNOWN if record.get(field)]
    return "\n".join([*lines, "", shown(record["text"], places)])


def main():
    parse = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parse.add_argument("--seed", type=int, default=1)
    parse.add_argument("--each", type=int, default=100)
    parse.add_argument("--out", type=pathlib.Path, default=pathlib.Path("."))
    parse.add_argument("reuters")
    parse.add_argument("news")
    parse.add_argument("pages")
    given = parse.parse_args()
    lines, texts = [], []
    for path, stratify in ((given.reuters, by_containment), (given.news, by_containment), (given.pages, by_region)):
        corpus = Corpus(path)
        dice = random.Random(f"{given.seed} {corpus.name}")
        for a, b in draw(stratify(corpus), given.each, dice, corpus.name):
            containment, jaccard = corpus.overlap(a, b)
            ids = corpus.records[a]["id"], corpus.records[b]["id"]
            lines.append(f"{corpus.name}\t{ids[0]}\t{ids[1]}\t{containment:.4f}\t{jaccard:.4f}")
            texts.append(pair(corpus, a, b))
        del corpus
    order = random.Random(f"{given.seed} order").sample(range(len(lines)), len(lines))
    write(given.out, [lines[place] for place in order], [texts[place] for place in order])


def write(out, lines, texts):
    (out / "read").mkdir(parents=True, exist_ok=True)
    with open(out / "pairs.tsv", "w", encoding="utf-8") as table:
        table.write("#n\tcorpus\tid1\tid2\tcontainment\tjaccard\n")
        table.writelines(f"{number}\t{line}\n" for number, line in enumerate(lines, 1))
    batches = range(0, len(texts), BATCH)
    for batch, first in enumerate(batches, 1):
        with open(out / "read" / f"batch_{batch:02}.txt", "w", encoding="utf-8") as file:
            for number, text in enumerate(texts[first : first + BATCH], first + 1):
                file.write(f"{'=' * 30} PAIR {number} {'=' * 30}\n\n{text}\n\n")
    (out / "READY").write_text(f"{len(batches)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

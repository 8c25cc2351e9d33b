"""JSONL -> all pairs of documents with a true Jaccard similarity of 0.5 or more.

    python3 exact.py word|space IN.jsonl OUT.tsv

The sets are those of the distinct runs of 5 words in the lower-cased text;
words are runs of letters, digits and underscores (`word`) or what stands
between white space (`space`, as peers have it). Documents of fewer words have
no pairs. OUT is a file for `wirecopy eval --truth-kind exact`.

Every pair is found (Bayardo, Ma and Srikant 2007, prefix filter): with the
shingles of each set in one order, the rarest first, two sets of Jaccard t or
more share one among the first n - ceil(t * n) + 1 of each. Those who do are
compared in full. Words and shingles are compared by 64-bit values.
"""

import math
import re
import sys

import numpy as np
import orjson

THRESHOLD = 0.5
SHINGLE = 5
WORD = re.compile(r"\w+")
BASE = np.uint64(0x9E3779B97F4A7C15)


def shingle_sets(path, kind):
    """Ids, and the distinct shingles of each document as 64-bit values."""
    draw = np.random.default_rng(1)
    values, known = draw.integers(0, 2**64, 1 << 20, np.uint64), {}
    ids, sets = [], []
    with open(path, "rb") as lines:
        for line in lines:
            record = orjson.loads(line)
            text = record["text"].lower()
            words = WORD.findall(text) if kind == "word" else text.split()
            ids.append(record["id"])
            numbers = np.fromiter((known.setdefault(word, len(known)) for word in words), np.int64, len(words))
            if len(known) > len(values):
                values = np.concatenate([values, draw.integers(0, 2**64, len(values), np.uint64)])
            count = max(0, len(words) - SHINGLE + 1)
            rolled = np.zeros(count, np.uint64)
            for place in range(SHINGLE):
                rolled = rolled * BASE + values[numbers[place : place + count]]
            sets.append(np.unique(rolled))
    return ids, sets


def by_rarity(sets):
    """The sets as sorted ranks, rank 0 the rarest shingle; how many ranks there are; the first rank that recurs."""
    ends = np.cumsum([len(one) for one in sets])
    shingles, places, counts = np.unique(np.concatenate(sets), return_inverse=True, return_counts=True)
    order = np.argsort(counts, kind="stable")
    rank = np.empty(len(shingles), np.int64)
    rank[order] = np.arange(len(shingles))
    ranks = [np.sort(one) for one in np.split(rank[places], ends[:-1])]
    return ranks, len(shingles), int(np.searchsorted(counts[order], 2))


def pairs(sets):
    """(a, b, shared) with a < b."""
    ranks, distinct, recurring = by_rarity(sets)
    prefixes = []
    for one in ranks:
        prefix = one[: len(one) - math.ceil(THRESHOLD * len(one)) + 1]
        prefixes.append(prefix[prefix >= recurring])
    owners = np.repeat(np.arange(len(ranks), dtype=np.int32), [len(prefix) for prefix in prefixes])
    keys = np.concatenate(prefixes)
    order = np.argsort(keys, kind="stable")
    keys, owners = keys[order], owners[order]
    del order
    sizes = np.array([len(one) for one in ranks])
    is_in = np.zeros(distinct, bool)
    for b, prefix in enumerate(prefixes):
        starts, ends = np.searchsorted(keys, prefix), np.searchsorted(keys, prefix, "right")
        lists = [owners[start:end] for start, end in zip(starts, ends) if end - start > 1]
        if not lists:
            continue
        others = np.unique(np.concatenate(lists))
        others = others[others < b]
        small, large = np.minimum(sizes[others], sizes[b]), np.maximum(sizes[others], sizes[b])
        others = others[small >= THRESHOLD * large]
        is_in[ranks[b]] = True
        for a in others:
            shared = int(np.count_nonzero(is_in[ranks[a]]))
            if shared >= THRESHOLD * (sizes[a] + sizes[b] - shared):
                yield int(a), b, shared
        is_in[ranks[b]] = False


def main():
    kind, source, out = sys.argv[1:]
    if kind not in ("word", "space"):
        sys.exit(f"exact: words are {kind}, but must be word or space")
    ids, sets = shingle_sets(source, kind)
    count = 0
    with open(out, "w", encoding="utf-8") as file:
        file.write("#id1\tid2\tn1\tn2\tshared\tjaccard\tcontainment\n")
        for a, b, shared in pairs(sets):
            n1, n2 = len(sets[a]), len(sets[b])
            jaccard, containment = shared / (n1 + n2 - shared), shared / min(n1, n2)
            file.write(f"{ids[a]}\t{ids[b]}\t{n1}\t{n2}\t{shared}\t{jaccard:.6f}\t{containment:.6f}\n")
            count += 1
    print(f"{len(ids)} documents, {count} pairs of Jaccard {THRESHOLD} or more, words as {kind}", file=sys.stderr)


if __name__ == "__main__":
    main()

"""What a tool found, against a file of true pairs.

    python3 score.py TRUTH.tsv FOUND

FOUND is either lines `id cluster`, or a report of wirecopy as JSONL. The truth
has a pair in the first two columns of each line, as exact.py writes it.

All tools are measured as clusters: a pair is found if both documents are in
one. For wirecopy these are the components of the pairs whose Jaccard
similarity it reports at 0.5 or more, with its groups of equal texts; its own
clusters, which are of passages too, would be another question. Recall is the
share of true pairs that are found, precision the share of found pairs that
are true. For wirecopy there is a second measure, of the pairs it lists.
"""

import sys
from collections import Counter

import orjson

THRESHOLD = 0.5


def read_truth(path):
    with open(path, encoding="utf-8") as lines:
        return [tuple(line.rstrip("\n").split("\t")[:2]) for line in lines if not line.startswith("#")]


def is_report(path):
    with open(path, "rb") as file:
        return file.read(1) == b"{"


def measure(hits, found, truth):
    return {"recall": hits / len(truth) if truth else 1.0, "precision": hits / found if found else 1.0, "found": found}


def inside(sizes):
    """Pairs inside groups of these sizes."""
    return sum(size * (size - 1) // 2 for size in sizes)


def of_clusters(cluster_of, truth):
    """`cluster_of` has the cluster of each document that is not alone."""
    hits = sum(1 for a, b in truth if a in cluster_of and cluster_of[a] == cluster_of.get(b))
    return measure(hits, inside(Counter(cluster_of.values()).values()), truth)


def read_clusters(path):
    with open(path, encoding="utf-8") as lines:
        return dict(line.rstrip("\n").split("\t")[:2] for line in lines)


def read_report(path):
    """Groups of equal texts, and the similar pairs between their lowest ids."""
    groups, pairs = [], []
    with open(path, "rb") as lines:
        for line in lines:
            if line.startswith(b'{"type":"exact_group"'):
                groups.append(orjson.loads(line)["documents"])
            elif line.startswith(b'{"type":"pair"'):
                pair = orjson.loads(line)
                if pair["jaccard"] >= THRESHOLD:
                    pairs.append((pair["a"], pair["b"]))
    return groups, pairs


def components(groups, pairs):
    """Document -> a name of its component."""
    parent = {}

    def root(id):
        parent.setdefault(id, id)
        while parent[id] != id:
            parent[id] = parent[parent[id]]
            id = parent[id]
        return id

    for group in groups:
        for id in group[1:]:
            parent[root(id)] = root(group[0])
    for a, b in pairs:
        parent[root(a)] = root(b)
    return {id: root(id) for id in list(parent)}


def of_pairs(groups, pairs, truth):
    """The pairs as listed; a group's lowest id stands for all its documents."""
    first = {id: group[0] for group in groups for id in group}
    size = {group[0]: len(group) for group in groups}
    listed = {frozenset((first.get(a, a), first.get(b, b))) for a, b in pairs}
    found = inside(size.values()) + sum(size.get(a, 1) * size.get(b, 1) for a, b in map(tuple, listed))
    hits = 0
    for a, b in truth:
        a, b = first.get(a, a), first.get(b, b)
        hits += a == b or frozenset((a, b)) in listed
    return measure(hits, found, truth)


def score(path, truth):
    """The measure as clusters, and as listed pairs where there are any."""
    if not is_report(path):
        return of_clusters(read_clusters(path), truth), None
    groups, pairs = read_report(path)
    return of_clusters(components(groups, pairs), truth), of_pairs(groups, pairs, truth)


def main():
    truth = read_truth(sys.argv[1])
    for name, measured in zip(("clusters", "listed pairs"), score(sys.argv[2], truth)):
        if measured:
            recall, precision, found = measured["recall"], measured["precision"], measured["found"]
            print(f"{name}: recall {recall:.4f}, precision {precision:.4f}, {found} found, {len(truth)} true")


if __name__ == "__main__":
    main()

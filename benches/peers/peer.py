"""JSONL -> clusters of near duplicates, as a peer does it by its own README.

    python3 peer.py rensa|gaoya|datasketch IN.jsonl OUT.tsv

Word shingles of 5 of the lower-cased text between white space, 128 hashes, the
threshold 0.5, clusters as connected components; OUT has a line `id cluster`
for each document. rensa and gaoya cut signatures into 32 bands of 4, near
what datasketch computes for this threshold (25 of 5). rensa and datasketch
unite what their signatures estimate at the threshold or above; gaoya tests
that itself. Prints the CPU seconds of the peer's own calls, which get texts or
shingles in memory and give candidate pairs ("kernel").
"""

import os
import sys
import time

import orjson

HASHES, BANDS, ROWS, THRESHOLD, SHINGLE, SEED = 128, 32, 4, 0.5, 5, 42
# Documents handed over at once: less memory than all, no slower.
BATCH = 2_000


def documents(path):
    with open(path, "rb") as lines:
        for line in lines:
            record = orjson.loads(line)
            yield record["id"], record["text"]


def shingles(text):
    words = text.lower().split()
    if len(words) < SHINGLE:
        return words
    return [" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)]


class Clusters:
    """Connected components over documents by number."""

    def __init__(self, count):
        self.parent = list(range(count))

    def root(self, n):
        parent = self.parent
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    def unite(self, a, b):
        a, b = self.root(a), self.root(b)
        self.parent[max(a, b)] = min(a, b)


class Kernel:
    """CPU seconds of all threads inside `with` blocks."""

    seconds = 0.0

    def __enter__(self):
        self.since = time.process_time()

    def __exit__(self, *_):
        self.seconds += time.process_time() - self.since


def united(signatures, lsh, kernel):
    """Clusters of what the index finds and the signatures confirm."""
    clusters = Clusters(len(signatures))
    for n, signature in enumerate(signatures):
        with kernel:
            found = lsh.query(signature)
        for other in found:
            if other < n and clusters.root(other) != clusters.root(n):
                if signature.jaccard(signatures[other]) >= THRESHOLD:
                    clusters.unite(n, other)
    return clusters


def rensa(path, kernel):
    os.environ.setdefault("RAYON_NUM_THREADS", str(os.cpu_count()))
    from rensa import RMinHash, RMinHashLSH

    ids, signatures, batch = [], [], []

    def sketch():
        with kernel:
            signatures.extend(RMinHash.from_token_sets(batch, num_perm=HASHES, seed=SEED))
        batch.clear()

    for id, text in documents(path):
        ids.append(id)
        batch.append(shingles(text))
        if len(batch) == BATCH:
            sketch()
    sketch()
    lsh = RMinHashLSH(threshold=THRESHOLD, num_perm=HASHES, num_bands=BANDS)
    with kernel:
        lsh.insert_many(signatures, start_key=0)
    return ids, united(signatures, lsh, kernel)


def gaoya(path, kernel):
    from gaoya.minhash import MinHashStringIndex

    ids, texts = map(list, zip(*documents(path)))
    index = MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=THRESHOLD,
        num_bands=BANDS,
        band_size=ROWS,
        num_hashes=HASHES,
        analyzer="word",
        lowercase=True,
        ngram_range=(SHINGLE, SHINGLE),
    )
    with kernel:
        index.par_bulk_insert_docs(list(range(len(ids))), texts)
    clusters = Clusters(len(ids))
    for start in range(0, len(texts), BATCH):
        with kernel:
            answers = index.par_bulk_query(texts[start : start + BATCH], return_similarity=False)
        for n, found in enumerate(answers, start):
            for other in found:
                clusters.unite(n, other)
    return ids, clusters


def datasketch(path, kernel):
    from datasketch import MinHash, MinHashLSH

    ids = []

    def sets():
        for id, text in documents(path):
            ids.append(id)
            # A document without words has the shingle "", as it must have one.
            yield [shingle.encode() for shingle in shingles(text) or [""]]

    # The generator takes the sets as it goes: its time is not the kernel's alone.
    with kernel:
        signatures = list(MinHash.generator(sets(), num_perm=HASHES, seed=SEED))
        lsh = MinHashLSH(threshold=THRESHOLD, num_perm=HASHES)
        for n, signature in enumerate(signatures):
            lsh.insert(n, signature, check_duplication=False)
    return ids, united(signatures, lsh, kernel)


def main():
    tool, source, out = sys.argv[1:]
    kernel = Kernel()
    ids, clusters = {"rensa": rensa, "gaoya": gaoya, "datasketch": datasketch}[tool](source, kernel)
    with open(out, "w", encoding="utf-8") as file:
        for n, id in enumerate(ids):
            file.write(f"{id}\t{clusters.root(n)}\n")
    print(f"kernel {kernel.seconds:.3f}")


if __name__ == "__main__":
    main()

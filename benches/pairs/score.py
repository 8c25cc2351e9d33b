"""Hold reports against pairs that two people labelled by reading.

    python3 score.py JUDGEMENTS.tsv CORPUS=REPORT.json …

JUDGEMENTS has `half corpus id1 id2 label…`, one label of each reader; the
reports are those of `wirecopy scan --format json` on the corpora named. Prints,
for each half: how many of the pairs that both call a copy or a version have a
uniting verdict, how many of those that neither does have one, and for every
label the share whose verdict says the same, where a pair on which the readers
differ is right with either word. `--list` names the pairs that are wrong.
"""

import collections
import json
import sys

UNITING = {"exact", "near_duplicate", "contains", "contained_in", "derived"}
SAYS = {
    "shares_passage": "partial",
    "quotation": "quote",
    "boilerplate": "boiler",
    "template": "template",
    None: "none",
}
JOINS = {"copy", "version"}


def verdicts(path):
    """What a report says of two documents: a function of their ids."""
    report = json.load(open(path))
    group = {one: entry["id"] for entry in report["exact_groups"] for one in entry["documents"]}
    listed = {frozenset((pair["a"], pair["b"])): pair["verdict"] for pair in report["pairs"]}
    together = collections.defaultdict(set)
    for cluster in report["clusters"]:
        for member in cluster["members"]:
            if member["primary"]:
                together[member["document"]].add(cluster["id"])

    def verdict(one, two):
        a, b = group.get(one, one), group.get(two, two)
        return "exact" if a == b else listed.get(frozenset((a, b)))

    def united(one, two):
        return bool(together[one] & together[two])

    return verdict, united


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--list"]
    reports = dict(argument.split("=", 1) for argument in arguments[1:])
    of = {corpus: verdicts(path) for corpus, path in reports.items()}
    rows = [line.rstrip("\n").split("\t") for line in open(arguments[0]) if not line.startswith("#")]
    for half in dict.fromkeys(row[0] for row in rows):
        judge(half, [row for row in rows if row[0] == half and row[1] in of], of)


def judge(half, rows, of):
    counts = collections.Counter()
    for _, corpus, one, two, *labels in rows:
        verdict, united = (ask(one, two) for ask in of[corpus])
        joins = {label in JOINS for label in labels}
        if len(joins) == 1:
            kind = "joined" if joins == {True} else "apart"
            counts[kind] += 1
            counts[kind, "verdict"] += verdict in UNITING
            counts[kind, "cluster"] += united
        for label in set(labels):
            counts[label] += 1
        said = [label for label in labels if verdict in UNITING and label in JOINS]
        says = said[-1] if said else SAYS.get(verdict, "copy or version")
        for label in set(labels):
            counts[label, "right"] += says in labels
        if "--list" in sys.argv and says not in labels:
            print(half, corpus, one, two, "/".join(dict.fromkeys(labels)), "but", verdict)
    print(f"{half}: {len(rows)} pairs")
    for kind, name in (("joined", "copies and versions found"), ("apart", "others united")):
        whole = counts[kind]
        print(f"  {name:26} {counts[kind, 'verdict']:3} of {whole:3} by verdict, {counts[kind, 'cluster']:3} in one cluster")
    for label in ("copy", "version", "partial", "quote", "template", "boiler", "none"):
        print(f"  {label:26} {counts[label, 'right']:3} of {counts[label]:3} said so")


if __name__ == "__main__":
    main()

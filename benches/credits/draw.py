#!/usr/bin/env python3
"""Draws places that may hold a credit from two collections, for people to label.

    benches/credits/draw.py reuters21578.jsonl chronam_week.jsonl > places.tsv
    benches/credits/draw.py --later tests/judgements/credits.tsv reuters21578.jsonl chronam_week.jsonl > more.tsv

The net is wide: any mention of an agency, a leased wire, a correspondent, a
right, and whatever looks like a dateline. What was caught is grouped by
collection, kind and words, so that a phrase that stands a thousand times does
not crowd out the rest; up to a few of each group are taken, then a fixed
number of each collection and kind, all by one seed. A place is a line of
`collection id start end kind`, in bytes of the text; no text leaves.

With `--later` places are drawn by another seed, more of them from newspapers,
without those within 200 bytes of a place of the first draw.
"""

import argparse
import json
import random
import re

SEED = 1987
LATER_SEED = 20261
PER_GROUP = 3
# Bytes that a later place keeps from those of the first draw.
APART = 200
# Places of each collection and kind.
WANTED = {
    "reuters21578": {"agency": 36, "right": 3, "bracket": 9},
    "chronam_week": {"agency": 32, "by": 26, "right": 8, "special": 14, "bracket": 8},
}
LATER = {
    "reuters21578": WANTED["reuters21578"],
    "chronam_week": {"agency": 60, "by": 50, "right": 12, "special": 26, "bracket": 16},
}
NET = {
    "by": r"\(?\b[Bb]y (?:[Tt]he )?[A-Z][A-Za-z. ]{0,30}(?:Press|Pross|Wire|Service|News|Telegraph|Cable|Mail)\b",
    "special": r"(?i)special (?:dispatch|correspondence|to the|cable|telegram)|(?:staff|our own) correspond\w+"
    r"|leased wire|correspondence of the|wireless to|cable to",
    "right": r"(?i)\bcopyright(?:ed)?\b|\(c\) ?19",
    "bracket": r"^[A-Z][A-Za-z .,]{3,40} ?\([^)\n]{2,30}\)|^\([^)\n]{2,30}\) ?[-_]",
    "agency": r"(?i:\b(?:news agency|news service|press service|press association|associated press|united press"
    r"|canadian press|central news|international news|exchange telegraph|press bureau|wire service|semi-official)\b)"
    r"|\b(?:Reuters?|REUTERS?|AP|UPI|AFP|TASS|Tass|Xinhua|Kyodo|Jiji|ANSA|EFE|dpa|DPA|Interfax|Bloomberg|Yonhap"
    r"|PTI|Antara|Bernama|Dow Jones|IRNA|Tanjug|PAP|CTK|MTI|APA|ANP|Belga|NTB|Ritzau|Anatolian?|Anadolu|WAM"
    r"|KUNA|MENA|Lusa|Notimex|Telam|Wolff|Havas|ADN|Agerpres|TNS|CP|Overseas)\b",
}


def places(path, wanted_of, seed):
    collection = path.rsplit("/", 1)[-1].removesuffix(".jsonl")
    groups = {kind: {} for kind in wanted_of[collection]}
    for line in open(path, encoding="utf-8"):
        document = json.loads(line)
        text, taken = document["text"], []
        for kind, pattern in NET.items():
            if kind not in groups:
                continue
            for match in re.finditer(pattern, text, re.M):
                start, end = match.span()
                if any(start < e and s < end for s, e in taken):
                    continue
                taken.append((start, end))
                at = [len(text[:place].encode()) for place in (start, end)]
                words = re.sub(r"\W+", " ", match.group().lower()).strip()
                group = "" if kind == "bracket" else words
                groups[kind].setdefault(group, []).append((document["id"], *at))
    generator = random.Random(f"{seed} {collection}")
    for kind, wanted in wanted_of[collection].items():
        of_kind = []
        for group in sorted(groups[kind]):
            found = sorted(groups[kind][group])
            few = wanted if kind == "bracket" else PER_GROUP
            of_kind += generator.sample(found, min(few, len(found)))
        for place in sorted(generator.sample(of_kind, min(wanted, len(of_kind)))):
            yield (collection, *place, kind)


def first_drawn(judgements):
    drawn = {}
    for line in open(judgements, encoding="utf-8"):
        if line.startswith(("choose\t", "check\t")):
            collection, *place = line.split("\t")[1:5]
            drawn.setdefault((collection, place[0]), []).append((int(place[1]), int(place[2])))
    return drawn


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--later", metavar="JUDGEMENTS")
    parser.add_argument("collections", nargs="+")
    arguments = parser.parse_args()
    drawn = first_drawn(arguments.later) if arguments.later else {}
    how = (LATER, LATER_SEED) if arguments.later else (WANTED, SEED)
    for path in arguments.collections:
        for collection, id, start, end, kind in places(path, *how):
            near = drawn.get((collection, id), [])
            if not any(s - APART < end and start < e + APART for s, e in near):
                print(collection, id, start, end, kind, sep="\t")


main()

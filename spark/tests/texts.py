"""Made articles, with copies of every kind planted among them."""

from __future__ import annotations

import json
import random

_SYLLABLES = [
    "ka",
    "lo",
    "mi",
    "ren",
    "tas",
    "vor",
    "du",
    "shi",
    "pel",
    "gan",
    "or",
    "ith",
    "mu",
    "sa",
    "ne",
    "bri",
    "col",
    "fen",
    "hal",
    "jun",
]


class Maker:
    """Makes articles; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.words = sorted({self._word() for _ in range(9000)})
        self.common = self.chance.sample(self.words, 150)

    def _word(self) -> str:
        return "".join(
            self.chance.choice(_SYLLABLES) for _ in range(self.chance.randint(1, 4))
        )

    def words_of(self, count: int) -> list[str]:
        """Words, half of them common ones."""
        draw = self.chance
        return [
            draw.choice(self.common if draw.random() < 0.5 else self.words)
            for _ in range(count)
        ]

    def text(self, words: list[str]) -> str:
        """The words as sentences and paragraphs."""
        sentences, at = [], 0
        while at < len(words):
            length = self.chance.randint(6, 18)
            sentences.append(" ".join(words[at : at + length]).capitalize() + ".")
            at += length
        paragraphs = [
            " ".join(sentences[start : start + 4])
            for start in range(0, len(sentences), 4)
        ]
        return "\n\n".join(paragraphs)

    def edited(self, words: list[str], share: float) -> list[str]:
        """The words, so large a share of them replaced."""
        return [
            self.chance.choice(self.words) if self.chance.random() < share else word
            for word in words
        ]


def records(documents: int, seed: int = 1) -> list[dict[str, object]]:
    """So many records: articles, of which a third are copied by others: whole, edited,
    cut, inside others, with one notice, word for word, or under one id; and a form,
    filled in with figures of which some have one in common."""
    maker = Maker(seed)
    draw = maker.chance
    notice = maker.words_of(40)
    form = maker.words_of(110)
    found: list[dict[str, object]] = []
    stories: list[list[str]] = []
    while len(found) < documents:
        words = maker.words_of(draw.randint(60, 400))
        kind = draw.random()
        if stories and kind < 0.35:
            story = draw.choice(stories[-30:])
            start = draw.randrange(max(1, len(story) // 2))
            words = draw.choice(
                [
                    story,
                    maker.edited(story, 0.03),
                    maker.edited(story, 0.15),
                    story[start : start + max(30, len(story) // 2)],
                    words[:80] + story + words[80:],
                    words + story[start : start + 45],
                ]
            )
        elif kind > 0.7:
            words = [
                str(draw.randrange(documents // 16 + 1)) if at % 11 == 10 else word
                for at, word in enumerate(form)
            ]
        else:
            stories.append(words)
        if draw.random() < 0.05:
            words = words + notice
        hour, day = draw.randrange(24), draw.randint(1, 28)
        record: dict[str, object] = {
            "text": maker.text(words),
            "source": f"paper{draw.randrange(12)}.example",
            "title": " ".join(words[:6]),
            "published": f"2026-03-{day:02}T{hour:02}:15:00Z",
        }
        if draw.random() < 0.9:
            record["id"] = f"d{len(found):06}"
        if draw.random() < 0.02:
            record["id"] = "the same"
        found.append(record)
    return found


def lines(documents: int, seed: int = 1) -> bytes:
    """The records as JSON Lines."""
    return b"".join(
        json.dumps(record).encode() + b"\n" for record in records(documents, seed)
    )

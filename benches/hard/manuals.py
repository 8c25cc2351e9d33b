#!/usr/bin/env python3
"""Texts in other languages: the manual pages of a Debian package as JSON Lines.

    apt-get download manpages-de manpages-fr manpages-ja manpages-zh manpages-ru
    benches/hard/manuals.py manpages-ja_*.deb ja.jsonl [CHARACTERS]

A document is the running text of one page, at most CHARACTERS long (9,000), in
paragraphs, without the sections that name authors, translators and licences.
Pages of less than 400 characters and pages that only name another one are left
out. `benches/hard/run` plants into what comes out. Needs dpkg-deb.
"""

import gzip
import json
import pathlib
import re
import subprocess
import sys
import tempfile

LEAST_CHARACTERS = 400
CHARACTERS = 9_000

# Macros that end a paragraph, and those whose arguments are text.
BREAKS = set("SH SS PP P LP TP IP HP RS RE br sp nf fi EX EE Sh Ss Pp It Bl El".split())
TEXTS = set("B I BR BI IR IB RB RI SM Nm Fl Ar Xr Dq Sq Em Sy Li Pa Cm Ic Dv Fn Va Ev Er".split())
HEADINGS = {"SH", "Sh"}

# Headings of the sections that are left out, in the languages of the packages.
ABOUT = re.compile(
    "著|訳|跋|關於|COPYRIGHT|AUTO|AUTEUR|KOLOPHON|COLOPHON|ÜBERSETZUNG|KOMMENTAR"
    "|TRADUCTION|TRADUCCI|TŁUMACZ|ПЕРЕВОД|АВТОР"
)

CHARACTERS_BY_NAME = {"em": "—", "en": "–", "lq": "“", "rq": "”", "aq": "'", "bu": "•"}


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    package, output = sys.argv[1:3]
    characters = int(sys.argv[3]) if len(sys.argv) == 4 else CHARACTERS
    with tempfile.TemporaryDirectory() as folder, open(output, "w", encoding="utf-8") as out:
        subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
        for page in sorted(pathlib.Path(folder).glob("usr/share/man/**/*.gz")):
            # The Chinese package has its pages in two scripts.
            if page.is_symlink() or "zh_TW" in page.parts:
                continue
            roff = gzip.decompress(page.read_bytes()).decode("utf-8", "replace")
            text = "" if roff.startswith(".so") else running_text(roff)[:characters]
            if len(text) >= LEAST_CHARACTERS:
                document = {"id": page.name.removesuffix(".gz"), "text": text}
                out.write(json.dumps(document, ensure_ascii=False) + "\n")


def running_text(roff):
    """The paragraphs of a page, without markup."""
    paragraphs, words, is_about = [], [], False

    def end():
        if words:
            paragraphs.append(" ".join(words))
            words.clear()

    for line in roff.split("\n"):
        if line.startswith(('.\\"', "'\\")):
            continue
        macro = re.match(r"[.']\s*([A-Za-z]+)\s*(.*)$", line)
        name, text = macro.groups() if macro else ("", line)
        text = plain(text).replace('"', "").strip() if macro else plain(text).strip()
        if name in BREAKS:
            end()
            if name in HEADINGS:
                is_about = bool(ABOUT.search(text.upper()))
            if text and name in HEADINGS | {"SS", "Ss", "IP"}:
                paragraphs.append(text)
        elif is_about or (macro and name not in TEXTS):
            continue
        elif text:
            words.append(text)
        else:
            end()
    end()
    return "\n\n".join(paragraphs)


def plain(text):
    """A line without changes of font and escaped characters."""
    text = re.sub(r"\\f(\[[^]]*\]|\(..|.)|\\s[-+]?\d", "", text)
    text = re.sub(r"\\\((..)", lambda found: CHARACTERS_BY_NAME.get(found[1], ""), text)
    text = re.sub(r"\\\[[^]]*\]|\\[&:%|^,/]", "", text)
    text = text.replace("\\-", "-").replace("\\e", "\\")
    return re.sub(r"\\[ ~0]", " ", text)


if __name__ == "__main__":
    main()

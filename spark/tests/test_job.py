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


@pytest.mark.parametrize("whole_mb", ["1024", "0"])
def test_files_and_lines_give_the_findings_of_the_command(
    cluster: Cluster, articles: Path, tmp_path: Path, whole_mb: str
) -> None:
    inputs = [ROOT / "data" / "feed", ROOT / "LICENSE-MIT", articles]
    options = ("--field", "title=source")
    room = ("--whole-mb", whole_mb, "--memory-mb", "64")
    said = driver.run(cluster, inputs, tmp_path / "out", *options, *room)
    assert ("sketches: " in said) == (whole_mb == "0")
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


def test_limits_and_a_file_of_settings_are_those_of_the_command(
    cluster: Cluster, tmp_path: Path
) -> None:
    lines = texts.lines(300, seed=3).splitlines(keepends=True)
    mine, others = tmp_path / "mine.jsonl", tmp_path / "others.jsonl"
    mine.write_bytes(b"".join(lines[::2]))
    others.write_bytes(b"".join(lines[1::2]))
    config = tmp_path / "settings.toml"
    config.write_text(
        'min-jaccard = 0.6\nfield = ["title=source"]\nwithin = "400h"\n'
        '[families]\n"paper0.example" = ["paper1.example", "paper2.example"]\n'
        '[agencies."Northwire"]\ndomains = ["paper3.example"]\n'
    )
    options = ("--config", str(config), "--across-sources-only")
    limited = (*options, "--against", str(others))
    # One task keeps to limits, however large the input is.
    said = driver.run(cluster, [mine], tmp_path / "out", *limited, "--whole-mb", "0")
    assert "limits on pairs (against, within_s, across_sources_only)" in said
    expected = driver.of_command([mine], *limited)
    assert any(row.startswith("pairs: ") for row in expected)
    assert expected != driver.of_command([mine], *options)
    assert driver.differences(expected, driver.of_tables(tmp_path / "out")) == []


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (("--memory-mb", "8"), 2, "memory-mb is 8, but must be at least 64"),
        (("--min-jaccard", "2"), 2, "min-jaccard is 2, but must be above 0"),
        (("--config", "/no/such/file"), 2, "cannot read /no/such/file"),
    ],
)
def test_what_cannot_be_done_is_said(
    cluster: Cluster,
    tmp_path: Path,
    options: tuple[str, ...],
    status: int,
    message: str,
) -> None:
    inputs = [ROOT / "data" / "feed"]
    with driver.start(cluster, inputs, tmp_path / "out", *options) as job:
        said = job.communicate(timeout=600)[1]
    assert job.returncode == status
    assert message in said

//! The command as it is used: folders, streams, mixed and bad input.

use std::fs;
use std::path::Path;

use crate::{dedup, text, wirecopy};

fn lines(records: &[usize]) -> String {
    let line = |record: &usize| format!("{}\n", serde_json::json!({"id": record, "text": text(*record)}));
    records.iter().map(line).collect()
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// The files below a folder, with `/`.
fn found(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        match path.is_dir() {
            true => names.extend(found(&path).into_iter().map(|below| format!("{name}/{below}"))),
            false => names.push(name),
        }
    }
    names.sort();
    names
}

#[test]
fn a_folder_of_files_becomes_a_folder() {
    let page = format!("<!doctype html><title>x</title><article><p>{}</p></article>", text(3));
    let doubled = format!("{0}\n{0}\n", crate::support::words::range(9000..9050));
    let input = folder(&[
        ("in/a/one.txt", &text(0)),
        ("in/b/two.txt", &text(2)),
        ("in/b/page.html", &page),
        ("in/feed.jsonl", &lines(&[1, 4, 5])),
        ("in/twice.txt", &doubled),
        ("in/picture.png", "\u{1}\u{2}\u{0}\u{0}"),
    ]);
    let run =
        wirecopy(input.path(), &["dedup", "in", "-o", "out", "--keep", "first", "--strip", "repeats"], b"");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let out = input.path().join("out");
    assert_eq!(found(&out), ["a/one.txt", "b/page.html", "feed.jsonl", "picture.png", "twice.txt"]);
    assert_eq!(fs::read_to_string(out.join("feed.jsonl")).unwrap(), lines(&[1, 5]));
    assert_eq!(fs::read_to_string(out.join("b/page.html")).unwrap(), page);
    assert_eq!(fs::read_to_string(out.join("twice.txt")).unwrap(), doubled[doubled.len() / 2..]);
    let audit = fs::read_to_string(input.path().join("removed.jsonl")).unwrap();
    assert!(
        audit.contains(r#""document":"in/b/two.txt""#)
            && audit.contains(r#""type":"unread","path":"in/picture.png""#)
    );
    assert_eq!(found(input.path()).iter().filter(|name| name.ends_with(".part")).count(), 0);
    // What is there is not mixed up with something new.
    let again = wirecopy(input.path(), &["dedup", "in", "-o", "out"], b"");
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("is no empty folder"));
}

#[test]
fn files_of_one_form_go_into_one_file_and_others_are_refused() {
    let input = folder(&[
        ("a.jsonl", lines(&[0, 1]).trim_end()),
        ("b.jsonl", &format!("\u{feff}{}", lines(&[2, 3]))),
        ("a.csv", "id,text\n1,some words in a row\n"),
        ("b.csv", "id,text\n2,some other words in a row\n"),
        ("c.csv", "id,text,more\n2,yet other words in a row,x\n"),
        ("one.txt", "A text."),
        (
            "feed.xml",
            "<rss version='2.0'><channel><item><description>A b c d e f.</description></item></channel></rss>",
        ),
    ]);
    let clean = input.path().join("clean");
    let run = |args: &[&str]| {
        let run = wirecopy(input.path(), &[&["dedup", "-o", "clean", "--keep", "first"], args].concat(), b"");
        (run.status.code(), String::from_utf8(run.stderr).unwrap())
    };
    assert_eq!(run(&["a.jsonl", "b.jsonl"]).0, Some(0));
    assert_eq!(fs::read_to_string(&clean).unwrap(), lines(&[0, 1, 3]));
    assert_eq!(run(&["a.csv", "b.csv"]).0, Some(0));
    let table = "id,text\n1,some words in a row\n2,some other words in a row\n";
    assert_eq!(fs::read_to_string(&clean).unwrap(), table);
    let refused: [(&[&str], &str); 5] = [
        (
            &["a.jsonl", "a.csv"],
            "a.csv: a table with its own columns cannot be written into one file behind a.jsonl",
        ),
        (&["a.csv", "c.csv"], "c.csv: a table with its own columns cannot"),
        (&["one.txt"], "one.txt: a file of one document"),
        (&["feed.xml"], "feed.xml: a feed, which is not written with documents left out"),
        (&["a.jsonl", "--removed", "clean"], "removed is clean, but must be another file"),
    ];
    for (args, message) in refused {
        let (code, said) = run(args);
        assert!(code != Some(0) && said.contains(message), "{args:?} {said}");
        assert_eq!(fs::read_to_string(&clean).unwrap(), table, "nothing is written");
    }
    assert_eq!(run(&["feed.xml", "one.txt", "--format", "jsonl"]).0, Some(0));
    assert_eq!(fs::read_to_string(&clean).unwrap().lines().count(), 2);
}

#[test]
fn standard_input_and_output_are_streams() {
    let input = folder(&[]);
    let run = wirecopy(
        input.path(),
        &["dedup", "-", "--keep", "first", "--removed", "gone"],
        lines(&[0, 1, 2]).as_bytes(),
    );
    assert_eq!(String::from_utf8(run.stdout).unwrap(), lines(&[0, 1]));
    assert_eq!(fs::read_to_string(input.path().join("gone")).unwrap().lines().count(), 2);
    assert_eq!(found(input.path()), ["gone"]);
}

#[test]
fn a_name_that_ends_in_gz_is_compressed() {
    use std::io::Read as _;
    let cleaned = dedup("feed.jsonl.gz", lines(&[0, 2, 3]).as_bytes(), &["--keep", "first"]);
    let mut plain = String::new();
    flate2::read::GzDecoder::new(&cleaned.bytes[..]).read_to_string(&mut plain).unwrap();
    assert_eq!(plain, lines(&[0, 3]));
}

#[test]
fn nothing_is_written_where_something_fails() {
    let broken = format!("[\n{},\n{{\"text\": \"open\n]", lines(&[0]).trim_end());
    let input = folder(&[("broken.json", &broken)]);
    let run = wirecopy(input.path(), &["dedup", "broken.json", "-o", "clean.json"], b"");
    assert_eq!(run.status.code(), Some(1));
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(said.contains("broken.json: the record on line 3 is broken"), "{said}");
    assert_eq!(found(input.path()), ["broken.json"]);
    let as_read =
        wirecopy(input.path(), &["dedup", "broken.json", "-o", "clean.jsonl", "--format", "jsonl"], b"");
    assert!(as_read.status.success());
    assert_eq!(found(input.path()), ["broken.json", "clean.jsonl", "removed.jsonl"]);
}

//! Only news comes out: `--against` an index, or other paths.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use wirecopy::dedup::{Remove, Removed};
use wirecopy::document::{DocId, Document};
use wirecopy::index::Index;

use crate::promises::{check_removal, pile, tokens};
use crate::support::words::range;
use crate::wirecopy;

fn lines(documents: &[Document]) -> Vec<String> {
    let line = |document: &Document| {
        let published = document.published.map(|published| published.to_string());
        json!({"id": document.id, "text": document.text, "source": document.source, "date": published,
            "more": [1, null]})
        .to_string()
    };
    documents.iter().map(line).collect()
}

/// Runs the command, which must succeed; what it says on standard error.
fn run(folder: &Path, args: &[&str]) -> String {
    let run = wirecopy(folder, args, b"");
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.success(), "{args:?}: {said}");
    said
}

/// A folder with an index of `old` and a file of `new`.
fn day(old: &[Document], new: &[Document], options: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("old.jsonl"), lines(old).join("\n")).unwrap();
    fs::write(folder.path().join("new.jsonl"), lines(new).join("\n") + "\n").unwrap();
    run(folder.path(), &[&["index", "add", "seen", "old.jsonl", "--noise", "clean"], options].concat());
    folder
}

/// The lines of `removed.jsonl`.
fn audit(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("removed.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn removed(folder: &Path) -> Vec<Value> {
    audit(folder).into_iter().filter(|line| line["type"] == "removed").collect()
}

fn as_removed(line: &Value) -> Removed {
    let share = |name: &str| line[name].as_f64().unwrap();
    Removed {
        document: DocId::new(0),
        survivor: DocId::new(0),
        verdict: serde_json::from_value(line["reason"].clone()).unwrap(),
        jaccard: share("jaccard"),
        agreed: share("agreed"),
        coverage: share("coverage"),
        coverage_of_survivor: share("coverage_of_survivor"),
    }
}

/// All files of a folder with their bytes.
fn bytes(folder: &Path) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

const LEVELS: [(&str, Remove); 4] = [
    ("exact", Remove::Exact),
    ("near", Remove::Near),
    ("contained", Remove::Contained),
    ("derived", Remove::Derived),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn what_goes_stands_in_what_stays_or_in_the_index(
        seed in any::<u64>(), level in 0usize..4, old in 5usize..40, keep in 0usize..3,
    ) {
        let all = pile(seed, 60);
        // Some of the new ones have ids that the index has.
        let mut new = all[old..].to_vec();
        new.iter_mut().step_by(5).zip(&all).for_each(|(new, old)| new.id.clone_from(&old.id));
        let folder = day(&all[..old], &new, &[]);
        let path = folder.path();
        let before = bytes(&path.join("seen"));
        let (name, remove) = LEVELS[level];
        let keep = ["first", "longest", "latest-revision"][keep];
        let args = ["dedup", "new.jsonl", "-o", "clean.jsonl", "--against", "seen", "--remove", name, "--keep", keep];
        run(path, &args);
        prop_assert!(bytes(&path.join("seen")) == before, "the index was changed");

        let gone = removed(path);
        let records: BTreeMap<usize, &Value> =
            gone.iter().map(|line| (line["record"].as_u64().unwrap() as usize - 1, line)).collect();
        prop_assert_eq!(records.len(), gone.len());
        let input = lines(&new);
        let staying: Vec<&str> = (0..input.len()).filter(|at| !records.contains_key(at)).map(|at| input[at].as_str()).collect();
        let clean = fs::read_to_string(path.join("clean.jsonl")).unwrap();
        prop_assert_eq!(clean.lines().collect::<Vec<_>>(), staying);

        let index = Index::open(&path.join("seen")).unwrap();
        for (record, line) in &records {
            let survivor = match line["survivor_in_index"].as_u64() {
                Some(number) => {
                    let [stored] = &index.documents(&[number as u32]).unwrap()[..] else { panic!("{line}") };
                    prop_assert_eq!(line["survivor"].as_str(), Some(stored.document.id.as_str()));
                    prop_assert_eq!(line["survivor_path"].as_str(), Some("old.jsonl"));
                    stored.document.text.clone()
                }
                None => {
                    let at = line["survivor_line"].as_u64().unwrap() as usize - 1;
                    prop_assert!(!records.contains_key(&at), "{line} has no survivor");
                    new[at].text.clone()
                }
            };
            check_removal(&as_removed(line), [&new[*record].text, &survivor], remove);
        }
        // What the index has word for word never comes out.
        for (at, document) in new.iter().enumerate() {
            let own = tokens(&document.text);
            let is_known = all[..old].iter().any(|old| tokens(&old.text) == own);
            prop_assert!(!is_known || records.contains_key(&at), "{} came out again", document.id);
        }
    }
}

#[test]
fn a_day_that_was_added_has_no_news() {
    let all = pile(3, 40);
    let folder = day(&all, &all, &[]);
    let said = run(folder.path(), &["dedup", "new.jsonl", "-o", "clean.jsonl", "--against", "seen"]);
    assert!(
        said.contains("40 documents read, 40 removed (40 identical), 40 of them known before, 0 kept"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(folder.path().join("clean.jsonl")).unwrap(), "");
    assert!(removed(folder.path()).iter().all(|line| line["survivor_in_index"].is_u64()));
    assert_eq!(audit(folder.path())[0]["index"], "seen");
}

fn document(id: &str, text: String) -> Document {
    Document { id: id.into(), text, ..Document::default() }
}

#[test]
fn news_is_what_the_index_has_in_part() {
    let story = range(0..200);
    let old = [document("part", range(0..80)), document("other", range(1000..1100))];
    let new = [
        // It holds what is known, and more.
        document("whole", story.clone()),
        document("cut", range(1000..1095)),
        document("copy", story.replace("w50 ", "x ")),
        document("short", "More follows.".into()),
    ];
    let folder = day(&old, &new, &[]);
    let first = ["dedup", "new.jsonl", "-o", "clean.jsonl", "--against", "seen", "--keep", "first"];
    run(folder.path(), &first);
    let gone: Vec<(String, String, bool)> = removed(folder.path())
        .iter()
        .map(|line| {
            let name = |of: &str| line[of].as_str().unwrap().to_owned();
            (name("document"), name("survivor"), line["survivor_in_index"].is_u64())
        })
        .collect();
    let expected = [("copy", "whole", false), ("cut", "other", true)];
    assert_eq!(gone, expected.map(|(gone, stays, known)| (gone.to_owned(), stays.to_owned(), known)));
}

#[test]
fn without_texts_only_what_is_identical_is_known() {
    let text = range(0..120);
    let old = [document("a", text.clone()), document("b", range(1000..1100))];
    let new = [
        document("same", text.to_uppercase()),
        // Of the one that stands in for the text that is not kept.
        document("near", text.replace("w50 ", "x ")),
        document("estimated", range(1000..1100).replace("w1050 ", "x ")),
    ];
    let folder = day(&old, &new, &["--no-texts"]);
    let names = |folder: &Path| -> Vec<String> {
        run(folder, &["dedup", "new.jsonl", "-o", "clean.jsonl", "--against", "seen"]);
        removed(folder).iter().map(|line| line["document"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(folder.path()), ["estimated", "near", "same"]);
    fs::remove_file(folder.path().join("old.jsonl")).unwrap();
    assert_eq!(names(folder.path()), ["near", "same"]);
    assert_eq!(removed(folder.path())[0]["survivor"], "a");
}

#[test]
fn parameters_are_those_of_the_index_and_others_are_refused_with_both_values() {
    let all = pile(5, 10);
    let folder = day(&all, &all, &["--min-jaccard", "0.7", "--level", "documents"]);
    run(folder.path(), &["dedup", "new.jsonl", "-o", "clean.jsonl", "--against", "seen"]);
    run(
        folder.path(),
        &["dedup", "new.jsonl", "-o", "clean.jsonl", "--against", "seen", "--min-jaccard", "0.7"],
    );
    let refused: [(&[&str], &str); 4] = [
        (
            &["--min-jaccard", "0.5"],
            "min-jaccard is 0.5, but must be 0.7, with which the index seen was made",
        ),
        (&["--level", "passages"], "level is \"passages\", but must be \"documents\", with which"),
        (&["--strip", "repeats"], "level is documents, but must be passages where --strip is given"),
        (&["seen", "new.jsonl"], "against is seen, but must be alone"),
    ];
    for (more, message) in refused {
        let args = [&["dedup", "new.jsonl", "-o", "other.jsonl", "--against", "seen"], more].concat();
        let run = wirecopy(folder.path(), &args, b"");
        let said = String::from_utf8(run.stderr).unwrap();
        assert!(run.status.code() == Some(2) && said.contains(message), "{more:?}: {said}");
        assert!(!folder.path().join("other.jsonl").exists());
    }
    let run = wirecopy(folder.path(), &["dedup", "new.jsonl", "--against", "sene"], b"");
    assert!(String::from_utf8(run.stderr).unwrap().contains("sene: no such file or directory"));
}

#[test]
fn paths_are_held_against_too_and_nothing_of_them_comes_out() {
    let all = pile(7, 60);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("old.jsonl"), lines(&all[..40]).join("\n")).unwrap();
    fs::write(path.join("new.jsonl"), lines(&all[40..]).join("\n") + "\n").unwrap();
    run(path, &["index", "add", "seen", "old.jsonl", "--noise", "clean"]);
    let gone = |against: &str, form: &str| -> Vec<(Value, Value)> {
        let args = [
            "dedup",
            "new.jsonl",
            "-o",
            "clean.jsonl",
            "--noise",
            "clean",
            "--against",
            against,
            "--format",
            form,
        ];
        run(path, &args);
        let clean = fs::read_to_string(path.join("clean.jsonl")).unwrap();
        assert_eq!(clean.lines().count() + removed(path).len(), 20);
        removed(path).iter().map(|line| (line["document"].clone(), line["reason"].clone())).collect()
    };
    let known = gone("seen", "input");
    assert!(known.len() > 3);
    assert_eq!(gone("seen", "jsonl"), known);
    assert_eq!(gone("old.jsonl", "input"), known);
}

#[test]
fn a_run_that_is_kept_belongs_to_the_index_as_it_was() {
    let all = pile(9, 60);
    let folder = day(&all[..40], &all[40..], &[]);
    let path = folder.path();
    let args = ["dedup", "new.jsonl", "-o", "clean.jsonl", "--against", "seen"];
    let kept = [&args[..], &["--state", "state"]].concat();
    let written = || (fs::read(path.join("clean.jsonl")).unwrap(), removed(path));
    run(path, &args);
    let expected = written();
    for _ in 0..2 {
        run(path, &kept);
        assert_eq!(written(), expected);
    }
    run(path, &["index", "add", "seen", "clean.jsonl"]);
    let run = wirecopy(path, &kept, b"");
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.code() == Some(2) && said.contains("index is seen as of its catalogue"), "{said}");
}

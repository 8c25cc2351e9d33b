//! The stages over Arrow batches, run by a little engine that shuffles, sorts
//! and cuts as it likes, give the report of a scan, row by row.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chain;
mod engine;
mod golden;
mod hostile;
mod scan;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use chain::Chain;
use engine::{Engine, Row, rows_of};
use wirecopy::batch::{Settings, batches_of, step};
use wirecopy::document::{Corpus, Document};
use wirecopy::params::{Level, Noise, Params};
use wirecopy::pipeline;
use wirecopy::render::tables::TABLES;
use wirecopy::report::{Report, Verdict};

/// Settings by which no document is judged misread, so that no words are needed.
fn clean() -> Settings {
    Settings { params: Params { noise: Noise::Clean, ..Params::default() }, ..Settings::default() }
}

fn sorted(rows: Vec<Row>) -> Vec<String> {
    let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    rows
}

/// Holds the tables of the chain against those of a scan.
#[track_caller]
fn assert_same(documents: Vec<Document>, params: &Params, engine: Engine) -> Report {
    let tables = Chain { engine, params: params.clone() }.run(&documents);
    let corpus = Corpus::try_new(documents).unwrap();
    let report = pipeline::scan(&corpus, params, &()).unwrap();
    for table in TABLES.iter().filter(|table| table.name != "params") {
        let expected = batches_of(table, &report).iter().flat_map(rows_of).collect();
        let found = tables.get(table.name).cloned().unwrap_or_default();
        let (found, expected): (Vec<String>, Vec<String>) = (sorted(found), sorted(expected));
        let differing = found.iter().zip(&expected).find(|(found, expected)| found != expected);
        assert_eq!(differing, None, "{}", table.name);
        assert_eq!(found.len(), expected.len(), "{}", table.name);
    }
    report
}

/// A story of so many words, some of which are replaced in each version.
fn story(seed: usize, words: usize, version: usize, every: usize) -> String {
    let word = |at: usize| {
        let own = version > 0 && (at * 7 + version * 13).is_multiple_of(every);
        if own { format!("v{version}w{at} ") } else { format!("s{seed}word{at} ") }
    };
    (0..words).map(word).collect()
}

fn document(id: String, source: usize, text: String) -> Document {
    Document {
        id,
        path: format!("feed/{source}.jsonl").into(),
        source: Some(format!("paper{source}.example")),
        published: format!("2026-05-11T{:02}:{:02}:00Z", source % 24, text.len() % 60).parse().ok(),
        text,
        ..Document::default()
    }
}

/// Copies, versions, furniture, forms, digests, identical ones and junk.
fn mixed() -> Vec<Document> {
    let mut documents = Vec::new();
    let footer = story(9000, 40, 0, 1);
    for at in 0..12 {
        for version in 0..5 {
            let every = [1000, 40, 15, 6, 4][version];
            let text = format!(
                "{}\n\n{}",
                story(at, 120, version, every),
                if version % 2 == 0 { &footer } else { "" }
            );
            documents.push(document(format!("s{at}-{version}"), version, text));
        }
        // A paragraph of it in a text of its own, and a round-up of two.
        let paragraph = story(at, 50, 0, 1);
        documents.push(document(format!("p{at}"), 7, format!("{} {paragraph}", story(100 + at, 150, 0, 1))));
        let both = format!("{} {}", story(at, 120, 0, 1), story((at + 1) % 12, 120, 0, 1));
        documents.push(document(format!("r{at:02}"), 8, both));
        documents.push(document(format!("x{at}"), at % 3, story(at % 4, 80, 0, 1)));
        let twice = story(300 + at, 60, 0, 1);
        documents.push(document(
            format!("t{at}"),
            3,
            format!("{twice}\n{twice}\n(Source: www.paper1.exampel)"),
        ));
        documents.push(document(format!("short{at}"), 4, "four words stand here".to_owned()));
        documents.push(document(format!("n{at}"), 5, "...".to_owned()));
    }
    // A form that is filled in again and again.
    for at in 0..10 {
        let rate = at * 17 + 11;
        let text = format!(
            "The Bank of Dunmorrow said it has set its prime lending rate at {rate} pct from the first of next \
             month for all of its customers, and will pay {} dlrs for each deposit of more than a hundred.",
            rate * 3
        );
        documents.push(document(format!("f{at}"), 6, text));
    }
    documents
}

/// A family of more variants than a bucket proposes all pairs of, and a phrase
/// that is in all of them.
fn family(count: usize) -> Vec<Document> {
    let variant = |at: usize| {
        let text = format!("{} {}", story(1, 90, at + 1, 23), story(5000 + at, 12, 0, 1));
        document(format!("d{at:04}"), at % 9, text)
    };
    (0..count).map(variant).collect()
}

#[test]
fn steps_give_what_a_scan_gives_however_rows_are_cut() {
    for (partitions, batch_rows) in [(1, 10_000), (3, 1), (5, 7)] {
        let report = assert_same(mixed(), &Params::default(), Engine { partitions, batch_rows });
        let verdicts: BTreeSet<Verdict> = report.pairs.iter().map(|pair| pair.verdict).collect();
        assert!(verdicts.len() > 5, "{verdicts:?}");
        let empty = TABLES.iter().find(|table| table.rows(&report).next().is_none());
        assert_eq!(empty.map(|table| table.name), None, "nothing to be held against");
    }
}

#[test]
fn steps_give_what_a_scan_gives_of_large_families() {
    let report = assert_same(family(260), &Params::default(), Engine { partitions: 4, batch_rows: 50 });
    assert!(report.clusters.iter().any(|cluster| !cluster.pairs_complete));
}

/// Filled-in copies of one form: one word in eight is a fact, which a few others
/// have too.
fn forms(count: usize) -> Vec<Document> {
    let fact = |at: usize, place: usize| (at * 37 + place * place * 11 + at * at * 3) % 45;
    let word = |at: usize, place: usize| match place % 8 {
        7 => format!("fact{place}x{} ", fact(at, place)),
        _ => format!("form{place} "),
    };
    let text = |at: usize| (0..200).map(|place| word(at, place)).collect();
    (0..count).map(|at| document(format!("form{at:04}"), at % 4, text(at))).collect()
}

#[test]
fn steps_give_what_a_scan_gives_of_many_copies_of_a_form() {
    let _ = assert_same(forms(150), &Params::default(), Engine { partitions: 4, batch_rows: 60 });
}

/// Versions of one story, more than a shingle proposes all pairs of, and texts
/// that keep seven words of each of its sentences.
fn rewritten() -> Vec<Document> {
    let letters = |at: usize| ['a', 'e', 'i', 'o', 'u'][at % 5].to_string() + &"bcdfgh"[at % 6..=at % 6];
    let word =
        |at: usize| format!("{}{}{}{}", letters(at), letters(at / 5), letters(at / 25), letters(at / 125));
    let version = |own: usize| -> String {
        let is_own = |at: usize| own > 0 && at % 40 == own;
        (0..240).map(|at| word(if is_own(at) { 2000 + own * 60 + at } else { at }) + " ").collect()
    };
    let retold = |number: usize| -> String {
        let sentence = |n: usize| -> String {
            let kept = (n * 40..n * 40 + 7).map(word);
            let own = (0..20).map(|at| word(10_000 + number * 1000 + n * 40 + at));
            kept.chain(own).map(|word| word + " ").collect()
        };
        (0..6).map(sentence).collect()
    };
    let versions = (0..14).map(|at| document(format!("version{at:02}"), at, version(at)));
    let retold = (0..3).map(|at| document(format!("retold{at}"), 20 + at, retold(at)));
    versions.chain(retold).collect()
}

#[test]
fn what_is_rewritten_meets_all_versions_in_steps_too() {
    let report = assert_same(rewritten(), &Params::default(), Engine { partitions: 3, batch_rows: 40 });
    for retold in ["retold0", "retold1", "retold2"] {
        let met = report.pairs.iter().filter(|pair| {
            pair.a == retold && pair.b.starts_with("version") && pair.verdict == Verdict::SharesPassage
        });
        assert!(met.count() > 8, "{retold}");
    }
}

#[test]
fn steps_give_what_a_scan_gives_of_whole_documents_and_of_other_parameters() {
    let engine = Engine { partitions: 2, batch_rows: 100 };
    let _ = assert_same(mixed(), &Params { level: Level::Documents, ..Params::default() }, engine);
    let other = Params { min_jaccard: 0.3, shingle_len: 4, min_passage_tokens: 15, ..Params::default() };
    let _ = assert_same(mixed(), &other, engine);
}

#[test]
fn steps_give_what_a_scan_gives_of_misread_texts() {
    let mut documents = mixed();
    for (at, document) in documents.iter_mut().enumerate().filter(|(at, _)| at % 3 == 0) {
        document.text = document.text.replace("word", if at % 2 == 0 { "vvord" } else { "w0rd" });
    }
    let params = Params { noise: Noise::Ocr, ..Params::default() };
    let _ = assert_same(documents, &params, Engine { partitions: 3, batch_rows: 30 });
}

#[test]
fn steps_give_what_a_scan_gives_of_a_feed() {
    let documents =
        wirecopy::read::read_paths(&["data/feed".to_owned()], &wirecopy::read::ReadOptions::default(), &());
    let _ = assert_same(
        documents.unwrap().documents,
        &Params::default(),
        Engine { partitions: 3, batch_rows: 20 },
    );
}

#[test]
fn a_step_that_no_one_has_and_rows_without_a_column_are_refused() {
    let error = step("guess", Settings::default()).err().unwrap().to_string();
    assert!(error.starts_with("step is guess, but must be one of extract"), "{error}");
    let error = step("sketch", Settings::default()).err().unwrap().to_string();
    assert!(error.starts_with("words is not given, but must be what noise_words gave"), "{error}");
    let rows = [engine::row([("doc", engine::Value::Number(1))])];
    let mut bands = step("bands", Settings::default()).unwrap();
    let error = bands.push(&engine::batch_of(&rows)).unwrap_err().to_string();
    assert_eq!(error, "column is key, but must be among those of the rows");
    let wrong = [engine::row([("key", engine::Value::Text("x".into())), ("doc", engine::Value::Number(1))])];
    let error = bands.push(&engine::batch_of(&wrong)).unwrap_err().to_string();
    assert_eq!(error, "column is key of Utf8, but must be of long (int64)");
}

//! What strangers write costs its row and nothing else.

use crate::clean;
use crate::engine::{Engine, Row, Value, row};
use wirecopy::batch::Settings;

/// Bytes of the longest line: far beyond any article.
const LONG: usize = 50_000_000;

fn extracted(lines: Vec<Vec<u8>>) -> Vec<Row> {
    let engine = Engine { partitions: 1, batch_rows: 3 };
    let numbered = (1i64..).zip(lines).map(|(line, content)| {
        row([
            ("path", Value::Text("x.jsonl".to_owned())),
            ("content", Value::Bytes(content)),
            ("line", Value::Number(line)),
            ("record", Value::Number(line)),
        ])
    });
    engine.run("extract", &Settings::default, numbered.collect(), (&[], &[]))
}

#[test]
fn a_bad_line_is_a_row_with_its_reason_and_the_others_stand() {
    let good = br#"{"id": "good", "text": "the lock is shut"}"#.to_vec();
    let long = format!(r#"{{"id": "long", "text": "{}"}}"#, "a ".repeat(LONG / 2)).into_bytes();
    let lines = vec![
        b"\xff\xfe\x00\x80".repeat(1000),
        good,
        b"[".repeat(1_000_000),
        b"{".repeat(LONG),
        br#"{"id": "no text", "title": "x"}"#.to_vec(),
        long,
        br#"{"text": "\ud800 half of a pair \u0000"}"#.to_vec(),
        Vec::new(),
    ];
    let found = extracted(lines);
    let of = |row: &Row| match (&row["id"], &row["error"], &row["line"]) {
        (Value::Text(id), Value::Null, _) => id.clone(),
        (Value::Null, Value::Text(_), Value::Number(line)) => format!("line {line}"),
        other => panic!("{other:?}"),
    };
    let rows: Vec<String> = found.iter().map(of).collect();
    assert_eq!(rows, ["line 1", "good", "line 3", "line 4", "line 5", "long", "x.jsonl#7"]);
}

#[test]
fn hostile_texts_are_sketched_and_compared() {
    let texts = ["\u{0}".repeat(1000), "a".repeat(LONG), "word ".repeat(200_000), "\u{202e}(((".repeat(5000)];
    let engine = Engine { partitions: 1, batch_rows: 2 };
    let text = |text: &str| Value::Text(text.to_owned());
    let rows = (0i64..).zip(&texts).map(|(doc, own)| {
        row([("doc", Value::Number(doc)), ("id", text("x")), ("path", text("x")), ("text", text(own))])
    });
    let sketches = engine.run("sketch", &clean, rows.collect(), (&[], &[]));
    assert_eq!(sketches.len(), texts.len());
    assert!(sketches.iter().all(|row| row["error"].is_null()));
    let tasks = (0i64..).zip(&texts).map(|(doc, own)| {
        row([
            ("task", Value::Number(0)),
            ("hub", Value::Number(0)),
            ("is_other", Value::Flag(doc != 0)),
            ("doc", Value::Number(doc)),
            ("text", text(own)),
            ("publisher", text("x")),
            ("noisy", Value::Flag(true)),
        ])
    });
    let by: (&[&str], &[&str]) = (&["task"], &["is_other", "doc"]);
    assert_eq!(engine.run("verify", &Settings::default, tasks.collect(), by), []);
}

#[test]
fn a_time_or_provenance_that_cannot_be_read_is_told_in_its_row() {
    let text = |text: &str| Value::Text(text.to_owned());
    let of = |doc: i64, published: &str, provenance: &str| {
        row([
            ("doc", Value::Number(doc)),
            ("id", text("same")),
            ("path", text("x")),
            ("record", Value::Number(doc)),
            ("text", text("the lock is shut")),
            ("published", text(published)),
            ("provenance", text(provenance)),
            ("tokens", Value::Number(4)),
            ("may_repeat", Value::Flag(false)),
        ])
    };
    let rows = vec![of(0, "2026-05-11", "{}"), of(1, "soon", "{}"), of(2, "2026-05-11", "[")];
    let engine = Engine { partitions: 1, batch_rows: 2 };
    for step in ["sketch", "describe", "rename"] {
        let found = engine.run(step, &clean, rows.clone(), (&[], &[]));
        let problem = |row: &Row| match &row["error"] {
            Value::Text(problem) => problem.split(':').next().unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        let mut problems: Vec<String> = found.iter().map(problem).collect();
        problems.sort();
        assert_eq!(problems, ["", "provenance is [", "published is soon"], "{step}");
    }
}

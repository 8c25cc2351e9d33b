//! The vectors that every user of the steps must get: `tests/golden/steps.json`,
//! which the tests of the wheel read too. Rows are texts written for this.

use serde_json::{Value as Json, json};

use crate::clean;
use crate::engine::{Engine, Value, number, row};
use wirecopy::batch::Settings;

const PLACE: &str = "tests/golden/steps.json";

fn hex(value: &Value) -> String {
    match value {
        Value::Bytes(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        other => panic!("{other:?} are no bytes"),
    }
}

#[test]
fn vectors_are_those_of_the_file() {
    let written: Json = serde_json::from_str(&std::fs::read_to_string(PLACE).unwrap()).unwrap();
    let texts: Vec<&str> =
        written["texts"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    let engine = Engine { partitions: 1, batch_rows: 100 };
    let text = |text: &str| Value::Text(text.to_owned());
    let rows = (0i64..).zip(&texts).map(|(doc, own)| {
        row([
            ("doc", Value::Number(doc)),
            ("id", text(&format!("t{doc}"))),
            ("path", text("texts")),
            ("text", text(own)),
        ])
    });
    let sketches = engine.run("sketch", &clean, rows.collect(), (&[], &[]));
    let sketches: Vec<Json> = sketches
        .iter()
        .map(|row| {
            json!({
                "doc": number(row, "doc"),
                "tokens": number(row, "tokens"),
                "digest": hex(&row["digest"]),
                "signature": hex(&row["signature"]),
                "bands": row["bands"].numbers(),
                "shingles": row["shingles"].numbers(),
                "triples": row["triples"].numbers(),
            })
        })
        .collect();
    let mut tasks = Vec::new();
    for hub in 0..texts.len() {
        for (doc, own) in texts.iter().enumerate().skip(hub) {
            tasks.push(row([
                ("task", Value::Number(hub as i64)),
                ("hub", Value::Number(hub as i64)),
                ("is_other", Value::Flag(doc != hub)),
                ("doc", Value::Number(doc as i64)),
                ("text", text(own)),
                ("publisher", text("texts")),
                ("noisy", Value::Flag(false)),
            ]));
        }
    }
    let verified = engine.run("verify", &Settings::default, tasks, (&["task"], &["is_other", "doc"]));
    let pairs: Vec<Json> = verified
        .iter()
        .map(|row| {
            let Value::Text(verdict) = &row["verdict"] else { panic!("{row:?} is not verified") };
            let found = hex(&row["found"]);
            json!({"a": number(row, "a"), "b": number(row, "b"), "verdict": verdict, "found": found})
        })
        .collect();
    let found = json!({"texts": texts, "sketches": sketches, "pairs": pairs});
    if std::env::var_os("WIRECOPY_BLESS").is_some() {
        std::fs::write(PLACE, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
        return;
    }
    assert_eq!(found, written);
}

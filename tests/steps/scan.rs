//! A collection that one task tells has the findings of a scan, wherever its texts
//! are held, limits on pairs among them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;

use serde_json::json;
use wirecopy::batch::{Settings, batches_of};
use wirecopy::document::{Corpus, Document};
use wirecopy::params::Params;
use wirecopy::pipeline;
use wirecopy::read::{ReadOptions, read_stream};
use wirecopy::render::tables::{TABLES, read_tables};
use wirecopy::report::Report;

use crate::engine::{Row, Value, batch_of, given, number, row, rows_of};
use crate::{mixed, sorted};

/// A file of the other side.
const OTHERS: &str = "feed/1.jsonl";

/// The documents as the lines of files, a broken one in each.
fn files(documents: &[Document]) -> BTreeMap<String, Vec<String>> {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for document in documents {
        let published = document.published.map(|time| time.to_string());
        let record = json!({
            "id": document.id, "text": document.text, "source": document.source, "published": published,
        });
        let lines = files.entry(document.path.to_string()).or_insert_with(|| vec!["{".to_owned()]);
        lines.push(record.to_string());
    }
    files
}

fn report_of(files: &BTreeMap<String, Vec<String>>, params: &Params, options: &ReadOptions) -> Report {
    let (mut documents, mut skipped) = (Vec::new(), Vec::new());
    for (path, lines) in files {
        let text = lines.join("\n");
        let mut read = read_stream(path, text.as_bytes(), options, &()).unwrap();
        read.documents.iter_mut().for_each(|document| document.is_against = params.against && path == OTHERS);
        documents.extend(read.documents);
        skipped.extend(read.skipped);
    }
    let corpus = Corpus::try_new(documents).unwrap().with_skipped(skipped);
    pipeline::scan(&corpus, params, &()).unwrap()
}

/// The report whose files one task tells.
fn told(files: &BTreeMap<String, Vec<String>>, settings: Settings) -> Report {
    let numbered = files.iter().flat_map(|(path, lines)| {
        (1i64..).zip(lines).map(move |(line, text)| -> Row {
            row([
                ("path", Value::Text(path.clone())),
                ("content", Value::Bytes(text.clone().into_bytes())),
                ("line", Value::Number(line)),
                ("record", Value::Number(line)),
            ])
        })
    });
    let rows: Vec<Row> = numbered.collect();
    let told: Vec<Row> =
        given("scan", settings, rows.chunks(7).map(batch_of)).iter().flat_map(rows_of).collect();
    let folder = tempfile::tempdir().unwrap();
    let mut paths: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (at, file) in told.iter().enumerate() {
        let (Value::Text(table), Value::Bytes(content)) = (&file["table"], &file["content"]) else {
            panic!("{file:?} is no file of a table")
        };
        assert_eq!(number(file, "number"), i64::try_from(at).unwrap());
        let path = folder.path().join(format!("{table}-{at}.parquet"));
        fs::write(&path, content).unwrap();
        paths.entry(table.clone()).or_default().push(path);
    }
    let open = |path: &PathBuf| (Cow::Owned(path.clone()), File::open(path).unwrap());
    read_tables(|table| Ok(paths[table].iter().map(open).collect())).unwrap()
}

#[track_caller]
fn assert_same(documents: &[Document], settings: &dyn Fn() -> Settings) -> Report {
    let files = files(documents);
    let mut options = ReadOptions::default();
    for (name, members) in settings().families {
        options.families.try_add(&name, members.iter().map(String::as_str)).unwrap();
    }
    let report = report_of(&files, &settings().params, &options);
    // In memory, and with everything written out.
    for memory_bytes in [0, 1] {
        let told = told(&files, Settings { memory_bytes, ..settings() });
        for table in TABLES {
            let [found, expected] = [&told, &report]
                .map(|report| sorted(batches_of(table, report).iter().flat_map(rows_of).collect()));
            assert_eq!(found, expected, "{} with {memory_bytes}", table.name);
        }
    }
    report
}

#[test]
fn one_task_gives_what_a_scan_gives() {
    let report = assert_same(&mixed(), &Settings::default);
    assert!(report.skipped.iter().any(|skipped| skipped.line == Some(1)));
    assert!(!report.repeats.is_empty() && !report.sources.is_empty());
    // More entries than become rows together.
    let many = (0..4500).map(|at| Document { id: format!("m{at}"), ..mixed()[at % 3].clone() });
    assert_same(&many.collect::<Vec<_>>(), &Settings::default);
}

#[test]
fn one_task_keeps_to_limits_on_pairs() {
    let limits = [
        Params { against: true, ..Params::default() },
        Params { within_s: Some(3600), ..Params::default() },
        Params { across_sources_only: true, ..Params::default() },
    ];
    let families: BTreeMap<_, _> =
        [("paper2.example".to_owned(), vec!["paper3.example".to_owned(), "paper4.example".to_owned()])]
            .into();
    let free = assert_same(&mixed(), &Settings::default).pairs.len();
    for params in limits {
        let settings = || Settings {
            params: params.clone(),
            against: if params.against { vec![OTHERS.to_owned()] } else { Vec::new() },
            families: families.clone(),
            ..Settings::default()
        };
        let pairs = assert_same(&mixed(), &settings).pairs.len();
        assert!(0 < pairs && pairs < free, "{pairs} of {free}: {params:?}");
    }
}

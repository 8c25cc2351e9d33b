//! What adding and asking cost, beside a scan.
//!
//! `WIRECOPY_FEED=rfc170k.jsonl cargo test --release --test index -- --ignored --nocapture speed`;
//! `WIRECOPY_DOCUMENTS` takes the first so many.

use std::time::{Duration, Instant};

use wirecopy::document::{Corpus, Document};
use wirecopy::index::Index;
use wirecopy::params::{Noise, Params};
use wirecopy::pipeline;
use wirecopy::read::{ReadOptions, read_paths};

use crate::{NOW, writer};

/// CPU seconds of this process so far.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

#[test]
#[ignore = "minutes: measures"]
fn speed_of_adding_and_asking() {
    let Some(path) = std::env::var_os("WIRECOPY_FEED") else {
        println!("skipped: WIRECOPY_FEED names no file");
        return;
    };
    let path = path.to_string_lossy().into_owned();
    let mut documents = read_paths(&[path], &ReadOptions::default(), &()).unwrap().documents;
    let count = std::env::var("WIRECOPY_DOCUMENTS").map_or(documents.len(), |count| count.parse().unwrap());
    documents.truncate(count);
    let asked: Vec<Document> = documents
        .iter()
        .step_by(documents.len().div_ceil(500))
        .map(|document| Document {
            id: format!("q-{}", document.id),
            text: document.text.replacen(' ', " x ", 3),
            ..document.clone()
        })
        .collect();

    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path());
    let (start, cpu) = (Instant::now(), cpu_seconds());
    for batch in documents.chunks(1000) {
        writer.add(batch, NOW).unwrap();
    }
    let (adding, of_adding) = (start.elapsed(), cpu_seconds() - cpu);
    let index = Index::open(folder.path()).unwrap();
    let stats = index.stats().unwrap();
    println!("{} documents: added in {adding:.1?}, {of_adding:.1} CPU s", documents.len());
    println!(
        "{:.0} bytes a document, {} segments, {} in packs, {} of text",
        stats.bytes_a_document, stats.segments, stats.pack_bytes, stats.bytes
    );

    let mut times: Vec<Duration> = Vec::new();
    for document in asked.iter().chain(&asked) {
        let start = Instant::now();
        let answers = index.query(std::slice::from_ref(document)).unwrap();
        times.push(start.elapsed());
        assert!(!answers[0].matches.is_empty());
    }
    let mut warm = times.split_off(asked.len());
    warm.sort_unstable();
    println!(
        "a query: median {:.2?}, of 95 per cent up to {:.2?}",
        warm[warm.len() / 2],
        warm[warm.len() * 95 / 100]
    );

    let corpus = Corpus::try_new(documents).unwrap();
    for noise in [Noise::Auto, Noise::Clean] {
        let (start, cpu) = (Instant::now(), cpu_seconds());
        pipeline::scan(&corpus, &Params { noise, ..Params::default() }, &()).unwrap();
        println!("a scan, {noise:?}: {:.1?}, {:.1} CPU s", start.elapsed(), cpu_seconds() - cpu);
    }
}

//! The same documents, whatever they are written in.

use wirecopy::document::{Corpus, Document};

use crate::support::{json, scan};
use crate::{read, write};

/// Documents as a comparison sees them: where they came from aside.
fn contents(documents: Vec<Document>) -> Vec<Document> {
    let bare = |document| Document {
        path: "".into(),
        line: None,
        record: 0,
        span_base: Default::default(),
        ..document
    };
    documents.into_iter().map(bare).collect()
}

/// File names and bytes of `documents` in every format.
fn all_formats(documents: &[Document]) -> Vec<(&'static str, Vec<u8>)> {
    let jsonl = write::jsonl(documents);
    let half = jsonl.len() / 2 + memchr::memchr(b'\n', &jsonl[jsonl.len() / 2..]).unwrap() + 1;
    let parts: [(&str, &[u8]); 2] = [("a/1.jsonl", &jsonl[..half]), ("a/2.txt", &jsonl[half..])];
    let formats = [
        ("array.json", write::json_array(documents)),
        ("pretty.txt", write::json_pretty(documents)),
        ("answer.json", write::json_answer(documents)),
        ("table.csv", write::table(documents, b',')),
        ("table.tsv", write::table(documents, b'\t')),
        ("table", write::table(documents, b';')),
        ("feed.jsonl.gz", write::gzip(&jsonl)),
        ("feed.csv", write::members(write::gzip, &jsonl)),
        ("feed.jsonl.zst", write::members(write::zstd, &jsonl)),
        ("feed.bz2", write::members(write::bzip2, &jsonl)),
        ("feed.xz", write::members(write::xz, &jsonl)),
        ("feed.tar", write::tar(&parts)),
        ("feed.tgz", write::gzip(&write::tar(&parts))),
        ("feed.zip", write::zip(&parts)),
        ("nested.zip", write::zip(&[("in.tar.xz", &write::xz(&write::tar(&parts)))])),
    ];
    #[cfg(feature = "parquet")]
    let formats = formats
        .into_iter()
        .chain([("feed.parquet", write::parquet(documents, parquet::basic::Compression::SNAPPY))]);
    formats.into_iter().collect()
}

#[test]
fn every_format_gives_the_same_documents() {
    let documents = write::documents(5_000);
    let expected = contents(read("feed.jsonl", &write::jsonl(&documents)).documents);
    assert_eq!(expected, contents(documents.clone()));
    for (name, bytes) in all_formats(&documents) {
        let outcome = read(name, &bytes);
        assert!(
            outcome.skipped.is_empty() && outcome.notes.is_empty(),
            "{name}: {:?}",
            outcome.skipped.first()
        );
        assert!(contents(outcome.documents) == expected, "{name}");
        // Of columns, what is wanted is read.
        assert!(outcome.bytes == bytes.len() as u64 || name == "feed.parquet", "{name}");
    }
    let feed = read("feed.txt", &write::rss(&documents));
    assert!(feed.skipped.is_empty() && feed.notes.is_empty(), "{:?}", feed.skipped.first());
    assert_eq!(without_claims(contents(feed.documents)), expected);
    // A plain text in a crawl has an address and no more.
    let poor = |document: &Document| Document {
        title: None,
        published: None,
        language: None,
        source: None,
        ..document.clone()
    };
    let poor: Vec<Document> = documents.iter().map(poor).collect();
    let crawl = write::warc(&poor);
    for (name, bytes) in [("a.warc", crawl.clone()), ("a.warc.gz", write::members(write::gzip, &crawl))] {
        assert_eq!(
            contents(read(name, &bytes).documents),
            contents(read("a.jsonl", &write::jsonl(&poor)).documents)
        );
    }
}

/// What a feed says beyond the fields of the others.
fn without_claims(documents: Vec<Document>) -> Vec<Document> {
    documents.into_iter().map(|document| Document { provenance: None, ..document }).collect()
}

#[test]
fn every_format_gives_the_same_findings() {
    let documents = write::documents(300);
    let findings = |name: &str, bytes: &[u8]| {
        let documents = contents(read(name, bytes).documents);
        json(&scan(&Corpus::try_new(documents).unwrap()))
    };
    let expected = findings("feed.jsonl", &write::jsonl(&documents));
    assert!(expected.contains("\"near_duplicate\"") || expected.contains("\"contains\""));
    for (name, bytes) in all_formats(&documents) {
        assert!(findings(name, &bytes) == expected, "{name}");
    }
}

//! The index on disk: what it says is what a scan says, and nothing that
//! happens to its files or its writer makes it say anything else.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod broken;
mod commands;
mod golden;
mod killed;
mod report;
mod soak;
mod speed;

use std::collections::BTreeMap;
use std::path::Path;

use wirecopy::document::{Corpus, Document, Skipped};
use wirecopy::index::{Index, Settings, Writer};
use wirecopy::params::Params;
use wirecopy::pipeline;
use wirecopy::report::{Report, Stats};
use wirecopy::time::Published;

use support::json;
use support::words::Rng;

/// When documents are said to be added: any time would do.
pub(crate) const NOW: i64 = 1_794_000_000;

pub(crate) fn document(id: &str, text: &str) -> Document {
    Document { id: id.into(), path: "feed.jsonl".into(), text: text.into(), ..Document::default() }
}

pub(crate) fn writer(folder: &Path) -> Writer {
    Writer::open(folder, &Settings::default()).unwrap()
}

/// What a scan of documents says.
pub(crate) fn scanned(documents: Vec<Document>, skipped: Vec<Skipped>) -> String {
    let corpus = Corpus::try_new(documents).unwrap().with_skipped(skipped);
    findings(pipeline::scan(&corpus, &Params::default(), &()).unwrap())
}

/// What the index says of all that it has.
pub(crate) fn reported(folder: &Path) -> String {
    let index = Index::open(folder).unwrap();
    findings(pipeline::scan(&index.corpus().unwrap(), index.params(), &()).unwrap())
}

/// A report without figures of the run.
pub(crate) fn findings(report: Report) -> String {
    json(&Report { stats: Stats::default(), ..report })
}

/// Documents as feeds have them: originals and their copies, cut, extended,
/// shouted, doubled; digests, stubs, and texts without tokens.
pub(crate) fn feed(seed: u64, originals: usize) -> Vec<Document> {
    let mut rng = Rng::new(seed);
    let furniture = rng.words(40, 5000);
    let mut documents = Vec::new();
    for number in 0..originals {
        let original = rng.words(120, 5000);
        let cut = original.split(' ').take(70).collect::<Vec<_>>().join(" ");
        let texts = [
            original.clone(),
            format!("{} {original}", rng.words(30, 5000)),
            cut.clone(),
            original.to_uppercase(),
            format!("{original}\n{original}"),
            format!("{} {cut} {furniture}", rng.words(200, 5000)),
            "three words only".to_owned(),
            "…".to_owned(),
        ];
        for (kind, text) in texts.into_iter().enumerate() {
            if kind == 0 || rng.below(3) == 0 {
                documents.push(Document {
                    source: Some(format!("outlet{}.example", rng.below(5))),
                    published: Published::parse(&format!(
                        "2026-05-{:02}T10:{:02}:00Z",
                        1 + rng.below(28),
                        rng.below(60)
                    )),
                    line: Some(documents.len() as u64 + 1),
                    record: documents.len() as u64 + 1,
                    ..document(&format!("d{number}-{kind}"), &text)
                });
            }
        }
    }
    documents
}

/// All files below a folder with what they hold.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Lays files out in a folder.
pub(crate) fn lay_out(files: &BTreeMap<String, Vec<u8>>, folder: &Path) {
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

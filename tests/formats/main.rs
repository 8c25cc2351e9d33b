//! The formats that are read: the same documents out of each of them, and
//! what becomes of damaged ones. All texts are invented here.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

#[path = "../support/mod.rs"]
mod support;

mod adverse;
mod claims;
#[cfg(feature = "parquet")]
mod columns;
mod damaged;
mod extraction;
mod golden;
mod identical;
mod mutated;
mod write;

use wirecopy::document::{Document, Skipped};
use wirecopy::read::{ReadOptions, ReadOutcome, read_paths, read_stream};

/// Reads `bytes` as the file `name`, from disk and from a stream, which must
/// give the same.
pub(crate) fn read(name: &str, bytes: &[u8]) -> ReadOutcome {
    read_with(name, bytes, &ReadOptions::default())
}

pub(crate) fn read_with(name: &str, bytes: &[u8], options: &ReadOptions) -> ReadOutcome {
    let streamed = read_stream(name, bytes, options, &()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, bytes).unwrap();
    let root = format!("{}/", folder.path().display());
    let from_disk = read_paths(&[file.to_str().unwrap().to_owned()], options, &());
    if let Ok(outcome) = from_disk {
        let documents: Vec<Document> = outcome
            .documents
            .into_iter()
            .map(|document| Document {
                id: document.id.replace(&root, ""),
                path: document.path.replace(&root, "").into(),
                ..document
            })
            .collect();
        assert!(documents == streamed.documents, "{name}: from disk other documents than from a stream");
        let skipped: Vec<Skipped> = outcome
            .skipped
            .into_iter()
            .map(|skipped| Skipped { path: skipped.path.replace(&root, ""), ..skipped })
            .collect();
        assert_eq!(skipped, streamed.skipped, "{name}");
    } else {
        assert!(streamed.documents.is_empty(), "{name}: {from_disk:?}");
    }
    streamed
}

/// Path, line and reason of all that was skipped.
pub(crate) fn said(outcome: &ReadOutcome) -> Vec<(String, Option<u64>, String)> {
    outcome.skipped.iter().map(|s| (s.path.clone(), s.line, s.reason.clone())).collect()
}

/// The ids in their order.
pub(crate) fn ids(outcome: &ReadOutcome) -> Vec<&str> {
    outcome.documents.iter().map(|document| document.id.as_str()).collect()
}

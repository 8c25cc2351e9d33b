//! Texts of others, which are no part of the repository: in the folder that
//! `WIRECOPY_SHARED` names.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;

use wirecopy::document::Corpus;
use wirecopy::eval::{Evaluation, Truth, TruthKind, evaluate};
use wirecopy::read::{ReadOptions, read_stream};
use wirecopy::report::Report;

/// Names the folder.
const VARIABLE: &str = "WIRECOPY_SHARED";

/// Where `path` is below the folder; nothing, and a word on it, if the folder
/// is not at hand. A folder that is named but incomplete fails the test.
pub(crate) fn path(path: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os(VARIABLE) else {
        println!("skipped: {VARIABLE} does not name the folder that holds {path}");
        return None;
    };
    let found = PathBuf::from(folder).join(path);
    assert!(found.exists(), "{} does not exist, but {VARIABLE} is set", found.display());
    Some(found)
}

/// The lines of a collection, one JSON object each.
pub(crate) fn jsonl(collection: &str) -> Option<String> {
    let path = path(&format!("data/{collection}/docs.jsonl.zst"))?;
    let file = BufReader::new(File::open(&path).unwrap());
    let mut lines = String::new();
    let mut decoder = ruzstd::decoding::StreamingDecoder::new(file).unwrap();
    decoder.read_to_string(&mut lines).unwrap();
    Some(lines)
}

/// The documents of `lines`, all of which are good.
pub(crate) fn corpus(lines: &str) -> Corpus {
    let outcome = read_stream("docs.jsonl", lines.as_bytes(), &ReadOptions::default(), &()).unwrap();
    assert!(outcome.skipped.is_empty(), "{:?}", outcome.skipped);
    Corpus::try_new(outcome.documents).unwrap()
}

/// `report`, held against the exhaustively counted overlaps of a collection.
pub(crate) fn exact_evaluation(report: &Report, collection: &str) -> Option<Evaluation> {
    let path = path(&format!("data/{collection}/pairs_exact_k5.tsv"))?;
    Some(evaluate(report, &Truth::read(&path, TruthKind::Exact).unwrap()))
}

//! The sample feed in `data/` and its labels.

use std::path::Path;

use wirecopy::document::{Corpus, Document};
use wirecopy::eval::{Evaluation, Truth, TruthKind, evaluate};
use wirecopy::read::{ReadOptions, read_paths};
use wirecopy::report::Report;

/// Where the feed is, as a user in a fresh clone names it.
pub(crate) const FOLDER: &str = "data/feed";

/// The documents of the feed, in the order of the files.
pub(crate) fn documents() -> Vec<Document> {
    let outcome = read_paths(&[FOLDER.to_owned()], &ReadOptions::default(), &()).unwrap();
    assert!(outcome.skipped.is_empty() && outcome.notes.is_empty(), "{outcome:?}");
    outcome.documents
}

/// The feed as a corpus.
pub(crate) fn corpus() -> Corpus {
    Corpus::try_new(documents()).unwrap()
}

/// `report`, held against one of the label files of the feed.
pub(crate) fn evaluation(report: &Report, kind: TruthKind) -> Evaluation {
    let path = format!("data/labels/{}.tsv", kind.name());
    let evaluation = evaluate(report, &Truth::read(Path::new(&path), kind).unwrap());
    assert_eq!(evaluation.labels.unknown_examples, Vec::<String>::new(), "{path} and the feed differ");
    evaluation
}

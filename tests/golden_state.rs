//! What a run of format 1 keeps to be resumed, as it was written.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use wirecopy::document::{Corpus, DocId, Document};
use wirecopy::params::Params;
use wirecopy::pipeline::{Observer, scan_streamed};
use wirecopy::read::{ReadOptions, read_paths};
use wirecopy::report::Report;
use wirecopy::spill::Spill;
use wirecopy::state::{KeptDocuments, State};

const GOLDEN: &str = "tests/golden-state-1";

/// Beside the state: the pairs that its run found.
const PAIRS: &str = "tests/golden-state-1.pairs";

/// What decides the findings of the kept run.
const RUN: [(&str, &str); 1] = [("input", "data/feed")];

fn open(folder: &Path, spill: &Spill) -> Result<State, String> {
    let run = RUN.map(|(name, value)| (name, value.to_owned()));
    State::open(folder, &run, spill).map_err(|error| error.to_string())
}

/// Hears the names of stages, how many items each has, and how many of these
/// were told first: those that were there.
#[derive(Default)]
struct Stages(Mutex<Vec<(String, usize, Option<usize>)>>);

impl Observer for Stages {
    fn begin(&self, stage: &'static str, items: usize) {
        self.0.lock().unwrap().push((stage.to_owned(), items, None));
    }
    fn advance(&self, items: usize) {
        self.0.lock().unwrap().last_mut().unwrap().2.get_or_insert(items);
    }
}

/// A scan that goes on with what is kept.
fn scan(kept: &KeptDocuments, state: &State) -> (Report, Vec<(String, usize, Option<usize>)>) {
    let (params, stages) = (Params::default(), Stages::default());
    let (mut report, lists) = scan_streamed(&kept.corpus, &params, Some(state), &stages).unwrap();
    lists.unwrap().load(&mut report).unwrap();
    (report, stages.0.into_inner().unwrap())
}

fn pairs(report: &Report) -> Vec<String> {
    report.pairs.iter().map(|pair| format!("{}\t{}", pair.a, pair.b)).collect()
}

fn feed() -> Vec<Document> {
    read_paths(&["data/feed".into()], &ReadOptions::default(), &()).unwrap().documents
}

/// Writes the state anew: only together with another format.
fn bless(spill: &Spill) {
    let state = open(Path::new(GOLDEN), spill).unwrap();
    let mut spooler = state.spooler().unwrap();
    spooler.extend(feed());
    let corpus = spooler.try_finish(Vec::new()).unwrap();
    let kept = KeptDocuments { corpus, notes: Vec::new(), paths: vec!["data/feed".into()] };
    state.keep_documents(&kept).unwrap();
    let (report, _) = scan(&kept, &state);
    fs::write(PAIRS, pairs(&report).join("\n") + "\n").unwrap();
    drop(state);
    fs::remove_file(Path::new(GOLDEN).join("lock")).unwrap();
}

/// A copy of the state that may be written to.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(GOLDEN).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    folder
}

/// `WIRECOPY_BLESS=1` writes it where it is missing.
#[test]
fn a_state_of_format_1_is_gone_on_with() {
    let spill = Spill::of_any_size(1 << 30, &std::env::temp_dir()).unwrap();
    if std::env::var_os("WIRECOPY_BLESS").is_some() && !Path::new(GOLDEN).exists() {
        bless(&spill);
    }
    let folder = copy();
    let state = open(folder.path(), &spill).unwrap();
    let kept = state.documents().unwrap();
    assert_eq!(kept.paths, ["data/feed"]);
    let held = Corpus::try_new(feed()).unwrap();
    assert_eq!(kept.corpus.len(), held.len());
    for id in (0..held.len()).map(DocId::new) {
        assert_eq!(kept.corpus.document(id), held[id]);
    }
    let (report, stages) = scan(&kept, &state);
    // Nothing is sketched or looked for, and the first pairs are all there.
    assert!(stages.iter().all(|(name, ..)| name != "sketch" && name != "candidates"), "{stages:?}");
    let (_, proposed, found) = stages.iter().find(|(name, ..)| name == "verify").unwrap();
    assert!(*proposed > 0 && *found == Some(*proposed), "{stages:?}");
    let listed = pairs(&report);
    for pair in fs::read_to_string(PAIRS).unwrap().lines() {
        assert!(listed.iter().any(|other| other == pair), "{pair}");
    }
}

#[test]
fn a_state_of_another_format_is_refused_with_both() {
    let spill = Spill::of_any_size(1 << 30, &std::env::temp_dir()).unwrap();
    let folder = copy();
    let path = folder.path().join("run");
    let mut bytes = fs::read(&path).unwrap();
    bytes[0] += 1;
    fs::write(&path, bytes).unwrap();
    let error = open(folder.path(), &spill).unwrap_err();
    assert!(error.contains("format 2") && error.contains("knows 1"), "{error}");
}

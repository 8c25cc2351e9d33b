//! What each step from bytes to candidates adds: every rung does all that the
//! rungs below it do, on one JSONL, on one thread.
//!
//! `from_file` starts at the bytes of the file in memory, and its rung `sketch`
//! is what a run that compares whole documents is held against; `from_texts`
//! starts at read documents, as the kernels of other tools do. Bytes a second
//! are file bytes in both. The input is a generated feed, or the JSONL that
//! `LADDER_FEED` names, so that the rungs of a corpus can be had beside a
//! run on it. Not timed: the disk.

use std::hint::black_box;
use std::io;
use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use wirecopy::candidates::{self, bands};
use wirecopy::document::{DocId, Document};
use wirecopy::limits::PairLimits;
use wirecopy::params::{Level, Params};
use wirecopy::read::{self, ReadOptions};
use wirecopy::shingle;
use wirecopy::sketch::{Sketcher, Sketches};
use wirecopy::text::Tokenizer;

mod generator;

use generator::Feed;

/// Documents in the generated feed: 11 MB, more than the caches hold.
const DOCUMENTS: usize = 4_000;

/// Files, as JSON lines, and what is in them.
struct Input {
    bytes: Vec<u8>,
    documents: Vec<Document>,
}

impl Input {
    fn new() -> Self {
        let bytes = match std::env::var_os("LADDER_FEED") {
            Some(path) => std::fs::read(&path).expect("LADDER_FEED names a file that can be read"),
            None => Feed::new(11, DOCUMENTS).json_lines().into_bytes(),
        };
        let documents = read(&bytes);
        assert_eq!(documents.len(), lines(&bytes), "every line is a document");
        Self { bytes, documents }
    }
}

fn lines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

fn read(bytes: &[u8]) -> Vec<Document> {
    let outcome = read::read_stream("feed.jsonl", io::Cursor::new(bytes), &ReadOptions::default(), &());
    outcome.expect("the default options are valid").documents
}

/// Something of every token, so that none is left out.
fn tokens(documents: &[Document]) -> u64 {
    let mut tokenizer = Tokenizer::new();
    let mut mixed = 0;
    for document in documents {
        tokenizer.tokenize(&document.text, |token| mixed ^= token.hash);
    }
    mixed
}

/// Something of every shingle.
fn shingles(documents: &[Document]) -> u64 {
    let mut tokenizer = Tokenizer::new();
    let (mut tokens, mut shingles) = (Vec::new(), Vec::new());
    let mut mixed = 0;
    for document in documents {
        tokens.clear();
        shingles.clear();
        tokenizer.tokenize(&document.text, |token| tokens.push(token.hash));
        shingle::append_shingles(&tokens, Params::default().shingle_len, &mut shingles);
        mixed ^= shingles.iter().fold(0, |mixed, shingle| mixed ^ shingle);
    }
    mixed
}

/// What comparing whole documents keeps of each.
fn sketches(documents: &[Document]) -> Sketches {
    sketched(documents, Sketcher::new(&Params { level: Level::Documents, ..Params::default() }))
}

/// What finding passages keeps besides.
fn sketches_with_passages(documents: &[Document]) -> Sketches {
    sketched(documents, Sketcher::new(&Params::default()))
}

fn sketched(documents: &[Document], mut sketcher: Sketcher) -> Sketches {
    let chunks = documents.chunks(Sketches::chunk_len(documents.len()));
    let sketch = |chunk: &[Document]| sketcher.sketch(chunk.iter().map(|document| document.text.as_str()));
    Sketches::new(&Params::default(), chunks.map(sketch).collect())
}

/// Pairs of whole documents that are worth comparing.
fn similar_pairs(documents: &[Document]) -> usize {
    let sketches = sketches(documents);
    bands::similar_pairs(&ids(&sketches), &sketches, &Params::default(), &PairLimits::default()).len()
}

/// Pairs that are worth comparing for passages too.
fn candidate_pairs(documents: &[Document]) -> usize {
    let sketches = sketches_with_passages(documents);
    candidates::candidate_pairs(&ids(&sketches), &sketches, &Params::default()).len()
}

fn ids(sketches: &Sketches) -> Vec<DocId> {
    (0..sketches.len()).map(DocId::new).collect()
}

/// What is done with documents on one rung; gives something of all it made.
type Work = fn(&[Document]) -> u64;

/// From the lowest.
const RUNGS: [(&str, Work); 6] = [
    ("tokens", tokens),
    ("shingles", shingles),
    ("sketch", |documents| sketches(documents).len() as u64),
    ("sketch_with_passages", |documents| sketches_with_passages(documents).len() as u64),
    ("similar_pairs", |documents| similar_pairs(documents) as u64),
    ("candidate_pairs", |documents| candidate_pairs(documents) as u64),
];

fn check(documents: &[Document]) {
    let (small, full) = (sketches(documents), sketches_with_passages(documents));
    let is_same = |&id: &DocId| small.signature(id) == full.signature(id);
    assert!(ids(&full).iter().all(is_same), "both rungs hash alike");
    let (similar, candidates) = (similar_pairs(documents), candidate_pairs(documents));
    assert!(0 < similar && 0 < candidates, "a feed has copies: {similar}, {candidates}");
}

fn ladder(c: &mut Criterion) {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let one = one.expect("a machine has room for one thread");
    let input = one.install(Input::new);
    one.install(|| check(&input.documents));
    let mut group = c.benchmark_group("from_file");
    group.throughput(Throughput::Bytes(input.bytes.len() as u64)).sampling_mode(SamplingMode::Flat);
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    group.bench_function("lines", |bencher| bencher.iter(|| lines(black_box(&input.bytes))));
    group.bench_function("documents", |bencher| {
        bencher.iter_with_large_drop(|| one.install(|| read(black_box(&input.bytes))));
    });
    for (name, work) in RUNGS {
        group.bench_function(name, |bencher| {
            bencher.iter(|| one.install(|| work(&read(black_box(&input.bytes)))));
        });
    }
    group.finish();
    let mut group = c.benchmark_group("from_texts");
    group.throughput(Throughput::Bytes(input.bytes.len() as u64)).sampling_mode(SamplingMode::Flat);
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for (name, work) in RUNGS {
        group.bench_function(name, |bencher| {
            bencher.iter(|| one.install(|| work(black_box(&input.documents))));
        });
    }
    group.finish();
}

criterion_group!(benches, ladder);
criterion_main!(benches);
